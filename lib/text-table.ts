import { CsvError, type Parser, parse } from 'csv-parse'
import type { Problem } from './result'

export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'windows-1256'] as const
export type Encoding = (typeof encodings)[number]
export const delimiters = [',', ';', '\t'] as const
export type Delimiter = (typeof delimiters)[number]

export interface TextFormat {
  encoding: Encoding
  delimiter: Delimiter
}

/** One row of a table, from whatever file. */
export interface TableRow {
  /** Line of the file on which the row begins, or row of the sheet; counted from 1. */
  line: number
  cells: string[]
  /** Hidden in its workbook, by hand or by a filter. */
  isHidden?: boolean
  /** Cells of a workbook whose values come of formulas. */
  formulas?: number
}

/** A file that cannot be read on; `code` is a message under `imports.problems`. */
export class TableProblem extends Error {
  constructor(readonly problem: Problem) {
    super(`The table cannot be read: ${JSON.stringify(problem)}`)
    this.name = 'TableProblem'
  }
}

export const mostColumns = 200
export const mostRecordCharacters = 200_000
const sampleBytes = 64 * 1024

// Guessing

/**
 * Guesses how a text file is written while its bytes pass by: a byte order mark, the zeros of
 * UTF-16, UTF-8 that is valid or nearly so, and last whether bytes beyond ASCII come in runs, as the letters of Arabic
 * script do (Windows-1256), or one by one, as accented Latin letters do (Windows-1252).
 */
export class TextSniffer {
  #sample = Buffer.alloc(0)
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true })
  #isUtf8 = true
  #run = 0
  #inRuns = 0
  #lone = 0
  /** Letters beyond ASCII that are right in UTF-8, and bytes that cannot be. */
  #right = 0
  #wrong = 0
  #open = 0

  write(bytes: Uint8Array): void {
    if (this.#sample.length < sampleBytes) {
      this.#sample = Buffer.concat([this.#sample, bytes.subarray(0, sampleBytes)])
    }
    this.#count(bytes)
    if (!this.#isUtf8) return
    try {
      this.#utf8.decode(bytes, { stream: true })
    } catch {
      this.#isUtf8 = false
    }
  }

  /** Bytes that stand alone between ASCII, and those that stand in runs. */
  #count(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte >= 0x80) {
        this.#run += 1
        this.#countUtf8(byte)
      } else if (this.#run > 0) this.#endRun()
    }
  }

  #countUtf8(byte: number): void {
    const isPart = byte < 0xc0
    if (isPart && this.#open > 0) {
      this.#open -= 1
      if (this.#open === 0) this.#right += 1
      return
    }
    if (isPart || this.#open > 0) this.#wrong += 1
    this.#open = isPart ? 0 : byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1
  }

  #endRun(): void {
    if (this.#run === 1) this.#lone += 1
    else this.#inRuns += this.#run
    this.#run = 0
    if (this.#open > 0) this.#wrong += 1
    this.#open = 0
  }

  end(): TextFormat {
    const encoding = this.#encoding()
    const text = new TextDecoder(encoding).decode(this.#sample, { stream: true })
    return { encoding, delimiter: guessDelimiter(text) }
  }

  #encoding(): Encoding {
    const [first, second] = this.#sample
    if (first === 0xff && second === 0xfe) return 'utf-16le'
    if (first === 0xfe && second === 0xff) return 'utf-16be'
    const zeros = [0, 0]
    this.#sample.forEach((byte, at) => {
      if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
    })
    const [even = 0, odd = 0] = zeros
    const many = this.#sample.length / 8
    if (odd > many && odd > even * 4) return 'utf-16le'
    if (even > many && even > odd * 4) return 'utf-16be'
    this.#endRun()
    // A file that is UTF-8 but for a broken place is not written in another way: it is refused there.
    if (this.#isUtf8 || this.#right > this.#wrong * 4) return 'utf-8'
    return this.#inRuns > this.#lone ? 'windows-1256' : 'windows-1252'
  }
}

/** How many of each mark stand outside quotes in each of the first lines. */
function marksOfLines(text: string): Map<Delimiter, number>[] {
  const lines: Map<Delimiter, number>[] = []
  let marks = new Map<Delimiter, number>()
  let isQuoted = false
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted
    if (isQuoted) continue
    if (character === '\n' || character === '\r') {
      if (marks.size > 0) lines.push(marks)
      marks = new Map()
      if (lines.length === 20) return lines
    }
    const mark = delimiters.find((one) => one === character)
    if (mark) marks.set(mark, (marks.get(mark) ?? 0) + 1)
  }
  return marks.size > 0 ? [...lines, marks] : lines
}

/** The separator that most lines have equally often; of equal ones the more frequent. */
export function guessDelimiter(text: string): Delimiter {
  const lines = marksOfLines(text)
  const scored = delimiters.flatMap((mark) => {
    const counts = lines.flatMap((marks) => marks.get(mark) ?? [])
    return [...new Set(counts)].map((count) => {
      const alike = counts.filter((one) => one === count).length
      return { mark, alike, count }
    })
  })
  scored.sort((a, b) => b.alike - a.alike || b.count - a.count)
  return scored[0]?.mark ?? ','
}

// Reading

/**
 * The rows of a delimited file, in batches as its bytes arrive. Line breaks of all three kinds, also
 * inside quotes, become line feeds; blank lines are left out and counted. Memory is bounded by a
 * chunk and a record.
 * @throws TableProblem `encoding`, `binary`, `openQuote`, `longRecord`, `malformed`, each with `line`
 */
export async function* textRows(
  chunks: AsyncIterable<Uint8Array>,
  { encoding, delimiter }: TextFormat,
): AsyncGenerator<TableRow[]> {
  const decoder = new LineDecoder(encoding)
  const reader = new RecordReader(delimiter)
  for await (const chunk of chunks) {
    const text = decoder.write(chunk, reader.line)
    yield await reader.read(text)
  }
  yield await reader.read(decoder.end(reader.line), true)
}

class LineDecoder {
  readonly #decoder: TextDecoder
  /** A return at the end of what came so far: its line feed may follow. */
  #held = ''

  constructor(encoding: Encoding) {
    // UTF-16 has no way to be wrong but lone surrogates, which figures refuse in their cells.
    this.#decoder = new TextDecoder(encoding, { fatal: encoding === 'utf-8' })
  }

  write(chunk: Uint8Array, line: number): string {
    const text = this.#held + this.#decode(chunk, line, true)
    if (text.includes('\0')) throw new TableProblem({ code: 'binary', params: { line } })
    this.#held = text.endsWith('\r') ? '\r' : ''
    return withLineFeeds(this.#held ? text.slice(0, -1) : text)
  }

  end(line: number): string {
    return withLineFeeds(this.#held + this.#decode(new Uint8Array(), line, false))
  }

  #decode(chunk: Uint8Array, line: number, stream: boolean): string {
    try {
      return this.#decoder.decode(chunk, { stream })
    } catch {
      throw new TableProblem({ code: 'encoding', params: { line } })
    }
  }
}

const withLineFeeds = (text: string) => (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text)

/** Tells on which line each record begins, which the parser would tell at half the speed. */
class LineTracker {
  readonly #starts: number[] = []
  #taken = 0
  #line = 1
  #start = 1
  #isQuoted = false
  #hasContent = false

  write(text: string): void {
    let quote = text.indexOf('"')
    const passQuotes = (end: number) => {
      while (quote >= 0 && quote < end) {
        this.#isQuoted = !this.#isQuoted
        quote = text.indexOf('"', quote + 1)
      }
    }
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      passQuotes(end)
      if (end > from || this.#isQuoted) this.#hasContent = true
      this.#line += 1
      if (!this.#isQuoted) this.#endRecord()
      from = end + 1
    }
    passQuotes(text.length)
    if (from < text.length) this.#hasContent = true
  }

  end(): void {
    this.#endRecord()
  }

  #endRecord(): void {
    if (this.#hasContent) this.#starts.push(this.#start)
    this.#hasContent = false
    this.#start = this.#line
  }

  /** Of the record that is next to be read. */
  get next(): number {
    return this.#starts[this.#taken] ?? this.#start
  }

  take(): number {
    const line = this.next
    this.#taken += 1
    if (this.#taken > 10_000) this.#starts.splice(0, this.#taken)
    if (this.#taken > 10_000) this.#taken = 0
    return line
  }
}

class RecordReader {
  readonly #lines = new LineTracker()
  readonly #parser: Parser
  #failure: Error | null = null

  constructor(delimiter: Delimiter) {
    this.#parser = parse({
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: mostRecordCharacters,
    })
    this.#parser.on('error', (error) => {
      this.#failure = error
    })
  }

  /** Line on which the next record begins. */
  get line(): number {
    return this.#lines.next
  }

  async read(text: string, isLast = false): Promise<TableRow[]> {
    const rows: TableRow[] = []
    this.#lines.write(text)
    await new Promise<void>((resolve) => {
      this.#parser.write(text, () => resolve())
      // Written at once, but called done only when its records have been taken.
      this.#drain(rows)
    })
    if (isLast && !this.#failure) {
      this.#lines.end()
      await new Promise<void>((resolve) => this.#parser.end(() => resolve()))
      this.#drain(rows)
    }
    if (this.#failure) throw this.#problem(this.#failure)
    return rows
  }

  #drain(rows: TableRow[]): void {
    for (let cells = this.#parser.read(); cells !== null; cells = this.#parser.read()) {
      rows.push({ line: this.#lines.take(), cells })
    }
  }

  #problem(error: Error): Error {
    if (!(error instanceof CsvError)) return error
    const codes: Partial<Record<CsvError['code'], string>> = {
      CSV_QUOTE_NOT_CLOSED: 'openQuote',
      CSV_MAX_RECORD_SIZE: 'longRecord',
    }
    return new TableProblem({ code: codes[error.code] ?? 'malformed', params: { line: this.line } })
  }
}

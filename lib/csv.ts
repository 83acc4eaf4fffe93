import { CsvError, parse } from 'csv-parse/sync'
import { fail, ok, type Result } from './result'

export interface CsvRow {
  /** Line of the file on which the row ends, counted from 1. */
  line: number
  cells: Record<string, string>
}

const maxRecordBytes = 1_000_000

/**
 * Reads an RFC 4180 file in UTF-8 (a byte order mark is accepted) with a header row.
 * Refuses the whole file, naming the line, when a row is ragged, a quote is left open, a column
 * is missing, unknown or named twice, or the bytes are not UTF-8.
 */
export function readCsv(
  bytes: Uint8Array,
  columns: { required: readonly string[]; optional?: readonly string[] },
): Result<CsvRow[]> {
  if (bytes.length === 0) return fail('csv.empty')
  const text = decodeUtf8(bytes)
  if (text === null) return fail('csv.encoding')
  const table = parseTable(text)
  if (!table.ok) return table
  const [header, ...rows] = table.value
  if (!header) return fail('csv.empty')
  const problem = checkHeader(header.record, columns)
  if (problem) return { ok: false, problem }
  if (rows.length === 0) return fail('csv.noRows')
  return ok(
    rows.map(({ record, info }) => ({
      line: info.lines,
      cells: Object.fromEntries(header.record.map((name, at) => [name, record[at] ?? ''])),
    })),
  )
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}

type Parsed = { record: string[]; info: { lines: number } }[]

function parseTable(text: string): Result<Parsed> {
  try {
    const records: unknown = parse(text, {
      info: true,
      bom: true,
      skip_empty_lines: true,
      // Named, because the parser would otherwise go by the first line break it meets.
      record_delimiter: ['\r\n', '\n', '\r'],
      max_record_size: maxRecordBytes,
    })
    return ok(records as Parsed)
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = Number(error.lines ?? 0)
    const codes: Partial<Record<CsvError['code'], string>> = {
      CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: 'csv.ragged',
      CSV_QUOTE_NOT_CLOSED: 'csv.openQuote',
      CSV_MAX_RECORD_SIZE: 'csv.longRecord',
    }
    return fail(codes[error.code] ?? 'csv.malformed', { line })
  }
}

function checkHeader(
  header: readonly string[],
  columns: { required: readonly string[]; optional?: readonly string[] },
) {
  const known = new Set([...columns.required, ...(columns.optional ?? [])])
  const [only = ''] = header
  if (header.length === 1 && /[;\t]/.test(only)) return { code: 'csv.separator' }
  const twice = header.find((name, at) => header.indexOf(name) !== at)
  if (twice !== undefined) return { code: 'csv.duplicateColumn', params: { column: twice } }
  const unknown = header.find((name) => !known.has(name))
  if (unknown !== undefined) return { code: 'csv.unknownColumn', params: { column: unknown } }
  const missing = columns.required.find((name) => !header.includes(name))
  if (missing !== undefined) return { code: 'csv.missingColumn', params: { column: missing } }
  return null
}

// Text that a spreadsheet would run as a formula, behind any apostrophes it may already carry.
const formula = /^'*(?:[=+\-@\t\r\n]|[\uff1d\uff0b\uff0d\uff20])/u

/**
 * Text a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection).
 * For text cells only: a negative number must stay a number.
 */
export function guardFormula(text: string): string {
  return formula.test(text) ? `'${text}` : text
}

/** A cell of a file that mixes numbers and texts of people: a number, also a negative one, stays one. */
export const safeCell = (cell: string): string =>
  /^-?[\d.,]+$/.test(cell) ? cell : guardFormula(cell)

/** The text that `guardFormula` was given: no more and no less than its apostrophe is taken off. */
export function withoutFormulaGuard(text: string): string {
  return text.startsWith("'") && formula.test(text) ? text.slice(1) : text
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const month = `(?:${months.join('|')})[a-z]*`

/**
 * Texts of which a spreadsheet makes something else when it opens a CSV: formulas, and what reads
 * like a number (without its zeros, or beyond its fifteen digits), a date, a time or a truth value.
 * Patterns by how such a text begins, for JavaScript and PostgreSQL alike, without case; a text is
 * tried without apostrophes before it.
 */
export const mistakable = {
  formulas: '=+@\t\r\n＝＋－＠-',
  digits: {
    bare: '^0[0-9]+$|^[0-9]{16,}$|^[0-9]+[.,:/ e-][0-9.,:/ e+-]*%?$|^[0-9]+%$',
    withLetters: [
      `^[0-9]{1,4}[ ./-]?${month}([ ./,-]*[0-9]{1,4})?$`,
      '^[0-9]{1,2}(:[0-9]{2})* ?[ap]m?$',
    ].join('|'),
  },
  letters: {
    firstThree: [...months, 'tru', 'fal'],
    whole: `^${month}[ ./-]?[0-9]{1,4}([ ./,-]+[0-9]{1,4})?$|^(?:true|false)$`,
  },
}

const { formulas, digits, letters } = mistakable
const isMistakable = new RegExp(
  [`^[${formulas}]`, digits.bare, digits.withLetters, letters.whole].join('|'),
  'i',
)
const isCovered = (text: string) => isMistakable.test(text.replace(/^'+/, ''))

/** A text cell of a CSV that is made for spreadsheets: an apostrophe keeps it the text that it is. */
export const coverText = (text: string): string => (isCovered(text) ? `'${text}` : text)

/** The text that `coverText` was given. */
export const uncoverText = (text: string): string =>
  text.startsWith("'") && isCovered(text) ? text.slice(1) : text

/**
 * A decimal as every spreadsheet reads it, whatever mark its country puts before the decimals: a
 * whole number with an exponent (`2.20` is `220E-2`). Beyond fifteen digits, of which spreadsheets
 * keep no more, it is a text behind an apostrophe.
 */
export function coverDecimal(value: string): string {
  const [whole = '', decimals = ''] = value.replace('-', '').split('.')
  const digits = `${whole}${decimals}`.replace(/^0+(?=\d)/, '')
  if (digits.length > 15) return `'${value}`
  if (decimals === '') return value
  return `${value.startsWith('-') ? '-' : ''}${digits}E-${decimals.length}`
}

/** The decimal that `coverDecimal` was given; anything else as it is. */
export function uncoverDecimal(text: string): string {
  const long = text.match(/^'(-?\d+(?:\.\d+)?)$/)?.[1]
  if (long !== undefined) return long
  const [, sign = '', digits = '', power = ''] = text.match(/^(-?)(\d{1,15})E-(\d{1,2})$/) ?? []
  if (digits === '') return text
  const padded = digits.padStart(Number(power) + 1, '0')
  return `${sign}${padded.slice(0, -Number(power))}.${padded.slice(-Number(power))}`
}

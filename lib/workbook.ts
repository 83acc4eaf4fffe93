import type { Readable } from 'node:stream'
import { Decimal } from 'decimal.js'
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'
import { mostColumns, mostRecordCharacters, TableProblem, type TableRow } from './text-table'

/**
 * Reads Excel workbooks (.xlsx, ISO/IEC 29500) as text: of formulas the values that stand beside
 * them, of links to other workbooks nothing. A sheet streams: memory is bounded by the file, its
 * shared texts and a piece of its rows, and what is unpacked by the limits below.
 */
export interface Workbook {
  sheets: { name: string; isHidden: boolean }[]
  /** Whether it refers to other workbooks. */
  hasLinks: boolean
  /**
   * The rows of a sheet in batches, from the row `headerLine` on, each as wide as the first one;
   * empty rows are left out.
   */
  rows(
    sheet: string,
    options?: { decimalComma?: boolean; headerLine?: number },
  ): AsyncGenerator<TableRow[]>
  /** Columns of a sheet, from 0, that are hidden in it. */
  hiddenColumns(sheet: string): Promise<number[]>
}

/** Bytes, unpacked: of one part that streams, and of one that is kept in memory. */
const largestPart = 1_500_000_000
const largestKept = 100_000_000
const mostParts = 2_000
const mostMerged = 20_000
const widestSheet = 16_384

/**
 * @throws TableProblem `archive` (a ZIP without a workbook), `macros`, `bomb`, `brokenWorkbook`,
 * `noSheet`; from `rows` also `longRecord`
 */
export async function openWorkbook(bytes: Buffer): Promise<Workbook> {
  const parts = await readParts(bytes)
  const names = [...parts.entries.keys()]
  if (names.some((name) => /vbaProject\.bin$/i.test(name))) throw problem('macros')
  const main = 'xl/workbook.xml'
  if (!parts.entries.has(main)) throw problem('archive')
  const types = await wholePart(parts, '[Content_Types].xml')
  if (/macroEnabled/i.test(types)) throw problem('macros')
  const book = await readBook(parts, main)
  const pathOf = (sheet: string) => {
    const found = book.sheets.find(({ name }) => name === sheet)
    if (!found) throw problem('noSheet')
    return found.path
  }
  return {
    sheets: book.sheets.map(({ name, isHidden }) => ({ name, isHidden })),
    hasLinks: names.some((name) => name.startsWith('xl/externalLinks/')),
    rows: (sheet, options = {}) => sheetRows(parts, pathOf(sheet), book.is1904, options),
    hiddenColumns: (sheet) => readHiddenColumns(parts, pathOf(sheet)),
  }
}

const problem = (code: string, params?: Record<string, number>) =>
  new TableProblem({ code, ...(params && { params }) })

// The package

interface Parts {
  zip: ZipFile
  entries: Map<string, Entry>
}

async function readParts(bytes: Buffer): Promise<Parts> {
  try {
    const zip = await fromBufferPromise(bytes, { lazyEntries: true, autoClose: false })
    if (zip.entryCount > mostParts) throw problem('bomb')
    const entries = new Map<string, Entry>()
    for await (const entry of zip.eachEntry()) {
      if (entry.uncompressedSize > largestPart) throw problem('bomb')
      entries.set(entry.fileName, entry)
    }
    return { zip, entries }
  } catch (error) {
    throw error instanceof TableProblem ? error : problem('brokenWorkbook')
  }
}

async function* partText({ zip, entries }: Parts, name: string, most: number) {
  const entry = entries.get(name)
  if (!entry) return
  if (entry.uncompressedSize > most) throw problem('bomb')
  let stream: Readable | null = null
  try {
    stream = await zip.openReadStreamPromise(entry)
    const decoder = new TextDecoder('utf-8', { fatal: true })
    for await (const chunk of stream) yield decoder.decode(chunk, { stream: true })
  } catch (error) {
    throw error instanceof TableProblem ? error : problem('brokenWorkbook')
  } finally {
    stream?.destroy()
  }
}

async function wholePart(parts: Parts, name: string): Promise<string> {
  let text = ''
  for await (const piece of partText(parts, name, largestKept)) text += piece
  return text
}

interface Handlers {
  open?: (name: string, attributes: Record<string, string>) => void
  close?: (name: string) => void
  text?: (text: string) => void
}

/** Parses a part piece by piece; names come without their prefix. */
async function* parsePart(
  parts: Parts,
  name: string,
  most: number,
  { open, close, text }: Handlers,
): AsyncGenerator<void> {
  const parser = new SaxesParser<{ position: false; xmlns: false }>({
    position: false,
    xmlns: false,
  })
  const local = (tag: string) => tag.slice(tag.indexOf(':') + 1)
  parser.on('error', () => {
    throw problem('brokenWorkbook')
  })
  parser.on('opentag', (tag: SaxesTagPlain) => open?.(local(tag.name), tag.attributes))
  parser.on('closetag', (tag: SaxesTagPlain) => close?.(local(tag.name)))
  if (text) parser.on('text', text)
  for await (const piece of partText(parts, name, most)) {
    parser.write(piece)
    yield
  }
  parser.close()
}

async function parseWhole(parts: Parts, name: string, handlers: Handlers): Promise<void> {
  for await (const _ of parsePart(parts, name, largestKept, handlers));
}

// The book

interface Book {
  sheets: { name: string; isHidden: boolean; path: string }[]
  is1904: boolean
}

async function readBook(parts: Parts, main: string): Promise<Book> {
  const found: { name: string; isHidden: boolean; id: string }[] = []
  let is1904 = false
  await parseWhole(parts, main, {
    open: (tag, attributes) => {
      if (tag === 'workbookPr') is1904 = /^(1|true)$/.test(attributes.date1904 ?? '')
      if (tag !== 'sheet') return
      const id = Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1] ?? ''
      const isHidden = attributes.state !== undefined && attributes.state !== 'visible'
      found.push({ name: attributes.name ?? '', isHidden, id })
    },
  })
  const targets = new Map<string, string>()
  await parseWhole(parts, 'xl/_rels/workbook.xml.rels', {
    open: (tag, { Id = '', Target = '' }) => {
      const path = Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`
      if (tag === 'Relationship') targets.set(Id, path)
    },
  })
  const sheets = found.flatMap(({ id, ...sheet }) => {
    const path = targets.get(id)
    // Sheets of charts alone have no cells.
    return path?.startsWith('xl/worksheets/') && parts.entries.has(path) ? [{ ...sheet, path }] : []
  })
  if (sheets.length === 0) throw problem('noSheet')
  return { sheets, is1904 }
}

async function readTexts(parts: Parts): Promise<string[]> {
  const texts: string[] = []
  let current = ''
  let depth = { isText: false, isPhonetic: false }
  await parseWhole(parts, 'xl/sharedStrings.xml', {
    open: (tag) => {
      if (tag === 'si') current = ''
      if (tag === 'rPh') depth = { ...depth, isPhonetic: true }
      if (tag === 't') depth = { ...depth, isText: true }
    },
    text: (text) => {
      if (depth.isText && !depth.isPhonetic) current += text
    },
    close: (tag) => {
      if (tag === 't') depth = { ...depth, isText: false }
      if (tag === 'rPh') depth = { ...depth, isPhonetic: false }
      if (tag === 'si') texts.push(current)
    },
  })
  return texts
}

// Formats of numbers

type NumberStyle = 'number' | 'percent' | 'day' | 'month' | 'year'

const builtInDays = new Set([14, 15, 16, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58])

function builtInStyle(id: number): NumberStyle {
  if (id === 9 || id === 10) return 'percent'
  if (id === 17 || id === 55 || id === 56) return 'month'
  return builtInDays.has(id) ? 'day' : 'number'
}

/** What a format shows, by its letters outside of quotes and brackets. */
export function styleOfFormat(format: string): NumberStyle {
  const [positive = ''] = format.replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '').split(';')
  if (/general/i.test(positive)) return 'number'
  if (positive.includes('%')) return 'percent'
  if (/d/i.test(positive)) return 'day'
  if (!/y/i.test(positive)) return 'number'
  return /m/i.test(positive) ? 'month' : 'year'
}

async function readStyles(parts: Parts): Promise<NumberStyle[]> {
  const formats = new Map<number, NumberStyle>()
  const styles: NumberStyle[] = []
  let isCell = false
  await parseWhole(parts, 'xl/styles.xml', {
    open: (tag, attributes) => {
      const id = Number(attributes.numFmtId ?? 0)
      if (tag === 'numFmt') formats.set(id, styleOfFormat(attributes.formatCode ?? ''))
      if (tag === 'cellXfs') isCell = true
      if (tag === 'xf' && isCell) styles.push(formats.get(id) ?? builtInStyle(id))
    },
    close: (tag) => {
      if (tag === 'cellXfs') isCell = false
    },
  })
  return styles
}

const dayMilliseconds = 86_400_000

/**
 * The day of a serial number as people see it: `2022-05-11`, `May 2022` or `2022`. Excel believes
 * that 1900 was a leap year, so days before March of that year are one off.
 */
export function dayOfSerial(serial: number, is1904: boolean, style: NumberStyle): string | null {
  const whole = Math.floor(serial)
  if (!Number.isFinite(serial) || whole < 0 || whole > 2_958_465) return null
  const first = Date.UTC(is1904 ? 1904 : 1899, is1904 ? 0 : 11, is1904 ? 1 : 30)
  const date = new Date(first + (whole + (!is1904 && whole < 60 ? 1 : 0)) * dayMilliseconds)
  const day = date.toISOString().slice(0, 10)
  if (style === 'year') return day.slice(0, 4)
  if (style === 'day') return day
  return `${date.toLocaleString('en', { month: 'long', timeZone: 'UTC' })} ${day.slice(0, 4)}`
}

/** A number as Excel shows it in full: it counts with 15 digits, and its files hold 17. */
export function plainNumber(text: string): Decimal | null {
  const isShort = /^-?\d{1,15}$/.test(text) || (/^-?\d+\.\d+$/.test(text) && text.length <= 16)
  if (isShort) return new Decimal(text)
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) return null
  return new Decimal(value.toPrecision(15))
}

// Sheets

interface Merged {
  top: number
  bottom: number
  left: number
  right: number
  text: string
}

const merge = /<(?:\w+:)?mergeCell [^>]*ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"/g

/** Column of a reference such as `AB12`, from 0. */
export function columnOf(reference: string): number {
  let column = 0
  for (const letter of reference.replace(/\d+$/, ''))
    column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}

/** Where one value stands for several cells. They are named after the rows, so they are read first. */
async function readMerged(parts: Parts, path: string): Promise<Merged[]> {
  const merged: Merged[] = []
  let rest = ''
  for await (const piece of partText(parts, path, largestPart)) {
    const text = rest + piece
    const from = text.lastIndexOf('<')
    for (const [, left = '', top, right = '', bottom] of text.slice(0, from).matchAll(merge)) {
      if (merged.length >= mostMerged) return merged
      merged.push({
        top: Number(top),
        bottom: Number(bottom),
        left: columnOf(left),
        right: columnOf(right),
        text: '',
      })
    }
    rest = text.slice(Math.max(from, 0)).slice(-500)
  }
  return merged
}

/** They are named before the rows. */
async function readHiddenColumns(parts: Parts, path: string): Promise<number[]> {
  const hidden: number[] = []
  let hasRows = false
  const reading = parsePart(parts, path, largestPart, {
    open: (tag, { min, max, hidden: isHidden }) => {
      if (tag === 'sheetData') hasRows = true
      if (tag !== 'col' || hasRows || !/^(1|true)$/.test(isHidden ?? '')) return
      const last = Math.min(Number(max), mostColumns)
      for (let column = Number(min); column <= last; column++) hidden.push(column - 1)
    },
  })
  for await (const _ of reading) if (hasRows) break
  return hidden
}

async function* sheetRows(
  parts: Parts,
  path: string,
  is1904: boolean,
  { decimalComma = false, headerLine = 0 }: { decimalComma?: boolean; headerLine?: number },
): AsyncGenerator<TableRow[]> {
  const texts = await readTexts(parts)
  const styles = await readStyles(parts)
  const reader = new SheetReader(
    await readMerged(parts, path),
    (cell) => cellText(cell, { texts, styles, is1904, decimalComma }),
    headerLine,
  )
  for await (const _ of parsePart(parts, path, largestPart, reader.handlers)) {
    if (reader.rows.length > 0) yield reader.rows.splice(0)
  }
  if (reader.rows.length > 0) yield reader.rows.splice(0)
}

interface Cell {
  type: string
  style: number
  value: string
}

class SheetReader {
  readonly rows: TableRow[] = []
  #row: TableRow = { line: 0, cells: [] }
  #column = -1
  #cell: Cell = { type: '', style: 0, value: '' }
  #isValue = false
  #isPhonetic = false
  #size = 0
  #width = 0
  readonly #open: Merged[] = []

  constructor(
    private readonly merged: readonly Merged[],
    private readonly textOf: (cell: Cell) => string,
    private readonly first: number,
  ) {}

  readonly handlers: Handlers = {
    open: (tag, attributes) => {
      if (tag === 'row') this.#beginRow(attributes)
      else if (tag === 'c') this.#beginCell(attributes)
      else if (tag === 'v' || tag === 't') this.#isValue = true
      else if (tag === 'rPh') this.#isPhonetic = true
      else if (tag === 'f') this.#row.formulas = (this.#row.formulas ?? 0) + 1
    },
    text: (text) => {
      if (!this.#isValue || this.#isPhonetic) return
      this.#size += text.length
      if (this.#size > mostRecordCharacters) throw problem('longRecord', { line: this.#row.line })
      this.#cell.value += text
    },
    close: (tag) => {
      if (tag === 'v' || tag === 't') this.#isValue = false
      else if (tag === 'rPh') this.#isPhonetic = false
      else if (tag === 'c') this.#endCell()
      else if (tag === 'row') this.#endRow()
    },
  }

  #beginRow({ r, hidden }: Record<string, string>): void {
    const line = Number(r) || this.#row.line + 1
    const isHidden = hidden === '1' || hidden === 'true'
    this.#row = { line, cells: [], ...(isHidden && { isHidden }) }
    this.#column = -1
    this.#size = 0
  }

  #beginCell({ r, t = 'n', s }: Record<string, string>): void {
    this.#column = r ? columnOf(r) : this.#column + 1
    this.#cell = { type: t, style: Number(s ?? 0), value: '' }
  }

  #endCell(): void {
    const text = this.textOf(this.#cell)
    if (text === '' || this.#column < 0 || this.#column >= widestSheet) return
    const { cells } = this.#row
    while (cells.length < this.#column) cells.push('')
    cells[this.#column] = text
  }

  #endRow(): void {
    this.#spread()
    const { cells } = this.#row
    if (this.#row.line < this.first || cells.every((cell) => cell.trim() === '')) return
    this.#width ||= cells.length
    while (cells.length < this.#width) cells.push('')
    this.rows.push(this.#row)
  }

  /** Puts the value of merged cells into each of them. */
  #spread(): void {
    if (this.merged.length === 0) return
    const { line, cells } = this.#row
    for (const range of this.merged) {
      if (range.top === line) this.#open.push({ ...range, text: cells[range.left] ?? '' })
    }
    for (let at = this.#open.length - 1; at >= 0; at--) {
      const range = this.#open[at]
      if (!range || range.bottom < line) this.#open.splice(at, 1)
      else if (range.text !== '') {
        const right = Math.min(range.right, widestSheet - 1)
        while (cells.length <= right) cells.push('')
        cells.fill(range.text, range.left, right + 1)
      }
    }
  }
}

interface CellWords {
  texts: readonly string[]
  styles: readonly NumberStyle[]
  is1904: boolean
  decimalComma: boolean
}

function cellText({ type, style, value }: Cell, words: CellWords): string {
  if (type === 's') return words.texts[Number(value)] ?? ''
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE'
  if (type !== 'n') return type === 'd' ? value.slice(0, 10) : value
  if (value === '') return ''
  const shown = words.styles[style] ?? 'number'
  if (shown !== 'number' && shown !== 'percent') {
    return dayOfSerial(Number(value), words.is1904, shown) ?? value
  }
  const number = plainNumber(value)
  if (!number) return value
  const text = shown === 'percent' ? `${number.times(100).toFixed()}%` : number.toFixed()
  // As a text of the file would be written, so that both are read alike.
  return words.decimalComma ? text.replace('.', ',') : text
}

import { fail, ok, type Result } from './result'

/**
 * Blocks of cells as spreadsheets put them on the clipboard: `text/plain` with tabs and line breaks,
 * `text/html` with a table. Texts in, texts out: nothing is run, and nothing becomes a page.
 */
export interface ClipboardCell {
  text: string
  /** Covered by a merged cell that begins above or before it, and that has this text. */
  merged?: string
}

/** Rows of one length. */
export type ClipboardBlock = readonly (readonly ClipboardCell[])[]

export const mostPastedCells = 200_000

/**
 * Reads what was copied. A single table in the HTML comes first, as it knows which cells are merged;
 * else the plain text. Problems: `empty`, `tooLarge` (`most` cells).
 */
export function readClipboard({
  text,
  html,
}: {
  text: string
  html: string
}): Result<ClipboardBlock> {
  const table = html === '' ? null : readHtmlTable(html)
  if (table && (!table.ok || table.value.length > 0)) return table
  return readTabs(text)
}

function sized(rows: ClipboardCell[][]): Result<ClipboardBlock> {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
  if (width * rows.length > mostPastedCells) return fail('tooLarge', { most: mostPastedCells })
  if (width === 0) return fail('empty')
  return ok(
    rows.map((row) => [
      ...row,
      ...Array.from({ length: width - row.length }, (): ClipboardCell => ({ text: '' })),
    ]),
  )
}

/** White space as a table shows it: outer, no-break and invisible spaces mean nothing. */
const tidy = (text: string) => text.replace(/^[\s\u00a0\ufeff]+|[\s\u00a0\ufeff]+$/g, '')

// Plain text

/** A cell in quotes, which may hold tabs, line breaks and doubled quotes; or one without. */
const tabbed = /(?:"((?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*))(\t|\r\n|\r|\n|$)/y

/** Tab-separated text as Excel, LibreOffice and Google Sheets write it. */
export function readTabs(text: string): Result<ClipboardBlock> {
  const rows: ClipboardCell[][] = [[]]
  let cells = 0
  tabbed.lastIndex = 0
  while (tabbed.lastIndex <= text.length) {
    const [, quoted, plain = '', end = ''] = tabbed.exec(text) ?? []
    rows.at(-1)?.push({ text: tidy(quoted?.replace(/""/g, '"') ?? plain) })
    if (++cells > mostPastedCells) return fail('tooLarge', { most: mostPastedCells })
    if (end === '') break
    if (end !== '\t') rows.push([])
  }
  // The last line ends with a break too.
  const last = rows.at(-1)
  if (rows.length > 1 && last?.length === 1 && last[0]?.text === '') rows.pop()
  if (rows.every((row) => row.every((cell) => cell.text === '')) && rows.flat().length === 1)
    return fail('empty')
  return sized(rows)
}

// HTML

interface Tag {
  name: string
  isEnd: boolean
  attributes: string
}

const token =
  /<!--[\s\S]*?(?:-->|$)|<[!?][^>]*(?:>|$)|<(\/?)([a-zA-Z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>|[^<]+|</g
const silent = /^(?:style|script|title|template|noscript|xml|head)$/

/** Tags and texts in their order, without what no reader sees. */
function* tokens(html: string): Generator<Tag | string> {
  let skipping: string | null = null
  for (const [whole, end, written, attributes = ''] of html.matchAll(token)) {
    const name = written?.toLowerCase()
    if (skipping !== null) {
      if (end === '/' && name === skipping) skipping = null
    } else if (name === undefined) {
      if (!/^<[!?]/.test(whole)) yield decoded(whole)
    } else if (silent.test(name) && end === '') {
      if (!attributes.endsWith('/')) skipping = name
    } else yield { name, isEnd: end === '/', attributes }
  }
}

const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  ensp: '\u2002',
  emsp: '\u2003',
  thinsp: '\u2009',
  minus: '\u2212',
  ndash: '\u2013',
  mdash: '\u2014',
  lrm: '\u200e',
  rlm: '\u200f',
}

function decoded(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z]+));?/g,
    (whole, decimal?: string, hexadecimal?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? whole
      const point = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hexadecimal ?? '', 16)
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd'
    },
  )
}

function spanOf(attributes: string, name: 'colspan' | 'rowspan'): number {
  const span = new RegExp(`\\b${name}\\s*=\\s*["']?\\s*(\\d{1,6})`, 'i').exec(attributes)?.[1]
  return Math.max(1, Number.parseInt(span ?? '1', 10))
}

interface HtmlCell {
  text: string
  columns: number
  rows: number
}

/**
 * The only table of an HTML text; no rows where there is none, or more than one (the plain text then
 * knows better how they stand together).
 */
export function readHtmlTable(html: string): Result<ClipboardBlock> {
  const rows: HtmlCell[][] = []
  let tables = 0
  let depth = 0
  let cell: HtmlCell | null = null
  for (const part of tokens(html)) {
    if (typeof part === 'string') {
      // Line breaks in the source are spaces, as on a page.
      if (cell) cell.text += part.replace(/[\t\n\r\f ]+/g, ' ')
      continue
    }
    const { name, isEnd, attributes } = part
    if (name === 'table') {
      depth += isEnd ? -1 : 1
      if (!isEnd) tables++
    }
    if (depth < 1) cell = null
    else if (name === 'tr') {
      cell = null
      if (!isEnd) rows.push([])
    } else if (name === 'td' || name === 'th') {
      cell = isEnd
        ? null
        : { text: '', columns: spanOf(attributes, 'colspan'), rows: spanOf(attributes, 'rowspan') }
      if (cell) rows.at(-1)?.push(cell)
    } else if (cell && (name === 'br' || (name === 'p' && !isEnd))) cell.text += '\n'
  }
  if (tables !== 1 || rows.every((row) => row.length === 0)) return ok([])
  const placed = withSpans(rows)
  return placed ? sized(placed) : fail('tooLarge', { most: mostPastedCells })
}

const onOneLine = (text: string) => tidy(text.replace(/ *\n */g, '\n'))

/** Every cell in its column; null where merged cells would cover more than anybody pastes. */
function withSpans(rows: readonly HtmlCell[][]): ClipboardCell[][] | null {
  const placed: ClipboardCell[][] = rows.map(() => [])
  let total = 0
  for (const [at, row] of rows.entries()) {
    let column = 0
    for (const cell of row) {
      while (placed[at]?.[column]) column++
      const text = onOneLine(cell.text)
      const height = Math.min(cell.rows, rows.length - at)
      total += height * cell.columns
      if (total > mostPastedCells) return null
      for (let down = 0; down < height; down++) {
        for (let along = 0; along < cell.columns; along++) {
          const line = placed[at + down]
          const isFirst = down === 0 && along === 0
          if (line) line[column + along] ??= isFirst ? { text } : { text: '', merged: text }
        }
      }
      column += cell.columns
    }
  }
  return placed.map((row) => Array.from(row, (cell) => cell ?? { text: '' }))
}

// Writing

/** Text that a spreadsheet would run as a formula, unless it is a number with its sign. */
const formula = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/u
const signed = /^[+-][\d.,\u066b\u066c\u0660-\u0669\u06f0-\u06f9 \u00a0\u202f]+%?$/u

const guarded = (text: string) => (formula.test(text) && !signed.test(text) ? `'${text}` : text)

/** Both forms of a block, for other programmes: what they would run gets an apostrophe before it. */
export function writeClipboard(rows: readonly (readonly string[])[]): {
  text: string
  html: string
} {
  const safe = rows.map((row) => row.map(guarded))
  const lines = safe.map((row) => row.map(quotedText).join('\t'))
  const table = safe.map(
    (row) => `<tr>${row.map((one) => `<td>${escaped(one)}</td>`).join('')}</tr>`,
  )
  return { text: lines.join('\r\n'), html: `<table><tbody>${table.join('')}</tbody></table>` }
}

const quotedText = (text: string) =>
  /["\t\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text

const escaped = (text: string) =>
  text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/\r\n|\r|\n/g, '<br>')

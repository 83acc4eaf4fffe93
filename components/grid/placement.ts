import type { ClipboardBlock, ClipboardCell } from '@/lib/clipboard'
import { westernDigits, withoutDirectionMarks } from '@/lib/typed-text'
import type { GridHeading } from './model'
import type { Block, TextAt } from './store'

/** Where the cells of a pasted block go, and what has no place. */
export interface Placement {
  texts: TextAt[]
  /** By which headings of its own the block was laid out. */
  byRows: boolean
  byColumns: boolean
  /** Headings in the block that name no row or column here, or one that another names already. */
  unknownRows: string[]
  unknownColumns: string[]
  /** Cells with a text that would lie beyond the last row or column. */
  outside: number
}

interface Grid {
  rows: readonly GridHeading[]
  columns: readonly GridHeading[]
}

/** One way of writing for names: without case, marks and spaces around, with Western digits. */
function plain(text: string): string {
  return westernDigits(withoutDirectionMarks(text))
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\u00a0_]+/g, ' ')
    .replace(/[*:.،,]+$/, '')
    .trim()
}

/** Every name of a heading; one that names two headings names none. */
function namesOf(headings: readonly GridHeading[]): Map<string, number | null> {
  const found = new Map<string, number | null>()
  for (const [index, { id, label, group, unit, aliases = [] }] of headings.entries()) {
    const own = [id, label, ...aliases]
    const withGroup = group ? own.flatMap((name) => [`${group} ${name}`, `${name} ${group}`]) : []
    const withUnit = unit ? [`${label} ${unit}`, `${label} (${unit})`, `${label}, ${unit}`] : []
    for (const name of new Set([...own, ...withGroup, ...withUnit].map(plain))) {
      if (name === '') continue
      const earlier = found.get(name)
      found.set(name, earlier === undefined || earlier === index ? index : null)
    }
  }
  return found
}

const isNumberLike = (text: string) => /^[+\-\u2212]?[\d.,\s%]+$/.test(plain(text))
const shown = ({ text, merged }: ClipboardCell) => (text === '' ? (merged ?? '') : text)

interface Line {
  /** The heading that each place names; null where it has a text that names none. */
  names: (number | null | undefined)[]
  texts: string[]
}

/**
 * A line of headings, or nothing where it is a line of figures. Texts are headings as soon as one
 * of them is known; numbers, such as years, only where all are and there are at least two.
 */
function headingsIn(texts: readonly string[], names: Map<string, number | null>): Line | null {
  const found = texts.map((text) => (text === '' ? undefined : (names.get(plain(text)) ?? null)))
  const known = found.filter((index) => typeof index === 'number')
  const given = texts.filter((text) => text !== '')
  const hasText = texts.some((text, at) => typeof found[at] === 'number' && !isNumberLike(text))
  const isLine = hasText
    ? known.length * 2 >= given.length
    : known.length >= 2 && known.length === given.length
  return isLine ? { names: found, texts: [...texts] } : null
}

/** Two lines of headings, the upper one over several columns: `2023` over `Enrolled`. */
function together(upper: readonly ClipboardCell[], lower: readonly ClipboardCell[]): string[] {
  let over = ''
  return lower.map((cell, at) => {
    const above = upper[at]
    if (above && shown(above) !== '') over = shown(above)
    return [over, shown(cell)].filter(Boolean).join(' ')
  })
}

interface Frame {
  /** How many rows at the top and columns at the side are headings. */
  top: number
  side: number
  columns: Line | null
  rows: Line | null
}

function frameOf(block: ClipboardBlock, grid: Grid): Frame {
  const rowNames = namesOf(grid.rows)
  const columnNames = namesOf(grid.columns)
  const side = block.length > 1 || (block[0]?.length ?? 0) > 1 ? sideOf(block, rowNames) : null
  const past = side ? side.width : 0
  const [first = [], second] = block
  const line = (cells: readonly ClipboardCell[]) => cells.slice(past)
  const candidates =
    block.length < 2
      ? []
      : [
          ...(second && block.length > 2
            ? [{ top: 2, texts: together(line(first), line(second)) }]
            : []),
          { top: 1, texts: line(first).map(shown) },
          ...(second && block.length > 2 ? [{ top: 2, texts: line(second).map(shown) }] : []),
        ]
  for (const { top, texts } of candidates) {
    const columns = headingsIn(texts, columnNames)
    if (columns) return { top, side: past, columns, rows: side?.line ?? null }
  }
  return { top: 0, side: past, columns: null, rows: side?.line ?? null }
}

/** The column of row headings: the first one, or the second beside numbers, codes or groups. */
function sideOf(
  block: ClipboardBlock,
  names: Map<string, number | null>,
): { width: number; line: Line } | null {
  for (const at of [0, 1]) {
    if ((block[0]?.length ?? 0) <= at + 1) return null
    const texts = block.map((row) => row[at]?.text ?? '')
    // Headings of columns stand above it, and name no row.
    const skipped = [0, 1, 2].find((top) => headingsIn(texts.slice(top), names))
    if (skipped === undefined) continue
    const line = headingsIn(texts.slice(skipped), names)
    if (line) {
      const above = Array.from({ length: skipped }, () => undefined)
      const blank = Array.from({ length: skipped }, () => '')
      return {
        width: at + 1,
        line: { names: [...above, ...line.names], texts: [...blank, ...line.texts] },
      }
    }
  }
  return null
}

const unknownIn = (line: Line | null, from: number, isFilled: (at: number) => boolean) =>
  line
    ? line.texts.filter((text, at) => at >= from && line.names[at] === null && text && isFilled(at))
    : []

/**
 * Lays a block out: by its own headings where they are those of the grid, else with its first cell
 * on the active one. One cell fills the whole selection; a block is repeated where the selection
 * is a multiple of it.
 */
export function place(block: ClipboardBlock, selection: Block, grid: Grid): Placement {
  const frame = frameOf(block, grid)
  const body = block.slice(frame.top).map((row) => row.slice(frame.side))
  const rowLine = frame.rows && {
    names: frame.rows.names.slice(frame.top),
    texts: frame.rows.texts.slice(frame.top),
  }
  const repeated = frame.rows || frame.columns ? body : tiled(body, selection)
  const texts: TextAt[] = []
  let outside = 0
  const taken = new Set<string>()
  const doubleRows: string[] = []
  for (const [down, row] of repeated.entries()) {
    const rowAt = rowLine ? rowLine.names[down] : selection.top + down
    for (const [along, { text }] of row.entries()) {
      const columnAt = frame.columns ? frame.columns.names[along] : selection.left + along
      if (typeof rowAt !== 'number' || typeof columnAt !== 'number') {
        // A text under no heading at all has no name to be told by.
        if (text !== '' && (rowAt === undefined || columnAt === undefined)) outside++
        continue
      }
      const isOutside = rowAt >= grid.rows.length || columnAt >= grid.columns.length
      const key = `${rowAt} ${columnAt}`
      if (isOutside) outside += text === '' ? 0 : 1
      else if (!taken.has(key)) texts.push({ row: rowAt, column: columnAt, text })
      else if (text !== '')
        doubleRows.push(rowLine?.texts[down] ?? frame.columns?.texts[along] ?? '')
      taken.add(key)
    }
  }
  const hasText = (cells: readonly ClipboardCell[] | undefined) =>
    cells?.some(({ text }) => text !== '') ?? false
  return {
    texts,
    byRows: frame.rows !== null,
    byColumns: frame.columns !== null,
    unknownRows: [...unknownIn(rowLine, 0, (at) => hasText(body[at])), ...new Set(doubleRows)],
    unknownColumns: unknownIn(frame.columns, 0, (at) =>
      hasText(body.flatMap((row) => row[at] ?? [])),
    ),
    outside,
  }
}

function tiled(body: ClipboardBlock, { top, left, bottom, right }: Block): ClipboardBlock {
  const height = bottom - top + 1
  const width = right - left + 1
  const bodyWidth = body[0]?.length ?? 0
  const fits = height % body.length === 0 && width % bodyWidth === 0
  if (!fits || (height === body.length && width === bodyWidth)) return body
  return Array.from({ length: height }, (_, down) =>
    Array.from(
      { length: width },
      (_, along) => body[down % body.length]?.[along % bodyWidth] ?? { text: '' },
    ),
  )
}

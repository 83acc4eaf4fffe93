import type { Place } from './store'

/** Pixels. Every cell has the same size. */
export interface GridSizes {
  row: number
  column: number
  /** The headings that stay in sight: of rows, and of columns. */
  heading: number
  head: number
  /** What can be seen at once, headings included. */
  width: number
  height: number
}

/** How far the table is scrolled, from its first row and column. */
export interface Offset {
  down: number
  along: number
}

/** Indices of what is in the document, the first included and the last not. */
export interface Seen {
  top: number
  bottom: number
  first: number
  last: number
}

/** Before the page is measured, and on the server: enough for the first screen. */
const firstScreen: GridSizes = {
  row: 52,
  column: 136,
  heading: 224,
  head: 108,
  width: 1280,
  height: 700,
}

/** How many more than can be seen are kept, so that scrolling by hand shows no gaps. */
const spare = { rows: 3, columns: 1 }

/**
 * Which rows and columns of a table are in the document. Where a move of the active cell scrolls,
 * what will be in sight is known before the browser has scrolled, so that it is painted once.
 */
export class Viewport {
  readonly #rows: number
  readonly #columns: number
  readonly #listeners = new Set<() => void>()
  #sizes = firstScreen
  #offset: Offset = { down: 0, along: 0 }
  #isAhead = false
  #seen: Seen

  constructor(rows: number, columns: number) {
    this.#rows = rows
    this.#columns = columns
    this.#seen = this.#range()
  }

  /** The same object as long as it says the same. */
  readonly seen = (): Seen => this.#seen

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  measured(sizes: GridSizes): void {
    this.#sizes = sizes
    this.#refresh()
  }

  scrolled(offset: Offset): void {
    this.#offset = offset
    this.#isAhead = false
    this.#refresh()
  }

  /** Scrolls as little as shows a cell whole. */
  bring({ row, column }: Place): void {
    const { row: rowSize, column: columnSize } = this.#sizes
    const { down, along } = this.#offset
    const to = {
      down: nearest(down, row * rowSize, rowSize, this.#height()),
      along: nearest(along, column * columnSize, columnSize, this.#width()),
    }
    if (to.down === down && to.along === along) return
    this.#offset = to
    this.#isAhead = true
    this.#refresh()
  }

  /** How far the browser is still to scroll, once. */
  ahead(): Offset | null {
    const offset = this.#isAhead ? this.#offset : null
    this.#isAhead = false
    return offset
  }

  /** Rows that can be seen at once, one of them kept in sight by PageUp and PageDown. */
  page(): number {
    return Math.max(1, Math.floor(this.#height() / this.#sizes.row) - 1)
  }

  #height = (): number => this.#sizes.height - this.#sizes.head
  #width = (): number => this.#sizes.width - this.#sizes.heading

  #range(): Seen {
    const { row, column } = this.#sizes
    const { down, along } = this.#offset
    const last = (end: number, size: number, of: number, more: number) =>
      Math.min(of, Math.ceil(end / size) + more)
    return {
      top: Math.max(0, Math.floor(down / row) - spare.rows),
      bottom: last(down + this.#height(), row, this.#rows, spare.rows),
      first: Math.max(0, Math.floor(along / column) - spare.columns),
      last: last(along + this.#width(), column, this.#columns, spare.columns),
    }
  }

  #refresh(): void {
    const { top, bottom, first, last } = this.#seen
    const now = this.#range()
    if (now.top === top && now.bottom === bottom && now.first === first && now.last === last) return
    this.#seen = now
    for (const listener of this.#listeners) listener()
  }
}

/** The offset next to `from` at which `size` from `start` on lies within `room`. */
function nearest(from: number, start: number, size: number, room: number): number {
  return Math.max(Math.min(from, start), Math.min(start, start + size - room))
}

/** With the active one, which keeps the focus wherever the table is scrolled to. */
export const including = (seen: readonly number[], active: number): readonly number[] =>
  active < 0 || seen.includes(active) ? seen : [...seen, active].sort((a, b) => a - b)

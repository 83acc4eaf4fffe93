import {
  type CellAddress,
  type CellUpdate,
  cellKey,
  emptyCell,
  type GridCell,
  type GridHeading,
} from './model'

/** A cell by its place, from 0. */
export interface Place {
  row: number
  column: number
}

/** A rectangle of cells, its borders included. */
export interface Block {
  top: number
  left: number
  bottom: number
  right: number
}

export interface TextAt extends Place {
  text: string
}

export interface Editing {
  /** `replace`: begun by typing, so that arrows leave the cell. `edit`: arrows move in the text. */
  mode: 'replace' | 'edit'
  text: string
}

/** Never changed in place: what differs is another object, so that only it is painted anew. */
export interface GridState {
  table: readonly (readonly GridCell[])[]
  active: Place
  /** The corner of the selected block that lies opposite the active cell. */
  head: Place
  editing: Editing | null
  /** The active cell says its row, as some readers of screens do not after a move up or down. */
  isRowTold: boolean
  canUndo: boolean
  canRedo: boolean
  /** Grows when the focus is to follow the active cell, and `sight` to come into sight. */
  focus: number
  sight: Place
}

interface Edit extends Place {
  before: string
  after: string
}

export interface Typed extends CellAddress {
  text: string
  base: number | null
}

export interface GridStoreOptions {
  rows: readonly GridHeading[]
  columns: readonly GridHeading[]
  cells: Readonly<Record<string, GridCell>>
  /** What is wrong with a text in a place, in words; null where it can be read. */
  check(text: string, place: Place): string | null
  /** Hears of every text that is typed, pasted, cleared, undone or redone. */
  onTyped(cells: readonly Typed[]): void
}

export function blockOf({ active, head }: Pick<GridState, 'active' | 'head'>): Block {
  return {
    top: Math.min(active.row, head.row),
    left: Math.min(active.column, head.column),
    bottom: Math.max(active.row, head.row),
    right: Math.max(active.column, head.column),
  }
}

export function placesIn({ top, left, bottom, right }: Block): Place[] {
  const width = right - left + 1
  return Array.from({ length: width * (bottom - top + 1) }, (_, at) => ({
    row: top + Math.floor(at / width),
    column: left + (at % width),
  }))
}

/**
 * The block that a drag from the corner of another one fills, that one included: away from it in one
 * direction, the one in which the drag has gone further.
 */
export function filledTo({ top, left, bottom, right }: Block, { row, column }: Place): Block {
  const down = Math.max(row - bottom, 0)
  const up = Math.max(top - row, 0)
  const on = Math.max(column - right, 0)
  const back = Math.max(left - column, 0)
  if (down + up >= on + back) return { top: top - up, left, bottom: bottom + down, right }
  return { top, left: left - back, bottom, right: right + on }
}

const indexOf = (headings: readonly GridHeading[]) =>
  new Map(headings.map(({ id }, index) => [id, index]))

/** The state of a grid and all that can happen to it, without anything of a browser. */
export class GridStore {
  readonly rows: readonly GridHeading[]
  readonly columns: readonly GridHeading[]
  #state: GridState
  readonly #options: GridStoreOptions
  readonly #rowAt: Map<string, number>
  readonly #columnAt: Map<string, number>
  readonly #listeners = new Set<() => void>()
  #done: Edit[][] = []
  #undone: Edit[][] = []

  constructor(options: GridStoreOptions) {
    this.#options = options
    this.rows = options.rows
    this.columns = options.columns
    this.#rowAt = indexOf(options.rows)
    this.#columnAt = indexOf(options.columns)
    this.#state = {
      table: options.rows.map((row) =>
        options.columns.map(
          (column) => options.cells[cellKey({ row: row.id, column: column.id })] ?? emptyCell,
        ),
      ),
      active: { row: 0, column: 0 },
      head: { row: 0, column: 0 },
      editing: null,
      isRowTold: false,
      canUndo: false,
      canRedo: false,
      focus: 0,
      sight: { row: 0, column: 0 },
    }
  }

  readonly state = (): GridState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #set(change: Partial<GridState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }

  cell({ row, column }: Place): GridCell {
    return this.#state.table[row]?.[column] ?? emptyCell
  }

  address({ row, column }: Place): CellAddress {
    return { row: this.rows[row]?.id ?? '', column: this.columns[column]?.id ?? '' }
  }

  place({ row, column }: CellAddress): Place | undefined {
    const [rowAt, columnAt] = [this.#rowAt.get(row), this.#columnAt.get(column)]
    return rowAt === undefined || columnAt === undefined
      ? undefined
      : { row: rowAt, column: columnAt }
  }

  // Moving and selecting

  #inside({ row, column }: Place): Place {
    return {
      row: Math.max(0, Math.min(this.rows.length - 1, row)),
      column: Math.max(0, Math.min(this.columns.length - 1, column)),
    }
  }

  /** Makes a cell the active one. What was being edited is kept as typed. */
  go(place: Place, isRowTold = false): void {
    this.commit()
    const active = this.#inside(place)
    this.#show(active, { active, head: active, isRowTold })
  }

  /** Selects from the active cell to another one. */
  extend(place: Place): void {
    this.commit()
    const head = this.#inside(place)
    this.#show(head, { head })
  }

  /** Selects a block, one corner of which is to be seen: the active cell unless it is said. */
  select(active: Place, head: Place, sight = active): void {
    this.commit()
    const ends = { active: this.#inside(active), head: this.#inside(head) }
    this.#show(this.#inside(sight), { ...ends, isRowTold: false })
  }

  #show(sight: Place, change: Partial<GridState>): void {
    this.#set({ ...change, sight, focus: this.#state.focus + 1 })
  }

  // Editing

  /** Opens the editor, with a text or with what the cell has. False where the cell is locked. */
  edit(mode: Editing['mode'], text?: string): boolean {
    const { active } = this.#state
    const cell = this.cell(active)
    if (cell.state === 'locked') return false
    this.#set({ editing: { mode, text: text ?? cell.text }, head: active })
    return true
  }

  /** What stands in the editor now. Nothing is painted anew: the editor shows it already. */
  draft(text: string): void {
    if (this.#state.editing) this.#state.editing.text = text
  }

  /** `edit` mode from now on, so that arrows move in the text. */
  stay(): void {
    if (this.#state.editing) this.#state.editing.mode = 'edit'
  }

  cancel(): void {
    if (this.#state.editing) this.#show(this.#state.active, { editing: null })
  }

  /** Keeps what stands in the editor; with `fill` in every selected cell. */
  commit(cells?: readonly Place[]): void {
    const { editing, active } = this.#state
    if (!editing) return
    this.#state = { ...this.#state, editing: null }
    this.write((cells ?? [active]).map((place) => ({ ...place, text: editing.text })))
    this.#set({})
  }

  // Writing

  /** Types texts into cells, as one step of undo. Locked cells and unchanged texts are left. */
  write(texts: readonly TextAt[]): { written: number; locked: number } {
    const step: Edit[] = []
    let locked = 0
    for (const { row, column, text } of texts) {
      const cell = this.#state.table[row]?.[column]
      if (!cell) continue
      if (cell.state === 'locked') locked++
      else if (cell.text !== text) step.push({ row, column, before: cell.text, after: text })
    }
    if (step.length > 0) {
      this.#done.push(step)
      this.#undone = []
      this.#type(step.map(({ row, column, after }) => ({ row, column, text: after })))
    }
    return { written: step.length, locked }
  }

  #type(texts: readonly TextAt[]): void {
    const typed = texts.map((at): Typed => {
      return { ...this.address(at), text: at.text, base: this.cell(at).base }
    })
    const changed = new Map(texts.map((at) => [at, this.#typedCell(at)]))
    this.#set({ table: this.#withCells(changed), ...this.#steps() })
    this.#options.onTyped(typed)
  }

  #typedCell(at: TextAt): GridCell {
    const cell = this.cell(at)
    const message = at.text.trim() === '' ? null : this.#options.check(at.text, at)
    return {
      ...cell,
      text: at.text,
      state: message === null ? 'typed' : 'invalid',
      message: message ?? undefined,
      theirs: undefined,
    }
  }

  #withCells(cells: ReadonlyMap<Place, GridCell>): GridState['table'] {
    const table = [...this.#state.table]
    const copied = new Map<number, GridCell[]>()
    for (const [{ row, column }, cell] of cells) {
      const own = copied.get(row) ?? [...(table[row] ?? [])]
      own[column] = cell
      copied.set(row, own)
      table[row] = own
    }
    return table
  }

  #steps(): Pick<GridState, 'canUndo' | 'canRedo'> {
    return { canUndo: this.#done.length > 0, canRedo: this.#undone.length > 0 }
  }

  /** Takes the last step back. The number of cells that changed, 0 where there was none. */
  undo(): number {
    return this.#back(this.#done, this.#undone, 'before')
  }

  redo(): number {
    return this.#back(this.#undone, this.#done, 'after')
  }

  #back(from: Edit[][], to: Edit[][], side: 'before' | 'after'): number {
    const step = from.pop()
    const [first] = step ?? []
    if (!step || !first) return 0
    to.push(step)
    const open = step.filter((at) => this.cell(at).state !== 'locked')
    this.#type(open.map((edit) => ({ row: edit.row, column: edit.column, text: edit[side] })))
    const rows = step.map(({ row }) => row)
    const columns = step.map(({ column }) => column)
    this.select(
      { row: Math.min(...rows), column: Math.min(...columns) },
      { row: Math.max(...rows), column: Math.max(...columns) },
    )
    return open.length
  }

  // From outside

  /** Shows typed cells as under way, or as waiting again. */
  mark(cells: readonly CellAddress[], from: 'typed' | 'saving', to: 'typed' | 'saving'): void {
    const changed = new Map<Place, GridCell>()
    for (const address of cells) {
      const place = this.place(address)
      const cell = place && this.cell(place)
      if (place && cell?.state === from) changed.set(place, { ...cell, state: to })
    }
    if (changed.size > 0) this.#set({ table: this.#withCells(changed) })
  }

  /**
   * Takes over what the server knows. In cells whose text is not stored yet, only what is beside the
   * text changes: `isWaiting` says which those are.
   */
  update(cells: readonly CellUpdate[], isWaiting: (cell: CellAddress) => boolean): void {
    const changed = new Map<Place, GridCell>()
    for (const update of cells) {
      const place = this.place(update)
      if (!place) continue
      changed.set(place, updated(this.cell(place), update, isWaiting(update)))
    }
    if (changed.size > 0) this.#set({ table: this.#withCells(changed) })
  }

  /** Texts that an earlier visit left in the browser: typed again, but no step of undo. */
  restore(texts: readonly Typed[]): number {
    const known = texts.flatMap((text) => {
      const place = this.place(text)
      return place ? [{ ...text, place }] : []
    })
    const open = known.filter(({ place }) => this.cell(place).state !== 'locked')
    const changed = new Map(
      open.map(({ place, text }) => [place, this.#typedCell({ ...place, text })]),
    )
    if (open.length === 0) return 0
    this.#set({ table: this.#withCells(changed) })
    this.#options.onTyped(open.map(({ row, column, text, base }) => ({ row, column, text, base })))
    return open.length
  }
}

function updated(cell: GridCell, update: CellUpdate, isWaiting: boolean): GridCell {
  const { published = cell.published, hasSource = cell.hasSource } = update
  const note = update.note === undefined ? cell.note : (update.note ?? undefined)
  if (isWaiting) return { ...cell, published, hasSource, note }
  return {
    text: update.text ?? cell.text,
    published,
    base: update.base === undefined ? cell.base : update.base,
    state: update.state,
    message: update.message ?? undefined,
    note,
    hasSource,
    theirs: update.theirs ?? undefined,
  }
}

/**
 * What a grid of figures is told and tells: places named by words, texts as typed. It knows neither
 * figures nor the network; whoever shows it supplies both.
 */
export interface GridHeading {
  /** Names the row or column in addresses; unique among them. */
  id: string
  label: string
  /** What several neighbours belong to, shown above columns and beside rows. */
  group?: string
  unit?: string
  /** Other names under which pasted headings find it: codes, the other language. */
  aliases?: readonly string[]
  /** The figures are percentages, so a percent sign after them is left out, not refused. */
  percent?: boolean
}
export type GridColumn = GridHeading
export type GridRow = GridHeading

export interface CellAddress {
  row: string
  column: string
}

/**
 * `empty`: nothing typed. `typed`: not sent yet. `failed`: not stored, and only kept here.
 * `invalid` and `warning`: stored, and spoken about. `conflict`: not stored, as somebody else has
 * changed the figure meanwhile. `locked`: cannot be typed in.
 */
export const cellStates = [
  'empty',
  'typed',
  'saving',
  'saved',
  'failed',
  'invalid',
  'warning',
  'conflict',
  'locked',
] as const
export type CellState = (typeof cellStates)[number]

export interface GridCell {
  /** As typed; empty where nothing is. */
  text: string
  /** The last published value as it is shown beside the cell. */
  published: string | null
  /** What the text started from: the number that the server knows the cell's state by. */
  base: number | null
  state: CellState
  /** What is wrong or unusual and how to mend it. */
  message?: string
  note?: string
  hasSource: boolean
  /** What somebody else has written meanwhile, and the number to answer with. */
  theirs?: { text: string; by: string; base?: number | null }
}

/** A typed text on its way to the server; an empty one takes the draft back. */
export interface CellChange extends CellAddress {
  text: string
  base: number | null
  note?: string
}

/** What the server knows of a cell now. What is left out stays as it is. */
export interface CellUpdate extends CellAddress {
  state: Exclude<CellState, 'typed' | 'saving'>
  text?: string
  published?: string | null
  base?: number | null
  /** Null where there is none any more; without it a message goes when the state does. */
  message?: string | null
  note?: string | null
  hasSource?: boolean
  theirs?: GridCell['theirs'] | null
}

/** `saved` answers for every change. Whatever is thrown counts as a lost connection: tried again. */
export type SaveAnswer = { kind: 'saved'; cells: readonly CellUpdate[] } | { kind: 'signedOut' }

export type SaveStatus =
  | { kind: 'idle' }
  /** Something is under way; `count` cells. */
  | { kind: 'saving'; count: number }
  | { kind: 'saved' }
  /** No answer: `count` cells are kept in the browser and tried again. */
  | { kind: 'offline'; count: number }
  | { kind: 'signedOut'; count: number }

/** Where a cell's note, source or conflict is to be edited; several where a block is selected. */
export interface GridRequest {
  what: 'note' | 'source'
  cells: readonly CellAddress[]
}

/** What the page around a grid can ask of it (`ref`). */
export interface GridHandle {
  /** Takes over what the server knows. Text that is not stored yet is never replaced by it. */
  update(cells: readonly CellUpdate[]): void
  /** Sends what is waiting at once. False where something could not be stored. */
  flush(): Promise<boolean>
  /** Goes on sending, after signing in again. */
  resume(): void
  /** Scrolls to a cell and puts the focus on it. */
  focus(cell: CellAddress): void
  /** Selects all cells that are not empty. */
  typed(): readonly CellAddress[]
}

/** A map of cells has them under this. */
export function cellKey({ row, column }: CellAddress): string {
  return `${row}\t${column}`
}

export const emptyCell: GridCell = {
  text: '',
  published: null,
  base: null,
  state: 'empty',
  hasSource: false,
}

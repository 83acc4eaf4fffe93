import { z } from 'zod'
import type { FigureKey, SourceInput } from '@/features/figures/schema'
import { type Precision, precisions, type Status, statuses } from '@/features/figures/schema'
import type { Change, PublicFigure, Warned } from '@/features/sets/schema'
import type { LocalText } from '@/lib/i18n'

/** A sheet of more cells than this is made in parts, or imported. */
export const mostCells = 6_000
export const mostColumns = 120
/** Cells in one request. */
export const mostInRequest = 1_000
/** Bytes of one request. */
export const largestRequest = 1024 * 1024
/** Characters of a cell; the database holds the same limit. */
export const longestTyped = 200
export const longestNote = 2_000

export const rowKinds = ['areas', 'academies'] as const
export type RowKind = (typeof rowKinds)[number]

/** What a sheet is about. Its figures have the kind and the unit that their indicator usually has. */
export interface Selection {
  programme: string
  rows: RowKind
  indicators: string[]
  sexes: string[]
  /** SDMX codes. */
  periods: string[]
}

export type SelectionField = 'programme' | 'indicator' | 'period' | 'sex'

export interface SelectionProblem {
  field: SelectionField
  from: 'sheets' | 'periods'
  code: string
  params?: Record<string, string | number>
}

/** A selection as typed, for the form to show again. */
export interface TypedSelection {
  programme: string
  rows: RowKind
  indicators: string[]
  sexes: string[]
  period: string
}

export interface SheetRow {
  /** The code of the area or of the academy. */
  id: string
  name: LocalText
  area: string
  academy: string
}

export type SheetColumn = Pick<FigureKey, 'indicator' | 'sex' | 'kind' | 'unit' | 'period'> & {
  id: string
}

/** A sheet with its rows and columns; each pair of them is the key of a figure. */
export interface Frame {
  selection: Selection
  /** The query of its address, in one spelling. */
  address: string
  rows: SheetRow[]
  columns: SheetColumn[]
}

/** What holds for every cell without a source of its own, as typed. */
export const blockFields = [
  'publisher',
  'title',
  'sourceDate',
  'url',
  'releasedOn',
  'status',
  'precision',
] as const
export type Block = Record<(typeof blockFields)[number], string>

export const emptyBlock: Block = {
  publisher: '',
  title: '',
  sourceDate: '',
  url: '',
  releasedOn: '',
  status: 'A',
  precision: 'exact',
}

export type TypedSource = Pick<Block, 'publisher' | 'title' | 'sourceDate' | 'url'>
export const sourceFields = ['publisher', 'title', 'sourceDate', 'url'] as const

const text = (most: number) => z.string().max(most)

export const typedSource = z.strictObject({
  publisher: text(500),
  title: text(1000),
  sourceDate: text(100),
  url: text(2000),
})

export const block = z.strictObject({
  ...typedSource.shape,
  releasedOn: text(100),
  status: z.enum(statuses).catch('A'),
  precision: z.enum(precisions).catch('exact'),
})

/** One cell on its way here. What is left out stays as it is. */
const cellChange = z.strictObject({
  row: text(64),
  column: text(200),
  text: text(longestTyped).optional(),
  /** What the text started from: see `stateNumber`. */
  base: z.int().nonnegative().nullable().optional(),
  note: text(longestNote).optional(),
  source: typedSource.nullable().optional(),
})

export type CellChange = z.infer<typeof cellChange>

export const saveRequest = z.strictObject({
  /** Whose cells these are; somebody else may have signed in meanwhile. */
  author: text(100),
  address: text(2000),
  /** None only asks for news. */
  cells: z.array(cellChange).max(mostInRequest),
  /** The newest revision that the page knew: cells that nobody works on are told only if it is newer. */
  since: z.int().nonnegative().optional(),
  /** What the last answer with news stood for: the same again is not told. */
  seen: text(100).optional(),
})

/** A draft as stored. */
export interface Draft {
  id: number
  author: { id: string; name: string }
  version: number
  typed: string
  note: string
  source: TypedSource | null
  base: number | null
  /** The draft of somebody else that its author saw: `id.version`; empty where there was none. */
  seenDraft: string
}

/** Everything known of one cell. */
export interface CellFacts {
  row: SheetRow
  column: SheetColumn
  key: FigureKey
  mine: Draft | null
  /** The newest draft of somebody else with something in it. */
  other: Draft | null
  known: KnownFigure | null
  /** Waits for review in a set. */
  waiting: { value: string | null; by: string } | null
  isLocked: boolean
  /** What rules and the record say about one's own draft; see `withFindings`. */
  findings: Warned[]
}

export type KnownFigure = PublicFigure & {
  /** Who published the newest revision. */
  by: string
}

export interface Sheet {
  frame: Frame
  facts: CellFacts[]
  block: Block
  /** Who else has it open. */
  present: string[]
  /** Karachi day, ISO. */
  today: string
}

/** What a cell would do to the record, or what keeps it from that. */
export interface DiffLine {
  facts: CellFacts
  /** Canonical; null where the text is no number. */
  value: string | null
  source: SourceInput | null
  note: string
  status: Status
  precision: Precision
  releasedOn: string
  problems: {
    from: 'numbers' | 'sheets' | 'entry' | 'periods'
    code: string
    params?: Record<string, string | number>
  }[]
  findings: Warned[]
  /** The record says this already. */
  isSame: boolean
}

export interface Diff {
  lines: DiffLine[]
  changes: Change[]
  /** Whether nothing but warnings stands in the way. */
  isReady: boolean
  hasWarnings: boolean
  /** Stands for everything shown. */
  seen: string
  /** Stands for the warnings shown. */
  confirmed: string
}

/** A sheet with drafts of somebody. */
export interface OpenSheet {
  address: string
  programme: string
  indicators: string[]
  periods: string[]
  rows: RowKind
  seenAt: string
  /** Cells with something in them. */
  count: number
}

/** Drafts of somebody that nobody has touched for long. */
export interface OldDrafts {
  /** Of the sheet they stand in. */
  address: string
  programme: string
  count: number
  /** The last change of any of them, ISO day. */
  touchedOn: string
  /** When they are to be removed, or were; ISO day. */
  removedOn: string
}

import type { Academy } from '@/features/catalogue/schema'
import type { FigureKey, Kind, Precision } from '@/features/figures/schema'
import type { Change, PublicFigure } from '@/features/sets/schema'

/** What academies report: an indicator in the kind and unit it usually has, of one sex or all. */
export interface Line {
  indicator: string
  sex: string
  kind: Kind
  unit: string
}

/** A public figure of one academy, or (academy `_T`) of an area without regard to academies. */
export interface Said extends FigureKey {
  /** The number of the figure. */
  id: number
  /** Canonical decimal. */
  value: string
  status: string
  precision: Precision
  periodEnd: string | null
}

/** What a roll-up is about. */
export interface Question {
  line: Line
  programme: string
  /** SDMX code of a period that is known. */
  period: string
}

/** Why figures of academies have no total. */
export type NoTotal = 'share' | 'notAdditive'

/** An academy beside what it said. */
export interface Reporter {
  academy: Academy
  figure: Said
}

export interface Coverage {
  /** Academies that were open in the period. */
  expected: number
  /** Those of them with a figure. */
  reported: number
  /** Academies with a figure that nobody expected: closed or merged. Their figures count too. */
  others: number
}

export interface Difference {
  /** The sum less the published total, exact. */
  absolute: string
  /** In percent of the published total, one decimal; null where that is 0. */
  percent: string | null
}

export interface RollUpRow {
  area: string
  coverage: Coverage
  /** Computed, stored nowhere; null where no academy has reported, or where there is no total. */
  sum: string | null
  /** Whether no part of the sum was rounded or estimated by its publisher. */
  isExact: boolean
  /** The published figure of the same key without an academy. */
  published: Said | null
  difference: Difference | null
}

export interface RollUp extends Question {
  noTotal: NoTotal | null
  /** The whole country. */
  country: RollUpRow
  /** Areas with academies or with figures of some, in the order of the catalogue. */
  areas: RollUpRow[]
  /** Expected academies without a figure, by area. */
  missing: Academy[]
}

/** An academy that still owes figures of a period. */
export interface Duty {
  academy: Academy
  missing: Line[]
  /** How many of the lines that are asked for it has reported. */
  reported: number
  /** The last period of which it has reported any of the lines; null where it never has. */
  last: string | null
}

/** What academies of a programme have ever reported. */
export interface Custom {
  lines: Line[]
  /** The latest first. */
  periods: { code: string; end: string }[]
}

/** Roll-ups of the latest periods that public pages tell of. */
export interface CoverageLine extends Question {
  row: RollUpRow
}

/** The words of an address, not checked yet. */
export interface TypedQuestion {
  programme: string
  indicators: string[]
  sexes: string[]
  period: string
}

export interface QuestionProblem {
  field: 'programme' | 'indicator' | 'period' | 'asOf'
  from: 'reporting' | 'periods' | 'vintage'
  code: string
  params?: Record<string, string | number>
}

/** What an address asks for; lines are none where it names no indicator. */
export interface Asked {
  programme: string
  period: string
  lines: Line[]
}

// The page for one academy

/** More lines than this are a grid. */
export const mostLines = 60

/** What is known of a line of an academy in a period. */
export interface LineFacts {
  line: Line
  key: FigureKey
  /** What is public for the very key. */
  known: PublicFigure | null
  /** The academy's figure of an earlier period; null where there is none. */
  before: Said | null
  /** Sent by somebody, and not decided on yet. */
  waiting: { value: string | null; by: string } | null
}

export interface AcademySheet {
  academy: Academy
  period: string
  facts: LineFacts[]
  /** Who last published something of this academy, as the form suggests it. */
  publisher: string
  /** Whether the reader may enter its figures. */
  isInScope: boolean
}

export const sourceFields = ['publisher', 'title', 'sourceDate', 'url'] as const
export type TypedSource = Record<(typeof sourceFields)[number], string>

/** A line as typed. */
export interface TypedLine {
  text: string
  /** The newest revision of the figure that the form showed. */
  base: number | null
  source: TypedSource
}

export interface TypedReport {
  lines: ReadonlyMap<string, TypedLine>
  source: TypedSource
  status: string
}

export interface ReportProblem {
  /** `value`, or a part of the source. */
  field: 'value' | keyof TypedSource
  /** Of a line; null for what holds for all of them. */
  line: string | null
  from: 'numbers' | 'entry' | 'periods' | 'reporting'
  code: string
  params?: Record<string, string | number>
}

/** What a report would do to the record. */
export interface ReportReading {
  changes: Change[]
  /** The line of each change, in their order. */
  lines: Line[]
  problems: ReportProblem[]
  /** Lines of which somebody has published another figure than the one the form showed. */
  conflicts: LineFacts[]
}

/** What the form shows after it was sent; texts are in the reader's language. */
export interface ReportState {
  attempt: number
  /** By the names of the fields. */
  values: Record<string, string>
  problems: { field: string | null; text: string }[]
  /** What somebody else has published meanwhile, by line. */
  news: Record<string, string>
  question: { confirmed: string; warnings: string[] } | null
  isSignedOut: boolean
  goTo: string | null
}

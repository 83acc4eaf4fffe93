import { downloadColumns } from '@/features/downloads/schema'
import { figureColumns } from '@/features/figures/schema'

/** Rows of a table as they stand in a file. */
export const rowForms = ['csv', 'excel', 'json', 'sdmx'] as const
export type RowForm = (typeof rowForms)[number]

export const csvColumns = downloadColumns
/** The last column says that cells of the file may have an apostrophe before them. */
export const excelColumns = [...downloadColumns, 'guarded'] as const

/** Every public revision, also those of the past and withdrawals. */
export const revisionColumns = [
  ...figureColumns,
  'revision_kind',
  'commit',
  'known_on',
  'reason',
] as const

export const sourceColumns = ['source', 'publisher', 'title', 'source_date', 'source_url'] as const

/** The structure that SDMX-CSV rows are of: agency, dataflow and version. */
export const sdmxStructure = 'SHUMAR:FIGURES(1.0)'

export const sdmxDimensions = [
  'FREQ',
  'ROLE',
  'INDICATOR',
  'PROGRAMME',
  'REF_AREA',
  'ACADEMY',
  'SEX',
  'KIND',
  'UNIT_MEASURE',
  'TIME_PERIOD',
] as const

export const sdmxAttributes = [
  'OBS_STATUS',
  'PRECISION',
  'REPORTING_YEAR_START_DAY',
  'PERIOD_START',
  'PERIOD_END',
  'RELEASED_ON',
  'REVISION',
  'PUBLISHER',
  'TITLE',
  'SOURCE_DATE',
  'SOURCE_URL',
  'COMMENT_OBS',
  'MARKS',
  'LICENCE',
] as const

/** SDMX-CSV 2.0: three columns about the message, dimensions, the value, attributes. */
export const sdmxColumns = [
  'STRUCTURE',
  'STRUCTURE_ID',
  'ACTION',
  ...sdmxDimensions,
  'OBS_VALUE',
  ...sdmxAttributes,
] as const

/** The state of the record that a file is of. A frozen one never changes. */
export interface ExtractState {
  /** A day in Asia/Karachi. */
  asOf: string
  commit: number
  /** When the commit was made (ISO 8601, UTC). */
  committedAt: string
  isFrozen: boolean
  /** Whether it is the present one, whatever the address names. */
  isPresent: boolean
}

/** How many rows a filter has. */
export interface RowCount {
  rows: number
  /** Of them, those with a period that SDMX can write. */
  sdmxRows: number
}

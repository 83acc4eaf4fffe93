import { z } from 'zod'
import type { FigureRow } from '@/features/figures/schema'
import type { Problem } from '@/lib/result'
import { delimiters, encodings } from '@/lib/text-table'

/** What a column of a file can hold: the columns of Shumar's own files, but for their number. */
export const targets = [
  'indicator',
  'programme',
  'area',
  'period',
  'period_start',
  'period_end',
  'value',
  'publisher',
  'title',
  'source_date',
  'source_url',
  'released_on',
  'academy',
  'sex',
  'role',
  'kind',
  'unit',
  'status',
  'precision',
  'note',
  'frequency',
] as const satisfies readonly (keyof FigureRow)[]
export type Target = (typeof targets)[number]

/** Where the cells of a target come from: a column (from 0), or one text for all rows. */
export type Origin = { column: number } | { text: string }
export type Mapping = Partial<Record<Target, Origin>>

export const mapping = z.partialRecord(
  z.enum(targets),
  z.union([
    z.strictObject({ column: z.int().min(0).max(199) }),
    z.strictObject({ text: z.string().min(1).max(2000) }),
  ]),
)

export const reading = z.strictObject({
  encoding: z.enum(encodings),
  delimiter: z.enum(delimiters),
  /** Name of the sheet; empty for a text file. */
  sheet: z.string().max(100),
  /** Line of the row that names the columns; titles may stand above it. 0: the first one. */
  headerLine: z.int().min(0).max(1_100_000).default(0),
  /** Whether rows that are hidden in the workbook count. */
  withHidden: z.boolean(),
  /** Whether numbers that stand as text are written `1.234,5`. */
  decimalComma: z.boolean(),
})
export type Reading = z.infer<typeof reading>

export interface Sheet {
  name: string
  isHidden: boolean
  /** Columns, from 0, that are hidden in the workbook; they are read all the same. */
  hiddenColumns?: number[]
}

/** Largest files, in bytes: a text is read as it streams, a workbook is unpacked. */
export const largestUpload = { csv: 400_000_000, xlsx: 50_000_000 } as const
export type Media = keyof typeof largestUpload

/** Days that a file is kept unless it is imported or thrown away. */
export const keptDays = 7

export type UploadState =
  | 'kept'
  | 'checking'
  | 'checked'
  | 'waiting'
  | 'committing'
  | 'committed'
  | 'failed'

export interface Tallies {
  rows: number
  refused: number
  problems: number
  warnings: number
  new: number
  changed: number
  same: number
  /** Rows that are hidden in the workbook, and left out or not as `reading` says. */
  hidden: number
  /** Cells of the workbook of whose formulas only the values count. */
  formulas: number
  /** Whether the workbook refers to others, which are left alone. */
  hasLinks: boolean
  /** Fingerprint of the record where the file touches it: another one asks for another look. */
  seen: string
  /** State of the record and of the rules when these judged the file. */
  judgedAt: string
}

export interface Upload {
  id: string
  ownerId: string
  ownerName: string
  fileName: string
  media: Media
  size: number
  sha256: string
  state: UploadState
  sheets: Sheet[]
  reading: Reading
  header: string[]
  shape: string
  mapping: Mapping
  rowsDone: number
  tallies: Tallies | null
  problem: Problem | null
  reason: string
  commitNo: number | null
  createdAt: string
  expiresAt: string
  /** Whether work is under way and was heard of lately. */
  isAlive: boolean
}

const uploadId = z.uuid()
export const readUploadId = (text: unknown): string | null => uploadId.safeParse(text).data ?? null

import { z } from 'zod'
import type { Flag } from '@/components/charts/model'

export const roles = ['actual', 'target', 'claim'] as const
export const kinds = ['stock', 'flow', 'cumulative', 'ratio'] as const
export const precisions = ['exact', 'rounded', 'over', 'about'] as const
/** SDMX CL_SEX */
export const sexes = ['_T', 'F', 'M'] as const
/** SDMX CL_OBS_STATUS, the codes in use: normal, provisional, estimated, definition differs, break. */
export const statuses = ['A', 'P', 'E', 'D', 'B'] as const

export type Role = (typeof roles)[number]
export type Kind = (typeof kinds)[number]
export type Precision = (typeof precisions)[number]
export type Status = (typeof statuses)[number]

const code = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/)

/** Years that a figure or a source can be of; the database holds the same limits. */
const inRange = (date: string) => date >= '1900' && date < '2101'
const day = z.iso.date().refine(inRange)
const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
  .refine(inRange)

/** Text typed by people: no control or direction-override characters, in one Unicode form. */
export const plainText = (max: number) =>
  z
    .string()
    .transform((text) => text.normalize('NFC').trim())
    .pipe(
      z
        .string()
        .max(max)
        .regex(/^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]*$/u),
    )

/** An address that a link may lead to: http or https, nothing invisible in it. */
const webAddress = z
  .string()
  .max(2000)
  .regex(/^https?:\/\/[^\s\p{C}]+$/u)
  .pipe(z.url())

export const sourceInput = z.object({
  publisher: plainText(200).pipe(z.string().regex(/[\p{L}\p{N}]/u)),
  title: plainText(500),
  /** The date as the source shows it: a day, a month or empty. */
  publishedLabel: z.union([day, month, z.literal('')]),
  url: z.union([webAddress, z.literal('')]),
})

/** One figure to publish. `value` is a canonical decimal; `period` an SDMX period code. */
export const publicationInput = z.object({
  role: z.enum(roles),
  indicator: code,
  programme: code,
  area: code,
  academy: code,
  sex: z.enum(sexes),
  kind: z.enum(kinds),
  unit: code,
  period: z.string().max(40),
  value: z.string().regex(/^(?!-0(?:\.0*)?$)-?(?:0|[1-9]\d{0,29})(?:\.\d{1,20})?$/),
  status: z.enum(statuses),
  precision: z.enum(precisions),
  source: sourceInput,
  note: plainText(2000),
  reason: plainText(1000),
  /** The publisher's own name for the period or its kind. */
  periodLabel: plainText(40),
  /** The day (Asia/Karachi) the world learned the value; null where no date is known. */
  releasedOn: day.nullable(),
  /**
   * The newest revision of the key its author saw, null if there was none. Left out by imports,
   * which add to history and overwrite nobody.
   */
  baseRevision: z.int().nullable().optional(),
})

export type SourceInput = z.infer<typeof sourceInput>
export type PublicationInput = z.infer<typeof publicationInput>

/** What a figure is about. No part is ever absent: `_T` total, `_Z` not applicable, `_U` unknown. */
export interface FigureKey {
  role: Role
  indicator: string
  programme: string
  area: string
  academy: string
  sex: string
  kind: Kind
  unit: string
  /** SDMX TIME_PERIOD text, a span `start/end`, a half-open span, or `_U`. */
  period: string
}

export interface Citation {
  /** The number of the source in the record; absent for a citation that is not in it (yet). */
  id?: number
  publisher: string
  title: string
  publishedLabel: string
  url: string
}

export interface Revision {
  id: number
  kind: 'publication' | 'withdrawal' | 'pin'
  /** Decimal as typed; null when withdrawn. */
  value: string | null
  status: string
  precision: Precision
  releasedOn: string | null
  /** The first day on which it was known: releasedOn, else the day it was recorded. */
  knownOn: string
  commit: number
  source: Citation | null
  note: string
  reason: string
  periodLabel: string
}

/** A key with its current value. */
export interface Figure extends FigureKey {
  id: number
  periodStart: string | null
  periodEnd: string | null
  frequency: string
  value: string
  status: string
  precision: Precision
  publishersDiffer: boolean
  /** Whether it is the first figure of its series under another definition. */
  startsBreak: boolean
  /** Set where its series goes on before it, but not on the page that it was read for. */
  hasOlder?: boolean
  current: Revision
  /** Set where the value was computed here; such a figure is stored nowhere. */
  computed?: ComputedFrom
  /** Set where the value is that of a published figure in another currency; stored nowhere. */
  converted?: ConvertedFrom
  /** Set where a published and a computed value of the same rate contradict each other. */
  disagrees?: boolean
}

/** The two figures behind a computed value, by number, and the marks that it has from them. */
export interface ComputedFrom {
  numerator: number
  denominator: number
  flags: Flag[]
}

/** What was published, and the figure of the rate that it was converted with. */
export interface ConvertedFrom {
  value: string
  unit: string
  rate: Pick<Figure, 'id' | 'value' | 'unit' | 'precision' | 'status'>
}

/** The parts of a figure's key, in the order of the CSV. */
export const keyParts = [
  'role',
  'indicator',
  'programme',
  'area',
  'academy',
  'sex',
  'kind',
  'unit',
  'period',
] as const satisfies readonly (keyof FigureKey)[]

/** The columns of Shumar's own CSV, in order: what downloads give and imports take. */
export const figureColumns = [
  ...keyParts,
  'period_start',
  'period_end',
  'frequency',
  'value',
  'status',
  'precision',
  'released_on',
  'revision',
  'publisher',
  'title',
  'source_date',
  'source_url',
  'note',
] as const

export type FigureRow = Record<(typeof figureColumns)[number], string>

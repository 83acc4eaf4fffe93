import { z } from 'zod'
import { plainText } from '@/features/figures/schema'
import { setMessage } from '@/features/sets/schema'

/** Figures in one batch; the database holds the same limit for a set. */
export const mostRows = 10_000
/** Bytes of a request. */
export const largestBatch = 16_000_000
/** Brackets within brackets: a batch has its list, and the list its rows. */
export const deepest = 8
/** Brackets in all: more than rows could have, so that none of them is read. */
export const mostBrackets = mostRows * 4
/** Days for which an answer is kept for whoever sends the same again. */
export const keptDays = 14

/** What a refusal of a batch, or of a row of one, can be about; those of CSV have `csv.` before them. */
export const batchProblemCodes = [
  'unavailable',
  'crowded',
  'busy',
  'noToken',
  'forbidden',
  'tooMany',
  'mediaType',
  'contentEncoding',
  'unknownWord',
  'wordTwice',
  'dryRunInvalid',
  'keyMissing',
  'keyInvalid',
  'otherBody',
  'underWay',
  'tooLarge',
  'cutOff',
  'encoding',
  'tooDeep',
  'notJson',
  'notABatch',
  'unknownField',
  'messageInvalid',
  'reasonInvalid',
  'observationsInvalid',
  'tooManyRows',
  'notAnObject',
  'numberSent',
  'notText',
  'fieldMissing',
  'notARevision',
  'sameFigure',
  'reasonMissing',
  'revisedSince',
  'noRevision',
  'rowsRefused',
  'rowsRevised',
  'setUnknown',
  'csv.empty',
  'csv.encoding',
  'csv.noRows',
  'csv.separator',
  'csv.duplicateColumn',
  'csv.unknownColumn',
  'csv.missingColumn',
  'csv.ragged',
  'csv.openQuote',
  'csv.longRecord',
  'csv.malformed',
] as const

/** The columns without which a row is no figure. */
export const neededFields = [
  'indicator',
  'programme',
  'area',
  'period',
  'value',
  'publisher',
] as const

const text = (description: string) => z.string().nullable().optional().describe(description)

/** A row as documents describe it; `readRow` reads rows one by one, to name each that is wrong. */
export const rowInput = z
  .strictObject({
    role: text('`actual` (if left out), `target` or `claim`.'),
    indicator: z.string().describe('Code of the indicator.'),
    programme: z.string().describe('Code of the programme.'),
    area: z.string().describe('Code of the area, ISO 3166-2: `PK`, `PK-PB`.'),
    academy: text('Code of the academy; `_T`, all academies together, if left out.'),
    sex: text('SDMX CL_SEX: `_T` (if left out), `F` or `M`.'),
    kind: text(
      '`stock`, `flow`, `cumulative` or `ratio`; the usual one of the indicator if left out.',
    ),
    unit: text('Code of the unit; the usual one of the indicator if left out.'),
    period: z.string().describe('SDMX TIME_PERIOD: `2024`, `2024-A1`, `2024-05`, `2024-05-11`.'),
    period_start: text('If given, the first day that `period` means.'),
    period_end: text('If given, the last day that `period` means.'),
    frequency: text('Read past.'),
    value: z.string().describe('A decimal as text, such as `"1234.5"`. A JSON number is refused.'),
    status: text('SDMX CL_OBS_STATUS: `A` (if left out), `P`, `E`, `D` or `B`.'),
    precision: text('`exact` (if left out), `rounded`, `over` or `about`.'),
    released_on: text(
      'The day on which the world learned it. Left out: the day of the source. Null: no day is known.',
    ),
    publisher: z.string().describe('Who published it.'),
    title: text('Title of the source.'),
    source_date: text('The date of the source, a day or a month.'),
    source_url: text('Web address of the source.'),
    note: text('A note beside the figure.'),
    reason: text('Why the figure is right, where rules warn of it.'),
    expected_revision: z
      .union([z.string(), z.int()])
      .nullable()
      .optional()
      .describe(
        'The newest `revision` of the figure that you know, or null where you know of none: if there is another one by now, nothing is stored.',
      ),
    revision: z
      .union([z.string(), z.int()])
      .nullable()
      .optional()
      .describe('Read past, like `id` and `marks`: answers of this API can be sent back.'),
    id: z.int().nullable().optional().describe('Read past.'),
    source: z.int().nullable().optional().describe('Read past.'),
    commit: z.int().nullable().optional().describe('Read past.'),
    known_on: text('Read past.'),
    marks: text('Read past.'),
    licence: text('Read past.'),
  })
  .describe('A figure.')

export const batchReason = plainText(300)

/** A batch as documents describe it. */
export const batchInput = z.strictObject({
  message: setMessage.describe('What these figures are, for people: 1 to 300 characters.'),
  reason: batchReason
    .optional()
    .describe('Why figures that rules warn of are right, where a row gives no reason of its own.'),
  dryRun: z.boolean().optional().describe('Only check: nothing is stored.'),
  observations: z.array(rowInput).min(1).max(mostRows),
})

const problem = z.object({
  field: z.string().describe('Field of the row; empty where it is the row as a whole.'),
  value: z
    .string()
    .nullable()
    .describe('What was sent, where it is a text; at most 200 characters.'),
  severity: z.enum(['error', 'warning']),
  code: z.string().describe('Stays the same for the same mistake.'),
  reason: z.string(),
  remedy: z.string(),
})
export type RowProblem = z.infer<typeof problem>

export const rowOutcomes = ['new', 'changed', 'same', 'refused', 'conflict'] as const
export type RowOutcome = (typeof rowOutcomes)[number]

const said = z.object({
  revision: z.string(),
  value: z.string().nullable().describe('Null where the figure was withdrawn.'),
  status: z.string(),
  precision: z.string(),
  released_on: z.string().nullable(),
  publisher: z.string().nullable(),
  by: z.string().optional().describe('Who published it.'),
})
export type Said = z.infer<typeof said>

const conflict = z.object({
  mine: z.object({ value: z.string(), expected_revision: z.string().nullable() }),
  theirs: said.nullable().describe('The newest revision of the figure.'),
  published: said.nullable().describe('What is public now, which can be an older revision.'),
})

export const rowReport = z.object({
  row: z.int().describe('Place in the batch, from 1.'),
  line: z.int().optional().describe('Line of the CSV.'),
  outcome: z.enum(rowOutcomes),
  observation: z.int().optional().describe('Number of the figure: its page is `/figures/NUMBER`.'),
  revision: z
    .string()
    .optional()
    .describe('Its newest revision now: `expected_revision` of the next change.'),
  problems: z.array(problem).optional(),
  conflict: conflict.optional(),
})
export type RowReport = z.infer<typeof rowReport>

export const counts = z.object({
  rows: z.int(),
  new: z.int(),
  changed: z.int(),
  same: z.int(),
  refused: z.int(),
  conflicts: z.int(),
  warnings: z.int(),
})
export type Counts = z.infer<typeof counts>

export const batchOutcomes = ['published', 'in_review', 'unchanged'] as const
export type BatchOutcome = (typeof batchOutcomes)[number]

/** What is answered to a batch that was taken, or would be. */
export const batchAnswer = z.object({
  outcome: z
    .enum([...batchOutcomes, 'checked'])
    .describe('`checked`: a dry run, nothing is stored.'),
  would: z.enum(batchOutcomes).optional().describe('Of a dry run: what would become of it.'),
  set: z.object({ id: z.uuid(), address: z.string() }).nullable(),
  commit: z.int().nullable().describe('Number of the commit that published it.'),
  counts,
  rows: z.array(rowReport),
})
export type BatchAnswer = z.infer<typeof batchAnswer>

/** What has become of a set of one's own. */
export const setAnswer = z.object({
  id: z.uuid(),
  state: z.enum(['in_review', 'returned', 'published', 'discarded']),
  message: z.string(),
  reason: z.string(),
  count: z.int(),
  commit: z.int().nullable(),
  token: z.string().nullable(),
  steps: z
    .array(z.object({ to: z.string(), by: z.string(), at: z.string(), comment: z.string() }))
    .describe('Oldest first.'),
  page: z.string().describe('Its page, for people.'),
})

/** A key as draft-ietf-httpapi-idempotency-key-header has it, in quotes or bare; null where it is none. */
export function readIdempotencyKey(header: string | null): string | null {
  const [, quoted, bare] =
    /^\s*(?:"([\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\w.:/+-]{1,255}))\s*$/.exec(header ?? '') ?? []
  return quoted ?? bare ?? null
}

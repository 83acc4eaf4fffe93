import { z } from 'zod'
import { themes } from '@/features/catalogue/schema'
import { filter } from '@/features/downloads/schema'
import { kinds, plainText, precisions, roles, sexes, statuses } from '@/features/figures/schema'

// Rows, as JSON has them. Their columns are described under `api.columns` in the messages.

const id = z.int().positive()
const text = z.string()
const code = z.string()
const day = z.iso.date()
const instant = z.iso.datetime()
/** A decimal as its publisher wrote it, as text: no number of JavaScript touches it. */
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/)
/** A text by its language; English is always there. */
const localText = z.object({ en: z.string() }).catchall(z.string()).meta({ id: 'LocalText' })

const key = {
  role: z.enum(roles),
  indicator: code,
  programme: code,
  area: code,
  academy: code,
  sex: z.enum(sexes),
  kind: z.enum(kinds),
  unit: code,
  period: text,
  period_start: day.nullable(),
  period_end: day.nullable(),
  frequency: text,
}

const said = {
  status: z.enum(statuses),
  precision: z.enum(precisions),
  released_on: day.nullable(),
  known_on: day,
  commit: id,
  source: id.nullable(),
  publisher: text.nullable(),
  title: text.nullable(),
  source_date: text.nullable(),
  source_url: text.nullable(),
  note: text,
}

const observation = z.object({ id, ...key, value: decimal, ...said, revision: id, marks: text })

const revision = z.object({
  revision: id,
  id,
  ...key,
  value: decimal.nullable(),
  ...said,
  revision_kind: z.enum(['publication', 'withdrawal', 'pin']),
  reason: text,
})

const position = z.int().positive()
const aggregation = z.enum(['sum', 'last', 'none'])

const indicator = z.object({
  code,
  position,
  name: localText,
  definition: localText,
  theme: z.enum(themes),
  decimals: z.int(),
  direction: z.enum(['up_is_good', 'down_is_good', 'neutral']),
  across_areas: aggregation,
  across_periods: aggregation,
  default_kind: z.enum(kinds),
  default_unit: code,
  method: z.enum(['published', 'computed']),
  numerator: code.nullable(),
  numerator_sex: text.nullable(),
  denominator: code.nullable(),
  release_every: z.enum(['M', 'Q', 'A', 'A1']).nullable(),
  release_lag_days: z.int().nullable(),
})

const programme = z.object({
  code,
  position,
  name: localText,
  description: localText,
  parent: code.nullable(),
})

const area = z.object({
  code,
  position,
  name: localText,
  parent: code.nullable(),
  ended_on: day.nullable(),
})

const academy = z.object({
  code,
  name: localText,
  programme: code,
  area: code,
  city: text,
  host: text,
  opened_on: day.nullable(),
  closed_on: day.nullable(),
  merged_into: code.nullable(),
})

export const sourceStates = ['open', 'corrected', 'merged', 'archived'] as const

const source = z.object({
  id,
  publisher: text,
  title: text,
  source_date: text,
  source_url: text,
  state: z.enum(sourceStates),
  into: id.nullable(),
})

export const releaseStates = ['planned', 'late', 'published', 'cancelled'] as const

const release = z.object({
  slug: text,
  title: localText,
  note: localText,
  state: z.enum(releaseStates),
  announced_at: instant,
  moves: z.array(z.object({ from: instant, to: instant, at: instant })),
  published_at: instant.nullable(),
  cancelled_at: instant.nullable(),
  cancelled_because: text.nullable(),
  commit: id.nullable(),
  figures: z.int(),
})

// Words of addresses, each with all its values. They are described under `api.words`.

const several = <Value extends z.ZodType>(value: Value) => z.array(value).optional()
const once = <Value extends z.ZodType>(value: Value) => z.array(value).max(1).optional()

const someCode = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/)
const someNumber = z.string().regex(/^[1-9]\d{0,8}$/)
const search = once(plainText(100).pipe(z.string().min(1)))

export const usualLimit = 100
export const mostRows = 1000

const limit = z
  .string()
  .regex(/^[1-9]\d{0,3}$/)
  .refine((text) => Number(text) <= mostRows)
  .meta({
    override: {
      type: 'integer',
      pattern: undefined,
      minimum: 1,
      maximum: mostRows,
      default: usualLimit,
    },
  })

const after = z.string().regex(/^[A-Za-z0-9_-]{1,1000}$/)

/** What `readVintage` judges, with the record at hand. */
const vintageWords = {
  asOf: once(
    z
      .string()
      .max(40)
      .meta({ override: { format: 'date', maxLength: undefined } }),
  ),
  v: once(
    z
      .string()
      .max(40)
      .meta({ override: { type: 'integer', maxLength: undefined, minimum: 1 } }),
  ),
}

/** Rows of one kind under one address. */
interface Resource<Row extends z.ZodObject, Filter extends z.ZodRawShape, Order extends string> {
  row: Row
  filter: Filter
  /** By which rows can stand in order; the first is usual. */
  sorts: readonly [Order, ...Order[]]
  /** The usual order is from the last to the first. */
  descends: boolean
  /** Whether it can be asked for in a past state. */
  hasVintage: boolean
}

const resource = <
  Row extends z.ZodObject,
  Filter extends z.ZodRawShape,
  const Order extends string,
>(
  one: Omit<Resource<Row, Filter, Order>, 'descends'> & { descends?: boolean },
): Resource<Row, Filter, Order> => ({ descends: false, ...one })

export const resources = {
  observations: resource({
    row: observation.meta({ id: 'Observation' }),
    filter: filter.shape,
    sorts: ['id', 'key', 'period_end', 'revision'],
    hasVintage: true,
  }),
  revisions: resource({
    row: revision.meta({ id: 'Revision' }),
    filter: { ...filter.shape, observation: several(someNumber), commit: several(someNumber) },
    sorts: ['revision'],
    descends: true,
    hasVintage: true,
  }),
  indicators: resource({
    row: indicator.meta({ id: 'Indicator' }),
    filter: { code: several(someCode), theme: several(z.enum(themes)), q: search },
    sorts: ['position', 'code'],
    hasVintage: true,
  }),
  programmes: resource({
    row: programme.meta({ id: 'Programme' }),
    filter: { code: several(someCode), parent: several(someCode), q: search },
    sorts: ['position', 'code'],
    hasVintage: true,
  }),
  areas: resource({
    row: area.meta({ id: 'Area' }),
    filter: { code: several(someCode), parent: several(someCode), q: search },
    sorts: ['position', 'code'],
    hasVintage: true,
  }),
  academies: resource({
    row: academy.meta({ id: 'Academy' }),
    filter: {
      code: several(someCode),
      programme: several(someCode),
      area: several(someCode),
      state: several(z.enum(['open', 'closed'])),
      q: search,
    },
    sorts: ['code', 'opened_on'],
    hasVintage: true,
  }),
  sources: resource({
    row: source.meta({ id: 'Source' }),
    filter: { id: several(someNumber), publisher: several(plainText(200)), q: search },
    sorts: ['id'],
    hasVintage: true,
  }),
  releases: resource({
    row: release.meta({ id: 'Release' }),
    filter: {
      slug: several(z.string().regex(/^[a-z0-9][a-z0-9-]{0,199}$/)),
      state: several(z.enum(releaseStates)),
    },
    sorts: ['announced_at', 'slug'],
    descends: true,
    hasVintage: false,
  }),
}

export type ResourceName = keyof typeof resources
export const resourceNames = Object.keys(resources) as ResourceName[]

type Resources = typeof resources
export type Row<Name extends ResourceName> = z.infer<Resources[Name]['row']>
export type Filter<Name extends ResourceName> = z.infer<z.ZodObject<Resources[Name]['filter']>>
export type Order<Name extends ResourceName> = Resources[Name]['sorts'][number]

/** The columns of a resource, in the order in which its rows have them. */
export const columnsOf = (name: ResourceName): string[] => Object.keys(resources[name].row.shape)

/** Both ways of each order: `id`, `-id`. */
export const waysOf = (name: ResourceName): string[] =>
  resources[name].sorts.flatMap((sort) => [sort, `-${sort}`])

const pageWords = (name: ResourceName) => ({
  fields: several(z.enum(columnsOf(name))).meta({ param: { style: 'form', explode: false } }),
  sort: once(z.enum(waysOf(name))),
  limit: once(limit),
  after: once(after),
})

/** All words that an address of a resource may have. */
export function queryOf(name: ResourceName) {
  const { filter, hasVintage } = resources[name]
  return z.strictObject({ ...filter, ...pageWords(name), ...(hasVintage && vintageWords) })
}

/** Which part of the rows an address asks for. */
export interface PageQuery {
  /** The columns to give; null: all. */
  fields: string[] | null
  sort: { by: string; descending: boolean }
  limit: number
  /** Where the page begins, as `next` of the one before says it. */
  after: string | null
  vintage: { asOf: string; v?: string } | null
}

/** What an address asks for, of rows of one kind. */
export interface ApiQuery<Name extends ResourceName> extends PageQuery {
  filter: Filter<Name>
  sort: { by: Order<Name>; descending: boolean }
}

/** Rows of a page, and where the next one begins; null on the last one. */
export interface ApiPage<One = Record<string, unknown>> {
  rows: One[]
  next: string | null
}

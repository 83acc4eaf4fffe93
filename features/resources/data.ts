import { z } from 'zod'
import { siteOrigin } from '@/features/accounts/data'
import { apiProblem, apiRoute, limited, openToRead } from '@/features/api/data'
import type { Catalogue } from '@/features/catalogue/schema'
import {
  figureExpressions,
  marksExpression,
  type Parameter,
  revisionsOf,
  selectionOf,
} from '@/features/downloads/data'
import { kinds, roles } from '@/features/figures/schema'
import { recordState, vintageOf } from '@/features/record/data'
import { readCalendar } from '@/features/releases/data'
import { folded } from '@/features/searches/data'
import { dataLicence } from '@/features/settings/schema'
import { readStates } from '@/features/sources/data'
import type { Vintage } from '@/features/vintages/schema'
import { conditionalResponse } from '@/lib/conditional-response'
import { database } from '@/lib/db/client'
import { fail, ok, type Result } from '@/lib/result'
import type { Handler } from '@/lib/route-methods'
import { searchWords } from '@/lib/search-text'
import {
  chosen,
  type ListOrders,
  listPage,
  pageOf,
  placeToken,
  readPlace,
  readQuery,
} from './rules'
import {
  type ApiPage,
  type ApiQuery,
  columnsOf,
  type Filter,
  type Order,
  type PageQuery,
  type ResourceName,
  type Row,
} from './schema'
import {
  academyOrders,
  academyRows,
  areaRows,
  byPosition,
  indicatorRows,
  programmeRows,
  releaseOrders,
  releaseRows,
} from './series'

type Read<Name extends ResourceName> = (
  query: ApiQuery<Name>,
  vintage: Vintage | null,
) => Promise<Result<ApiPage>>

/** A route that gives rows of one sort, page by page, and may take some besides. */
export function readingRoute<Name extends ResourceName>(
  name: Name,
  read: Read<Name>,
  taking: { POST?: Handler } = {},
) {
  return apiRoute({ GET: limited((request) => answerPage(request, name, read)), ...taking })
}

/**
 * A page of rows under their name, the state they are of, and the address of the next page. A wrong
 * parameter is a problem with status 400 that names it.
 */
async function answerPage<Name extends ResourceName>(
  request: Request,
  name: Name,
  read: Read<Name>,
): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url)
  const query = readQuery(name, searchParams)
  if (!query.ok) return apiProblem(400, query.problem)
  const vintage = query.value.vintage && (await vintageOf(query.value.vintage))
  if (vintage?.ok === false) return apiProblem(400, vintage.problem)
  const page = await read(query.value, vintage?.value ?? null)
  if (!page.ok) return apiProblem(400, page.problem)
  const next = nextAddress(pathname, searchParams, page.value.next)
  const known = vintage && { asOf: vintage.value.asOf, v: vintage.value.commit }
  const rows = page.value.rows.map((row) => chosen(row, query.value.fields))
  const body = { ...known, licence: dataLicence.url, limit: query.value.limit, [name]: rows, next }
  return conditionalResponse(request, `${JSON.stringify(body)}\n`, {
    type: 'application/json; charset=utf-8',
    headers: { ...openToRead, Link: links(next) },
    ...(neverChanges(name, query.value.filter, vintage?.value ?? null) && { cache: forEver }),
  })
}

/** Where the data's licence and the next page are (RFC 8288). */
function links(next: string | null): string {
  const licence = `<${dataLicence.url}>; rel="license"`
  return next === null ? licence : `${licence}, <${next}>; rel="next"`
}

function nextAddress(
  pathname: string,
  query: URLSearchParams,
  after: string | null,
): string | null {
  if (after === null) return null
  const words = new URLSearchParams(query)
  words.set('after', after)
  return `${siteOrigin()}${pathname}?${words}`
}

const forEver = 'public, max-age=31536000, immutable'

/** Figures of a day and a commit; a search also looks into names, which can still be given. */
function neverChanges(name: ResourceName, filter: object, vintage: Vintage | null): boolean {
  const hasSearch = 'q' in filter
  return (
    (name === 'observations' || name === 'revisions') && vintage?.isFrozen === true && !hasSearch
  )
}

// Short lists, of the catalogue in the state asked for.

async function catalogueIn({ vintage }: PageQuery): Promise<Catalogue> {
  const state = await recordState(vintage ?? {})
  if (!state.ok) throw new Error(`The vintage was good and is ${state.problem.code}.`)
  return state.value.catalogue
}

const list =
  <Name extends ResourceName>(
    rows: (catalogue: Catalogue, filter: Filter<Name>) => Row<Name>[],
    orders: ListOrders<Row<Name>>,
  ): Read<Name> =>
  async (query) =>
    listPage(rows(await catalogueIn(query), query.filter), orders, query)

export const readIndicators = list<'indicators'>(indicatorRows, byPosition)
export const readProgrammes = list<'programmes'>(programmeRows, byPosition)
export const readAreas = list<'areas'>(areaRows, byPosition)
export const readAcademies = list<'academies'>(academyRows, academyOrders)

export const readReleases: Read<'releases'> = async (query) => {
  const { next, past } = await readCalendar()
  return listPage(releaseRows([...next, ...past], query.filter), releaseOrders, query)
}

// Long lists: rows after a place in the order of an index, however far in.

/** A column that an order goes by: as SQL, its type there, and what a value of it looks like. */
interface OrderPart {
  sql: string
  type: string
  value: z.ZodType<string>
  /** A joined column with the same value, which the database does not limit along with it by itself. */
  twin?: string
}

const number = (sql: string): OrderPart => ({
  sql,
  type: 'int',
  value: z.string().regex(/^\d{1,9}$/),
})
const text = (sql: string): OrderPart => ({
  sql,
  type: 'text',
  value: z
    .string()
    .max(100)
    .regex(/^[^\0]*$/),
})

/** As the index `observations_key` has them. */
const key: OrderPart[] = [
  text('o.indicator_code'),
  text('o.programme_code'),
  text('o.area_code'),
  text('o.academy_code'),
  text('o.sex'),
  { sql: 'o.role', type: 'role', value: z.enum(roles) },
  { sql: 'o.kind', type: 'kind', value: z.enum(kinds) },
  text('o.unit_code'),
  text('o.period'),
  text('o.period_source'),
]

const observationOrders: Record<Order<'observations'>, OrderPart[]> = {
  id: [number('o.id')],
  key,
  // As the index `observations_newest_first_idx` has them: what has no end comes after the oldest.
  period_end: [
    {
      sql: "coalesce(o.period_end, '-infinity'::date)",
      type: 'date',
      value: z.union([z.iso.date(), z.literal('-infinity')]),
    },
    number('o.id'),
  ],
  revision: [{ ...number('o.current_revision_id'), twin: 'r.id' }],
}

interface Page {
  columns: Record<string, string>
  /** `FROM ... WHERE ...` */
  from: string
  order: readonly OrderPart[]
  values: unknown[]
  parameter: Parameter
}

/** The part of an order after a place, and the place of each row, as SQL. */
function orderSql(order: readonly OrderPart[], descending: boolean) {
  const all = order.map(({ sql }) => sql)
  const way = descending ? 'DESC' : 'ASC'
  const than = descending ? '<' : '>'
  const twin = order[0]?.twin
  return {
    place: `ARRAY[${all.map((sql) => `${sql}::text`).join(', ')}]`,
    after: (marks: readonly string[]) =>
      [
        `(${all.join(', ')}) ${than} (${marks.join(', ')})`,
        ...(twin ? [`${twin} ${than}= ${marks[0]}`] : []),
      ].join(' AND '),
    by: `ORDER BY ${all.map((sql) => `${sql} ${way}`).join(', ')}`,
  }
}

async function readPage(
  { columns, from, order, values, parameter }: Page,
  { sort: { by, descending }, after, limit, fields }: PageQuery,
): Promise<Result<ApiPage>> {
  const place =
    after === null
      ? null
      : readPlace(
          after,
          by,
          order.map(({ value }) => value),
        )
  if (place?.ok === false) return place
  const sql = orderSql(order, descending)
  const marks = place?.value.map((value, n) => `${parameter(value)}::${order[n]?.type}`)
  const select = (fields ?? Object.keys(columns)).map((name) => `${columns[name]} AS "${name}"`)
  const found = await database().$queryRawUnsafe<Record<string, unknown>[]>(
    `SELECT ${select.join(', ')}, ${sql.place} AS place ${from}
      ${marks ? `AND ${sql.after(marks)}` : ''} ${sql.by} LIMIT ${parameter(limit + 1)}::int`,
    ...values,
  )
  const page = pageOf(found, limit, ({ place }) => placeToken(by, place as string[]))
  return ok({ ...page, rows: page.rows.map(({ place: _, ...row }) => row) })
}

/** Columns of figures that a file has not, or as text only. */
const alsoOfFigures = {
  id: 'o.id',
  revision: 'r.id',
  source: 's.id',
  commit: 'r.commit_no',
  known_on: "to_char(r.known_on, 'YYYY-MM-DD')",
}

/** Public figures, in a state of the record. */
export const readObservations: Read<'observations'> = async (query, vintage) => {
  if (vintage && query.sort.by === 'revision') {
    return fail('sortNow', { word: 'sort', value: 'revision' })
  }
  const { from, publishersDiffer, values, parameter } = selectionOf(query.filter, vintage)
  const columns = {
    ...figureExpressions,
    ...alsoOfFigures,
    marks: marksExpression(publishersDiffer),
  }
  const order = observationOrders[query.sort.by]
  return readPage(
    { columns: inOrder('observations', columns), from, order, values, parameter },
    query,
  )
}

/** Every public revision; of a vintage, those known in it. */
export const readRevisions: Read<'revisions'> = async (query, vintage) => {
  const { observation, commit, ...filter } = query.filter
  const { from, values, parameter } = revisionsOf(filter, vintage)
  const among = (column: string, numbers: string[] | undefined) =>
    numbers ? `AND ${column} = ANY(${parameter(numbers.map(Number))}::int[])` : ''
  const columns = {
    ...figureExpressions,
    ...alsoOfFigures,
    revision_kind: 'r.kind::text',
    reason: 'r.reason',
  }
  return readPage(
    {
      columns: inOrder('revisions', columns),
      from: `${from} ${among('r.observation_id', observation)} ${among('r.commit_no', commit)}`,
      order: [number('r.id')],
      values,
      parameter,
    },
    query,
  )
}

const inOrder = (name: ResourceName, columns: Record<string, string>) =>
  Object.fromEntries(columnsOf(name).map((column) => [column, columns[column] ?? 'NULL']))

/** Every source that a revision cites, or that took the place of one; of a vintage, of those known in it. */
export const readSources: Read<'sources'> = async (query, vintage) => {
  const states = await readStates()
  const heads = [...states.values()].flatMap(({ into }) => into ?? [])
  const values: unknown[] = []
  const parameter: Parameter = (value) => `$${values.push(value)}`
  const known = vintage
    ? `AND r.known_on <= ${parameter(vintage.asOf)}::date AND r.commit_no <= ${parameter(vintage.commit)}::int`
    : ''
  const { id, publisher, q } = query.filter
  const conditions = [
    `(EXISTS (SELECT FROM revisions r WHERE r.source_id = s.id ${known})
      OR s.id = ANY(${parameter(heads)}::int[]))`,
    ...(id ? [`s.id = ANY(${parameter(id.map(Number))}::int[])`] : []),
    ...(publisher ? [`s.publisher = ANY(${parameter(publisher)}::text[])`] : []),
    ...searchWords(q?.[0] ?? '').map(
      (word) =>
        `strpos(${folded("concat_ws(' ', s.publisher, s.title, s.url)")}, ${parameter(word)}::text) > 0`,
    ),
  ]
  const columns = {
    id: 's.id',
    publisher: 's.publisher',
    title: 's.title',
    source_date: 's.published_label',
    source_url: 's.url',
  }
  const page = await readPage(
    {
      columns,
      from: `FROM sources s WHERE ${conditions.join(' AND ')}`,
      order: [number('s.id')],
      values,
      parameter,
    },
    { ...query, fields: null },
  )
  if (!page.ok) return page
  const rows = page.value.rows.map((row) => {
    const state = states.get(Number(row.id))
    return { ...row, state: state?.kind ?? 'open', into: state?.into ?? null }
  })
  return ok({ ...page.value, rows })
}

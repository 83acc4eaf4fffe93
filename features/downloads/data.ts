import { type Flag, flagSymbols } from '@/components/charts/model'
import { breakStartsQuery, knownRevision } from '@/features/figures/data'
import { figureColumns } from '@/features/figures/schema'
import { dataLicence } from '@/features/settings/schema'
import type { Vintage } from '@/features/vintages/schema'
import type { Transaction } from '@/lib/db/client'
import { literal } from '@/lib/db/snapshot'
import { streamRows } from '@/lib/db/stream'
import { searchWords } from '@/lib/search-text'
import {
  type ApiRequest,
  type DownloadFilter,
  type downloadColumns,
  type FileSize,
  limitDay,
} from './schema'

const symbol = (flag: Flag) => `'${flagSymbols[flag]}'`

/** The marks of a figure in the order of `flagSymbols`; those of computed values are never here. */
const marks = (publishersDiffer: string) => `concat_ws(' ',
    CASE r.status WHEN 'P' THEN ${symbol('provisional')} WHEN 'E' THEN ${symbol('estimated')}
      WHEN 'D' THEN ${symbol('definition')} END,
    CASE WHEN r.status = 'B' OR b.id IS NOT NULL THEN ${symbol('break')} END,
    CASE r."precision" WHEN 'rounded' THEN ${symbol('rounded')} WHEN 'over' THEN ${symbol('over')}
      WHEN 'about' THEN ${symbol('about')} END,
    CASE WHEN ${publishersDiffer} THEN ${symbol('publishers')} END)`

/** The day and the commit of a vintage, as parameters. */
interface VintageParameters {
  asOf: string
  commit: string
}

/** Whether the last values of a figure's publishers differ, of the revisions known on the day. */
const differAsKnown = ({ asOf, commit }: VintageParameters) => `(
    SELECT count(DISTINCT value) > 1 FROM (
      SELECT DISTINCT ON (publisher_name) value FROM (
        SELECT k.*, coalesce(nullif(btrim(regexp_replace(c.publisher, '\\s*\\([^()]*\\)\\s*$', '')), ''),
          c.publisher) AS publisher_name
        FROM revisions k JOIN sources c ON c.id = k.source_id
        WHERE k.observation_id = o.id AND k.known_on <= ${asOf}::date
          AND k.commit_no <= ${commit}::int
      ) known
      ORDER BY publisher_name, (released_on IS NOT NULL) DESC, released_on DESC, id DESC
    ) last)`

type Fields = Record<(typeof downloadColumns)[number], string>

/** The columns of a download out of an observation `o`, its revision `r` and that one's source `s`. */
export const fieldsOf = (publishersDiffer: string): Fields => ({
  role: 'o.role::text',
  indicator: 'o.indicator_code',
  programme: 'o.programme_code',
  area: 'o.area_code',
  academy: 'o.academy_code',
  sex: 'o.sex',
  kind: 'o.kind::text',
  unit: 'o.unit_code',
  period: 'o.period',
  period_start: "to_char(o.period_start, 'YYYY-MM-DD')",
  period_end: "to_char(o.period_end, 'YYYY-MM-DD')",
  frequency: 'o.frequency',
  value: 'r.value_text',
  status: 'r.status',
  precision: 'r."precision"::text',
  released_on: "to_char(r.released_on, 'YYYY-MM-DD')",
  revision: 'r.id::text',
  publisher: 's.publisher',
  title: 's.title',
  source_date: 's.published_label',
  source_url: 's.url',
  note: 'r.note',
  marks: marks(publishersDiffer),
  licence: `'${dataLicence.id}'`,
})

const fields = fieldsOf('false')
const columns = figureColumns.map((column) => fields[column]).join(', ')

const current = `
  JOIN revisions r ON r.id = o.current_revision_id
  LEFT JOIN (${breakStartsQuery(null)}) b ON b.id = o.id`

const asKnown = (parameters: VintageParameters) => `
  JOIN ${knownRevision(parameters)} r ON true
  LEFT JOIN (${breakStartsQuery(parameters)}) b ON b.id = o.id`

/** Folds letters as `searchable` in lib/search-text.ts does. */
const folded = (text: string) => `translate(regexp_replace(lower(normalize(${text}, NFKD)),
    '[\\u0300-\\u036f\\u064b-\\u065f\\u0670]', '', 'g'), '\u064a\u0649\u0643\u0629', '\u06cc\u06cc\u06a9\u06c1')`

/** The codes of an indicator, programme or area, under any of its names. */
const named = (subject: 'indicator' | 'programme' | 'area', word: string) => `
    o.${subject}_code IN (SELECT ${subject}_code FROM ${subject}_versions
      WHERE strpos(${folded("concat_ws(' ', name->>'en', name->>'ur')")}, ${word}) > 0)`

const holdsWord = (word: string) => `(
    strpos(${folded(`concat_ws(' ', o.indicator_code, o.programme_code, o.area_code,
      s.publisher, s.title, r.note)`)}, ${word}) > 0
    OR ${named('indicator', word)} OR ${named('programme', word)} OR ${named('area', word)})`

type Parameter = (value: unknown) => string

/** The conditions of a filter on an observation `o`, its revision `r` and that one's source `s`. */
function conditionsOf(filter: DownloadFilter, parameter: Parameter): string[] {
  const { frequency, from, to, q } = filter
  const among = (column: string, values: readonly string[] | undefined, type = 'text') =>
    values ? [`${column} = ANY(${parameter(values)}::${type}[])`] : []
  const frequencies = frequency && `${parameter(frequency)}::text[]`
  const limits = [
    { word: 'from', text: from?.[0], is: '>=' },
    { word: 'to', text: to?.[0], is: '<=' },
  ] as const
  return [
    ...among('o.indicator_code', filter.indicator),
    ...among('o.programme_code', filter.programme),
    ...among('o.area_code', filter.area),
    ...among('o.sex', filter.sex),
    ...among('o.role::text', filter.role),
    ...among('o.kind::text', filter.kind),
    ...among('o.unit_code', filter.unit),
    ...among('r.status', filter.status),
    ...among('s.publisher', filter.publisher),
    ...among('s.id::text', filter.source),
    ...(frequencies
      ? [
          `(o.frequency = ANY(${frequencies})
          OR (o.period LIKE '%-A1' AND 'A1' = ANY(${frequencies})))`,
        ]
      : []),
    ...limits.flatMap(({ word, text, is }) =>
      text === undefined ? [] : [`o.period_end ${is} ${parameter(limitDay(word, text))}::date`],
    ),
    ...searchWords(q?.[0] ?? '').map((word) => holdsWord(`${parameter(word)}::text`)),
  ]
}

/** The order of rows in every file: that of the unique index on keys, so that nothing is sorted. */
export const byKey = `
  ORDER BY o.indicator_code, o.programme_code, o.area_code, o.academy_code, o.sex, o.role, o.kind,
    o.unit_code, o.period, o.period_source`

interface Query {
  sql: string
  values: unknown[]
}

/** Figures of a filter in a state of the record, as SQL to select from. */
export interface Selection {
  /** `FROM observations o ... WHERE ...`, with the revision as `r` and its source as `s`. */
  from: string
  /** Whether a figure's publishers differ. */
  publishersDiffer: string
  /** Grows with each parameter. */
  values: unknown[]
  /** Takes a value along and says how the query names it. */
  parameter: Parameter
}

export const sourceJoin = 'LEFT JOIN sources s ON s.id = r.source_id'

type Binding = Pick<Selection, 'values' | 'parameter'>

function parameters(): Binding {
  const values: unknown[] = []
  return { values, parameter: (value) => `$${values.push(value)}` }
}

/** For statements that take no parameters: values stand in them as literals. */
export const writtenOut = (): Binding => ({ values: [], parameter: literal })

/** The figures behind every form in which they are given out: files, pages of the API, tables. */
export function selectionOf(
  filter: DownloadFilter,
  vintage: Vintage | null,
  { values, parameter }: Binding = parameters(),
): Selection {
  const known = vintage && { asOf: parameter(vintage.asOf), commit: parameter(vintage.commit) }
  const conditions = [...conditionsOf(filter, parameter), 'r.value IS NOT NULL']
  return {
    from: `FROM observations o ${known ? asKnown(known) : current} ${sourceJoin}
      WHERE ${conditions.join(' AND ')}`,
    publishersDiffer: known ? differAsKnown(known) : 'o.publishers_differ',
    values,
    parameter,
  }
}

/**
 * `FROM ... WHERE ...` as short as it can be where rows are only counted: a present figure has its
 * value beside its key, and only some words of a filter ask more of it.
 */
export function countedFrom(
  filter: DownloadFilter,
  vintage: Vintage | null,
  binding: Binding,
): string {
  const asksMore = filter.status ?? filter.publisher ?? filter.source ?? filter.q
  if (vintage || asksMore) return selectionOf(filter, vintage, binding).from
  const conditions = [...conditionsOf(filter, binding.parameter), 'o.value IS NOT NULL']
  return `FROM observations o WHERE ${conditions.join(' AND ')}`
}

/** SQL for the bytes of a figure's line in a file, but for its marks and quotes. */
const lineBytes = `octet_length(concat_ws(',', ${columns})) + ${dataLicence.id.length + 4}`

/** Periods that SDMX can write: those with a first and a last day. */
export const hasSdmxPeriod = 'o.period_start IS NOT NULL AND o.period_end IS NOT NULL'

/** How much a file of the filter holds, to be told before it is asked for. */
export async function readFileSize(
  database: Transaction,
  filter: DownloadFilter,
  vintage: Vintage | null,
): Promise<FileSize> {
  const { from, values } = selectionOf(filter, vintage)
  const [row] = await database.$queryRawUnsafe<FileSize[]>(
    `SELECT count(*)::int AS rows, (count(*) FILTER (WHERE ${hasSdmxPeriod}))::int AS "sdmxRows",
      coalesce(sum(${lineBytes}), 0)::float8 AS bytes ${from}`,
    ...values,
  )
  return row ?? { rows: 0, sdmxRows: 0, bytes: 0 }
}

function pageQuery(
  filter: DownloadFilter,
  vintage: Vintage | null,
  page: { after: number; limit: number },
): Query {
  const { from, publishersDiffer, values, parameter } = selectionOf(filter, vintage)
  const after = `AND o.id > ${parameter(page.after)} ORDER BY o.id LIMIT ${parameter(page.limit)}`
  return {
    sql: `SELECT ${columns}, o.id::text, ${marks(publishersDiffer)} ${from} ${after}`,
    values,
  }
}

/** Every public revision, newest record first; of a vintage, those known in it. */
function revisionsQuery(
  filter: DownloadFilter,
  vintage: Vintage | null,
  page: { after: number; limit: number },
): Query {
  const { values, parameter } = parameters()
  const conditions = conditionsOf(filter, parameter)
  if (vintage) {
    conditions.push(`r.known_on <= ${parameter(vintage.asOf)}::date`)
    conditions.push(`r.commit_no <= ${parameter(vintage.commit)}::int`)
  }
  if (page.after > 0) conditions.push(`r.id < ${parameter(page.after)}`)
  return {
    sql: `SELECT ${columns}, o.id::text, r.kind::text, r.commit_no::text,
        to_char(r.known_on, 'YYYY-MM-DD'), r.reason
      FROM revisions r JOIN observations o ON o.id = r.observation_id ${sourceJoin}
      ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
      ORDER BY r.id DESC LIMIT ${parameter(page.limit)}`,
    values,
  }
}

export interface ApiPage<Row> {
  rows: Row[]
  /** Of the last row, where there are more: `after` of the next page. */
  next: number | null
}

/** `figureColumns` as a plain object: text, null where there is none. */
export type ApiFigure = Record<(typeof figureColumns)[number], string | null> & { id: number }

/** With its marks, as in a download: symbols with spaces between them. */
export type ApiObservation = ApiFigure & { marks: string }

export type ApiRevision = ApiFigure & {
  revision_kind: string
  commit: number
  known_on: string
  reason: string
}

const toFigure = (cells: readonly (string | null)[]): ApiFigure => ({
  id: Number(cells[figureColumns.length]),
  ...(Object.fromEntries(figureColumns.map((column, at) => [column, cells[at] ?? null])) as Record<
    (typeof figureColumns)[number],
    string | null
  >),
})

/** A page of figures in the order of their numbers, after the one named. */
export async function readObservations(
  { filter, page }: ApiRequest,
  vintage: Vintage | null,
): Promise<ApiPage<ApiObservation>> {
  const cells = await rowsOf(pageQuery(filter, vintage, oneMore(page)))
  const marked = cells.map((row) => ({
    ...toFigure(row),
    marks: row[figureColumns.length + 1] ?? '',
  }))
  return cut(marked, page.limit, ({ id }) => id)
}

/** A page of revisions, newest record first, before the one named. */
export async function readRevisionRows(
  { filter, page }: ApiRequest,
  vintage: Vintage | null,
): Promise<ApiPage<ApiRevision>> {
  const cells = await rowsOf(revisionsQuery(filter, vintage, oneMore(page)))
  const rows = cells.map((row) => {
    const [kind, commit, knownOn, reason] = row.slice(figureColumns.length + 1)
    return {
      ...toFigure(row),
      revision_kind: kind ?? '',
      commit: Number(commit),
      known_on: knownOn ?? '',
      reason: reason ?? '',
    }
  })
  return cut(rows, page.limit, ({ revision }) => Number(revision))
}

const oneMore = ({ after, limit }: ApiRequest['page']) => ({ after, limit: limit + 1 })

async function rowsOf({ sql, values }: Query): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = []
  for await (const row of await streamRows(sql, values)) rows.push(row)
  return rows
}

function cut<Row>(found: Row[], limit: number, place: (row: Row) => number): ApiPage<Row> {
  const rows = found.slice(0, limit)
  const last = found.length > limit ? rows.at(-1) : undefined
  return { rows, next: last ? place(last) : null }
}

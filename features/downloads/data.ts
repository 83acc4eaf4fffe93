import { type Flag, flagSymbols } from '@/components/charts/model'
import { breakStartsQuery, knownRevision } from '@/features/figures/data'
import { figureColumns } from '@/features/figures/schema'
import { dataLicence } from '@/features/settings/schema'
import type { Vintage } from '@/features/vintages/schema'
import type { Transaction } from '@/lib/db/client'
import { literal } from '@/lib/db/snapshot'
import { searchWords } from '@/lib/search-text'
import { type DownloadFilter, type downloadColumns, type FileSize, limitDay } from './schema'

const symbol = (flag: Flag) => `'${flagSymbols[flag]}'`

/** SQL for the marks of a figure, in the order of `flagSymbols`; those of computed values are never here. */
export const marksExpression = (publishersDiffer: string) => `concat_ws(' ',
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

/** Each of `figureColumns` out of an observation `o`, its revision `r` and that one's source `s`, as text. */
export const figureExpressions: Record<(typeof figureColumns)[number], string> = {
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
}

/** The columns of a download, where it is known whether publishers differ. */
export const fieldsOf = (
  publishersDiffer: string,
): Record<(typeof downloadColumns)[number], string> => ({
  ...figureExpressions,
  marks: marksExpression(publishersDiffer),
  licence: `'${dataLicence.id}'`,
})

const columns = figureColumns.map((column) => figureExpressions[column]).join(', ')

const current = `
  JOIN revisions r ON r.id = o.current_revision_id
  LEFT JOIN (${breakStartsQuery(null)}) b ON b.id = o.id`

const asKnown = (parameters: VintageParameters) => `
  JOIN ${knownRevision(parameters)} r ON true
  LEFT JOIN (${breakStartsQuery(parameters)}) b ON b.id = o.id`

/** SQL that folds letters as `searchable` in lib/search-text.ts does. */
export const folded = (text: string) => `translate(regexp_replace(lower(normalize(${text}, NFKD)),
    '[\\u0300-\\u036f\\u064b-\\u065f\\u0670]', '', 'g'), '\u064a\u0649\u0643\u0629', '\u06cc\u06cc\u06a9\u06c1')`

/** Whether a code, or any name of what it stands for, holds a word. */
const isNamed = (subject: 'indicator' | 'programme' | 'area', word: string) => `
    o.${subject}_code IN (
      SELECT code FROM ${subject}s WHERE strpos(${folded('code')}, ${word}) > 0
      UNION ALL SELECT ${subject}_code FROM ${subject}_versions
      WHERE strpos(${folded("concat_ws(' ', name->>'en', name->>'ur')")}, ${word}) > 0)`

// What many figures have in common is searched once, and not for each of them.
const holdsWord = (word: string) => `(${isNamed('indicator', word)} OR ${isNamed('programme', word)}
    OR ${isNamed('area', word)}
    OR r.source_id IN (SELECT id FROM sources
      WHERE strpos(${folded("concat_ws(' ', publisher, title)")}, ${word}) > 0)
    OR (r.note <> '' AND strpos(${folded('r.note')}, ${word}) > 0))`

/** Takes a value along and says how the query names it. */
export type Parameter = (value: unknown) => string

/** Indicators by their codes, or by publishers' codes for them, which are for one role each. */
function ofIndicators(values: readonly string[], parameter: Parameter): string[] {
  const codes = `${parameter(values)}::text[]`
  const meant =
    values.length === 1
      ? `= (SELECT coalesce((SELECT indicator_code FROM indicator_aliases WHERE alias = ANY(${codes})),
          (${codes})[1]))`
      : `= ANY(ARRAY(SELECT unnest(${codes})
          UNION SELECT indicator_code FROM indicator_aliases WHERE alias = ANY(${codes})))`
  return [
    `o.indicator_code ${meant}`,
    `(o.indicator_code = ANY(${codes}) OR o.role IN (SELECT role FROM indicator_aliases a
      WHERE a.alias = ANY(${codes}) AND a.indicator_code = o.indicator_code))`,
  ]
}

/** The conditions of a filter on an observation `o`, its revision `r` and that one's source `s`. */
function conditionsOf(filter: DownloadFilter, parameter: Parameter): string[] {
  const { frequency, from, to, q } = filter
  const limits = [
    { word: 'from', text: from?.[0], is: '>=' },
    { word: 'to', text: to?.[0], is: '<=' },
  ] as const
  return [
    ...seriesConditions(filter, parameter),
    ...among('r.status', filter.status, parameter),
    ...among('s.publisher', filter.publisher, parameter),
    ...among('s.id::text', filter.source, parameter),
    ...(frequency
      ? [
          `(o.frequency = ANY(${parameter(frequency)}::text[])
          OR (o.period LIKE '%-A1' AND 'A1' = ANY(${parameter(frequency)}::text[])))`,
        ]
      : []),
    ...limits.flatMap(({ word, text, is }) =>
      text === undefined ? [] : [`o.period_end ${is} ${parameter(limitDay(word, text))}::date`],
    ),
    ...searchWords(q?.[0] ?? '').map((word) => holdsWord(`${parameter(word)}::text`)),
  ]
}

/** One value is asked for by `=`: an index then has its figures in order. */
const among = (column: string, values: readonly string[] | undefined, parameter: Parameter) =>
  !values
    ? []
    : values.length === 1
      ? [`${column} = ${parameter(values[0])}::text`]
      : [`${column} = ANY(${parameter(values)}::text[])`]

/** Those that all figures of a series fulfil or none, on an observation or a series `o`. */
const seriesConditions = (filter: DownloadFilter, parameter: Parameter): string[] => [
  ...(filter.indicator ? ofIndicators(filter.indicator, parameter) : []),
  ...among('o.programme_code', filter.programme, parameter),
  ...among('o.area_code', filter.area, parameter),
  ...among('o.academy_code', filter.academy, parameter),
  ...among('o.sex', filter.sex, parameter),
  ...among('o.role::text', filter.role, parameter),
  ...among('o.kind::text', filter.kind, parameter),
  ...among('o.unit_code', filter.unit, parameter),
]

/** The conditions of a filter without source, limits and words on a row `o` of `series_shares`. */
const sharesConditions = (filter: DownloadFilter, parameter: Parameter): string[] => [
  ...seriesConditions(filter, parameter),
  ...among('o.status', filter.status, parameter),
  ...among('o.publisher', filter.publisher, parameter),
  // A fiscal year is also one of the frequency A.
  ...among(
    'o.frequency',
    filter.frequency?.flatMap((one) => (one === 'A' ? [one, 'A1'] : one)),
    parameter,
  ),
]

/** The order of rows in every file: that of the unique index on keys, so that nothing is sorted. */
export const byKey = `
  ORDER BY o.indicator_code, o.programme_code, o.area_code, o.academy_code, o.sex, o.role, o.kind,
    o.unit_code, o.period, o.period_source`

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
function countedFrom(filter: DownloadFilter, vintage: Vintage | null, binding: Binding): string {
  const asksMore = filter.status ?? filter.publisher ?? filter.source ?? filter.q
  if (vintage || asksMore) return selectionOf(filter, vintage, binding).from
  const conditions = [...conditionsOf(filter, binding.parameter), 'o.value IS NOT NULL']
  return `FROM observations o WHERE ${conditions.join(' AND ')}`
}

/** Whether what is kept of each series tells how many present figures a filter has. */
const isShared = (filter: DownloadFilter, vintage: Vintage | null): boolean =>
  !(vintage || filter.from || filter.to || filter.source || filter.q)

/** SQL that counts the rows of a filter, and of them those with a period that SDMX can write, as text. */
export function countQuery(
  filter: DownloadFilter,
  vintage: Vintage | null,
  binding: Binding = writtenOut(),
): string {
  if (!isShared(filter, vintage)) {
    const from = countedFrom(filter, vintage, binding)
    return `SELECT count(*)::text, (count(*) FILTER (WHERE ${hasSdmxPeriod}))::text ${from}`
  }
  const conditions = ['true', ...sharesConditions(filter, binding.parameter)].join(' AND ')
  return `SELECT coalesce(sum(figures), 0)::text, coalesce(sum(sdmx_figures), 0)::text
    FROM series_shares o WHERE ${conditions}`
}

/** Fewer than this are read of their series; of more, an index of all figures soon has the newest. */
const few = 5_000

const seriesColumns = [
  ...['indicator_code', 'programme_code', 'area_code', 'academy_code'],
  ...['sex', 'role', 'kind', 'unit_code'],
]

/**
 * The present figures of a filter, where only their keys, values and statuses are asked for.
 *
 * @param total how many they are
 */
export function keysOf(filter: DownloadFilter, total: number): Omit<Selection, 'publishersDiffer'> {
  const binding = parameters()
  const from = countedFrom(filter, null, binding)
  if (total >= few) return { from, ...binding }
  const conditions = sharesConditions(filter, binding.parameter)
  if (conditions.length === 0) return { from, ...binding }
  const key = seriesColumns.map((column) => `o.${column}`).join(', ')
  const among = `SELECT ${key} FROM series_shares o WHERE ${conditions.join(' AND ')}`
  return { from: `${from} AND (${key}) IN (${among})`, ...binding }
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
  if (vintage || filter.source || filter.q) return countFileSize(database, filter, vintage)
  const all = await readSharesSize(database, filter)
  if (isShared(filter, vintage) || all.rows === 0) return all
  const { values, parameter } = parameters()
  const from = countedFrom(filter, null, { values, parameter })
  const [row] = await database.$queryRawUnsafe<Omit<FileSize, 'bytes'>[]>(
    `SELECT count(*)::int AS rows, (count(*) FILTER (WHERE ${hasSdmxPeriod}))::int AS "sdmxRows" ${from}`,
    ...values,
  )
  const { rows, sdmxRows } = row ?? none
  // Lines of one filter are about as long in every year.
  return { rows, sdmxRows, bytes: Math.round((all.bytes * rows) / all.rows) }
}

const none: FileSize = { rows: 0, sdmxRows: 0, bytes: 0 }

/** The same of the present figures whatever their periods, from what is kept of their series. */
async function readSharesSize(database: Transaction, filter: DownloadFilter): Promise<FileSize> {
  const { values, parameter } = parameters()
  const conditions = ['true', ...sharesConditions(filter, parameter)].join(' AND ')
  const [row] = await database.$queryRawUnsafe<FileSize[]>(
    `SELECT coalesce(sum(figures), 0)::int AS rows, coalesce(sum(sdmx_figures), 0)::int AS "sdmxRows",
      coalesce(sum(bytes), 0)::float8 AS bytes FROM series_shares o WHERE ${conditions}`,
    ...values,
  )
  return row ?? none
}

/** The same by reading every figure. */
async function countFileSize(
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
  return row ?? none
}

/** Every public revision that a filter finds; of a vintage, those known in it. */
export function revisionsOf(
  filter: DownloadFilter,
  vintage: Vintage | null,
): Omit<Selection, 'publishersDiffer'> {
  const { values, parameter } = parameters()
  const conditions = conditionsOf(filter, parameter)
  if (vintage) {
    conditions.push(`r.known_on <= ${parameter(vintage.asOf)}::date`)
    conditions.push(`r.commit_no <= ${parameter(vintage.commit)}::int`)
  }
  return {
    from: `FROM revisions r JOIN observations o ON o.id = r.observation_id ${sourceJoin}
      WHERE ${['true', ...conditions].join(' AND ')}`,
    values,
    parameter,
  }
}

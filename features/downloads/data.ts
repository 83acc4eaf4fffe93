import { type Flag, flagSymbols } from '@/components/charts/model'
import { breakStartsQuery, knownRevision } from '@/features/figures/data'
import { figureColumns } from '@/features/figures/schema'
import { findWords, folded, named } from '@/features/searches/data'
import type { FoundWord } from '@/features/searches/schema'
import { dataLicence } from '@/features/settings/schema'
import type { Vintage } from '@/features/vintages/schema'
import type { Transaction } from '@/lib/db/client'
import { literal } from '@/lib/db/snapshot'
import { searchWords } from '@/lib/search-text'
import {
  type DownloadFilter,
  type downloadColumns,
  type FileSize,
  limitDay,
  mostCounted,
  mostCountedByIndex,
} from './schema'

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

// What many figures have in common is searched once, and not for each of them.
const holdsWord = (word: string) => `(
    o.indicator_code IN (${named('indicator', word)})
    OR o.programme_code IN (${named('programme', word)})
    OR o.area_code IN (${named('area', word)})
    OR r.source_id IN (SELECT id FROM sources
      WHERE strpos(${folded("concat_ws(' ', publisher, title)")}, ${word}) > 0)
    OR (r.note <> '' AND strpos(${folded('r.note')}, ${word}) > 0))`

/** The same of a word that has been looked for; what it was not found in is not asked. */
function isFoundWord(found: FoundWord, parameter: Parameter): string {
  const conditions = [
    ...anyOf('o.indicator_code', found.indicators, parameter),
    ...anyOf('o.programme_code', found.programmes, parameter),
    ...anyOf('o.area_code', found.areas, parameter),
    ...anyNumber('r.source_id', found.sources, parameter),
    ...anyNumber('r.id', found.notes, parameter),
  ]
  return conditions.length > 0 ? `(${conditions.join(' OR ')})` : 'false'
}

/** Whether it stands in what all figures of a row of `series_shares` have: `publisher` tells theirs. */
function isSharedWord(
  found: FoundWord,
  parameter: Parameter,
  publisher: (found: FoundWord) => string[],
): string {
  const conditions = [
    ...anyOf('o.indicator_code', found.indicators, parameter),
    ...anyOf('o.programme_code', found.programmes, parameter),
    ...anyOf('o.area_code', found.areas, parameter),
    ...publisher(found),
  ]
  return conditions.length > 0 ? `(${conditions.join(' OR ')})` : 'false'
}

export const anyOf = (column: string, codes: readonly string[], parameter: Parameter) =>
  codes.length > 0 ? [`${column} = ANY(${parameter(codes)}::text[])`] : []

export const anyNumber = (column: string, numbers: readonly number[], parameter: Parameter) =>
  numbers.length > 0 ? [`${column} = ANY(${parameter(numbers)}::int[])`] : []

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

/**
 * The conditions of a filter on an observation `o`, its revision `r` and that one's source `s`.
 *
 * @param found where its words have been looked for, in what they stand
 * @param status what holds it: an observation has its present one beside its key
 */
export function conditionsOf(
  filter: DownloadFilter,
  parameter: Parameter,
  { found, status = 'r' }: { found?: readonly FoundWord[]; status?: 'o' | 'r' } = {},
): string[] {
  const { frequency, from, to, q } = filter
  const limits = [
    { word: 'from', text: from?.[0], is: '>=' },
    { word: 'to', text: to?.[0], is: '<=' },
  ] as const
  return [
    ...seriesConditions(filter, parameter),
    ...among(`${status}.status`, filter.status, parameter),
    ...among('s.publisher', filter.publisher, parameter),
    ...(filter.source ? [`r.source_id = ANY(${parameter(filter.source.map(Number))}::int[])`] : []),
    ...(frequency
      ? [
          `(o.frequency = ANY(${parameter(frequency)}::text[])
          OR (o.period LIKE '%-A1' AND 'A1' = ANY(${parameter(frequency)}::text[])))`,
        ]
      : []),
    ...limits.flatMap(({ word, text, is }) =>
      text === undefined ? [] : [`o.period_end ${is} ${parameter(limitDay(word, text))}::date`],
    ),
    ...(found?.map((word) => isFoundWord(word, parameter)) ??
      searchWords(q?.[0] ?? '').map((word) => holdsWord(`${parameter(word)}::text`))),
  ]
}

/** One value is asked for by `=`: an index then has its figures in order. */
export const among = (
  column: string,
  values: readonly string[] | undefined,
  parameter: Parameter,
) =>
  !values
    ? []
    : values.length === 1
      ? [`${column} = ${parameter(values[0])}::text`]
      : [`${column} = ANY(${parameter(values)}::text[])`]

/** Those that all figures of a series fulfil or none, on an observation or a series `o`. */
export const seriesConditions = (filter: DownloadFilter, parameter: Parameter): string[] => [
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

export type Binding = Pick<Selection, 'values' | 'parameter'>

export function parameters(): Binding {
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
  found?: readonly FoundWord[],
): Selection {
  const known = vintage && { asOf: parameter(vintage.asOf), commit: parameter(vintage.commit) }
  const conditions = [...conditionsOf(filter, parameter, { found }), 'r.value IS NOT NULL']
  return {
    from: `FROM observations o ${known ? asKnown(known) : current} ${sourceJoin}
      WHERE ${conditions.join(' AND ')}`,
    publishersDiffer: known ? differAsKnown(known) : 'o.publishers_differ',
    values,
    parameter,
  }
}

interface Asked {
  found?: readonly FoundWord[]
  /** What is asked for beyond the words of the filter. */
  asks?: readonly ('r' | 's')[]
  /** Whether some figures in an order of theirs are wanted: each one's revision is looked up then. */
  isWalk?: boolean
}

/**
 * `FROM ... WHERE ...` as short as it can be for rows that are counted or put in order: a present
 * figure has its value and its status beside its key, and only some words of a filter ask more of it.
 */
function countedFrom(
  filter: DownloadFilter,
  vintage: Vintage | null,
  binding: Binding,
  { found, asks = [], isWalk = false }: Asked = {},
): string {
  if (vintage) return selectionOf(filter, vintage, binding, found).from
  const words = found
    ? found.some(({ sources, notes }) => sources.length + notes.length > 0)
    : filter.q !== undefined
  const asksSource = filter.publisher !== undefined || asks.includes('s')
  const asksRevision = asksSource || words || filter.source !== undefined || asks.includes('r')
  const joins = [
    ...(asksRevision
      ? [isWalk ? lookedUp : 'JOIN revisions r ON r.id = o.current_revision_id']
      : []),
    ...(asksSource ? [sourceJoin] : []),
  ]
  const conditions = conditionsOf(filter, binding.parameter, { found, status: 'o' })
  return `FROM observations o ${joins.join(' ')}
    WHERE ${[...conditions, 'o.value IS NOT NULL'].join(' AND ')}`
}

const lookedUp =
  'JOIN LATERAL (SELECT * FROM revisions WHERE id = o.current_revision_id LIMIT 1) r ON true'

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

const seriesColumns = [
  ...['indicator_code', 'programme_code', 'area_code', 'academy_code'],
  ...['sex', 'role', 'kind', 'unit_code'],
]

/** Whether what is kept of each series tells of all figures of a filter. */
export const isKept = (filter: DownloadFilter, found: readonly FoundWord[]): boolean =>
  !(filter.from || filter.to || filter.source) &&
  found.every(({ titled, notes }) => titled.length + notes.length === 0)

/** `FROM ... WHERE ...` for the rows `o` of what is kept of each series. */
export function keptOf(
  filter: DownloadFilter,
  found: readonly FoundWord[],
): Omit<Selection, 'publishersDiffer'> {
  const binding = parameters()
  const conditions = ['true', ...keptConditions(filter, found, binding.parameter)].join(' AND ')
  return { from: `FROM series_shares o WHERE ${conditions}`, ...binding }
}

/** What a filter shares with rows of `series_shares`, its words among it. */
const keptConditions = (
  filter: DownloadFilter,
  found: readonly FoundWord[],
  parameter: Parameter,
): string[] => [
  ...sharesConditions(filter, parameter),
  ...found.map((word) =>
    isSharedWord(word, parameter, ({ publishers }) => anyOf('o.publisher', publishers, parameter)),
  ),
]

/**
 * The present figures that only a title or a note brings under a search: what is kept of each series
 * knows nothing of those. Null where there can be none.
 */
function strayFrom(
  filter: DownloadFilter,
  found: readonly FoundWord[],
  binding: Binding,
): string | null {
  const { parameter } = binding
  const numbers = (part: 'titled' | 'notes') => [...new Set(found.flatMap((word) => word[part]))]
  const strays = [
    ...anyNumber('r.source_id', numbers('titled'), parameter),
    ...anyNumber('r.id', numbers('notes'), parameter),
  ]
  if (strays.length === 0) return null
  const kept = found.map((word) =>
    isSharedWord(word, parameter, ({ sources, titled }) => {
      const single = new Set(titled)
      const published = sources.filter((source) => !single.has(source))
      return anyNumber('r.source_id', published, parameter)
    }),
  )
  return `${countedFrom(filter, null, binding, { found, asks: ['r'] })}
    AND (${strays.join(' OR ')}) AND (${kept.join(' AND ')}) IS NOT TRUE`
}

/**
 * The present figures of a filter, where only their keys, values and statuses are asked for, and of
 * what an order asks more of them.
 *
 * @param isFew whether they are better looked for by what they are than met on the way of an order
 */
export function keysOf(
  filter: DownloadFilter,
  {
    isFew,
    found,
    asks = [],
  }: { isFew: boolean; found: readonly FoundWord[]; asks?: readonly ('r' | 's')[] },
): Omit<Selection, 'publishersDiffer'> {
  const binding = parameters()
  const from = countedFrom(filter, null, binding, {
    found,
    asks,
    isWalk: !isFew && asks.length === 0,
  })
  if (!isFew) return { from, ...binding }
  const ids = fewIds(filter, found, binding)
  return { from: ids ? `${from} AND o.id = ANY(ARRAY(${ids}))` : from, ...binding }
}

/** SQL for the numbers of a few figures, among which are all of a filter; null where any may be. */
function fewIds(
  filter: DownloadFilter,
  found: readonly FoundWord[],
  binding: Binding,
): string | null {
  const { parameter } = binding
  if (filter.source || filter.publisher) {
    const ids = filter.source
      ? `${parameter(filter.source.map(Number))}::int[]`
      : `ARRAY(SELECT id FROM sources WHERE publisher = ANY(${parameter(filter.publisher)}::text[]))`
    return `SELECT observation_id FROM revisions WHERE source_id = ANY(${ids})`
  }
  // A publisher may have one figure in each of many series: its sources name them.
  const bySource = found.map((word) => ({ ...word, publishers: [], titled: word.sources }))
  const conditions = keptConditions(filter, bySource, parameter)
  if (conditions.length === 0) return null
  const key = seriesColumns.map((column) => `o.${column}`).join(', ')
  const among = `SELECT ${key} FROM series_shares o WHERE ${conditions.join(' AND ')}`
  const stray = strayFrom(filter, bySource, binding)
  return `SELECT o.id FROM observations o WHERE (${key}) IN (${among})
    ${stray ? `UNION SELECT o.id ${stray}` : ''}`
}

/** SQL for the bytes of a figure's line in a file, but for its marks and quotes. */
const lineBytes = `octet_length(concat_ws(',', ${columns})) + ${dataLicence.id.length + 4}`

/** Periods that SDMX can write: those with a first and a last day. */
export const hasSdmxPeriod = 'o.period_start IS NOT NULL AND o.period_end IS NOT NULL'

/**
 * How much a file of the filter holds in the present state, to be told before it is asked for.
 *
 * @param found in what its words stand, where that is known already
 * @param limit figures that are counted one by one
 */
export async function readFileSize(
  database: Transaction,
  filter: DownloadFilter,
  found?: readonly FoundWord[],
  limit: number = mostCounted,
): Promise<FileSize> {
  const words = found ?? (await findWords(database, filter.q?.[0] ?? ''))
  if (filter.source) return countFileSize(database, filter, words)
  const wide = words.find(({ without }) => without !== null)
  if (wide) return readWideSize(database, filter, words, wide, limit)
  const kept = await readSharesSize(database, filter, words)
  if (!(filter.from || filter.to)) {
    const stray = await readStraySize(database, filter, words, limit)
    if (stray.rows === 0) return kept
    return {
      rows: kept.rows + stray.rows,
      sdmxRows: kept.sdmxRows + stray.sdmxRows,
      bytes: kept.bytes + stray.bytes,
      ...(stray.isMore && { isMore: true }),
    }
  }
  const binding = parameters()
  const from = countedFrom(filter, null, binding, { found: words })
  const most = words.length > 0 ? limit : mostCountedByIndex
  const counted = await countRows(database, from, binding.values, most)
  // Lines of one filter are about as long in every year.
  return { ...counted, bytes: await usualBytes(database, counted.rows, kept) }
}

const none: FileSize = { rows: 0, sdmxRows: 0, bytes: 0 }

/** The same where most sources have a word: all without regard to it, less those that do not have it. */
async function readWideSize(
  database: Transaction,
  filter: DownloadFilter,
  found: readonly FoundWord[],
  wide: FoundWord,
  limit: number,
): Promise<FileSize> {
  const others = found.filter((word) => word !== wide)
  const all = await readFileSize(database, filter, others, limit)
  if (all.rows === 0) return all
  const bytesOf = (rows: number) => Math.round((all.bytes * rows) / all.rows)
  const binding = parameters()
  const { parameter } = binding
  const lacks = ['r.source_id IS NULL', ...anyNumber('r.source_id', wide.without ?? [], parameter)]
  const from = `${countedFrom(filter, null, binding, { found: others, asks: ['r'] })}
    AND (${lacks.join(' OR ')}) AND ${isFoundWord(wide, parameter)} IS NOT TRUE`
  const without = all.isMore ? all : await countRows(database, from, binding.values, limit)
  if (without.isMore) {
    const counted = await countMatching(database, filter, found, limit)
    return { ...counted, bytes: bytesOf(counted.rows) }
  }
  const rows = all.rows - without.rows
  return { rows, sdmxRows: all.sdmxRows - without.sdmxRows, bytes: bytesOf(rows) }
}

/** Figures that have all words, as far as they are counted: out of those that have the rarest word. */
function countMatching(
  database: Transaction,
  filter: DownloadFilter,
  found: readonly FoundWord[],
  limit: number,
): Promise<Omit<FileSize, 'bytes'>> {
  const binding = parameters()
  const word = rarest(found)
  const from = countedFrom(filter, null, binding, { found, asks: ['r'], isWalk: !word })
  // Most figures have a word of names or of most sources, so that enough are met soon.
  if (!word || word.without) return countRows(database, from, binding.values, limit)
  const told = [
    ...anyNumber('source_id', word.sources, binding.parameter),
    ...anyNumber('id', word.notes, binding.parameter),
  ]
  if (told.length === 0) return Promise.resolve(none)
  const some = `JOIN (SELECT * FROM revisions WHERE ${told.join(' OR ')} OFFSET 0) r`
  return countRows(database, from.replace('JOIN revisions r', some), binding.values, limit)
}

/** Of the words that stand in no name, that of the fewest sources. */
export const rarest = (found: readonly FoundWord[]): FoundWord | undefined =>
  found
    .filter((word) => codesOf(word, () => '').length === 0)
    .toSorted((a, b) => a.sources.length - b.sources.length)[0]

/** Conditions on the codes of an observation or of a series `o` that have a word in their names. */
export const codesOf = (word: FoundWord, parameter: Parameter): string[] => [
  ...anyOf('o.indicator_code', word.indicators, parameter),
  ...anyOf('o.programme_code', word.programmes, parameter),
  ...anyOf('o.area_code', word.areas, parameter),
]

async function countRows(
  database: Transaction,
  from: string,
  values: readonly unknown[],
  most: number,
): Promise<Omit<FileSize, 'bytes'>> {
  const [row] = await database.$queryRawUnsafe<{ rows: number; sdmxRows: number }[]>(
    `SELECT count(*)::int AS rows, (count(*) FILTER (WHERE sdmx))::int AS "sdmxRows"
      FROM (SELECT ${hasSdmxPeriod} AS sdmx ${from} LIMIT ${most + 1}) counted`,
    ...values,
  )
  if (!row) return none
  return row.rows > most ? { rows: most, sdmxRows: most, isMore: true } : row
}

/** The bytes of so many lines, as long as those of some others, else as those of the whole record. */
async function usualBytes(database: Transaction, rows: number, like: FileSize): Promise<number> {
  if (rows === 0) return 0
  const { rows: all, bytes } = like.rows > 0 ? like : await readSharesSize(database, {}, [])
  return all > 0 ? Math.round((bytes * rows) / all) : 0
}

/** The present figures whatever their periods, and but for strays, from what is kept of their series. */
async function readSharesSize(
  database: Transaction,
  filter: DownloadFilter,
  found: readonly FoundWord[],
): Promise<FileSize> {
  const { from, values } = keptOf(filter, found)
  const [row] = await database.$queryRawUnsafe<FileSize[]>(
    `SELECT coalesce(sum(figures), 0)::int AS rows, coalesce(sum(sdmx_figures), 0)::int AS "sdmxRows",
      coalesce(sum(bytes), 0)::float8 AS bytes ${from}`,
    ...values,
  )
  return row ?? none
}

async function readStraySize(
  database: Transaction,
  filter: DownloadFilter,
  found: readonly FoundWord[],
  limit: number,
): Promise<FileSize> {
  const binding = parameters()
  const from = strayFrom(filter, found, binding)
  if (!from) return none
  const counted = await countRows(database, from, binding.values, limit)
  return { ...counted, bytes: await usualBytes(database, counted.rows, none) }
}

/** The same by reading every figure. */
async function countFileSize(
  database: Transaction,
  filter: DownloadFilter,
  found: readonly FoundWord[],
): Promise<FileSize> {
  const { from, values } = selectionOf(filter, null, parameters(), found)
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

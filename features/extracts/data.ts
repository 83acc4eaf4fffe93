import {
  byKey,
  countQuery,
  fieldsOf,
  hasSdmxPeriod,
  type Selection,
  selectionOf,
  sourceJoin,
  writtenOut,
} from '@/features/downloads/data'
import { type DownloadFilter, filterEntries } from '@/features/downloads/schema'
import { figureColumns } from '@/features/figures/schema'
import { readVintage, type Vintage } from '@/features/vintages/schema'
import { mistakable } from '@/lib/csv'
import { literal, type Snapshot } from '@/lib/db/snapshot'
import { ok, type Result } from '@/lib/result'
import {
  csvColumns,
  type ExtractState,
  excelColumns,
  type RowCount,
  type RowForm,
  revisionColumns,
  sdmxColumns,
  sdmxStructure,
  sourceColumns,
} from './schema'

/** The state that an address names, checked against the record as the snapshot has it. */
export async function stateOf(
  snapshot: Snapshot,
  words: { asOf: string; v?: string } | null,
): Promise<Result<ExtractState>> {
  const [row = []] = await snapshot.rows(`
    SELECT to_char(now() AT TIME ZONE 'Asia/Karachi', 'YYYY-MM-DD'),
      (SELECT coalesce(max(no), 0) FROM commits)::text`)
  const now = { today: String(row[0]), commit: Number(row[1]) }
  const vintage = words ? readVintage(words, now) : null
  if (vintage?.ok === false) return vintage
  const { asOf, commit, isFrozen } = vintage?.value ?? {
    asOf: now.today,
    commit: now.commit,
    isFrozen: false,
  }
  const [made = []] = await snapshot.rows(`
    SELECT to_char(committed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    FROM commits WHERE no <= ${commit} ORDER BY no DESC LIMIT 1`)
  return ok({
    asOf,
    commit,
    committedAt: made[0] ?? '1970-01-01T00:00:00Z',
    isFrozen,
    isPresent: asOf === now.today && commit === now.commit,
  })
}

/** Of the present state, the current figures are read, which needs no walk through revisions. */
const vintageOf = ({ isPresent, ...vintage }: ExtractState): Vintage | null =>
  isPresent ? null : vintage

/** Of a present state, both give the same: nothing is known on a day that has not come. */
export const select = (filter: DownloadFilter, state: ExtractState): Selection =>
  selectionOf(filter, vintageOf(state), writtenOut())

const mostCounts = 1_000
const shared = globalThis as { shumarRowCounts?: Map<string, RowCount> }
/** One for all routes, so that what was counted ahead is found. */
function rowCounts(): Map<string, RowCount> {
  shared.shumarRowCounts ??= new Map()
  return shared.shumarRowCounts
}

/** How many rows the file of a filter has. Of one state of the record, they are counted once. */
export async function countRows(
  snapshot: Snapshot,
  filter: DownloadFilter,
  state: ExtractState,
): Promise<RowCount> {
  const { asOf, commit, committedAt, isPresent } = state
  const key = JSON.stringify([commit, committedAt, isPresent || asOf, filterEntries(filter)])
  const counts = rowCounts()
  const known = counts.get(key)
  if (known) return known
  const [row = []] = await snapshot.rows(countQuery(filter, vintageOf(state)))
  const counted = { rows: Number(row[0]), sdmxRows: Number(row[1]) }
  if (counts.size >= mostCounts) counts.clear()
  counts.set(key, counted)
  return counted
}

/** Rows from which on the order of an index is better than any sorting: the first come at once. */
const many = 50_000

/** Prepares a snapshot for reading so many rows, without taking all processors from others. */
export async function prepareFor(snapshot: Snapshot, rows: number): Promise<void> {
  if (rows < many) return
  await snapshot.rows(`SELECT set_config('enable_sort', 'off', true),
    set_config('max_parallel_workers_per_gather', '0', true)`)
}

const isEmptyable = new Set(['publisher', 'title', 'source_date', 'source_url', 'note', 'marks'])

/** An empty text is an empty cell: COPY would write it as `""`. */
const orNothing = (column: string, sql: string) =>
  isEmptyable.has(column) ? `nullif(${sql}, '')` : sql

const codesOf = (characters: string) =>
  [...characters].map((character) => character.codePointAt(0)).join(', ')
const { formulas, digits, letters } = mistakable
/** How all that is covered begins, and what has apostrophes before it already. */
const suspects = codesOf(`'0123456789${formulas}jfmasondtJFMASONDT`)

/**
 * `coverText` of lib/csv.ts. Nearly all texts are told apart by their first letters: to ask one
 * pattern for everything would take ten times as long.
 */
export const covered = (sql: string) => {
  const bare = `ltrim(${sql}, '''')`
  const isCovered = `CASE
    WHEN ascii(${bare}) BETWEEN ${codesOf('0')} AND ${codesOf('9')} THEN ${bare} ~* '${digits.bare}'
      OR (${bare} ~* '[a-z]' AND ${bare} ~* '${digits.withLetters}')
    WHEN ascii(${bare}) IN (${codesOf(formulas)}) THEN true
    ELSE lower(left(${bare}, 3)) = ANY('{${letters.firstThree.join(',')}}')
      AND ${bare} ~* '${letters.whole}' END`
  return `CASE WHEN ascii(${sql}) NOT IN (${suspects}) THEN ${sql}
    WHEN ${isCovered} THEN '''' || ${sql} ELSE ${sql} END`
}

/** `coverDecimal` of lib/csv.ts. */
export const coveredDecimal = (sql: string) => {
  const digits = `coalesce(nullif(ltrim(translate(${sql}, '-.', ''), '0'), ''), '0')`
  return `CASE WHEN length(${digits}) > 15 THEN '''' || ${sql}
    WHEN strpos(${sql}, '.') = 0 THEN ${sql}
    ELSE CASE WHEN starts_with(${sql}, '-') THEN '-' ELSE '' END || ${digits}
      || 'E-' || length(split_part(${sql}, '.', 2)) END`
}

/**
 * Dates that spreadsheets read as the days that they are, plain numbers, and codes of which the
 * database holds every one need no cover.
 */
const isPlain = new Set([
  ...['period_start', 'period_end', 'released_on', 'revision'],
  ...['role', 'sex', 'kind', 'frequency', 'status', 'precision', 'licence'],
])

type Fields = ReturnType<typeof fieldsOf>

const excelFields = (fields: Fields): string[] => [
  ...csvColumns.map((column) => {
    if (column === 'value') return coveredDecimal(fields.value)
    return isPlain.has(column) ? fields[column] : orNothing(column, covered(fields[column]))
  }),
  `'yes'`,
]

/** SDMX TIME_PERIOD: a span is its first day and its length. */
const sdmxPeriod = `CASE WHEN o.frequency = '_O'
  THEN to_char(o.period_start, 'YYYY-MM-DD') || '/P' || (o.period_end - o.period_start + 1) || 'D'
  ELSE o.period END`

const sdmxFields = (fields: Fields): Record<(typeof sdmxColumns)[number], string> => ({
  STRUCTURE: `'dataflow'`,
  STRUCTURE_ID: literal(sdmxStructure),
  ACTION: `'I'`,
  FREQ: fields.frequency,
  ROLE: fields.role,
  INDICATOR: fields.indicator,
  PROGRAMME: fields.programme,
  REF_AREA: fields.area,
  ACADEMY: fields.academy,
  SEX: fields.sex,
  KIND: fields.kind,
  UNIT_MEASURE: fields.unit,
  TIME_PERIOD: sdmxPeriod,
  OBS_VALUE: fields.value,
  OBS_STATUS: fields.status,
  PRECISION: fields.precision,
  REPORTING_YEAR_START_DAY: `CASE WHEN o.period LIKE '%-A1' THEN '--07-01' END`,
  PERIOD_START: fields.period_start,
  PERIOD_END: fields.period_end,
  RELEASED_ON: fields.released_on,
  REVISION: fields.revision,
  PUBLISHER: orNothing('publisher', fields.publisher),
  TITLE: orNothing('title', fields.title),
  SOURCE_DATE: orNothing('source_date', fields.source_date),
  SOURCE_URL: orNothing('source_url', fields.source_url),
  COMMENT_OBS: orNothing('note', fields.note),
  MARKS: orNothing('marks', fields.marks),
  LICENCE: fields.licence,
})

const named = (fields: Fields, columns: readonly (keyof Fields)[]) =>
  columns.map((column) => `${fields[column]} AS "${column}"`).join(', ')

interface RowsQuery {
  sql: string
  format: 'csv' | 'lines'
}

/** The query whose rows, as COPY writes them, are those of a file. */
export function rowsQuery(form: RowForm, filter: DownloadFilter, state: ExtractState): RowsQuery {
  const { from, publishersDiffer } = select(filter, state)
  const fields = fieldsOf(publishersDiffer)
  const csv = (columns: readonly string[]): RowsQuery => ({
    sql: `SELECT ${columns.join(', ')} ${from} ${byKey}`,
    format: 'csv',
  })
  const byForm: Record<RowForm, () => RowsQuery> = {
    csv: () => csv(csvColumns.map((column) => orNothing(column, fields[column]))),
    excel: () => csv(excelFields(fields)),
    sdmx: () => ({
      sql: `SELECT ${Object.values(sdmxFields(fields)).join(', ')} ${from}
        AND ${hasSdmxPeriod} ${byKey}`,
      format: 'csv',
    }),
    // As the API gives it. All but the first have a comma before them, which whoever writes the list
    // takes off that one.
    json: () => ({
      sql: `SELECT ',' || row_to_json(figure)::text FROM (
        SELECT o.id, ${named(fields, [...figureColumns, 'marks'])} ${from} ${byKey}) figure`,
      format: 'lines',
    }),
  }
  return byForm[form]()
}

const headers: Record<Exclude<RowForm, 'json'>, readonly string[]> = {
  csv: csvColumns,
  excel: excelColumns,
  sdmx: sdmxColumns,
}

/** The table of a CSV of any kind: a header and rows, with LF after each. */
export async function* csvTable(
  snapshot: Snapshot,
  form: Exclude<RowForm, 'json'>,
  filter: DownloadFilter,
  state: ExtractState,
): AsyncGenerator<Buffer, number> {
  const mark = form === 'excel' ? '\ufeff' : ''
  yield Buffer.from(`${mark}${headers[form].join(',')}\n`)
  const { sql, format } = rowsQuery(form, filter, state)
  return yield* snapshot.copy(sql, format)
}

/** Figures as a JSON list in an object that names their state; a line each. */
export async function* jsonList(
  snapshot: Snapshot,
  filter: DownloadFilter,
  state: ExtractState,
  about: Record<string, unknown>,
): AsyncGenerator<Buffer, number> {
  yield Buffer.from(`${JSON.stringify(about).slice(0, -1)},"observations":[\n`)
  const { sql, format } = rowsQuery('json', filter, state)
  const rows = snapshot.copy(sql, format)
  let next = await rows.next()
  if (!next.done) {
    yield next.value.subarray(1)
    next = await rows.next()
  }
  while (!next.done) {
    yield next.value
    next = await rows.next()
  }
  yield Buffer.from(']}\n')
  return next.value
}

/** Conditions on revisions `r` that were known in a state. */
const knownIn = (state: ExtractState) =>
  state.isPresent
    ? ''
    : `WHERE r.known_on <= ${literal(state.asOf)}::date AND r.commit_no <= ${state.commit}`

/** Every public revision as CSV, in the order of their numbers. */
export async function* revisionTable(
  snapshot: Snapshot,
  state: ExtractState,
): AsyncGenerator<Buffer, number> {
  yield Buffer.from(`${revisionColumns.join(',')}\n`)
  const fields = fieldsOf('false')
  const own = figureColumns.map((column) => orNothing(column, fields[column]))
  return yield* snapshot.copy(
    `SELECT ${own.join(', ')}, r.kind::text, r.commit_no::text, to_char(r.known_on, 'YYYY-MM-DD'),
        nullif(r.reason, '')
      FROM revisions r JOIN observations o ON o.id = r.observation_id ${sourceJoin}
      ${knownIn(state)} ORDER BY r.id`,
    'csv',
  )
}

const sourceFields = ['s.id::text', 's.publisher', 's.title', 's.published_label', 's.url']

/** The sources that figures of a filter cite, or all that the record cites. */
const citedSources = (filter: DownloadFilter | null, state: ExtractState) =>
  filter
    ? `s.id IN (SELECT r.source_id ${select(filter, state).from})`
    : `s.id IN (SELECT r.source_id FROM revisions r ${knownIn(state)})`

const sourcesQuery = (filter: DownloadFilter | null, state: ExtractState) =>
  `FROM sources s WHERE ${citedSources(filter, state)} ORDER BY s.id`

/** Every source that a revision cites, as CSV. */
export async function* sourceTable(
  snapshot: Snapshot,
  state: ExtractState,
): AsyncGenerator<Buffer, number> {
  yield Buffer.from(`${sourceColumns.join(',')}\n`)
  const cells = sourceFields.map((sql) => `nullif(${sql}, '')`)
  return yield* snapshot.copy(`SELECT ${cells.join(', ')} ${sourcesQuery(null, state)}`, 'csv')
}

/** The sources that figures of a filter cite, as texts. */
export async function sourceRows(
  snapshot: Snapshot,
  filter: DownloadFilter,
  state: ExtractState,
): Promise<string[][]> {
  const rows = await snapshot.rows(
    `SELECT ${sourceFields.join(', ')} ${sourcesQuery(filter, state)}`,
  )
  return rows.map((row) => row.map((cell) => cell ?? ''))
}

import { pipeline, type Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import { type Flag, flagSymbols } from '@/components/charts/model'
import { breakStartsQuery, knownRevision } from '@/features/figures/data'
import { figureColumns } from '@/features/figures/schema'
import { dataLicence } from '@/features/settings/schema'
import type { Vintage } from '@/features/vintages/schema'
import { guardFormula } from '@/lib/csv'
import { streamRows } from '@/lib/db/stream'
import { searchWords } from '@/lib/search-text'
import { type DownloadFilter, downloadColumns, limitDay } from './schema'

/** Cells written by people, which a spreadsheet must not run; every other cell is a code or number. */
const textColumns: ReadonlySet<string> = new Set(['publisher', 'title', 'source_url', 'note'])
const isText = downloadColumns.map((column) => textColumns.has(column))

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

/** The codes of an indicator, programme or area, under any of its names. */
const named = (subject: 'indicator' | 'programme' | 'area', word: string) => `
    o.${subject}_code IN (SELECT ${subject}_code FROM ${subject}_versions
      WHERE strpos(${folded("concat_ws(' ', name->>'en', name->>'ur')")}, ${word}) > 0)`

const holdsWord = (word: string) => `(
    strpos(${folded(`concat_ws(' ', o.indicator_code, o.programme_code, o.area_code,
      s.publisher, s.title, r.note)`)}, ${word}) > 0
    OR ${named('indicator', word)} OR ${named('programme', word)} OR ${named('area', word)})`

/** Takes a value along and says how the query names it. */
export type Parameter = (value: unknown) => string

/** Indicators by their codes, or by publishers' codes for them, which are for one role each. */
const ofIndicators = (codes: string) => [
  `o.indicator_code = ANY(ARRAY(SELECT unnest(${codes}::text[])
    UNION SELECT indicator_code FROM indicator_aliases WHERE alias = ANY(${codes}::text[])))`,
  `(o.indicator_code = ANY(${codes}::text[]) OR o.role IN (SELECT role FROM indicator_aliases a
    WHERE a.alias = ANY(${codes}::text[]) AND a.indicator_code = o.indicator_code))`,
]

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
    ...(filter.indicator ? ofIndicators(parameter(filter.indicator)) : []),
    ...among('o.programme_code', filter.programme),
    ...among('o.area_code', filter.area),
    ...among('o.academy_code', filter.academy),
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

const byKey = `
  ORDER BY o.indicator_code, o.programme_code, o.area_code, o.academy_code, o.sex, o.role, o.kind,
    o.unit_code, o.period_end, o.period_start, o.id`

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

const sourceJoin = 'LEFT JOIN sources s ON s.id = r.source_id'

function parameters(): Pick<Selection, 'values' | 'parameter'> {
  const values: unknown[] = []
  return { values, parameter: (value) => `$${values.push(value)}` }
}

/** The figures behind every form in which they are given out: files, pages of the API, tables. */
export function selectionOf(filter: DownloadFilter, vintage: Vintage | null): Selection {
  const { values, parameter } = parameters()
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

/** SQL for the bytes of a figure's line in a file, but for its marks and quotes. */
export const lineBytes = `octet_length(concat_ws(',', ${columns})) + ${dataLicence.id.length + 4}`

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

/**
 * Current figures, or those of a vintage, as CSV: UTF-8 without a byte order mark, RFC 4180 with
 * CR LF, the columns of `downloadColumns`, values as published. An error while reading destroys the stream.
 */
export async function figuresCsv(
  filter: DownloadFilter,
  vintage: Vintage | null = null,
): Promise<Readable> {
  const { from, publishersDiffer, values } = selectionOf(filter, vintage)
  const marks = marksExpression(publishersDiffer)
  const sql = `SELECT ${columns}, ${marks}, '${dataLicence.id}' ${from} ${byKey}`
  const rows = await streamRows(sql, values)
  const csv = stringify({ header: true, columns: [...downloadColumns], record_delimiter: '\r\n' })
  // Whichever end fails or leaves, the pipeline takes the others with it.
  pipeline(rows, guardRows, csv, () => {})
  return csv
}

async function* guardRows(rows: AsyncIterable<(string | null)[]>) {
  for await (const row of rows) {
    yield row.map((cell, at) => (cell !== null && isText[at] ? guardFormula(cell) : (cell ?? '')))
  }
}

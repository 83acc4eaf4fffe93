import { pipeline, type Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import { type Flag, flagSymbols } from '@/components/charts/model'
import { breakStartsQuery, knownRevision } from '@/features/figures/data'
import { figureColumns } from '@/features/figures/schema'
import { dataLicence } from '@/features/settings/schema'
import type { Vintage } from '@/features/vintages/schema'
import { guardFormula } from '@/lib/csv'
import { streamRows } from '@/lib/db/stream'
import { type ApiRequest, type DownloadFilter, downloadColumns } from './schema'

/** Cells written by people, which a spreadsheet must not run; every other cell is a code or number. */
const textColumns: ReadonlySet<string> = new Set(['publisher', 'title', 'source_url', 'note'])
const isText = downloadColumns.map((column) => textColumns.has(column))

const symbol = (flag: Flag) => `'${flagSymbols[flag]}'`

/** The marks of a figure in the order of `flagSymbols`; those of computed values are never here. */
const marks = (publishersDiffer: string) => `concat_ws(' ',
    CASE r.status WHEN 'P' THEN ${symbol('provisional')} WHEN 'E' THEN ${symbol('estimated')}
      WHEN 'D' THEN ${symbol('definition')} END,
    CASE WHEN r.status = 'B' OR b.id IS NOT NULL THEN ${symbol('break')} END,
    CASE r."precision" WHEN 'rounded' THEN ${symbol('rounded')} WHEN 'over' THEN ${symbol('over')}
      WHEN 'about' THEN ${symbol('about')} END,
    CASE WHEN ${publishersDiffer} THEN ${symbol('publishers')} END)`

/** Whether the last values of a figure's publishers differ, of the revisions known on the day. */
const differAsKnown = `(SELECT count(DISTINCT value) > 1 FROM (
      SELECT DISTINCT ON (publisher_name) value FROM (
        SELECT k.*, coalesce(nullif(btrim(regexp_replace(c.publisher, '\\s*\\([^()]*\\)\\s*$', '')), ''),
          c.publisher) AS publisher_name
        FROM revisions k JOIN sources c ON c.id = k.source_id
        WHERE k.observation_id = o.id AND k.known_on <= $6::date AND k.commit_no <= $7::int
      ) known
      ORDER BY publisher_name, (released_on IS NOT NULL) DESC, released_on DESC, id DESC
    ) last)`

/** `figureColumns` out of an observation `o`, its revision `r` and that one's source `s`. */
const columns = `
  o.role::text, o.indicator_code, o.programme_code, o.area_code, o.academy_code, o.sex,
  o.kind::text, o.unit_code, o.period, to_char(o.period_start, 'YYYY-MM-DD'),
  to_char(o.period_end, 'YYYY-MM-DD'), o.frequency, r.value_text, r.status, r."precision"::text,
  to_char(r.released_on, 'YYYY-MM-DD'), r.id::text, s.publisher, s.title, s.published_label,
  s.url, r.note`

const current = `
  JOIN revisions r ON r.id = o.current_revision_id
  LEFT JOIN (${breakStartsQuery(null)}) b ON b.id = o.id`

/** At the end of day $6, out of the commits up to $7. */
const vintageWords = { asOf: '$6', commit: '$7' }
const asKnown = `
  JOIN ${knownRevision(vintageWords)} r ON true
  LEFT JOIN (${breakStartsQuery(vintageWords)}) b ON b.id = o.id`

const filtered = `
  LEFT JOIN sources s ON s.id = r.source_id
  WHERE ($1::text[] IS NULL OR o.indicator_code = ANY($1))
    AND ($2::text[] IS NULL OR o.programme_code = ANY($2))
    AND ($3::text[] IS NULL OR o.area_code = ANY($3))
    AND ($4::text[] IS NULL OR o.sex = ANY($4))
    AND ($5::text[] IS NULL OR o.role::text = ANY($5))`

const byKey = `
  ORDER BY o.indicator_code, o.programme_code, o.area_code, o.academy_code, o.sex, o.role, o.kind,
    o.unit_code, o.period_end, o.period_start, o.id`

interface Query {
  sql: string
  values: unknown[]
}

const valuesOf = (filter: DownloadFilter, vintage: Vintage | null) => [
  filter.indicator ?? null,
  filter.programme ?? null,
  filter.area ?? null,
  filter.sex ?? null,
  filter.role ?? null,
  ...(vintage ? [vintage.asOf, vintage.commit] : []),
]

/** The one query behind every form in which figures are given out: files, pages of the API. */
function figuresQuery(
  filter: DownloadFilter,
  vintage: Vintage | null,
  page?: { after: number; limit: number },
): Query {
  const values = valuesOf(filter, vintage)
  const from = `FROM observations o ${vintage ? asKnown : current} ${filtered} AND r.value IS NOT NULL`
  const signs = marks(vintage ? differAsKnown : 'o.publishers_differ')
  if (!page) {
    return { sql: `SELECT ${columns}, ${signs}, '${dataLicence.id}' ${from} ${byKey}`, values }
  }
  const [after, limit] = [values.length + 1, values.length + 2]
  return {
    sql: `SELECT ${columns}, o.id::text, ${signs} ${from} AND o.id > $${after} ORDER BY o.id LIMIT $${limit}`,
    values: [...values, page.after, page.limit],
  }
}

/** Every public revision, newest record first; of a vintage, those known in it. */
function revisionsQuery(
  filter: DownloadFilter,
  vintage: Vintage | null,
  page: { after: number; limit: number },
): Query {
  const values = valuesOf(filter, vintage)
  const known = vintage ? 'AND r.known_on <= $6 AND r.commit_no <= $7' : ''
  const [after, limit] = [values.length + 1, values.length + 2]
  return {
    sql: `SELECT ${columns}, o.id::text, r.kind::text, r.commit_no::text,
        to_char(r.known_on, 'YYYY-MM-DD'), r.reason
      FROM revisions r JOIN observations o ON o.id = r.observation_id ${filtered} ${known}
        AND ($${after} = 0 OR r.id < $${after})
      ORDER BY r.id DESC LIMIT $${limit}`,
    values: [...values, page.after, page.limit],
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
  const { sql, values } = figuresQuery(filter, vintage)
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
  const cells = await rowsOf(figuresQuery(filter, vintage, oneMore(page)))
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

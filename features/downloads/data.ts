import { pipeline, type Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import { type Flag, flagSymbols } from '@/components/charts/model'
import { breakStartsQuery, knownRevision } from '@/features/figures/data'
import { dataLicence } from '@/features/settings/schema'
import type { Vintage } from '@/features/vintages/schema'
import { guardFormula } from '@/lib/csv'
import { streamRows } from '@/lib/db/stream'
import { type DownloadFilter, downloadColumns } from './schema'

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
          AND k.release_at <= now()
      ) known
      ORDER BY publisher_name, (released_on IS NOT NULL) DESC, released_on DESC, id DESC
    ) last)`

const columns = (publishersDiffer: string) => `
  SELECT o.role::text, o.indicator_code, o.programme_code, o.area_code, o.academy_code, o.sex,
    o.kind::text, o.unit_code, o.period, to_char(o.period_start, 'YYYY-MM-DD'),
    to_char(o.period_end, 'YYYY-MM-DD'), o.frequency, r.value_text, r.status, r."precision"::text,
    to_char(r.released_on, 'YYYY-MM-DD'), r.id::text, s.publisher, s.title, s.published_label,
    s.url, r.note, ${marks(publishersDiffer)}, '${dataLicence.id}'
  FROM observations o`

const current = `${columns('o.publishers_differ')}
  JOIN revisions r ON r.id = o.current_revision_id
  LEFT JOIN (${breakStartsQuery(null)}) b ON b.id = o.id`

/** At the end of day $6, out of the commits up to $7. */
const vintageWords = { asOf: '$6', commit: '$7' }
const asKnown = `${columns(differAsKnown)}
  JOIN ${knownRevision(vintageWords)} r ON true
  LEFT JOIN (${breakStartsQuery(vintageWords)}) b ON b.id = o.id`

const rest = `
  LEFT JOIN sources s ON s.id = r.source_id
  WHERE r.value IS NOT NULL AND r.release_at <= now()
    AND ($1::text[] IS NULL OR o.indicator_code = ANY($1))
    AND ($2::text[] IS NULL OR o.programme_code = ANY($2))
    AND ($3::text[] IS NULL OR o.area_code = ANY($3))
    AND ($4::text[] IS NULL OR o.sex = ANY($4))
    AND ($5::text[] IS NULL OR o.role::text = ANY($5))
  ORDER BY o.indicator_code, o.programme_code, o.area_code, o.academy_code, o.sex, o.role, o.kind,
    o.unit_code, o.period_end, o.period_start, o.id`

/**
 * Current figures, or those of a vintage, as CSV: UTF-8 without a byte order mark, RFC 4180 with CR LF, the columns of
 * `downloadColumns`, values as published. An error while reading destroys the stream.
 */
export async function figuresCsv(
  filter: DownloadFilter,
  vintage: Vintage | null = null,
): Promise<Readable> {
  const rows = await streamRows(`${vintage ? asKnown : current} ${rest}`, [
    filter.indicator ?? null,
    filter.programme ?? null,
    filter.area ?? null,
    filter.sex ?? null,
    filter.role ?? null,
    ...(vintage ? [vintage.asOf, vintage.commit] : []),
  ])
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

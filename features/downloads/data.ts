import { pipeline, type Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import { figureColumns } from '@/features/figures/schema'
import type { Vintage } from '@/features/vintages/schema'
import { guardFormula } from '@/lib/csv'
import { streamRows } from '@/lib/db/stream'
import type { DownloadFilter } from './schema'

/** Cells written by people, which a spreadsheet must not run; every other cell is a code or number. */
const textColumns: ReadonlySet<string> = new Set(['publisher', 'title', 'source_url', 'note'])
const isText = figureColumns.map((column) => textColumns.has(column))

const columns = `
  SELECT o.role::text, o.indicator_code, o.programme_code, o.area_code, o.academy_code, o.sex,
    o.kind::text, o.unit_code, o.period, to_char(o.period_start, 'YYYY-MM-DD'),
    to_char(o.period_end, 'YYYY-MM-DD'), o.frequency, r.value_text, r.status, r."precision"::text,
    to_char(r.released_on, 'YYYY-MM-DD'), r.id::text, s.publisher, s.title, s.published_label,
    s.url, r.note
  FROM observations o`

const current = 'JOIN revisions r ON r.id = o.current_revision_id'

/** The last revision known at the end of day $6 out of the commits up to $7, by `compareRevisions`. */
const asKnown = `JOIN LATERAL (
    SELECT * FROM revisions
    WHERE observation_id = o.id AND known_on <= $6 AND commit_no <= $7
    ORDER BY (released_on IS NOT NULL) DESC, released_on DESC, id DESC LIMIT 1
  ) r ON true`

const rest = `
  LEFT JOIN sources s ON s.id = r.source_id
  WHERE r.value IS NOT NULL
    AND ($1::text[] IS NULL OR o.indicator_code = ANY($1))
    AND ($2::text[] IS NULL OR o.programme_code = ANY($2))
    AND ($3::text[] IS NULL OR o.area_code = ANY($3))
    AND ($4::text[] IS NULL OR o.sex = ANY($4))
    AND ($5::text[] IS NULL OR o.role::text = ANY($5))
  ORDER BY o.indicator_code, o.programme_code, o.area_code, o.academy_code, o.sex, o.role, o.kind,
    o.unit_code, o.period_end, o.period_start, o.id`

/**
 * Current figures, or those of a vintage, as CSV: UTF-8 without a byte order mark, RFC 4180 with CR LF, the columns of
 * `figureColumns`, values as published. An error while reading destroys the stream.
 */
export async function figuresCsv(
  filter: DownloadFilter,
  vintage: Vintage | null = null,
): Promise<Readable> {
  const rows = await streamRows(`${columns} ${vintage ? asKnown : current} ${rest}`, [
    filter.indicator ?? null,
    filter.programme ?? null,
    filter.area ?? null,
    filter.sex ?? null,
    filter.role ?? null,
    ...(vintage ? [vintage.asOf, vintage.commit] : []),
  ])
  const csv = stringify({ header: true, columns: [...figureColumns], record_delimiter: '\r\n' })
  // Whichever end fails or leaves, the pipeline takes the others with it.
  pipeline(rows, guardRows, csv, () => {})
  return csv
}

async function* guardRows(rows: AsyncIterable<(string | null)[]>) {
  for await (const row of rows) {
    yield row.map((cell, at) => (cell !== null && isText[at] ? guardFormula(cell) : (cell ?? '')))
  }
}

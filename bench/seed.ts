import { Client } from 'pg'
import { loadFirstContent } from '../features/imports/mutations'
import { connect } from '../lib/db/client'
import { migrate } from '../lib/db/migrate'

/**
 * A record for measurements, the same every time: 1,000 commits, 5,000 sources, monthly figures. Of
 * any size each indicator, area and programme has a like share of it: a record a thousand times as
 * large has a hundred times the series, each ten times as long.
 */
export interface SeedSize {
  /** Revisions of all keys together. */
  figures: number
  /** Revisions of each key, a quarter of a year apart. */
  revisions?: number
}

/** Written in one statement. */
const part = 500_000

/** The last month that has figures, and the day on which all were recorded. */
const lastMonth = '2025-12-01'
const recorded = '2026-11-01'

/** How many series so many keys have. */
const seriesOf = (keys: number) =>
  Math.min(keys, 20_300, Math.max(1, Math.round(200 * (keys / 10_000) ** (2 / 3))))

// Going round the indicators, with another area and programme each time: all pairs come once.
const catalogue = (series: number) => `
  CREATE TEMP TABLE bench_series AS
    SELECT k.n, i.code AS indicator, p.code AS programme, a.code AS area, i.default_kind AS kind,
      i.default_unit_code AS unit
    FROM generate_series(0, ${series - 1}) k(n)
    CROSS JOIN (SELECT count(*) AS of FROM indicators WHERE method = 'published') indicators
    CROSS JOIN (SELECT count(*) AS of FROM areas) areas
    CROSS JOIN (SELECT count(*) AS of FROM programmes) programmes
    CROSS JOIN LATERAL (
      SELECT k.n % indicators.of AS i, k.n / indicators.of AS round
    ) at
    JOIN (SELECT *, row_number() OVER (ORDER BY code) - 1 AS n FROM indicators
      WHERE method = 'published') i ON i.n = at.i
    JOIN (SELECT *, row_number() OVER (ORDER BY code) - 1 AS n FROM areas) a
      ON a.n = (at.i + at.round) % areas.of
    JOIN (SELECT *, row_number() OVER (ORDER BY code) - 1 AS n FROM programmes) p
      ON p.n = (at.i * 7 + at.round % areas.of * 3 + at.round / areas.of) % programmes.of;
  INSERT INTO commits (kind, actor_id, idempotency_key, committed_at)
    SELECT 'import', 'system', 'bench ' || n, TIMESTAMPTZ '2025-01-01' + n * INTERVAL '1 hour'
    FROM generate_series(1, 1000) n;
  INSERT INTO sources (publisher, title)
    SELECT 'Publisher ' || (n / 125) || CASE WHEN n % 3 = 0 THEN ' (press)' ELSE '' END, 'Page ' || n
    FROM generate_series(0, 4999) n;
  CREATE TEMP TABLE bench_commits AS
    SELECT no, row_number() OVER (ORDER BY no) - 1 AS at FROM commits WHERE kind = 'import'
      AND idempotency_key LIKE 'bench %';
  CREATE TEMP TABLE bench_sources AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS at
    FROM sources WHERE publisher LIKE 'Publisher %';
  CREATE TEMP TABLE bench_taken AS
    SELECT indicator_code, programme_code, area_code, unit_code, period FROM observations
    WHERE frequency = 'M';
  CREATE TEMP TABLE bench_first AS
    SELECT (SELECT max(id) FROM observations) AS observation, (SELECT max(id) FROM revisions) AS revision;
  ANALYZE bench_series, bench_commits, bench_sources, bench_taken`

interface Shape {
  keys: number
  series: number
  revisions: number
}

/** Keys of one part by number, the oldest months first; none that the first content has. */
const keysFrom = ({ keys, series }: Shape) => `
  FROM generate_series($1::int, $2::int) k(n)
  JOIN bench_series b ON b.n = k.n % ${series}
  CROSS JOIN bench_first f
  CROSS JOIN LATERAL (
    SELECT (DATE '${lastMonth}' - (${Math.ceil(keys / series) - 1} - k.n / ${series}) * INTERVAL '1 month')::date
      AS first
  ) m
  CROSS JOIN LATERAL (
    SELECT to_char(m.first, 'YYYY-MM') AS period, (m.first + INTERVAL '1 month - 1 day')::date AS last,
      f.observation + 1 + k.n AS id
  ) o
  LEFT JOIN bench_taken t ON (t.indicator_code, t.programme_code, t.area_code, t.unit_code, t.period)
    = (b.indicator, b.programme, b.area, b.unit, o.period)`

const digitsOf = (revision: string) => `(o.id::bigint * 37 + ${revision} * 11) % 100000`

const observations = (shape: Shape) => `
  INSERT INTO observations (id, role, indicator_code, programme_code, area_code, kind, unit_code, period,
      period_start, period_end, frequency, current_revision_id, value)
    SELECT o.id, 'actual', b.indicator, b.programme, b.area, b.kind, b.unit, o.period, m.first, o.last,
      'M', f.revision + 1 + ${(shape.revisions - 1) * shape.keys} + k.n, ${digitsOf(String(shape.revisions))}
    ${keysFrom(shape)}
    WHERE t.period IS NULL`

const revision = (shape: Shape, n: number) => `
  INSERT INTO revisions (id, observation_id, commit_no, value, value_text, status, source_id, author_id,
      approver_id, released_on, recorded_on, known_on)
    SELECT f.revision + 1 + ${(n - 1) * shape.keys} + k.n, o.id, c.no, v.value, v.value::text, 'A', s.id,
      'system', 'system', v.day, DATE '${recorded}', v.day
    ${keysFrom(shape)}
    CROSS JOIN LATERAL (
      SELECT ${digitsOf(String(n))} AS value, least(o.last + 20 + ${(n - 1) * 90}, DATE '${recorded}') AS day
    ) v
    JOIN bench_commits c ON c.at = (${n * 200} + o.id % 200) % 1000
    JOIN bench_sources s ON s.at = (b.n * 7 + k.n / ${shape.series} / 12 + ${n}) % 5000
    WHERE t.period IS NULL`

/** What commits would have kept true. */
const derived = `
  SELECT setval('observations_id_seq', (SELECT max(id) FROM observations));
  SELECT setval('revisions_id_seq', (SELECT max(id) FROM revisions));
  DELETE FROM series;
  INSERT INTO series SELECT * FROM series_now;
  DELETE FROM series_shares;
  INSERT INTO series_shares SELECT * FROM series_shares_now;
  DELETE FROM figures_apart;
  INSERT INTO figures_apart SELECT * FROM figures_apart_now`

const each = async (client: Client, statements: string) => {
  for (const statement of statements.split(';\n')) await client.query(statement)
}

/** The indexes that stand for no constraint are made at the end, which sorts instead of searching. */
async function withoutIndexes(client: Client, write: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT c.oid::regclass::text AS name, pg_get_indexdef(c.oid) AS definition
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE i.indrelid IN ('observations'::regclass, 'revisions'::regclass)
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = c.oid)
     ORDER BY 1`,
  )
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`)
  await write()
  for (const { definition } of rows) await client.query(definition)
}

/** Writes the figures beside the first content of an otherwise empty database. */
export async function seedFigures(client: Client, size: SeedSize): Promise<void> {
  const { revisions = 1 } = size
  const keys = Math.ceil(size.figures / revisions)
  const shape = { keys, series: seriesOf(keys), revisions }
  await each(
    client,
    // What is written here needs no check, and the log of a million changes would take most of the time.
    `SET session_replication_role = replica;
    SET synchronous_commit = off;
    SET maintenance_work_mem = '512MB';
    SET work_mem = '256MB'`,
  )
  await each(client, catalogue(shape.series))
  await withoutIndexes(client, async () => {
    const writing = [
      observations(shape),
      ...Array.from({ length: revisions }, (_, n) => revision(shape, n + 1)),
    ]
    for (const statement of writing) {
      for (let from = 0; from < keys; from += part)
        await client.query(statement, [from, Math.min(from + part, keys) - 1])
    }
  })
  await client.query('ANALYZE observations, revisions')
  await each(client, derived)
  await client.query('VACUUM ANALYZE')
}

/**
 * Makes a record in an empty database, beside the first content; says how many seconds that took
 * beyond the first content.
 */
export async function seedRecord(url: string, size: SeedSize): Promise<number> {
  await migrate(url)
  const database = connect(url)
  await loadFirstContent(database)
  await database.$disconnect()
  const client = new Client({ connectionString: url })
  await client.connect()
  const begin = performance.now()
  await seedFigures(client, size)
  await client.end()
  return (performance.now() - begin) / 1000
}

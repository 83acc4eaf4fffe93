import { Client } from 'pg'
import { loadFirstContent } from '../features/imports/mutations'
import { connect } from '../lib/db/client'
import { migrate } from '../lib/db/migrate'

/** A record for measurements, the same every time: 1,000 commits, 5,000 sources, monthly figures. */
export interface SeedSize {
  /** Programmes of each indicator in each of the ten areas. */
  programmes: number
  /** Revisions of each key, a quarter of a year apart. */
  revisions: number
  /** All revisions together are at most so many. */
  most: number
  /** An indicator that has 100 months of figures, where the others have 450. */
  short?: string
}

const statements = ({ programmes, revisions, most, short = '' }: SeedSize) => `
  INSERT INTO commits (kind, actor_id, idempotency_key, committed_at)
    SELECT 'import', 'system', 'bench ' || n, TIMESTAMPTZ '2024-01-01' + n * INTERVAL '1 hour'
    FROM generate_series(1, 1000) n;
  INSERT INTO sources (publisher, title)
    SELECT 'Publisher ' || (n % 40) || CASE WHEN n % 3 = 0 THEN ' (press)' ELSE '' END, 'Page ' || n
    FROM generate_series(1, 5000) n;
  INSERT INTO observations (role, indicator_code, programme_code, area_code, kind, unit_code, period,
      period_start, period_end, frequency)
    SELECT 'actual', i.code, p.code, a.code, i.default_kind, i.default_unit_code,
      to_char(m.month, 'YYYY-MM'), m.month, (m.month + INTERVAL '1 month - 1 day')::date, 'M'
    FROM (SELECT *, row_number() OVER (ORDER BY code) AS n FROM indicators
      WHERE method = 'published') i
    CROSS JOIN (SELECT *, row_number() OVER (ORDER BY code) AS n FROM areas) a
    CROSS JOIN generate_series(0, ${programmes - 1}) place
    JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS n, count(*) OVER () AS of
      FROM programmes) p ON p.n = (i.n * 7 + a.n + place) % p.of
    CROSS JOIN LATERAL (
      SELECT (DATE '1985-01-01' + g * INTERVAL '1 month')::date AS month
      FROM generate_series(0, CASE WHEN i.code = '${short}' THEN 99 ELSE 449 END) g
    ) m
    LIMIT ${most}
    ON CONFLICT DO NOTHING;
  CREATE TEMP TABLE bench_commits AS
    SELECT no, row_number() OVER (ORDER BY no) AS at FROM commits WHERE kind = 'import';
  CREATE TEMP TABLE bench_sources AS SELECT id, row_number() OVER (ORDER BY id) AS at FROM sources;
  ANALYZE bench_commits;
  ANALYZE bench_sources;
  ANALYZE observations;
  INSERT INTO revisions (observation_id, commit_no, value, value_text, status, source_id, author_id,
      approver_id, released_on, recorded_on, known_on)
    SELECT o.id, c.no, v.value, v.value::text, 'A', s.id, 'system', 'system', v.day,
      DATE '2024-06-01', v.day
    FROM generate_series(1, ${revisions}) n
    CROSS JOIN observations o
    CROSS JOIN LATERAL (
      SELECT (o.id * 37 + n * 11) % 100000 AS value, o.period_end + n * 90 AS day
    ) v
    JOIN bench_commits c ON c.at = 1 + (n * 200 + o.id % 200 - 1) % 1000
    JOIN bench_sources s ON s.at = 1 + (o.id * 5 + n) % 5000
    WHERE o.frequency = 'M' AND o.current_revision_id IS NULL
    ORDER BY n, o.id
    LIMIT ${most} - (SELECT count(*) FROM revisions);
  UPDATE observations o SET current_revision_id = r.id, value = r.value
    FROM (SELECT DISTINCT ON (observation_id) * FROM revisions
      ORDER BY observation_id, released_on DESC NULLS LAST, id DESC) r
    WHERE r.observation_id = o.id AND o.current_revision_id IS NULL;
  DELETE FROM series;
  INSERT INTO series SELECT * FROM series_now;
  DELETE FROM series_shares;
  INSERT INTO series_shares SELECT * FROM series_shares_now;
  VACUUM ANALYZE;`

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
  // What is written here needs no check, and the log of a million changes would take most of the time.
  await client.query('SET session_replication_role = replica')
  for (const statement of statements(size)
    .split(';\n')
    .filter((part) => part.trim())) {
    await client.query(statement)
  }
  await client.end()
  return (performance.now() - begin) / 1000
}

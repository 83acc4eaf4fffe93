import { Client } from 'pg'
import { figuresAsOfQuery } from '../features/figures/data'
import { loadFirstContent } from '../features/imports/mutations'
import { connect } from '../lib/db/client'
import { Prisma } from '../lib/db/generated/client'
import { migrate } from '../lib/db/migrate'
import { withThrowawayDatabase } from '../scripts/throwaway-database'

/**
 * What a past day costs at a million revisions: the plans of the query behind `?asOf=`, for one
 * figure, one indicator, one programme and the whole record, beside today's figures of the same.
 * `npm run bench:as-of`; docs/performance.md says how to read it.
 */
const revisions = 1_000_000
const asOf = '2012-06-30'
const indicator = 'ICT_EXPORTS'
const runs = 5

/** Ten areas by 450 months for each indicator, 100 months for the one measured; every key of one programme. */
const seed = `
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
    FROM (SELECT *, row_number() OVER (ORDER BY code) AS n FROM indicators) i
    CROSS JOIN (SELECT *, row_number() OVER (ORDER BY code) AS n FROM areas) a
    JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS n, count(*) OVER () AS of
      FROM programmes) p ON p.n = (i.n * 7 + a.n) % p.of
    CROSS JOIN LATERAL (
      SELECT (DATE '1985-01-01' + g * INTERVAL '1 month')::date AS month
      FROM generate_series(0, CASE WHEN i.code = '${indicator}' THEN 99 ELSE 449 END) g
    ) m
    ON CONFLICT DO NOTHING;
  INSERT INTO revisions (observation_id, commit_no, value, value_text, status, source_id, author_id,
      approver_id, released_on, recorded_on, known_on, release_at)
    SELECT o.id, c.no, v.value, v.value::text, 'A', s.id, 'system', 'system', v.day,
      DATE '2024-06-01', v.day, TIMESTAMPTZ '2024-06-01'
    FROM generate_series(1, 5) n
    CROSS JOIN observations o
    CROSS JOIN LATERAL (
      SELECT (o.id * 37 + n * 11) % 100000 AS value, o.period_end + n * 90 AS day
    ) v
    JOIN (SELECT no, row_number() OVER (ORDER BY no) AS at FROM commits WHERE kind = 'import') c
      ON c.at = 1 + (n * 200 + o.id % 200 - 1) % 1000
    JOIN (SELECT id, row_number() OVER (ORDER BY id) AS at FROM sources) s
      ON s.at = 1 + (o.id * 5 + n) % 5000
    WHERE o.frequency = 'M' AND o.current_revision_id IS NULL
    ORDER BY n, o.id
    LIMIT ${revisions} - (SELECT count(*) FROM revisions);
  UPDATE observations o SET current_revision_id = r.id, value = r.value
    FROM (SELECT DISTINCT ON (observation_id) * FROM revisions
      ORDER BY observation_id, released_on DESC NULLS LAST, id DESC) r
    WHERE r.observation_id = o.id AND o.current_revision_id IS NULL;
  VACUUM ANALYZE;`

/** Today's figures of the same filter: what the pages of today read. */
const today = (condition: Prisma.Sql) => Prisma.sql`
  SELECT o.*, r.*, s.publisher, s.title, s.published_label, s.url
  FROM observations o
  JOIN revisions r ON r.id = o.current_revision_id
  LEFT JOIN sources s ON s.id = r.source_id
  WHERE o.value IS NOT NULL AND ${condition}
  ORDER BY o.indicator_code, o.period_end NULLS LAST, o.period_start NULLS LAST, o.id`

interface Measured {
  plan: string[]
  rows: number
  milliseconds: number
}

async function explain(client: Client, { text, values }: Prisma.Sql): Promise<Measured> {
  const measured: Measured[] = []
  for (let run = 0; run < runs; run++) {
    const { rows } = await client.query<{ 'QUERY PLAN': string }>({
      text: `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) ${text}`,
      values,
    })
    const plan = rows.map((row) => row['QUERY PLAN'])
    const time = plan.find((line) => line.startsWith('Execution Time'))
    measured.push({
      plan,
      rows: Number(plan[0]?.match(/actual rows=(\d+)/)?.[1]),
      milliseconds: Number(time?.match(/[\d.]+/)?.[0]),
    })
  }
  measured.sort((a, b) => a.milliseconds - b.milliseconds)
  return measured[Math.floor(runs / 2)] as Measured
}

async function measure(client: Client): Promise<void> {
  const count = async (table: string, condition = 'true') =>
    (await client.query(`SELECT count(*) FROM ${table} WHERE ${condition}`)).rows[0].count as string
  const { rows } = await client.query(
    `SELECT o.id, c.no FROM observations o, LATERAL (SELECT max(no) AS no FROM commits) c
     WHERE o.indicator_code = '${indicator}' AND o.period = '1990-01' ORDER BY o.id LIMIT 1`,
  )
  const { id, no: commit } = rows[0]
  console.log(
    `${await count('revisions')} revisions of ${await count('observations')} keys, ` +
      `${await count('observations', `indicator_code = '${indicator}'`)} of ${indicator}; as of ${asOf}`,
  )
  const cases = [
    { name: 'one figure', filter: { id }, condition: Prisma.sql`o.id = ${id}` },
    {
      name: 'one indicator',
      filter: { indicator },
      condition: Prisma.sql`o.indicator_code = ${indicator}`,
    },
    {
      name: 'one programme',
      filter: { programmes: ['DIGISKILLS'] },
      condition: Prisma.sql`o.programme_code = ANY(${['DIGISKILLS']})`,
    },
    { name: 'the whole record', filter: {}, condition: Prisma.sql`true` },
  ]
  for (const { name, filter, condition } of cases) {
    const then = await explain(client, figuresAsOfQuery({ asOf, commit }, filter))
    const now = await explain(client, today(condition))
    console.log(`\n== ${name}: ${then.rows} figures then, ${now.rows} now`)
    console.log(
      `${then.milliseconds.toFixed(2)} ms as of ${asOf}, ${now.milliseconds.toFixed(2)} ms today: ` +
        `ratio ${(then.milliseconds / now.milliseconds).toFixed(1)}`,
    )
    console.log(then.plan.join('\n'))
  }
}

await withThrowawayDatabase(async (url) => {
  await migrate(url)
  const database = connect(url)
  await loadFirstContent(database)
  await database.$disconnect()
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const begin = performance.now()
    for (const statement of seed.split(';\n').filter((part) => part.trim())) {
      await client.query(statement)
    }
    console.log(`Seeded in ${((performance.now() - begin) / 1000).toFixed(0)} s.`)
    await measure(client)
  } finally {
    await client.end()
  }
})

import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadFirstContent } from '@/features/imports/mutations'
import { seedFigures } from '../../bench/seed'
import { type TestDatabase, testDatabase } from '../support/database'

let test: TestDatabase
let client: Client
let indexes: unknown[]

const rows = async (sql: string) => (await client.query(sql)).rows as Record<string, unknown>[]

const indexesNow = () =>
  rows(
    `SELECT indexdef FROM pg_indexes WHERE tablename IN ('observations', 'revisions') ORDER BY 1`,
  )

/** Everything that commits keep true beside the figures. */
async function kept() {
  const tables: Record<string, Record<string, unknown>[]> = {}
  for (const table of ['series', 'series_shares', 'figures_apart'])
    tables[table] = await rows(`SELECT to_jsonb(t)::text AS row FROM ${table} t ORDER BY 1`)
  return tables
}

beforeAll(async () => {
  test = await testDatabase()
  await loadFirstContent(test.database)
  client = new Client({ connectionString: test.url })
  await client.connect()
  indexes = await indexesNow()
  await seedFigures(client, { figures: 4_000, revisions: 2 })
}, 60_000)

afterAll(async () => {
  await client.end()
  await test.drop()
})

describe('a record for measurements', () => {
  it('is what commits of the same figures would have left', async () => {
    const seeded = await kept()
    await client.query('BEGIN')
    await client.query('SET LOCAL session_replication_role = replica')
    // The log is not written again.
    await client.query('ALTER TABLE commits DISABLE TRIGGER commits_audit')
    await client.query('CREATE TEMP TABLE again AS SELECT * FROM commits')
    for (const table of ['commits', 'series', 'series_shares', 'figures_apart'])
      await client.query(`DELETE FROM ${table}`)
    await client.query('SET LOCAL session_replication_role = origin')
    await client.query('INSERT INTO commits SELECT * FROM again')
    await client.query('COMMIT')
    expect(await kept()).toEqual(seeded)
    for (const [table, all] of Object.entries(seeded)) expect(all.length, table).toBeGreaterThan(10)
  })

  it('breaks no rule that it was written past', async () => {
    expect(await indexesNow()).toEqual(indexes)
    expect(
      await rows(`SELECT o.id FROM observations o
        LEFT JOIN indicators i ON i.code = o.indicator_code AND i.method = 'published'
        LEFT JOIN revisions r ON r.id = o.current_revision_id AND r.observation_id = o.id
          AND r.value = o.value AND r.status = o.status
        LEFT JOIN LATERAL (SELECT id FROM revisions n WHERE n.observation_id = o.id
          ORDER BY (released_on IS NOT NULL) DESC, released_on DESC, id DESC LIMIT 1) n ON true
        LEFT JOIN commits c ON c.no = r.commit_no
        LEFT JOIN sources s ON s.id = r.source_id
        WHERE i.code IS NULL OR n.id IS DISTINCT FROM r.id OR c.no IS NULL OR s.id IS NULL`),
    ).toEqual([])
    await client.query(`INSERT INTO sources (publisher) VALUES ('Any')`)
    const [next] = await rows(`SELECT nextval('observations_id_seq') > max(o.id) AND
      nextval('revisions_id_seq') > (SELECT max(id) FROM revisions) AS is_free FROM observations o`)
    expect(next).toEqual({ is_free: true })
  })

  it.each(['indicator_code', 'area_code'])('has a like share of each %s', async (column) => {
    const [share] =
      await rows(`SELECT min(count) * 3 >= max(count) AS is_like, count(*)::int AS codes FROM (
      SELECT count(*) FROM observations WHERE period BETWEEN '2024-06' AND '2025-12' AND frequency = 'M'
      GROUP BY ${column}) counted`)
    const [all] = await rows(
      column === 'area_code'
        ? 'SELECT count(*)::int AS codes FROM areas'
        : `SELECT count(*)::int AS codes FROM indicators WHERE method = 'published'`,
    )
    expect(share).toEqual({ is_like: true, codes: all?.codes })
  })
})

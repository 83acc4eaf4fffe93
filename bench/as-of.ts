import { Client } from 'pg'
import { figuresAsOfQuery } from '../features/figures/data'
import { Prisma } from '../lib/db/generated/client'
import { withThrowawayDatabase } from '../scripts/throwaway-database'
import { seedRecord } from './seed'

/**
 * What a past day costs at a million revisions: the plans of the query behind `?asOf=`, for one
 * figure, one indicator, one programme and the whole record, beside today's figures of the same.
 * `npm run bench:as-of`; docs/performance.md says how to read it.
 */
const revisions = 1_000_000
const asOf = '2022-06-30'
const indicator = 'ICT_EXPORTS'
const runs = 5

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
     WHERE o.indicator_code = '${indicator}' AND o.period = '2020-01' ORDER BY o.id LIMIT 1`,
  )
  const { id, no: commit } = rows[0]
  console.log(
    `${await count('revisions')} revisions of ${await count('observations')} keys, ` +
      `${await count('observations', `indicator_code = '${indicator}'`)} of ${indicator}; as of ${asOf}`,
  )
  const cases = [
    { name: 'one figure', filter: { ids: [id] }, condition: Prisma.sql`o.id = ${id}` },
    {
      name: 'one indicator',
      filter: { indicators: [indicator] },
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
  const size = { figures: revisions, revisions: 5 }
  console.log(`Seeded in ${(await seedRecord(url, size)).toFixed(0)} s.`)
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await measure(client)
  } finally {
    await client.end()
  }
})

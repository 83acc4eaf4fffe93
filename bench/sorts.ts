import { Client } from 'pg'
import { readObservations, readRevisions } from '../features/resources/data'
import { placeToken, readQuery } from '../features/resources/rules'
import { type ResourceName, resources } from '../features/resources/schema'
import { type Database, database } from '../lib/db/client'
import { withThrowawayDatabase } from '../scripts/throwaway-database'
import { seedRecord } from './seed'

/**
 * What a page of the API costs in each of its orders, at its beginning and far in, and by which index
 * it is found. `npm run bench:sorts -- 1000000` seeds a database of its own; a second argument names
 * one that is seeded already.
 */
const figures = Number(process.argv[2] ?? 1_000_000)
const seeded = process.argv[3]
const runs = 5

interface Plan {
  'Node Type': string
  'Index Name'?: string
  'Actual Rows': number
  Plans?: Plan[]
}

const under = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(under)]
const middle = (numbers: number[]) =>
  numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0

/** The statements that reading takes, as they are sent. */
function overheard(from: Database): { sql: string; values: unknown[] }[] {
  const heard: { sql: string; values: unknown[] }[] = []
  const own = from.$queryRawUnsafe.bind(from)
  Object.assign(from, {
    $queryRawUnsafe: (sql: string, ...values: unknown[]) => {
      heard.push({ sql, values })
      return own(sql, ...values)
    },
  })
  return heard
}

async function told(
  client: Client,
  { name, sort, after }: { name: 'observations' | 'revisions'; sort: string; after: string | null },
) {
  const words = new URLSearchParams({ sort, limit: '100', ...(after && { after }) })
  const query = readQuery(name, words)
  if (!query.ok) throw new Error(JSON.stringify(query))
  const heard = overheard(database())
  const read = name === 'observations' ? readObservations : readRevisions
  const page = await read(query.value as never, null)
  if (!page.ok) throw new Error(JSON.stringify(page))
  const { sql = '', values = [] } = heard.findLast((one) => one.sql.includes(' AS place ')) ?? {}
  const took: number[] = []
  let indexes: string[] = []
  let sorts = 0
  for (let run = 0; run < runs; run += 1) {
    const { rows } = await client.query<Record<string, [{ Plan: Plan; 'Execution Time': number }]>>(
      `EXPLAIN (ANALYZE, FORMAT json) ${sql}`,
      values,
    )
    const [plan] = Object.values(rows[0] ?? {})[0] ?? []
    if (!plan) throw new Error('There is no plan.')
    const nodes = under(plan.Plan)
    took.push(plan['Execution Time'])
    indexes = nodes.flatMap((node) => node['Index Name'] ?? [])
    sorts = nodes.filter((node) => node['Node Type'] === 'Sort' && node['Actual Rows'] > 100).length
  }
  console.log(
    `${name} by ${sort}${after ? ', far in' : ''}: ${middle(took).toFixed(1)} ms, ` +
      `${indexes[0]}, ${sorts} sorts of more than a page`,
  )
  const { rows: found } = await client.query<{ place: string[] }>(
    sql.replace(/LIMIT (\S+)$/, `LIMIT least($1, 1) OFFSET ${Math.floor(figures / 2)}`),
    values,
  )
  return placeToken(query.value.sort.by, found[0]?.place ?? [])
}

async function measure(url: string): Promise<void> {
  process.env.DATABASE_URL = url
  const client = new Client({ connectionString: url })
  await client.connect()
  for (const name of ['observations', 'revisions'] as const satisfies ResourceName[]) {
    for (const sort of resources[name].sorts.flatMap((one) => [one, `-${one}`])) {
      const after = await told(client, { name, sort, after: null })
      await told(client, { name, sort, after })
    }
  }
  await client.end()
  await database().$disconnect()
}

if (seeded) await measure(seeded)
else
  await withThrowawayDatabase(async (url) => {
    await seedRecord(url, { figures })
    await measure(url)
  })

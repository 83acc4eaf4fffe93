import { AsyncLocalStorage } from 'node:async_hooks'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Database } from '@/lib/db/client'
import { database } from '@/lib/db/client'
import { expectOfReplica, publicDatabase } from '@/lib/db/replica'
import { streamRows } from '@/lib/db/stream'
import { type TestDatabase, testDatabase } from '../support/database'

// Two databases that know nothing of each other: one that lags is one without the newest entries.
let primary: TestDatabase
let replica: TestDatabase

beforeAll(async () => {
  primary = await testDatabase()
  replica = await testDatabase()
})

afterAll(async () => {
  await primary.drop()
  await replica.drop().catch(() => {})
})

const stub = () => {
  vi.stubEnv('DATABASE_URL', primary.url)
  vi.stubEnv('DATABASE_REPLICA_URL', replica.url)
}

const nameOf = (url: string) => new URL(url).pathname.slice(1)

async function asked(of: Database): Promise<string> {
  const [row] = await of.$queryRaw<{ name: string }[]>`SELECT current_database()::text AS name`
  return row?.name ?? ''
}

async function newestOf({ database }: TestDatabase): Promise<number> {
  const { _max } = await database.auditEntry.aggregate({ _max: { no: true } })
  return _max.no ?? 0
}

const isRead = async () => (await asked(publicDatabase())) === nameOf(replica.url)

test('a replica is read once it has what was announced, by those who are not signed in', async () => {
  stub()
  const no = (await newestOf(replica)) + 1
  expectOfReplica(no)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await asked(publicDatabase())).toBe(nameOf(primary.url))
  await replica.database.setting.create({ data: { key: 'replayed', value: true } })
  await vi.waitUntil(isRead, { timeout: 5_000 })
  const rows = await streamRows('SELECT current_database()', [])
  expect(String((await rows.toArray())[0])).toBe(nameOf(replica.url))

  const ownWrites = new AsyncLocalStorage<boolean>()
  Object.assign(globalThis, { shumarOwnWrites: ownWrites })
  await ownWrites.run(true, async () => {
    expect(await asked(publicDatabase())).toBe(nameOf(primary.url))
  })
  expectOfReplica(no + 1)
  expect(await asked(publicDatabase())).toBe(nameOf(primary.url))
})

test('what a replica cannot answer, the primary is asked', async () => {
  stub()
  expectOfReplica(0)
  await vi.waitUntil(isRead, { timeout: 5_000 })
  const held = publicDatabase()
  await primary.database.setting.create({ data: { key: 'here', value: true } })
  await replica.drop()
  expect(await held.setting.findUnique({ where: { key: 'here' } })).toMatchObject({ value: true })
  expect(await asked(held)).toBe(nameOf(primary.url))
  expect(await asked(publicDatabase())).toBe(nameOf(primary.url))
  const rows = await streamRows('SELECT current_database()', [])
  expect(String((await rows.toArray())[0])).toBe(nameOf(primary.url))
  await database().$disconnect()
})

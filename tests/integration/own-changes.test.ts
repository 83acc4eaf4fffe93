import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { POST as refresh } from '@/app/internal/refresh/route'
import { tokenHash } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { receiveBatch } from '@/features/batches/actions'
import { loadFirstContent } from '@/features/imports/mutations'
import { changeSettings } from '@/features/settings/mutations'
import type { Database } from '@/lib/db/client'
import { newSecretToken } from '@/lib/secret-token'
import { type ChangeWatch, watchChanges } from '@/scripts/changes'
import { newActor } from '../support/actors'
import { type TestDatabase, testDatabase } from '../support/database'

const { expired } = vi.hoisted(() => ({ expired: [] as string[] }))
vi.mock('next/headers', () => ({ headers: async () => new Headers() }))
vi.mock('next/cache', () => ({
  cacheLife: () => {},
  cacheTag: () => {},
  revalidateTag: (tag: string) => expired.push(tag),
}))
vi.mock('@/features/files/data', () => ({ countAhead: () => {} }))

type Replica = { database: Database; isCurrent: boolean }
const shared = globalThis as { shumarDatabase?: Database; shumarReplica?: Replica }

let home: TestDatabase
let admin: Actor
let secret: string
let watch: ChangeWatch
const heard: string[][] = []

beforeAll(async () => {
  home = await testDatabase()
  await loadFirstContent(home.database)
  admin = await newActor(home.database, 'admin')
  secret = newSecretToken('shumar')
  await home.database.apiToken.create({
    data: {
      id: randomUUID(),
      userId: admin.userId,
      name: 'Enrolment system',
      tokenHash: tokenHash(secret),
      mayPublish: true,
      scopes: [],
      expiresAt: new Date(Date.now() + 86_400_000),
    },
  })
  watch = watchChanges({
    url: home.url,
    refresh: async (_, by) => void heard.push([...by]),
    report: (line) => expect.unreachable(line),
  })
  await watch.caughtUp
})

afterAll(async () => {
  await watch.close()
  await shared.shumarDatabase?.$disconnect()
  await shared.shumarReplica?.database.$disconnect()
  await home.drop()
})

beforeEach(async () => {
  vi.stubEnv('DATABASE_URL', home.url)
  vi.stubEnv('SHUMAR_URL', 'https://stats.example.org')
  vi.stubEnv('SHUMAR_SECRET', 'a secret of the tests, long enough and unused elsewhere')
  vi.stubEnv('SHUMAR_INTERNAL_SECRET', 'known to the parent')
  await watch.catchUp()
  heard.length = 0
  expired.length = 0
})

let day = 0

/** Enters a figure through this process; answers the transactions that the watch then tells of. */
async function enter(): Promise<string[]> {
  day += 1
  const answer = await receiveBatch(
    new Request('https://stats.example.org/api/v1/observations', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${secret}`,
        'content-type': 'application/json',
        'idempotency-key': `"${randomUUID()}"`,
      },
      body: JSON.stringify({
        message: 'The May count',
        observations: [
          {
            indicator: 'TRAINING_SLOTS',
            programme: 'PSEB',
            area: 'PK',
            period: `1950-05-${String(day).padStart(2, '0')}`,
            value: '120',
            publisher: 'PSEB',
            title: 'Places counted',
            source_date: '2024-05-11',
          },
        ],
      }),
    }),
  )
  expect(answer.status).toBe(201)
  await watch.catchUp()
  return heard.splice(0).flat()
}

/** As through another instance. */
async function changeElsewhere(): Promise<string[]> {
  day += 1
  const attribution = day % 2 === 0 ? 'names' : 'roles'
  await changeSettings(home.database, admin, { fourEyes: 'off', attribution })
  await watch.catchUp()
  return heard.splice(0).flat()
}

/** What is expired when the parent tells of a change. */
async function expiredBy(transactions: readonly string[]): Promise<string[]> {
  expired.length = 0
  const answer = refresh(
    new Request('http://localhost/internal/refresh', {
      method: 'POST',
      headers: {
        'x-shumar-internal': 'known to the parent',
        'x-shumar-change': '1',
        'x-shumar-by': transactions.join(' '),
      },
    }),
  )
  expect(answer.status).toBe(204)
  return expired
}

test('pages are expired once after an entry of our own, all that are public', async () => {
  const own = await enter()
  expect(own).toHaveLength(1)
  expect(expired).toContain('public')
  expect(await expiredBy(own)).toEqual([])
})

test('whatever somebody else has changed expires them, also between entries of our own', async () => {
  const own = await enter()
  const others = await changeElsewhere()
  const later = await enter()
  expect(await expiredBy(others)).toEqual(['public'])
  expect(await expiredBy([...own, ...others])).toEqual(['public'])
  expect(await expiredBy([...others, ...later])).toEqual(['public'])
  expect(await expiredBy([...own, ...later])).toEqual([])
})

test('what nobody can name expires them', async () => {
  await enter()
  expect(await expiredBy([])).toEqual(['public'])
})

test('with a replica they are expired again, as it may have been read too early', async () => {
  const own = await enter()
  delete shared.shumarReplica
  vi.stubEnv('DATABASE_REPLICA_URL', home.url)
  expect(await expiredBy(own)).toEqual(['public'])
  await vi.waitUntil(() => shared.shumarReplica?.isCurrent, 10_000)
})

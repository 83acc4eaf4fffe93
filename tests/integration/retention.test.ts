import { afterAll, beforeAll, expect, it } from 'vitest'
import { removeTraces } from '@/features/retention/mutations'
import { daysKept } from '@/scripts/drafts'
import { newActor } from '../support/actors'
import { type TestDatabase, testDatabase } from '../support/database'

let test: TestDatabase

beforeAll(async () => {
  test = await testDatabase()
})

afterAll(() => test.drop())

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000)

it('removes what was kept of people for long enough, and nothing else', async () => {
  const { database } = test
  const person = await newActor(database, 'editor')
  const session = (id: string, expiresAt: Date) =>
    database.session.create({ data: { id, token: id, expiresAt, userId: person.userId } })
  await session('old', daysAgo(31))
  await session('ended', daysAgo(1))
  await session('open', daysAgo(-1))
  await database.signInFailure.createMany({
    data: [
      { email: 'old@example.org', lastAt: daysAgo(31) },
      { email: 'new@example.org', lastAt: daysAgo(1) },
      { email: 'locked@example.org', lastAt: daysAgo(31), lockedUntil: daysAgo(-1) },
    ],
  })
  await database.rateLimit.createMany({
    data: [
      { id: 'old', key: 'old', count: 1, lastRequest: BigInt(daysAgo(2).getTime()) },
      { id: 'new', key: 'new', count: 1, lastRequest: BigInt(Date.now()) },
    ],
  })
  await removeTraces(database, 30)
  const sessions = await database.session.findMany({ orderBy: { id: 'asc' } })
  expect(sessions.map(({ id }) => id)).toEqual(['ended', 'open'])
  const failures = await database.signInFailure.findMany({ orderBy: { email: 'asc' } })
  expect(failures.map(({ email }) => email)).toEqual(['locked@example.org', 'new@example.org'])
  expect(await database.rateLimit.findMany()).toMatchObject([{ id: 'new' }])
})

it.each(['0', '30 days', '-1', '1e3'])('refuses SHUMAR_KEEP_DAYS=%s', (SHUMAR_KEEP_DAYS) => {
  expect(() => daysKept({ NODE_ENV: 'test', SHUMAR_KEEP_DAYS })).toThrow('SHUMAR_KEEP_DAYS is "')
})

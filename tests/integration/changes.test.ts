import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { Actor } from '@/features/accounts/schema'
import { changeSettings } from '@/features/settings/mutations'
import { type ChangeWatch, watchChanges } from '@/scripts/changes'
import { newActor } from '../support/actors'
import { type TestDatabase, testDatabase } from '../support/database'

let home: TestDatabase
let admin: Actor
let watch: ChangeWatch | undefined

beforeAll(async () => {
  home = await testDatabase()
  admin = await newActor(home.database, 'admin')
})

afterEach(async () => {
  await watch?.close()
  watch = undefined
})

afterAll(() => home.drop())

let turn = 0

/** Something that readers see, through any instance. */
async function change(): Promise<number> {
  turn += 1
  const attribution = turn % 2 === 0 ? 'names' : 'roles'
  const fourEyes = 'editors'
  await changeSettings(home.database, admin, { fourEyes, attribution })
  return newest()
}

const newest = async () =>
  (await home.database.auditEntry.aggregate({ _max: { no: true } }))._max.no ?? 0

async function begin(take: (no: number) => Promise<void> = async () => {}) {
  const shown: number[] = []
  const said: string[] = []
  const refresh = async (no: number) => {
    await take(no)
    shown.push(no)
  }
  watch = watchChanges({ url: home.url, refresh, report: (line) => said.push(line) })
  await watch.caughtUp
  return { shown, said, watch }
}

test('pages are made anew at the start, and soon after each change', async () => {
  const { shown } = await begin()
  expect(shown).toEqual([await newest()])
  for (let round = 0; round < 10; round += 1) {
    const no = await change()
    await vi.waitUntil(() => shown.at(-1) === no, { timeout: 10_000, interval: 5 })
  }
})

test('a change is announced, not only found by looking', async () => {
  const listener = new Client({ connectionString: home.url })
  await listener.connect()
  const heard = vi.fn()
  listener.on('notification', heard)
  await listener.query('LISTEN shumar_changes')
  await home.database.$transaction(async (tx) => {
    for (const key of ['one', 'two']) await tx.setting.create({ data: { key, value: key } })
    await sleep(100)
    expect(heard).not.toHaveBeenCalled()
  })
  await vi.waitUntil(() => heard.mock.calls.length > 0, 10_000)
  await listener.end()
  expect(heard).toHaveBeenCalledTimes(1)
})

test('the transactions that changed something are named, once there was a first look', async () => {
  const named: (readonly string[])[] = []
  watch = watchChanges({
    url: home.url,
    refresh: async (_, by) => void named.push(by),
    report: (line) => expect.unreachable(line),
  })
  await watch.caughtUp
  expect(named).toEqual([[]])
  const numbers: string[] = []
  for (const key of ['three', 'four']) {
    const number = await home.database.$transaction(async (tx) => {
      await tx.setting.create({ data: { key, value: key } })
      const [row] = await tx.$queryRaw<{ number: string }[]>`
        SELECT pg_current_xact_id()::xid::text AS number`
      return row?.number ?? ''
    })
    numbers.push(number)
  }
  await watch.catchUp()
  expect(new Set(named.flat())).toEqual(new Set(numbers))
})

test('who signs in or writes a draft changes no page', async () => {
  const { shown } = await begin()
  await newActor(home.database, 'editor')
  await vi.waitUntil(() => shown.length === 2, 10_000)
  const before = await newest()
  await home.database.session.deleteMany()
  await home.database.session.create({
    data: { id: 's', token: 't', userId: admin.userId, expiresAt: new Date() },
  })
  expect(await newest()).toBeGreaterThan(before)
  await sleep(700)
  expect(shown).toHaveLength(2)
})

test('what was changed while the connection was down is found', async () => {
  const { shown, watch } = await begin()
  await home.database
    .$queryRaw`SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE application_name = 'shumar changes'`
  const no = await change()
  await watch.catchUp()
  expect(shown.at(-1)).toBe(no)
})

test('a failure to make pages anew is told once, and tried again until it works', async () => {
  let failures = 3
  const { shown, said } = await begin(async () => {
    failures -= 1
    if (failures >= 0) throw new Error('The server is busy.')
  })
  expect(shown).toHaveLength(1)
  expect(said).toEqual([
    'Changes of the record: The server is busy. Pages are as they were until it works again.',
  ])
})

test('whoever asks to catch up waits for the pages, also for those made anew just then', async () => {
  let release = () => {}
  let isHeld = false
  const { shown, watch } = await begin(
    () =>
      new Promise((resolve) => {
        if (isHeld) release = resolve
        else resolve()
      }),
  )
  isHeld = true
  const first = await change()
  await sleep(200)
  // The pages of the first change are under way; the second one is not in them.
  const second = await change()
  const caughtUp = watch.catchUp()
  isHeld = false
  release()
  await caughtUp
  expect(shown.slice(-2)).toEqual([first, second])
})

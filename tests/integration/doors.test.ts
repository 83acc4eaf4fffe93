import { createHmac, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { may } from '@/features/accounts/rules'
import { type Permission, type UserRole, userRoles } from '@/features/accounts/schema'
import { loadFirstContent } from '@/features/imports/mutations'
import type { Database } from '@/lib/db/client'
import { newActor } from '../support/actors'
import { type TestDatabase, testDatabase } from '../support/database'
import { actions, foundActions, foundRoutes, type Rule, routes } from '../support/doors'

// Who may pass which door: every action and route that the code has, called by everybody.

const { request } = vi.hoisted(() => ({ request: { headers: new Headers() } }))
vi.mock('next/headers', () => ({
  headers: async () => request.headers,
  cookies: async () => ({ set: () => {} }),
}))
vi.mock('next/cache', () => ({
  cacheLife: () => {},
  cacheTag: () => {},
  refresh: () => {},
  revalidateTag: () => {},
  updateTag: () => {},
}))

const root = resolve(import.meta.dirname, '../..')
const site = 'https://stats.example.org'
const secret = 'a secret of the tests, long enough and unused elsewhere'
type Caller = 'visitor' | UserRole
const callers: Caller[] = ['visitor', ...userRoles]

let home: TestDatabase
let database: Database
const cookies: Partial<Record<Caller, string>> = {}

beforeAll(async () => {
  home = await testDatabase()
  database = home.database
  await loadFirstContent(database)
})

afterAll(async () => {
  const shared = globalThis as { shumarDatabase?: Database }
  await shared.shumarDatabase?.$disconnect()
  await home.drop()
})

beforeEach(async () => {
  // One of the doors ends sessions.
  for (const role of userRoles) cookies[role] = await sessionOf(role)
  vi.stubEnv('DATABASE_URL', home.url)
  vi.stubEnv('SHUMAR_URL', site)
  vi.stubEnv('SHUMAR_SECRET', secret)
  vi.stubEnv('SHUMAR_INTERNAL_SECRET', 'known to one process')
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

/** A session such as signing in leaves behind. */
async function sessionOf(role: UserRole): Promise<string> {
  const { userId } = await newActor(database, role)
  const token = randomUUID()
  const expiresAt = new Date(Date.now() + 3_600_000)
  await database.session.create({ data: { id: randomUUID(), token, userId, expiresAt } })
  const signature = createHmac('sha256', secret).update(token).digest('base64')
  return `__Secure-shumar.session_token=${encodeURIComponent(`${token}.${signature}`)}`
}

function headersOf(caller: Caller, origin: string | null = site): Headers {
  const headers = new Headers({ 'next-action': 'x' })
  if (origin !== null) headers.set('origin', origin)
  const cookie = cookies[caller]
  if (cookie) headers.set('cookie', cookie)
  return headers
}

/** What actions say to somebody who may not, in English, as patterns of the whole text. */
const refusals: string[] = []
const collect = (node: unknown, key = ''): void => {
  if (typeof node === 'string') {
    if (/^(?:signedOut|forbidden|wrongAddress)$/.test(key)) refusals.push(node.split('{')[0] ?? '')
  } else for (const [name, one] of Object.entries(node ?? {})) collect(one, name)
}
collect(JSON.parse(readFileSync(join(root, 'messages/en.json'), 'utf8')))

const says = (text: string) =>
  /\/sign-in\b|"(?:signedOut|forbidden|wrongAddress)"|"status":40[13]\b/.test(text) ||
  refusals.some((words) => text.includes(JSON.stringify(words).slice(1, -1)))

/** Calls an action with a form that says nothing, and tells whether its caller was refused. */
async function isRefused(name: string, headers: Headers): Promise<boolean> {
  const [folder = '', action = ''] = (name.split('#')[0] ?? '').split('/')
  const module = await import(/* @vite-ignore */ join(root, 'features', folder, 'actions.ts'))
  const form = new FormData()
  form.set('locale', 'en')
  for (const [field, value] of Object.entries(actions[name]?.fields ?? {})) form.set(field, value)
  const before = { attempt: 0, problems: [], values: {} }
  const given =
    name === 'sheets/receiveCells'
      ? ['en', {}]
      : name === 'sources/keepCopy'
        ? [1, form]
        : module[action].length === 1
          ? [form]
          : [before, form]
  request.headers = headers
  try {
    return says(JSON.stringify(await module[action](...given)) ?? '')
  } catch (error) {
    const { digest } = error as { digest?: string }
    if (!digest?.startsWith('NEXT_REDIRECT')) throw error
    return says(digest)
  }
}

const mayPass = (rule: Rule, caller: Caller): boolean =>
  rule === 'public' || rule === 'own page'
    ? true
    : caller !== 'visitor' && (rule === 'session' || may(caller, rule as Permission))

/** How many rows each table has, but for counts of requests. */
async function rows(): Promise<Record<string, number>> {
  const tables = await database.$queryRaw<{ name: string; n: number }[]>`
    SELECT relname AS name, (xpath('/row/n/text()',
      query_to_xml(format('SELECT count(*) AS n FROM %I.%I', schemaname, relname), false, true, '')
    ))[1]::text::int AS n
    FROM pg_stat_user_tables WHERE schemaname = 'public' AND relname NOT IN ('rate_limits', 'report_counts')`
  return Object.fromEntries(tables.map(({ name, n }) => [name, n]))
}

describe('every door has a rule', () => {
  it('also an action that was added since', () => {
    const { names, strays } = foundActions()
    expect(strays).toEqual([])
    const listed = new Set(Object.keys(actions).map((name) => name.split('#')[0]))
    expect([...listed].sort()).toEqual(names)
  })

  it('also a route that was added since', () => {
    expect(Object.keys(routes).sort()).toEqual(foundRoutes())
  })
})

describe.each(Object.entries(actions))('the action %s', (name, { rule }) => {
  it(`lets pass whom it may: ${rule}`, async () => {
    const before = await rows()
    for (const caller of callers.filter((one) => !mayPass(rule, one))) {
      expect(await isRefused(name, headersOf(caller)), caller).toBe(true)
    }
    // With every right, but from a page of somebody else, or of nobody who says so.
    for (const origin of rule === 'public' ? [] : ['https://elsewhere.example', 'null', null]) {
      expect(await isRefused(name, headersOf('admin', origin)), `from ${origin}`).toBe(true)
    }
    expect(await rows()).toEqual(before)
    for (const caller of callers.filter((one) => mayPass(rule, one))) {
      expect(await isRefused(name, headersOf(caller)), caller).toBe(false)
    }
  })
})

const guarded = Object.entries(routes).filter(
  ([, rule]) => rule !== 'public' && rule !== 'own page',
)

describe.each(guarded)('the route %s', (name, rule) => {
  const [method = '', folder = ''] = name.split(' ')

  async function answerTo(headers: Headers): Promise<Response> {
    const module = await import(/* @vite-ignore */ join(root, 'app', folder, 'route.ts'))
    const isCells = folder.endsWith('/cells')
    const form = new FormData()
    form.set('file', new File(['a,b'], 'figures.csv', { type: 'text/csv' }))
    if (isCells) headers.set('content-type', 'application/json')
    request.headers = headers
    const body = method === 'GET' ? undefined : isCells ? '{}' : form
    const asked = new Request(`${site}/${folder}`, { method, headers, body })
    const params = Promise.resolve({ locale: 'en', id: folder.includes('sources') ? '1' : 'x' })
    return module[method](asked, { params })
  }

  const refuses = async (headers: Headers) => {
    const { status, headers: told } = await answerTo(headers)
    const problem = /[?&]problem=(\w+)/.exec(told.get('location') ?? '')?.[1] ?? ''
    return (
      [401, 403, 404].includes(status) || /^(?:signedOut|forbidden|wrongAddress)$/.test(problem)
    )
  }

  it(`lets pass whom it may: ${rule}`, async () => {
    const before = await rows()
    const isOfPeople = rule !== 'token' && rule !== 'secret'
    for (const caller of callers.filter((one) => !isOfPeople || !mayPass(rule, one))) {
      expect(await refuses(headersOf(caller)), caller).toBe(true)
    }
    expect(await rows()).toEqual(before)
    // What one has no file of is not told from what one may not see.
    if (!isOfPeople || /\/(?:import|reporting)\//.test(folder)) return
    for (const caller of callers.filter((one) => mayPass(rule, one))) {
      expect(await refuses(headersOf(caller)), caller).toBe(false)
    }
  })
})

import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import * as academies from '@/app/api/v1/academies/route'
import * as areas from '@/app/api/v1/areas/route'
import * as indicators from '@/app/api/v1/indicators/route'
import * as observations from '@/app/api/v1/observations/route'
import * as openapi from '@/app/api/v1/openapi.json/route'
import * as programmes from '@/app/api/v1/programmes/route'
import * as releases from '@/app/api/v1/releases/route'
import * as revisions from '@/app/api/v1/revisions/route'
import * as sources from '@/app/api/v1/sources/route'
import { systemActor } from '@/features/accounts/data'
import { loadFirstContent } from '@/features/imports/mutations'
import { createRelease } from '@/features/releases/mutations'
import { type ResourceName, resourceNames, resources, waysOf } from '@/features/resources/schema'
import type { Database } from '@/lib/db/client'
import { type TestDatabase, testDatabase } from '../support/database'

const origin = 'https://stats.example.org'
const routes = {
  academies,
  areas,
  indicators,
  observations,
  programmes,
  releases,
  revisions,
  sources,
}
const { POST, PUT, PATCH, DELETE } = areas
const handlers = { POST, PUT, PATCH, DELETE }
const contact = 'principal@private.example.org'

let test: TestDatabase

beforeAll(async () => {
  test = await testDatabase()
  const { database } = test
  await loadFirstContent(database)
  await createRelease(database, await systemActor(database), {
    title: { en: 'Exports', ur: 'برآمدات' },
    note: { en: '', ur: '' },
    at: '2099-01-01 10:00',
  })
  for (const [code, city] of [
    ['KHI-1', 'Karachi'],
    ['LHE-1', 'Lahore'],
    ['100_PERCENT', '100%'],
  ] as const) {
    await database.academy.create({
      data: {
        code,
        programmeCode: 'HUAWEI_ICTA',
        areaCode: 'PK-SD',
        city,
        contact: { create: { contact } },
        versions: {
          create: {
            name: { en: `Academy of ${city}`, ur: 'اکیڈمی' },
            commit: {
              create: {
                kind: 'catalogue',
                actorId: 'system',
                idempotencyKey: `academy-save:${code}`,
              },
            },
          },
        },
      },
    })
  }
})

beforeEach(() => {
  vi.stubEnv('DATABASE_URL', test.url)
  vi.stubEnv('SHUMAR_URL', origin)
})

afterAll(async () => {
  await (globalThis as { shumarDatabase?: Database }).shumarDatabase?.$disconnect()
  await test.drop()
})

const ask = async (name: ResourceName, query = '', headers: Record<string, string> = {}) =>
  routes[name].GET(new Request(`${origin}/api/v1/${name}?${query}`, { headers }))

type Rows = Record<string, unknown>[]
const rowsOf = async (name: ResourceName, query = ''): Promise<Rows> =>
  (await (await ask(name, query)).json())[name]

/** Every row, a page at a time. */
async function walk(name: ResourceName, query: string): Promise<Rows> {
  const rows: Rows = []
  let words: string | null = query
  while (words !== null) {
    const answer: Record<string, unknown> = await (await ask(name, words)).json()
    rows.push(...(answer[name] as Rows))
    words = typeof answer.next === 'string' ? new URL(answer.next).search.slice(1) : null
  }
  return rows
}

const openApi = async () => (await openapi.GET(new Request(`${origin}/api/v1/openapi.json`))).json()

describe('the description of the API', () => {
  it('is OpenAPI 3.1, by the judgement of another program', async () => {
    const judged = await new Validator().validate(await openApi())
    expect(judged).toMatchObject({ valid: true })
    expect((await openApi()).openapi).toMatch(/^3\.1\./)
  })

  it.each(resourceNames)('is kept to by %s: rows, pages and problems', async (name) => {
    const document = await openApi()
    const ajv = new Ajv2020({ strict: false })
    addFormats.default(ajv)
    ajv.addSchema(document, 'api')
    const at = (status: number, type: string) =>
      ajv.getSchema(
        `api#/paths/~1api~1v1~1${name}/get/responses/${status}/content/${encodeURIComponent(type.replace('/', '~1'))}/schema`,
      )
    const state = resources[name].hasVintage ? '&asOf=2024-06-30' : ''
    for (const query of ['limit=1000', `limit=3${state}`, `fields=${waysOf(name)[0]}`]) {
      const page = at(200, 'application/json')
      const answer = await (await ask(name, query)).json()
      expect(page?.(answer), JSON.stringify(page?.errors?.[0])).toBe(true)
      expect(answer[name].length, query).toBeGreaterThan(0)
    }
    const refused = at(400, 'application/problem+json')
    expect(refused?.(await (await ask(name, 'colour=red')).json())).toBe(true)
  })

  it('names every word that an address takes, and no other', async () => {
    const { paths } = await openApi()
    for (const name of resourceNames) {
      const words = paths[`/api/v1/${name}`].get.parameters.map((one: { name: string }) => one.name)
      const answer = await (await ask(name, 'colour=red')).json()
      for (const word of words) expect(answer.detail).toContain(word)
      for (const word of words.filter((one: string) => !['from', 'to', 'q'].includes(one))) {
        const { parameter } = await (await ask(name, `${word}=%00`)).json()
        expect(parameter, `${name}: ${word}`).toMatch(word === 'v' ? /asOf/ : word)
      }
    }
  })
})

describe('pages', () => {
  const ways = resourceNames.flatMap((name) => waysOf(name).map((sort) => [name, sort] as const))

  it.each(ways)('of %s in the order %s lose no row and give none twice', async (name, sort) => {
    const whole = await rowsOf(name, `limit=1000&sort=${sort}`)
    const limit = Math.max(1, Math.ceil(whole.length / 4))
    expect(await walk(name, `limit=${limit}&sort=${sort}`)).toEqual(whole)
    const other = sort.startsWith('-') ? sort.slice(1) : `-${sort}`
    expect(await rowsOf(name, `limit=1000&sort=${other}`)).toEqual(whole.toReversed())
  })

  it('of a past state lose no row either', async () => {
    for (const sort of ['id', 'key', '-period_end']) {
      const query = `sort=${sort}&asOf=2024-06-30`
      expect(await walk('observations', `limit=50&${query}`)).toEqual(
        await rowsOf('observations', `limit=1000&${query}`),
      )
    }
  })

  it('have figures with the newest period first, what has no end last', async () => {
    const rows = await rowsOf('observations', 'limit=1000&sort=-period_end')
    const ends = rows.map(({ period_end }) => String(period_end ?? ''))
    expect(ends).toEqual(ends.toSorted().reverse())
    expect(ends.at(-1)).toBe('')
  })

  it('give the columns asked for, in their order', async () => {
    const [row] = await rowsOf('observations', 'fields=value,period&limit=1')
    expect(Object.keys(row ?? {})).toEqual(['value', 'period'])
    const [indicator] = await rowsOf('indicators', 'fields=name,code&limit=1')
    expect(Object.keys(indicator ?? {})).toEqual(['name', 'code'])
  })

  it('lead on in a header too', async () => {
    const answer = await ask('areas', 'limit=2')
    const { next } = await answer.json()
    expect(answer.headers.get('link')).toContain(`<${next}>; rel="next"`)
    expect(answer.headers.get('link')).toContain('rel="license"')
  })

  it.each([
    ['another order', (token: string) => `sort=key&after=${token}`],
    ['another way', (token: string) => `limit=1000&sort=-id&after=${token}`],
    ['made up', () => `after=${Buffer.from('["id","1; DROP TABLE"]').toString('base64url')}`],
    [
      'a day that is none',
      () =>
        `sort=period_end&after=${Buffer.from('["period_end","2026-02-30","1"]').toString('base64url')}`,
    ],
  ])('begin nowhere with a place of %s, or within the order', async (_, query) => {
    const { next } = await (await ask('observations', 'limit=1')).json()
    const answer = await ask('observations', query(new URL(next).searchParams.get('after') ?? ''))
    expect([200, 400]).toContain(answer.status)
  })
})

describe('filters', () => {
  it('leave what they say of each list', async () => {
    const codes = async (name: ResourceName, query: string) =>
      (await rowsOf(name, `limit=1000&fields=code&${query}`)).map(({ code }) => code)
    expect(await codes('indicators', 'code=ICT_EXPORTS&code=ACADEMIES')).toHaveLength(2)
    expect(await codes('indicators', 'theme=exports')).toContain('ICT_EXPORTS')
    expect(await codes('areas', 'parent=PK')).toContain('PK-PB')
    expect(await codes('areas', 'q=punjab')).toEqual(['PK-PB'])
    expect(await codes('academies', 'state=open&area=PK-SD')).toHaveLength(3)
    expect(await codes('academies', 'state=closed')).toEqual([])
    expect(await codes('programmes', 'code=_Z')).toEqual([])
  })

  it('answer a publisher’s own code for an indicator as that indicator in its role', async () => {
    const named = await rowsOf('observations', 'indicator=ACADEMIES_TARGET&limit=1000')
    expect(named.length).toBeGreaterThan(0)
    expect(named).toEqual(
      await rowsOf('observations', 'indicator=ACADEMIES&role=target&limit=1000'),
    )
    const both = await rowsOf(
      'observations',
      'indicator=ACADEMIES_TARGET&indicator=ACADEMIES&limit=1000',
    )
    expect(both).toEqual(await rowsOf('observations', 'indicator=ACADEMIES&limit=1000'))
  })

  it('take % and _ for what they are', async () => {
    expect(await rowsOf('academies', 'q=%25')).toHaveLength(1)
    expect(await rowsOf('academies', 'q=_')).toHaveLength(1)
    const all = (await rowsOf('sources', 'limit=1000')).length
    for (const q of ['%25', '_%25', "'"]) {
      expect((await rowsOf('sources', `limit=1000&q=${q}`)).length, q).toBeLessThan(all)
    }
  })

  it('find the revisions of one figure, of one commit, and of one source', async () => {
    const [figure] = await rowsOf('observations', 'indicator=ICT_EXPORTS&sort=-period_end&limit=1')
    const own = await rowsOf('revisions', `observation=${figure?.id}`)
    expect(own.map(({ revision }) => revision)).toContain(figure?.revision)
    expect(new Set(own.map(({ id }) => id))).toEqual(new Set([figure?.id]))
    const commit = await rowsOf('revisions', `commit=${figure?.commit}&limit=1000`)
    expect(commit.length).toBeGreaterThan(own.length)
    const [source] = await rowsOf('sources', `id=${figure?.source}`)
    expect(source).toMatchObject({ publisher: figure?.publisher, source_url: figure?.source_url })
  })

  it('have sources of a past day that were cited then', async () => {
    const then = await rowsOf('sources', 'limit=1000&asOf=2020-06-30')
    expect(then.length).toBeLessThan((await rowsOf('sources', 'limit=1000')).length)
  })
})

describe('what is not public', () => {
  it('is in no list: whom to ask at an academy', async () => {
    for (const name of resourceNames) {
      expect(await (await ask(name, 'limit=1000')).text(), name).not.toContain(contact)
    }
  })
})

describe('answers', () => {
  it('may be read by pages of others, and say the licence', async () => {
    for (const name of resourceNames) {
      const answer = await ask(name, 'limit=1')
      expect(answer.headers.get('access-control-allow-origin')).toBe('*')
      expect(answer.headers.get('access-control-expose-headers')).toContain('RateLimit')
      expect(await answer.json()).toMatchObject({
        limit: 1,
        licence: expect.stringContaining('creativecommons'),
      })
    }
    const preflight = await observations.OPTIONS(
      new Request(origin, { method: 'OPTIONS', headers: { Origin: 'https://other.example' } }),
    )
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-methods')).toContain('GET')
    expect(preflight.headers.get('access-control-allow-headers')).toContain('If-None-Match')
  })

  it('are not sent twice', async () => {
    const first = await ask('indicators')
    const again = await ask('indicators', '', { 'if-none-match': first.headers.get('etag') ?? '' })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
    expect(again.headers.get('ratelimit')).toMatch(/^"reading";r=\d+;t=\d+$/)
  })

  it('are kept for good where a day and a commit are named, and no search', async () => {
    const cache = async (name: ResourceName, query: string) =>
      (await ask(name, query)).headers.get('cache-control')
    expect(await cache('observations', 'asOf=2023-08-01&v=2')).toMatch(/immutable/)
    expect(await cache('revisions', 'asOf=2023-08-01&v=2')).toMatch(/immutable/)
    expect(await cache('observations', 'asOf=2023-08-01')).toBe('public, no-cache')
    expect(await cache('observations', 'asOf=2023-08-01&v=2&q=exports')).toBe('public, no-cache')
    expect(await cache('academies', 'asOf=2023-08-01&v=2')).toBe('public, no-cache')
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)(
    'refuse %s, and say what they take',
    async (method) => {
      const answer = await handlers[method](new Request(origin, { method }))
      expect(answer.status).toBe(405)
      expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
      expect(await answer.json()).toMatchObject({
        status: 405,
        type: `${origin}/developers#problem-method`,
      })
    },
  )

  it('are refused to who asks too often, and to nobody else', async () => {
    vi.stubEnv('SHUMAR_API_PER_MINUTE', '2')
    vi.stubEnv('SHUMAR_TRUSTED_PROXIES', '10.0.0.0/8')
    const from = (client: string) =>
      ask('areas', 'limit=1', { 'x-shumar-peer': '10.0.0.1', 'x-forwarded-for': client })
    const statuses = []
    for (let n = 0; n < 3; n++) statuses.push((await from('203.0.113.9')).status)
    expect(statuses).toEqual([200, 200, 429])
    const refused = await from('1.1.1.1, 203.0.113.9')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused.headers.get('ratelimit-policy')).toBe('"reading";q=2;w=60')
    expect(await refused.json()).toMatchObject({ type: `${origin}/developers#problem-tooMany` })
    expect((await from('203.0.113.10')).status).toBe(200)
  })

  it('say when the record cannot be read', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const shared = globalThis as { shumarDatabase?: Database }
    const { shumarDatabase } = shared
    shared.shumarDatabase = undefined
    vi.stubEnv('DATABASE_URL', 'postgresql://nobody@127.0.0.1:1/nowhere')
    const answer = await ask('observations')
    shared.shumarDatabase = shumarDatabase
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(await answer.json()).toMatchObject({
      status: 503,
      detail: expect.stringMatching(/database/),
    })
  })
})

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { loadFirstContent } from '@/features/imports/mutations'
import { readPermalink } from '@/features/permalinks/data'
import { hourlyLinks, makePermalink } from '@/features/permalinks/mutations'
import { linkCode, readLinkCode, readLinkPath } from '@/features/permalinks/rules'
import type { Database } from '@/lib/db/client'
import { type TestDatabase, testDatabase } from '../support/database'

let test: TestDatabase
let database: Database

beforeAll(async () => {
  test = await testDatabase()
  database = test.database
  await loadFirstContent(database)
})

afterAll(() => test.drop())

describe('a short link', () => {
  it('leads to its page in the state of today, and is one however often it is asked for', async () => {
    const page = '/ur/compare?series=ICT_EXPORTS._Z.PK._T.flow.USD_MILLION.M&view=index'
    const made = await Promise.all(
      Array.from({ length: 5 }, () => makePermalink(database, page, null)),
    )
    const [first] = made
    if (!first?.ok) throw new Error('No link was made.')
    expect(new Set(made.map((one) => one.ok && one.value.code))).toEqual(
      new Set([first.value.code]),
    )
    const link = await readPermalink(first.value.code.toUpperCase(), database)
    expect(link?.path).toBe(page)
    expect(link?.vintage.isFrozen).toBe(true)
  })

  it('keeps the state that the page shows', async () => {
    const made = await makePermalink(
      database,
      '/data?asOf=2023-08-01&indicator=ACADEMIES&v=1',
      null,
    )
    if (!made.ok) throw new Error('No link was made.')
    const link = await readPermalink(made.value.code, database)
    expect(link).toMatchObject({
      path: '/data?indicator=ACADEMIES',
      vintage: { asOf: '2023-08-01', commit: 1, isFrozen: true },
    })
  })

  it.each([
    ['/data?asOf=2999-01-01', 'future'],
    ['/data?asOf=yesterday', 'notADay'],
    ['/data?asOf=2023-08-01&v=99999', 'unknownCommit'],
    ['/review', 'pathUnknown'],
    ['//example.org/data', 'pathUnknown'],
    ['https://example.org/data', 'pathUnknown'],
    [`/data?q=${'x'.repeat(2000)}`, 'pathTooLong'],
  ])('of %s is refused: %s', async (page, code) => {
    expect(await makePermalink(database, page, null)).toMatchObject({
      ok: false,
      problem: { code },
    })
  })

  it('is never changed or taken away', async () => {
    await expect(database.permalink.updateMany({ data: { path: '/' } })).rejects.toThrow()
    await expect(database.permalink.deleteMany()).rejects.toThrow()
  })

  it('is refused to whoever makes too many, and those of others are not', async () => {
    vi.stubEnv('SHUMAR_SECRET', 'x'.repeat(32))
    const ask = (n: number, from: string) => makePermalink(database, `/data?q=${n}`, from)
    for (let n = 0; n < hourlyLinks.forAddress; n += 1) {
      expect((await ask(n, '203.0.113.7')).ok).toBe(true)
    }
    expect(await ask(1000, '203.0.113.7')).toMatchObject({ problem: { code: 'tooMany' } })
    expect((await ask(1, '203.0.113.7')).ok).toBe(true)
    expect((await ask(1001, '203.0.113.8')).ok).toBe(true)
  })
})

describe('the code of a link', () => {
  it('is read back, in capital letters too', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.constantFrom(8, 10, 26),
        (digest, length) => {
          const code = linkCode(digest, length)
          expect(code).toHaveLength(length)
          expect(readLinkCode(code.toUpperCase())).toBe(code)
        },
      ),
    )
  })

  it('is nothing else', () => {
    for (const text of ['', 'abc', 'il1oOu00', '../../etc', 'a'.repeat(27)]) {
      expect(readLinkCode(text)).toBeNull()
    }
  })
})

it('a path that is read leads nowhere but to this site', () => {
  fc.assert(
    fc.property(fc.oneof(fc.webUrl(), fc.string(), fc.webPath()), (text) => {
      const read = readLinkPath(text, ['en', 'ur'])
      if (!read.ok) return
      expect(new URL(read.value.path, 'http://here').origin).toBe('http://here')
    }),
  )
})

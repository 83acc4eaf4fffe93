import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { listPage, placeToken, readPlace, readQuery } from '@/features/resources/rules'
import type { PageQuery } from '@/features/resources/schema'
import { clientOf } from '@/lib/forwarded'
import { quotaHeaders, rateLimiter } from '@/lib/rate-limit'

const read = (query: string) => readQuery('observations', new URLSearchParams(query))

describe('the words of an address', () => {
  it('are usual where they are left out', () => {
    expect(read('')).toEqual({
      ok: true,
      value: {
        filter: {},
        fields: null,
        sort: { by: 'id', descending: false },
        limit: 100,
        after: null,
        vintage: null,
      },
    })
  })

  it('choose columns, order, page and state', () => {
    expect(
      read('fields=value,period&fields=id&sort=-period_end&limit=7&asOf=2023-08-01&v=3'),
    ).toMatchObject({
      value: {
        fields: ['value', 'period', 'id'],
        sort: { by: 'period_end', descending: true },
        limit: 7,
        vintage: { asOf: '2023-08-01', v: '3' },
      },
    })
  })

  it.each([
    ['page=-1', 'unknownParameter', 'page'],
    ['limit=1e9', 'limit', 'limit'],
    ['limit=1000000000', 'limit', 'limit'],
    ['limit=0', 'limit', 'limit'],
    ['limit=', 'limit', 'limit'],
    ['limit=5&limit=6', 'parameterTwice', 'limit'],
    ['sort=id&sort=key', 'parameterTwice', 'sort'],
    ['sort=--id', 'sort', 'sort'],
    ['sort=value', 'sort', 'sort'],
    ['fields=', 'fields', 'fields'],
    ['fields=id,constructor', 'fields', 'fields'],
    ['after=%00', 'after', 'after'],
    ['__proto__=x', 'unknownParameter', '__proto__'],
    ['constructor=x', 'unknownParameter', 'constructor'],
    ['from=soon', 'invalidLimit', 'from'],
    ['sex=all', 'invalidParameter', 'sex'],
    ['id[not]=', 'unknownParameter', 'id[not]'],
    ['v=2', 'commitWithoutDay', 'asOf'],
    ['asOf=2023-01-01&asOf=2024-01-01', 'parameterTwice', 'asOf'],
  ])('are refused by name: %s', (query, code, word) => {
    expect(read(query)).toMatchObject({ ok: false, problem: { code, params: { word } } })
  })
})

const anyPlace = z.string()

describe('a place in an order', () => {
  it('comes back from its token, in its own order alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 }),
        (place) => {
          const parts = place.map(() => anyPlace)
          const token = placeToken('key', place)
          expect(token).toMatch(/^[A-Za-z0-9_-]*$/)
          expect(readPlace(token, 'key', parts)).toEqual({ ok: true, value: place })
          expect(readPlace(token, 'id', parts).ok).toBe(false)
          expect(readPlace(token, 'key', [...parts, anyPlace]).ok).toBe(false)
        },
      ),
    )
  })

  it('is in no text that somebody made up', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readPlace(text, 'id', [z.string().regex(/^\d+$/)]).ok).toBe(false)
      }),
    )
  })

  it('parts a list into pages that lose no row and give none twice', () => {
    const rows = fc.uniqueArray(
      fc.record({ code: fc.stringMatching(/^[A-Z]{1,3}$/), group: fc.constantFrom('a', 'b', '') }),
      { selector: ({ code }) => code },
    )
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 4 }), fc.boolean(), (all, limit, descending) => {
        const seen: string[] = []
        let after: string | null = null
        do {
          const query: PageQuery = {
            fields: null,
            sort: { by: 'group', descending },
            limit,
            after,
            vintage: null,
          }
          const page = listPage(all, { group: ({ group, code }) => [group, code] }, query)
          if (!page.ok) throw new Error(page.problem.code)
          seen.push(...page.value.rows.map(({ group, code }) => `${group} ${code}`))
          after = page.value.next
        } while (after !== null)
        const sorted = all.map(({ group, code }) => `${group} ${code}`).sort()
        expect(seen).toEqual(descending ? sorted.reverse() : sorted)
      }),
    )
  })
})

describe('the limit', () => {
  const policy = { name: 'reading', limit: 3, seconds: 60 }

  it('ends with its window, and is each client’s own', () => {
    const count = rateLimiter(60)
    const used = [0, 1, 2, 3].map((n) => count('a', 3, 30_000 + n))
    expect(used.map(({ isOver }) => isOver)).toEqual([false, false, false, true])
    expect(used.map(({ remaining }) => remaining)).toEqual([2, 1, 0, 0])
    expect(count('b', 3, 30_004).isOver).toBe(false)
    expect(count('a', 3, 60_000)).toEqual({ isOver: false, remaining: 2, resetsIn: 60 })
  })

  it('says so in headers, and when to come again only to who must wait', () => {
    expect(quotaHeaders(policy, { isOver: false, remaining: 2, resetsIn: 12 })).toEqual({
      'RateLimit-Policy': '"reading";q=3;w=60',
      RateLimit: '"reading";r=2;t=12',
    })
    expect(quotaHeaders(policy, { isOver: true, remaining: 0, resetsIn: 12 })).toMatchObject({
      'Retry-After': '12',
    })
  })
})

describe('the client of a request', () => {
  const of = (peer: string, forwarded: string, proxies: string[] = []) =>
    clientOf(new Headers({ 'x-shumar-peer': peer, 'x-forwarded-for': forwarded }), proxies)

  it('is who holds the connection, whatever it says of itself', () => {
    expect(of('203.0.113.9', '1.1.1.1')).toBe('203.0.113.9')
    expect(of('::ffff:203.0.113.9', '')).toBe('203.0.113.9')
    expect(of('2001:db8:1:2:3::9', '1.1.1.1')).toBe('2001:db8:1:2::/64')
    expect(of('203.0.113.9', '1.1.1.1', ['10.0.0.0/8'])).toBe('203.0.113.9')
    expect(of('', '1.1.1.1')).toBeNull()
  })

  it('is whom a named proxy vouches for', () => {
    expect(of('10.0.0.7', '1.1.1.1, 203.0.113.9', ['10.0.0.0/8'])).toBe('203.0.113.9')
    expect(of('10.0.0.7', '', ['10.0.0.0/8'])).toBe('10.0.0.7')
    expect(of('10.0.0.7', '203.0.113.9, nonsense', ['10.0.0.0/8'])).toBe('10.0.0.7')
  })
})

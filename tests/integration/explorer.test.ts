import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import type { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { GET as getObservations } from '@/app/api/v1/observations/route'
import { readFileSize, selectionOf } from '@/features/downloads/data'
import type { DownloadFilter } from '@/features/downloads/schema'
import { answerExplorer, readExplorer } from '@/features/explorer/data'
import { readExplorerRequest, sortColumns, usualState } from '@/features/explorer/schema'
import { nameOrder } from '@/features/explorer/series'
import { readFigures } from '@/features/figures/data'
import type { Figure } from '@/features/figures/schema'
import { figureWriter } from '@/features/figures/series'
import { figuresCsv } from '@/features/files/data'
import { loadFirstContent } from '@/features/imports/mutations'
import { findPast, readPastPage } from '@/features/past/data'
import { findWords } from '@/features/searches/data'
import type { Vintage } from '@/features/vintages/schema'
import type { Database } from '@/lib/db/client'
import { type TestDatabase, testDatabase } from '../support/database'

let test: TestDatabase
let all: Figure[]

beforeAll(async () => {
  test = await testDatabase()
  await loadFirstContent(test.database)
  all = await readFigures(test.database)
})

beforeEach(() => {
  vi.stubEnv('DATABASE_URL', test.url)
  vi.stubEnv('SHUMAR_URL', 'https://stats.example.org')
})

afterAll(async () => {
  const shared = globalThis as { shumarStreams?: Pool; shumarDatabase?: Database }
  await Promise.all([shared.shumarStreams?.end(), shared.shumarDatabase?.$disconnect()])
  await test.drop()
})

const ask = (query: string, locale: 'en' | 'ur' = 'en') =>
  answerExplorer(readExplorerRequest(new URLSearchParams(query)), locale, test.database)

const idsOf = (figures: readonly { id: number }[]) => figures.map(({ id }) => id).sort()

describe('the explorer', () => {
  it('shows every figure, a page at a time, none twice', async () => {
    const pages = await Promise.all(
      Array.from({ length: Math.ceil(all.length / 100) }, (_, n) => ask(`size=100&page=${n + 1}`)),
    )
    const shown = pages.flatMap(({ data }) => data.figures)
    expect(pages.map(({ data }) => data.total)).toEqual(pages.map(() => all.length))
    expect(idsOf(shown)).toEqual(idsOf(all))
    expect(shown.find(({ id }) => id === all[0]?.id)).toEqual(all[0])
  })

  const filters: [string, (figure: Figure) => boolean][] = [
    ['kind=cumulative', ({ kind }) => kind === 'cumulative'],
    ['unit=USD_MILLION', ({ unit }) => unit === 'USD_MILLION'],
    ['frequency=A1', ({ period }) => period.endsWith('-A1')],
    ['frequency=A', ({ frequency }) => frequency === 'A'],
    ['frequency=M&frequency=_U', ({ frequency }) => ['M', '_U'].includes(frequency)],
    ['publisher=ProPakistani', ({ current }) => current.source?.publisher === 'ProPakistani'],
    ['from=2024', ({ periodEnd }) => (periodEnd ?? '') >= '2024-01-01'],
    ['to=FY2022-23', ({ periodEnd }) => (periodEnd ?? '9') <= '2023-06-30'],
    ['from=2022-05&to=May 2022', ({ periodEnd }) => (periodEnd ?? '').startsWith('2022-05')],
    ['status=P&status=E', ({ current }) => ['P', 'E'].includes(current.status)],
    [
      'frequency=A&from=2022&status=A',
      ({ frequency, periodEnd, current }) =>
        frequency === 'A' && (periodEnd ?? '') >= '2022-01-01' && current.status === 'A',
    ],
    ['role=target&area=PK', ({ role, area }) => role === 'target' && area === 'PK'],
  ]

  it.each(filters)(
    '%s is every such figure, and the same as a file and from the API',
    async (query, isMeant) => {
      const { data, state } = await ask(`size=200&${query}`)
      const meant = all.filter(isMeant)
      expect(meant.length).toBeGreaterThan(0)
      expect(idsOf(data.figures)).toEqual(idsOf(meant))
      const dated = meant.filter(({ periodStart, periodEnd }) => periodStart && periodEnd)
      expect(data).toMatchObject({
        total: meant.length,
        size: { rows: meant.length, sdmxRows: dated.length },
      })
      const file = await text(await figuresCsv(state.filter))
      expect(file.trimEnd().split('\n').length - 1).toBe(meant.length)
      const api = await getObservations(
        new Request(`https://stats.example.org/?limit=1000&${query}`),
      )
      expect(idsOf((await api.json()).observations)).toEqual(idsOf(meant))
    },
  )

  it.each([
    ['telecom exports', 'a word of a name'],
    ['خواتین', 'Urdu'],
    ['propakistani', 'a publisher'],
    ['huawei_seeds', 'a code'],
  ])('finds %s: %s', async (words) => {
    const { data } = await ask(`q=${encodeURIComponent(words)}`)
    const nothing = await ask(`q=${encodeURIComponent(`${words} zzzz`)}`)
    expect(data.total).toBeGreaterThan(0)
    expect(data.total).toBeLessThan(all.length)
    expect(nothing.data.total).toBe(0)
  })

  it('takes signs of a search for what they are', async () => {
    for (const q of ['%', '_%', "'", '\\', '100%', '.*']) {
      const { data } = await ask(`q=${encodeURIComponent(q)}`)
      expect(data.total, q).toBeLessThan(all.length)
    }
  })

  it.each<[string, DownloadFilter]>([
    ['', {}],
    ['indicator=TRAINED', { indicator: ['TRAINED'] }],
    ['from=2023&to=2025', { from: ['2023'], to: ['2025'] }],
    ['q=punjab', { q: ['punjab'] }],
  ])('tells nearly how large the file is: %s', async (query, filter) => {
    const { data } = await ask(query)
    const file = await text(await figuresCsv(filter))
    expect(Math.abs(Buffer.byteLength(file) - data.size.bytes) / data.size.bytes).toBeLessThan(0.2)
  })

  it('sorts by time, by size within a unit, and by name as the language does', async () => {
    const ends = (await ask('size=200&sort=period')).data.figures.map((one) => one.periodEnd ?? '9')
    expect(ends).toEqual([...ends].sort())
    const values = (await ask('indicator=ICT_EXPORTS&size=200&sort=-value')).data.figures
    const numbers = values.map(({ value }) => Number(value))
    expect(numbers).toEqual([...numbers].sort((a, b) => b - a))
    const { data, catalogue } = await ask('size=200&sort=area', 'ur')
    const name = new Map(catalogue.areas.map((area) => [area.code, area.name.ur ?? '']))
    const names = data.figures.map(({ area }) => name.get(area) ?? '')
    expect(names).toEqual([...names].sort(new Intl.Collator('ur').compare))
  })

  /** As files and the API ask, by reading every figure. */
  async function plainIds(
    filter: DownloadFilter,
    vintage: Vintage | null = null,
    order = 'o.id',
  ): Promise<number[]> {
    const { from, values } = selectionOf(filter, vintage)
    const rows = await test.database.$queryRawUnsafe<{ id: number }[]>(
      `SELECT o.id ${from} ORDER BY ${order}`,
      ...values,
    )
    return rows.map(({ id }) => id)
  }

  async function anyFilter(): Promise<fc.Arbitrary<DownloadFilter>> {
    const sources = await test.database.source.findMany()
    const one = <T>(values: readonly T[]) => fc.constantFrom(...values)
    const word = one(
      [
        'punjab',
        'huawei',
        'trained',
        'dawn',
        'moitt',
        'zzzz',
        'zulu',
        '2022',
        'the',
        'خواتین',
      ].concat(
        [...'abcdefghijklmnopqrstuvwxyz'],
        sources.flatMap(({ title }) => title.split(/\s+/)).filter(Boolean),
      ),
    )
    const list = <T>(values: readonly T[]) =>
      fc.uniqueArray(one(values), { minLength: 1, maxLength: 3 })
    const q = fc.array(word, { minLength: 1, maxLength: 2 }).map((some) => [some.join(' ')])
    // Few at once, or nearly all would find nothing.
    return fc.oneof(
      fc.constant({}),
      fc.record({ q }),
      fc.record({ q, area: list(['PK', 'PK-PB', '001']) }),
      fc.record({ q, status: list(['A', 'P', 'E'] as const) }),
      fc.record({ q, from: fc.constant<string[]>(['2021']) }),
      fc.record({ q, publisher: list(sources.map(({ publisher }) => publisher)) }),
      fc.record({ publisher: list(sources.map(({ publisher }) => publisher)) }),
      fc.record({ source: list(sources.map(({ id }) => String(id))) }),
      fc.record({ frequency: list(['A', 'A1', 'M', 'D', '_O', '_U'] as const) }),
      fc.record({ status: list(['A', 'P', 'E'] as const) }),
      fc.record({
        from: fc.constant<string[]>(['2021']),
        role: list(['actual', 'target'] as const),
      }),
      fc.record({ programme: list([...new Set(all.map(({ programme }) => programme))]) }),
    )
  }

  /** The first content has none that a title does not have. */
  const addNotes = () =>
    test.database.$transaction([
      test.database.$executeRaw`SET LOCAL session_replication_role = replica`,
      test.database.$executeRaw`UPDATE revisions SET note = 'Zulu' WHERE id % 7 = 0`,
    ])

  it('finds and orders the same, however many figures there are', async () => {
    const { catalogue } = await ask('')
    const names = nameOrder(catalogue, figureWriter(catalogue, 'en'))
    const filters = await anyFilter()
    const sort = fc.record({ column: fc.constantFrom(...sortColumns), descending: fc.boolean() })
    await addNotes()
    await fc.assert(
      fc.asyncProperty(filters, sort, fc.nat(2), async (filter, sort, page) => {
        const state = { ...usualState, filter, sort, size: 100, page: page + 1 }
        const read = (few: number) =>
          readExplorer(state, { vintage: null, names, commit: 1, few }, test.database)
        const [walked, sorted] = [await read(0), await read(1_000_000)]
        expect(walked.figures.map(({ id }) => id)).toEqual(sorted.figures.map(({ id }) => id))
        const plain = await plainIds(filter)
        expect(sorted.total).toBe(plain.length)
        const known = new Set(plain)
        expect(sorted.figures.filter(({ id }) => !known.has(id))).toEqual([])
        const room = Math.min(100, Math.max(0, plain.length - 100 * page))
        expect(sorted.figures).toHaveLength(room)
      }),
      {
        numRuns: 100,
        // Most sources have the one, a note alone the other.
        examples: [
          [{ q: ['l'], status: ['A'] }, { column: 'indicator', descending: false }, 0],
          [{ q: ['zulu'] }, { column: 'value', descending: true }, 0],
        ],
      },
    )
  }, 60_000)

  it('counts what can be chosen', async () => {
    const { data } = await ask('indicator=NOTHING')
    for (const values of Object.values(data.facets)) {
      expect(values.reduce((sum, { count }) => sum + (count ?? 0), 0)).toBe(all.length)
    }
    const counted = (values: readonly string[]) =>
      [...new Set(values)]
        .map((value) => ({ value, count: values.filter((one) => one === value).length }))
        .sort((a, b) => (a.value < b.value ? -1 : 1))
    const facet = (word: 'publisher' | 'status' | 'area' | 'frequency') =>
      [...data.facets[word]].sort((a, b) => (a.value < b.value ? -1 : 1))
    expect(facet('area')).toEqual(counted(all.map(({ area }) => area)))
    expect(facet('status')).toEqual(counted(all.map(({ current }) => current.status)))
    expect(facet('publisher')).toEqual(
      counted(all.flatMap(({ current }) => current.source?.publisher ?? [])),
    )
    expect(facet('frequency')).toEqual(
      counted(all.map((one) => (one.period.endsWith('-A1') ? 'A1' : one.frequency))),
    )
  })

  it('shows a past state: the figures of then, and the file of then', async () => {
    const { data, vintage, frozen, problems } = await ask('asOf=2023-08-01&size=200')
    expect(problems).toEqual([])
    expect(vintage?.asOf).toBe('2023-08-01')
    expect(frozen.isFrozen).toBe(true)
    expect(data.total).toBeGreaterThan(10)
    expect(data.total).toBeLessThan(all.length)
    expect(data.figures.every(({ current }) => current.knownOn <= '2023-08-01')).toBe(true)
    const filter: DownloadFilter = { from: ['2022'] }
    const past = await ask('asOf=2023-08-01&size=200&from=2022')
    const file = await text(await figuresCsv(filter, vintage))
    expect(file.trimEnd().split('\n').length - 1).toBe(past.data.total)
  })

  it('finds of a past day what was known then, as far as it counts, with few or many figures', async () => {
    await addNotes()
    const filters = await anyFilter()
    const day = fc.constantFrom(
      '2019-06-30',
      '2021-12-31',
      '2022-05-11',
      '2023-08-01',
      '2026-11-25',
    )
    const commit = fc.constantFrom(1, 2, 1_000)
    const most = fc.constantFrom(1, 10, 60, 10_000)
    await fc.assert(
      fc.asyncProperty(filters, day, commit, most, async (filter, asOf, commit, most) => {
        const vintage = { asOf, commit, isFrozen: true }
        const found = await findWords(test.database, filter.q?.[0] ?? '')
        const plain = await plainIds(filter, vintage)
        const { size, ids } = await findPast(test.database, { filter, vintage, found, most })
        if (plain.length > most) expect([size.rows, size.isMore, ids]).toEqual([most, true, null])
        else expect([size.rows, ids?.sort((a, b) => a - b)]).toEqual([plain.length, plain])
      }),
      { numRuns: 150, examples: [[{ q: ['zulu'] }, '2023-08-01', 1_000, 1]] },
    )
  }, 60_000)

  it('says of a search how many figures it finds, or that they are more than it counts', async () => {
    await addNotes()
    const filters = await anyFilter()
    await fc.assert(
      fc.asyncProperty(filters, fc.constantFrom(1, 20, 100), async (filter, limit) => {
        const found = await findWords(test.database, filter.q?.[0] ?? '')
        const { length } = await plainIds(filter)
        const { rows, isMore } = await readFileSize(test.database, filter, found, limit)
        if (isMore) expect(rows).toBeLessThan(length)
        else expect(rows).toBe(length)
      }),
      {
        numRuns: 100,
        examples: [
          [{ q: ['l'] }, 1],
          [{ q: ['l zulu'] }, 1],
        ],
      },
    )
  }, 60_000)

  it('pages through the figures of a past day in the order of their periods', async () => {
    const vintage = { asOf: '2023-08-01', commit: 1_000, isFrozen: true }
    for (const filter of [{}, { indicator: ['ICT_EXPORTS'] }, { role: ['target' as const] }]) {
      for (const way of ['DESC', 'ASC']) {
        const order = `o.period_end ${way} NULLS LAST, o.period_start ${way} NULLS LAST,
          o.indicator_code, o.id`
        const plain = await plainIds(filter, vintage, order)
        const page = { descending: way === 'DESC', limit: 7, offset: 5 }
        const wanted = { filter, vintage, found: [] }
        expect(await readPastPage(test.database, wanted, page)).toEqual(plain.slice(5, 12))
      }
    }
  })

  it('says before its first figure that there is none', async () => {
    const { data } = await ask('asOf=1999-01-01')
    expect(data).toMatchObject({ total: 0, figures: [], size: { rows: 0, bytes: 0 } })
    expect(data.facets.indicator).toEqual([])
  })

  it('names a code and a day that there are not, and shows the rest', async () => {
    const { data, problems } = await ask('indicator=NOTHING&asOf=2999-01-01')
    expect(problems.map(({ code }) => code)).toEqual(['future', 'unknownCode'])
    expect(data.total).toBe(0)
  })

  it('reads a whole cross table, whatever the size of a page', async () => {
    const { data } = await ask('view=pivot&size=25')
    expect(idsOf(data.figures)).toEqual(idsOf(all))
  })

  it('answers an empty record', async () => {
    const empty = await testDatabase()
    try {
      const request = readExplorerRequest(new URLSearchParams('area=PK'))
      const { data } = await answerExplorer(request, 'en', empty.database)
      expect(data).toMatchObject({ total: 0, figures: [] })
      expect(data.facets.area).toEqual([])
    } finally {
      await empty.drop()
    }
  })
})

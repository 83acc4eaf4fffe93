import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemActor } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import {
  countPublishers,
  readAmong,
  readNewestIds,
  readRecordExtent,
} from '@/features/extents/data'
import { recordExtentOf } from '@/features/extents/rules'
import type { SeriesFilter } from '@/features/extents/schema'
import { readFigures, readFiguresAsOf } from '@/features/figures/data'
import { publishFigures, withdrawFigure } from '@/features/figures/mutations'
import { newest, publisherName, seriesKey } from '@/features/figures/rules'
import type { PublicationInput } from '@/features/figures/schema'
import { groupSeries, rhythmOf } from '@/features/figures/series'
import { loadFirstContent } from '@/features/imports/mutations'
import { overviewSelections } from '@/features/overview/rules'
import type { Database } from '@/lib/db/client'
import { type TestDatabase, testDatabase } from '../support/database'

let test: TestDatabase
let database: Database
let actor: Actor

beforeAll(async () => {
  test = await testDatabase()
  database = test.database
  await loadFirstContent(database)
  actor = await systemActor(database)
})

afterAll(() => test.drop())

const past = { asOf: '2024-06-30', commit: 2, isFrozen: true }
const together = { academies: ['_T'] }

const exportsOf = (period: string, value: string): PublicationInput => ({
  role: 'actual',
  indicator: 'ICT_EXPORTS',
  programme: '_Z',
  area: 'PK',
  academy: '_T',
  sex: '_T',
  kind: 'flow',
  unit: 'USD_MILLION',
  period,
  value,
  status: 'A',
  precision: 'exact',
  source: { publisher: 'Dawn', title: '', publishedLabel: '', url: '' },
  note: '',
  reason: '',
  periodLabel: '',
  releasedOn: '2026-11-20',
})

const publish = (figures: PublicationInput[]) =>
  database.$transaction((tx) =>
    publishFigures(tx, actor, figures, {
      kind: 'publication',
      message: '',
      idempotencyKey: randomUUID(),
    }),
  )

/** What the tables say of each series, and what the figures do. */
async function bothTellings() {
  const order = 'ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9'
  const all = (name: string) => database.$queryRawUnsafe<object[]>(`SELECT * FROM ${name} ${order}`)
  const shares = (name: string) =>
    database.$queryRawUnsafe<object[]>(`SELECT * FROM ${name} ${order}, 10, 11`)
  return [
    { series: await all('series'), shares: await shares('series_shares') },
    { series: await all('series_now'), shares: await shares('series_shares_now') },
  ] as const
}

describe('what the record covers', () => {
  it('is kept true by publications, corrections and withdrawals, those at once too', async () => {
    const before = await readRecordExtent(database)
    const months = ['2031-01', '2031-02', '2031-03', '2031-04', '2031-05', '2031-06']
    await Promise.all(months.map((month) => publish([exportsOf(month, '100')])))
    await publish([exportsOf('2031-03', '101')])
    const figures = await readFigures(database, { indicators: ['ICT_EXPORTS'] })
    const last = figures.find(({ period }) => period === '2031-06')
    await database.$transaction((tx) =>
      withdrawFigure(
        tx,
        actor,
        {
          observationId: last?.id ?? 0,
          reason: 'Never said.',
          source: null,
          baseRevision: last?.current.id ?? null,
        },
        {
          idempotencyKey: randomUUID(),
          attribution: { authorId: actor.userId, approverId: actor.userId, proposalId: null },
        },
      ),
    )
    const [kept, told] = await bothTellings()
    expect(kept).toEqual(told)
    expect(kept.shares.length).toBeGreaterThan(0)
    const after = await readRecordExtent(database)
    expect(after.whole.figures).toBe(before.whole.figures + 5)
    expect(after.indicators.get('ICT_EXPORTS')?.to).toBe('2031-05-31')
  })

  it('is what its figures cover, as a whole and by each code', async () => {
    const told = recordExtentOf(await readFigures(database, together))
    const kept = await readRecordExtent(database)
    const texts = ({ changed: _, ...rest }: { changed: string | null }) => rest
    expect(texts(kept.whole)).toEqual(texts(told.whole))
    for (const part of ['indicators', 'programmes', 'areas'] as const) {
      for (const [code, extent] of told[part])
        expect(texts(kept[part].get(code) ?? extent), code).toEqual(texts(extent))
    }
    // A withdrawal is a change too, though no figure tells of it.
    expect(kept.whole.changed).toBe(
      new Date().toLocaleDateString('sv', { timeZone: 'Asia/Karachi' }),
    )
    expect(kept.areas.get('PK-PB')?.changed).toBe(told.areas.get('PK-PB')?.changed)
  })

  it('counts publishers as the figures name them', async () => {
    const figures = await readFigures(database, together)
    const names = figures.flatMap(({ current: { source } }) =>
      source ? publisherName(source.publisher) : [],
    )
    expect(await countPublishers(database)).toBe(new Set(names).size)
  })
})

describe('what a page reads of the record', () => {
  it('is all of it while there is room, in the order of all figures', async () => {
    const { figures, isWhole } = await readAmong(database, [[{}]])
    expect(isWhole).toBe(true)
    expect(figures).toEqual(await readFigures(database, together))
  })

  it.each<[string, SeriesFilter, Parameters<typeof readFigures>[1]]>([
    ['an area', { areas: ['PK-PB'] }, { areas: ['PK-PB'] }],
    ['targets', { roles: ['target'] }, { roles: ['target'] }],
    [
      'women in one indicator',
      { indicators: ['TRAINED'], sexes: ['F'] },
      { indicators: ['TRAINED'], sexes: ['F'] },
    ],
    ['nothing', { programmes: [] }, { programmes: [] }],
  ])('is of the series asked for: %s', async (_, filter, same) => {
    const { figures } = await readAmong(database, [[filter]])
    expect(figures).toEqual(await readFigures(database, { ...together, ...same }))
  })

  it('is never more than there is room for, and has the newest figure of each series', async () => {
    const all = await readFigures(database, { ...together, roles: ['actual'], areas: ['PK'] })
    const series = groupSeries(all)
    const most = series.length * 2
    const filter = { roles: ['actual'], areas: ['PK'] }
    const { ids, isWhole } = await readNewestIds(database, [filter], { most })
    expect(isWhole).toBe(false)
    const read = new Set(ids)
    for (const one of series) expect(read).toContain(newest(one)?.id)
    // A series that stands for its indicator is long enough for a line.
    const exports = all.filter(
      ({ indicator, period }) => indicator === 'ICT_EXPORTS' && /^\d{4}-\d\d$/.test(period),
    )
    expect(ids.length).toBeLessThan(all.length)
    expect(exports.filter(({ id }) => read.has(id)).length).toBeGreaterThan(2)
  })

  it('begins with each indicator where there are more series than room', async () => {
    const all = await readFigures(database, { ...together, roles: ['actual'] })
    const dated = all.filter(({ periodEnd }) => periodEnd !== null)
    const indicators = (some: typeof all) => new Set(some.map(({ indicator }) => indicator))
    const { ids } = await readNewestIds(database, [{ roles: ['actual'] }], {
      most: indicators(all).size,
    })
    expect(indicators(dated.filter(({ id }) => ids.includes(id)))).toEqual(indicators(dated))
  })

  it('tells where a series goes on before what is shown of it, and only there', async () => {
    const filter = { indicators: ['ICT_EXPORTS'], roles: ['actual'] }
    const all = await readFigures(database, { ...together, ...filter, roles: ['actual'] })
    const keyed = (figure: (typeof all)[number]) => `${seriesKey(figure)} ${rhythmOf(figure)}`
    const first = (some: typeof all, figure: (typeof all)[number]) =>
      some.find((one) => one.periodEnd !== null && keyed(one) === keyed(figure))?.id
    for (const vintage of [null, past]) {
      const then = vintage
        ? await readFiguresAsOf(database, vintage, { ...together, ...filter, roles: ['actual'] })
        : all
      const { figures } = await readAmong(database, [[filter]], vintage, 30)
      expect(figures.length).toBeLessThan(then.length)
      for (const figure of figures) {
        const isCut = first(figures, figure) === figure.id && first(then, figure) !== figure.id
        expect(figure.hasOlder ?? false, figure.period).toBe(isCut)
      }
      expect(figures.some(({ hasOlder }) => hasOlder)).toBe(true)
    }
    const { figures } = await readAmong(database, [[filter]])
    expect(figures.filter(({ hasOlder }) => hasOlder)).toEqual([])
  })

  it('is what was known then, of a past day, also where there is no room for all', async () => {
    const { figures } = await readAmong(database, [[{}]], past)
    const all = await readFiguresAsOf(database, past, together)
    expect(figures).toEqual(all)
    const { ids } = await readNewestIds(database, [{ roles: ['actual'] }], {
      vintage: past,
      most: 300,
    })
    for (const one of groupSeries(all.filter(({ role }) => role === 'actual')))
      expect(ids).toContain(newest(one)?.id)
  })

  it('is of a past day nothing that was not known then, and no more than of today', async () => {
    const all = await readFiguresAsOf(database, past, together)
    const known = new Set(all.map(({ id }) => id))
    const most = groupSeries(all).length
    const { ids, isWhole } = await readNewestIds(database, [{ roles: ['actual'] }], {
      vintage: past,
      most,
    })
    expect(isWhole).toBe(false)
    expect(ids.filter((id) => !known.has(id))).toEqual([])
    const indicators = new Set(all.map(({ indicator }) => indicator))
    expect(ids.length).toBeLessThan(most + indicators.size * 48)
  })

  it('has for the overview every figure that it shows', async () => {
    const { figures } = await readAmong(database, overviewSelections)
    const targets = await readFigures(database, { ...together, roles: ['target', 'claim'] })
    const read = new Set(figures.map(({ id }) => id))
    expect(targets.filter(({ id }) => !read.has(id))).toEqual([])
  })
})

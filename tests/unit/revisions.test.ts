import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chartContext } from '@/features/charts/series'
import { revisionAsOf } from '@/features/figures/rules'
import { changesBetween } from '@/features/revisions/rules'
import { comparisonCharts, usualDays } from '@/features/revisions/series'
import { catalogue, figure } from '../support/figures'

const days = ['2023-01-01', '2023-06-30', '2024-02-29', '2025-08-20']
const day = fc.constantFrom(...days)

/** Revisions of a few keys in the order of their record. */
const log = fc
  .array(
    fc.record({
      observation: fc.integer({ min: 1, max: 4 }),
      value: fc.option(fc.constantFrom('1', '2', '2.0')),
      releasedOn: fc.option(day),
      recordedOn: day,
    }),
    { maxLength: 12 },
  )
  .map((events) =>
    events.map(({ recordedOn, ...said }, n) => ({
      ...said,
      id: n + 1,
      knownOn: said.releasedOn ?? recordedOn,
    })),
  )

type Log = typeof log extends fc.Arbitrary<infer T> ? T : never

/** What a reader sees at the end of a day: the value of each key that has one. */
function seen(revisions: Log, asOf: string) {
  const keys = new Set(revisions.map(({ observation }) => observation))
  const values = new Map<number, { id: number; value: string }>()
  for (const key of keys) {
    const history = revisions.filter(({ observation }) => observation === key)
    const current = revisionAsOf(history, asOf)
    if (current?.value != null) values.set(key, { id: current.id, value: current.value })
  }
  return values
}

describe('what changed between two days', () => {
  it('turns what was seen on the first into what was seen on the second, and nothing else', () => {
    fc.assert(
      fc.property(log, day, day, (revisions, a, b) => {
        const [from = a, to = b] = [a, b].sort()
        const shown = seen(revisions, from)
        for (const { observation, kind, before, after } of changesBetween(revisions, from, to)) {
          expect(before?.id).toBe(shown.get(observation)?.id)
          expect(kind === 'added').toBe(before === null)
          expect(kind === 'withdrawn').toBe(after.value === null)
          if (after.value === null) shown.delete(observation)
          else shown.set(observation, { id: after.id, value: after.value })
        }
        expect(shown).toEqual(seen(revisions, to))
      }),
    )
  })

  it('is nothing between a day and itself', () => {
    fc.assert(
      fc.property(log, day, (revisions, asOf) => {
        expect(changesBetween(revisions, asOf, asOf)).toEqual([])
      }),
    )
  })

  it('is looked for from the day before the newest revision was known', () => {
    expect(usualDays([{ knownOn: '2024-03-01' }, { knownOn: '2023-05-05' }], '2026-11-24')).toEqual(
      { from: '2024-02-29', to: '2026-11-24' },
    )
  })
})

describe('the chart of two days', () => {
  const context = chartContext(catalogue, 'en')
  const year = (period: string, value: string) => figure({ period, value })
  const same = year('2021-A1', '2619')
  const before = [same, year('2022-A1', '2605')]
  const after = [same, year('2022-A1', '2596'), year('2023-A1', '3223')]

  it('lays the earlier state dashed under the later one, on axes that hold both', () => {
    const [chart, ...others] = comparisonCharts(
      { context, day: '2023-08-01', figures: before },
      { context, day: '2024-12-31', figures: after },
    )
    expect(others).toEqual([])
    expect(
      chart?.series.map(({ label, isEarlier, points }) => [
        label,
        isEarlier,
        points.map(({ y }) => y),
      ]),
    ).toEqual([
      ['As known on 1 Aug 2023', true, [2619, 2605]],
      ['As known on 31 Dec 2024', undefined, [2619, 2596, 3223]],
    ])
    const points = chart?.series.flatMap((one) => one.points) ?? []
    expect(points.every(({ x }) => (chart?.x.from ?? 0) < x && x < (chart?.x.to ?? 0))).toBe(true)
  })

  it('leaves out a series that says the same on both days', () => {
    const state = { context, day: '2023-08-01', figures: before }
    expect(comparisonCharts(state, { ...state, day: '2023-09-01' })).toEqual([])
  })
})

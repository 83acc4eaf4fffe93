import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chartContext, targetBullets } from '@/features/charts/series'
import type { Figure } from '@/features/figures/schema'
import {
  lastChange,
  pairTargets,
  progressOf,
  progressOfAll,
  reached,
  targetOf,
} from '@/features/targets/rules'
import { targetWords, withChanges } from '@/features/targets/series'
import { locales } from '@/lib/i18n'
import { compareDecimals } from '@/lib/number'
import { catalogue, contentFigures, figure } from '../support/figures'

const content = contentFigures()
const today = '2026-11-24'
const en = chartContext(catalogue, 'en')

const target = (changes: Partial<Figure> = {}) =>
  figure({
    role: 'target',
    indicator: 'TRAINED',
    unit: 'PERSONS',
    period: '2025-01-01/2025-12-30',
    value: '100',
    ...changes,
  })
const actual = (changes: Partial<Figure> = {}) => target({ role: 'actual', value: '5', ...changes })

describe('targets and what was reached', () => {
  it('are paired by indicator, programme, area and sex', () => {
    const mine = actual()
    const others = [
      actual({ indicator: 'ENROLLED' }),
      actual({ programme: 'PSEB' }),
      actual({ area: 'PK-PB' }),
      actual({ sex: 'F' }),
      actual({ unit: 'PERSONS_PER_YEAR' }),
      actual({ role: 'claim' }),
      target({ value: '1' }),
    ]
    expect(reached([...others, mine], target())).toBe(mine)
    expect(reached(others, target())).toBeUndefined()
  })

  it('take the newest figure in time; else the newest there is', () => {
    const early = actual({ period: '2025-03-01/2025-04-30' })
    const inTime = actual({ period: '2025-03-01/2025-11-30' })
    const late = actual({ period: '2025-03-01/2026-03-31' })
    expect(reached([early, late, inTime], target())).toBe(inTime)
    expect(reached([late], target())).toBe(late)
  })

  it('are not measured by what ended before their time', () => {
    expect(reached([actual({ period: '2024' })], target())).toBeUndefined()
    const level = actual({ period: '2024-11-03', kind: 'stock' })
    expect(reached([level], target({ kind: 'stock', period: '2024-12-31' }))).toBe(level)
  })

  it('are not measured by what was counted from long before', () => {
    const since = (start: string) => actual({ kind: 'cumulative', period: `${start}/2025-06-30` })
    const near = since('2024-12-15')
    expect(reached([since('2018-08-01')], target())).toBeUndefined()
    expect(reached([near], target())).toBe(near)
    const open = actual({ kind: 'cumulative', period: '../2025-06-30' })
    expect(reached([open], target())).toBe(open)
  })

  it('of several for one subject, the newest that can be measured stands', () => {
    const first = target({ period: '2025-01-01/2025-06-29' })
    const second = target({ period: '2025-01-01/2025-12-30' })
    const perYear = target({ unit: 'PERSONS_PER_YEAR', period: '2026' })
    const figures = [first, second, perYear]
    expect(pairTargets(figures, today)).toEqual([{ target: perYear, actual: undefined }])
    const known = actual({ period: '2025-02-01/2025-05-31' })
    expect(pairTargets([...figures, known], today)).toEqual([{ target: second, actual: known }])
  })

  it('of the world are context', () => {
    expect(pairTargets([target({ area: '001' })], today)).toEqual([])
    const world = actual({ area: '001' })
    expect(targetOf([target({ area: '001' }), world], world, today)).toBeUndefined()
  })

  it('belong to the figure that tells their attainment', () => {
    const mine = actual()
    const other = actual({ period: '2025-01-01/2025-03-30' })
    const one = target()
    expect(targetOf([one, mine, other], mine, today)).toBe(one)
    expect(targetOf([one, mine, other], other, today)).toBeUndefined()
  })

  it('of the first content are measured where that is fair', () => {
    const pairs = pairTargets(content, today).map(({ target, actual }) => [
      target.indicator,
      target.programme,
      target.value,
      actual?.value,
    ])
    expect(pairs).toEqual(
      expect.arrayContaining([
        ['ACADEMIES', 'HUAWEI_ICTA', '23', '24'],
        ['OFFICIALS_TRAINED', 'HUAWEI_MOITT', '1000', '1000'],
        ['TRAINED', 'HUAWEI_300K', '300000', '20315'],
        ['TRAINING_SLOTS', 'HUAWEI_ICTA', '3000', '800'],
        // DigiSkills has counted since 2018, its target runs from 2022.
        ['TRAININGS', 'DIGISKILLS', '1500000', undefined],
        ['ENROLLED', 'BANO_QABIL', '50000', undefined],
      ]),
    )
    const measured = pairs.map(([, , , value]) => value !== undefined)
    expect(measured).toEqual(measured.toSorted((a, b) => Number(b) - Number(a)))
  })
})

/** A level counted on a day. */
const level = (period: string, value: string, changes: Partial<Figure> = {}) =>
  actual({ kind: 'stock', period, value, ...changes })
const goal = (period: string, value: string, changes: Partial<Figure> = {}) =>
  target({ kind: 'stock', period, value, ...changes })
const words = (figures: readonly Figure[], one: Figure) =>
  targetWords(en, progressOf(figures, one, today))

describe('progress towards a target', () => {
  it('is share, rest, and the pace that is needed beside the one of late', () => {
    const aim = goal('2027-06-30', '27000')
    const figures = [level('2025-11-24', '12000'), level('2026-11-01', '20000'), aim]
    expect(words(figures, aim)).toEqual({
      share: '74.1% of the target of 27,000 persons (30 Jun 2027)',
      rest: '7,000 persons to go, 218 days left',
      course: 'needs 978 persons a month until 30 Jun 2027; +712 a month since 24 Nov 2025; behind',
      changed: '',
    })
    const far = goal('2028-06-30', '27000')
    expect(words([...figures, far], far).course).toBe(
      'needs 4,378 persons a year until 30 Jun 2028; +8,544 a year since 24 Nov 2025; on course',
    )
  })

  it('of which nothing tells the pace is open; in the last days it is what is missing', () => {
    const aim = goal('2026-12-31', '100')
    const one = level('2026-11-01', '90')
    expect(words([one, aim], aim).course).toBe('needs 10 persons more by 31 Dec 2026')
    const far = goal('2027-12-31', '100')
    expect(progressOf([one, far], far, today)).toMatchObject({
      state: 'open',
      pace: { per: 'year', needed: '10', recent: null },
    })
  })

  it.each([
    ['met', '2026-12-31', '100', 'reached'],
    ['met', '2025-12-31', '120', 'reached'],
    ['missed', '2025-12-31', '90', 'its day has passed, 10 persons were missing'],
  ])('is %s: due %s with %s', (state, due, value, course) => {
    const aim = goal(due, '100')
    const figures = [level('2025-06-30', value), aim]
    expect(progressOf(figures, aim, today).state).toBe(state)
    expect(words(figures, aim).course).toBe(course)
  })

  it('without any figure says so, before its day and after', () => {
    expect(words([], goal('2027-12-31', '100'))).toMatchObject({
      share: 'Target of 100 persons (31 Dec 2027)',
      course: 'no figure measures it yet',
    })
    expect(words([], goal('2025-12-31', '100')).course).toMatch(/^its day has passed and no figure/)
  })

  it('without a date says only the share', () => {
    const aim = target({ period: '2025-07-19', value: '100' })
    const figures = [level('2026-01-01', '20'), aim]
    expect(words(figures, aim)).toEqual({
      share: '20.0% of the target of 100 persons, for which no date was set',
      rest: '80 persons to go',
      course: '',
      changed: '',
    })
  })

  it('of a year to come is the growth that it takes', () => {
    const year = (period: string, value: string, role: Figure['role'] = 'actual') =>
      figure({ period, value, role })
    const aim = year('2026-A1', '5000', 'target')
    const figures = [year('2024-A1', '3000'), year('2025-A1', '4000'), aim]
    expect(words(figures, aim)).toMatchObject({
      share: 'FY2025-26 was 80.0% of the target of US$ 5,000 million for FY2026-27',
      course: 'needs 25.0% growth on FY2025-26; the last change was 33.3%; on course',
    })
    expect(targetOf(figures, figures[1] as Figure, today)).toBe(aim)
    const later = year('2028-A1', '5000', 'target')
    expect(progressOf([...figures, later], later, today)).toMatchObject({
      state: 'open',
      growth: { needed: '25.0', recent: null },
    })
  })

  it('takes no pace from before a break', () => {
    const aim = goal('2028-06-30', '200')
    const figures = [
      level('2025-01-01', '10'),
      level('2026-06-01', '90', { startsBreak: true }),
      level('2026-11-01', '100'),
      aim,
    ]
    expect(progressOf(figures, aim, today).pace?.recent?.since).toBe('2026-06-01')
  })

  it('never falls short at the needed pace, and needs no more than one unit too much', () => {
    const days = fc.integer({ min: 61, max: 4000 })
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 12n }), days, (missing, left) => {
        const day = new Date(Date.UTC(2026, 10, 24 + left)).toISOString().slice(0, 10)
        const aim = goal(day, `${missing + 5n}`)
        const { pace, daysLeft, remaining } = progressOf(
          [level('2026-01-01', '5'), aim],
          aim,
          today,
        )
        expect([daysLeft, remaining]).toEqual([left, `${missing}`])
        const measure = pace?.per === 'year' ? 146_100n : 12_175n
        const needed = BigInt(pace?.needed ?? '0')
        expect(needed * BigInt(left) * 400n >= missing * measure).toBe(true)
        expect((needed - 1n) * BigInt(left) * 400n < missing * measure).toBe(true)
      }),
    )
  })

  it('has a share of 100 or more exactly where it is met', () => {
    const value = fc.bigInt({ min: 1n, max: 10n ** 15n }).map(String)
    fc.assert(
      fc.property(value, value, (aimed, got) => {
        const aim = goal('2030-01-01', aimed)
        const { state, share, remaining } = progressOf([level('2026-01-01', got), aim], aim, today)
        expect(state === 'met').toBe(compareDecimals(got, aimed) >= 0)
        expect(remaining === null).toBe(state === 'met')
        if (state === 'met') expect(compareDecimals(share ?? '0', '100')).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('several targets of one subject', () => {
  it('are all shown, the next one first; it stands on the card', () => {
    const [past, next, later] = [
      goal('2025-06-30', '10'),
      goal('2027-06-30', '30'),
      goal('2029-06-30', '50'),
    ]
    const mine = level('2026-06-30', '20')
    const figures = [later, past, mine, next]
    const shown = progressOfAll(figures, today).map((one) => one.target)
    expect(shown).toEqual([next, later, past])
    expect(targetOf(figures, mine, today)).toBe(next)
    expect(pairTargets(figures, today)).toEqual([{ target: next, actual: mine }])
  })

  it('with one deadline are one that was changed, and show both values', () => {
    const old = goal('2027-06-30', '300', { releasedOn: '2025-01-01' } as object)
    const raised = target({
      kind: 'stock',
      period: '../2027-06-30',
      value: '500',
      ...({ releasedOn: '2026-03-01' } as object),
    })
    const figures = [old, raised, level('2026-06-30', '100')]
    const [progress, ...others] = progressOfAll(figures, today)
    expect(others).toEqual([])
    expect(progress).toMatchObject({
      target: raised,
      changed: { before: '300', on: '2026-03-01' },
    })
    for (const locale of locales) {
      const context = chartContext(catalogue, locale)
      const { changed } = targetWords(context, progress as NonNullable<typeof progress>)
      expect(changed).toContain('300')
      expect(changed).toContain('500')
    }
    const pairs = withChanges(en, [{ target: raised, actual: undefined }], {
      figures,
      today,
      changes: [],
    })
    const [row] = targetBullets(en, pairs, { id: 'x', title: 'x', unit: 'x' }).rows
    expect(row?.earlierShare).toBeCloseTo(0.6)
    expect(row?.detail).toMatch(/raised from 300 to 500 persons on 1 Mar 2026$/)
  })

  it('of different years with one last day are different targets', () => {
    const month = figure({ role: 'target', period: '2027-06', value: '1' })
    const year = figure({ role: 'target', period: '2026-A1', value: '12' })
    expect(progressOfAll([month, year], today)).toHaveLength(2)
  })
})

describe('the last change of a target', () => {
  const revision = (id: number, value: string | null, releasedOn: string) => ({
    id,
    value,
    releasedOn,
    knownOn: releasedOn,
  })

  it('is to the value that stands, from the one before it', () => {
    const history = [
      revision(1, '300', '2024-01-01'),
      revision(2, '400', '2025-01-01'),
      revision(4, '500.0', '2026-06-01'),
      revision(3, '500', '2026-01-01'),
    ]
    expect(lastChange(history)).toEqual({ before: '400', on: '2026-01-01' })
    expect(lastChange(history.slice(0, 1))).toBeNull()
    expect(
      lastChange([revision(1, '300', '2024-01-01'), revision(2, '300.0', '2025-01-01')]),
    ).toBeNull()
  })
})

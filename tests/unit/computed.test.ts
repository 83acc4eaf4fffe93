import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chartContext } from '@/features/charts/series'
import { counterpart, findParts, withComputed, withoutRepeats } from '@/features/computed/rules'
import { differenceText, formulaWords } from '@/features/computed/series'
import { recordExtentOf } from '@/features/extents/rules'
import type { Figure } from '@/features/figures/schema'
import { flagsOf } from '@/features/figures/series'
import { indicatorCharts, indicatorsByTheme } from '@/features/indicators/series'
import { locales } from '@/lib/i18n'
import { catalogue, contentFigures, figure } from '../support/figures'

const en = chartContext(catalogue, 'en')
const persons = (indicator: string, value: string, changes: Partial<Figure> = {}) =>
  figure({ indicator, value, unit: 'PERSONS', programme: 'PSEB', period: '2021', ...changes })
const computedOf = (figures: readonly Figure[]) =>
  withComputed(catalogue, figures).filter(({ computed }) => computed)

describe('a rate is computed from its parts', () => {
  it('of the first content where both are of one key and one period', () => {
    const all = computedOf(contentFigures()).map((one) => [
      one.indicator,
      one.programme,
      en.writer.period(one),
      en.writer.value(one),
    ])
    expect(all).toEqual([
      ['COMPLETION_RATE', 'HUAWEI_SEEDS', '21 Sep 2020 – 25 Sep 2020', '81.3%'],
      ['COMPLETION_RATE', 'HUAWEI_SEEDS', '2021', '75.0%'],
      ['FEMALE_SHARE', 'NAVTTC', 'up to 1 Jan 2024', '48.3%'],
      ['FEMALE_SHARE_APPLICANTS', 'E_ROZGAAR', '7 Nov 2018', '33.7%'],
      ['COMP_EXAM_RATE', 'HUAWEI_ICTC', '1 Sep 2018 – 31 May 2019', '≈ 46.9%'],
    ])
  })

  it.each([
    ['another programme', { programme: 'NFTP' }],
    ['another area', { area: 'PK-PB' }],
    ['another sex', { sex: 'F' }],
    ['another kind', { kind: 'cumulative' as const }],
    ['another unit', { unit: 'APPLICATIONS' }],
    ['another period', { period: '2022' }],
    ['a target', { role: 'target' as const }],
    ['no end', { period: '2021-01-01/..' }],
  ])('and not where one is of %s', (_, changes) => {
    const [completed, enrolled] = [persons('COMPLETED', '3'), persons('ENROLLED', '4')]
    expect(computedOf([completed, enrolled]).map(({ value }) => value)).toEqual(['75.0'])
    expect(computedOf([completed, persons('ENROLLED', '4', changes)])).toEqual([])
  })

  it('of one sex over all, or over both sexes where all were never told', () => {
    const trained = (sex: string, value: string) => persons('TRAINED', value, { sex })
    const [women, men, all] = [trained('F', '1'), trained('M', '2'), trained('_T', '4')] as const
    expect(computedOf([women])).toEqual([])
    expect(computedOf([women, men]).map(({ value, sex }) => [value, sex])).toEqual([['33.3', '_T']])
    const [share] = computedOf([women, men, all])
    expect(share).toMatchObject({ value: '25.0', computed: { denominator: all.id } })
  })

  it('never by zero', () => {
    expect(computedOf([persons('COMPLETED', '0'), persons('ENROLLED', '0')])).toEqual([])
  })

  it('exactly: half away from zero at the first decimal, however large the parts', () => {
    const whole = fc.bigInt({ min: 1n, max: 10n ** 20n })
    fc.assert(
      fc.property(whole, whole, (n, d) => {
        const parts = [persons('COMPLETED', `${n}`), persons('ENROLLED', `${d}`)]
        const tenths = (2000n * n + d) / (2n * d)
        expect(computedOf(parts)[0]?.value).toBe(`${tenths / 10n}.${tenths % 10n}`)
      }),
    )
  })

  it('and has the marks of its parts beside its own', () => {
    const parts = [
      persons('COMPLETED', '3', { status: 'P' }),
      persons('ENROLLED', '4', { precision: 'over', publishersDiffer: true }),
    ]
    const [rate] = computedOf(parts)
    expect(rate && flagsOf(rate)).toEqual(['provisional', 'over', 'publishers', 'computed'])
    expect(rate && en.writer.value(rate)).toBe('≈ 75.0%')
    const address = `/figures/${parts[0]?.id}-${parts[1]?.id}`
    expect(rate && en.writer.figurePath(rate)).toBe(address)
  })
})

describe('beside a published rate', () => {
  const share = (value: string, changes: Partial<Figure> = {}) =>
    persons('FEMALE_SHARE', value, { kind: 'ratio', unit: 'PERCENT', ...changes })
  const parts = [persons('TRAINED', '275', { sex: 'F' }), persons('TRAINED', '1000')]

  it.each([
    ['28', {}, false],
    ['27', {}, false],
    ['26.9', {}, true],
    ['27.5', {}, false],
    ['27.6', {}, true],
    ['29', {}, true],
    ['25', { precision: 'over' as const }, false],
    ['30', { precision: 'over' as const }, true],
  ])('27.5%% disagrees with %s %o beyond its digits: %s', (value, changes, isOdd) => {
    const figures = withComputed(catalogue, [...parts, share(value, changes)])
    const rates = figures.filter(({ indicator }) => indicator === 'FEMALE_SHARE')
    expect(rates).toHaveLength(2)
    expect(rates.map(({ disagrees = false }) => disagrees)).toEqual([isOdd, isOdd])
    expect(rates.map((one) => flagsOf(one).includes('disagrees'))).toEqual([isOdd, isOdd])
    expect(withoutRepeats(rates)).toHaveLength(isOdd ? 2 : 1)
  })

  it('says by how much, in words', () => {
    const figures = withComputed(catalogue, [...parts, share('26')])
    const published = figures.find(({ indicator }) => indicator === 'FEMALE_SHARE') as Figure
    const computed = counterpart(published, figures) as Figure
    expect(differenceText('en', computed, published)).toBe(
      'is 1.5 points above the published value.',
    )
  })
})

describe('a computed value is shown', () => {
  const content = contentFigures()

  it('with its formula, for the numbers of its two figures and for no others', () => {
    const [rate] = computedOf(content)
    const numbers = { numerator: 0, denominator: 0, ...rate?.computed }
    const found = findParts(catalogue, content, numbers)
    if (!found || !rate) throw new Error('No parts.')
    expect(formulaWords('en', en.writer, found, rate)).toEqual({
      words: '“People who completed a course” divided by “People enrolled”, times 100.',
      numbers: '\u206626 ÷ 32 × 100 = 81.3\u2069, rounded to 1 decimal',
    })
    for (const locale of locales) {
      const { writer } = chartContext(catalogue, locale)
      expect(formulaWords(locale, writer, found, rate).numbers).toContain('81.3')
    }
    const swapped = { numerator: numbers.denominator, denominator: numbers.numerator }
    expect(findParts(catalogue, content, swapped)).toBeNull()
  })

  it('in the list of indicators, and beside published values in the chart', () => {
    const rows = indicatorsByTheme(catalogue, content, recordExtentOf(content)).flatMap(
      (group) => group.rows,
    )
    const rate = rows.find(({ indicator }) => indicator.code === 'COMPLETION_RATE')
    expect([rate?.count, rate?.newest && en.writer.value(rate.newest)]).toEqual([2, '75.0%'])
    const shares = withComputed(catalogue, content).filter(
      ({ indicator }) => indicator === 'FEMALE_SHARE',
    )
    const indicator = catalogue.indicators.find(({ code }) => code === 'FEMALE_SHARE')
    const dots = indicator && indicatorCharts(en, indicator, shares).at(-1)
    const marks = dots?.kind === 'dots' ? dots.rows.map(({ mark }) => mark) : []
    expect(marks.some(({ flags }) => flags?.includes('computed'))).toBe(true)
    expect(marks.some(({ flags }) => !flags?.includes('computed'))).toBe(true)
  })
})

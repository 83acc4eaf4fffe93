import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chartContext } from '@/features/charts/series'
import {
  type CompareWords,
  compareQuery,
  forms,
  mostSeries,
  readCompareWords,
  seriesCodeOf,
  views,
} from '@/features/comparisons/schema'
import {
  chosenSeries,
  comparableGroups,
  comparisonCharts,
  seriesIn,
  suggestions,
} from '@/features/comparisons/series'
import { catalogue, contentFigures, figure } from '../support/figures'

const content = contentFigures()
const context = chartContext(catalogue, 'en')
const offers = seriesIn(context, content)
const codes = offers.map(({ code }) => code)
const exports = 'ICT_EXPORTS._Z.PK._T.flow.USD_MILLION.fiscal'
const freelance = 'FREELANCE_REMIT._Z.PK._T.flow.USD_MILLION.fiscal'
const usual = { view: 'absolute', form: 'lines', perPerson: false } as const

const words: fc.Arbitrary<CompareWords> = fc.record({
  series: fc.uniqueArray(fc.constantFrom(...codes), { maxLength: mostSeries }),
  indicators: fc.uniqueArray(fc.constantFrom('TRAINED', 'ACADEMIES'), { maxLength: 2 }),
  view: fc.constantFrom(...views),
  form: fc.constantFrom(...forms),
  perPerson: fc.boolean(),
  from: fc.constantFrom(null, 2015),
  to: fc.constantFrom(null, 2024),
})

describe('the words of a comparison', () => {
  it('say again what they were made of', () => {
    fc.assert(
      fc.property(words, (wanted) => {
        const read = readCompareWords(new URLSearchParams(compareQuery(wanted)))
        expect(read).toEqual({ words: wanted, problems: [] })
      }),
    )
  })

  it('are never thrown at, whatever they say', () => {
    const word = fc.constantFrom('series', 'indicator', 'view', 'form', 'per', 'from', 'to')
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.string())), (pairs) => {
        const { words: read } = readCompareWords(new URLSearchParams(pairs))
        expect(read.series.length).toBeLessThanOrEqual(mostSeries)
        comparisonCharts(context, chosenSeries(offers, read), read)
      }),
    )
  })

  it.each([
    ['series=NOTHING', 'unknownSeries'],
    ['view=sideways', 'unknownView'],
    ['form=pie', 'unknownView'],
    ['from=last+year', 'notAYear'],
    ['from=2024&to=2020', 'yearsTurned'],
    [
      codes
        .slice(0, 9)
        .map((code) => `series=${code}`)
        .join('&'),
      'tooManySeries',
    ],
  ])('%s is told of: %s', (query, code) => {
    expect(readCompareWords(new URLSearchParams(query)).problems).toMatchObject([{ code }])
  })
})

describe('series to compare', () => {
  it('hold every dated actual figure of the record, each once', () => {
    const all = offers.flatMap(({ figures }) => figures).filter(({ computed }) => !computed)
    const dated = content.filter(({ role, periodEnd }) => role === 'actual' && periodEnd !== null)
    expect(all.length).toBe(dated.length)
    expect(new Set(codes).size).toBe(codes.length)
    for (const { code, figures } of offers)
      for (const one of figures) expect(seriesCodeOf(one)).toBe(code)
  })

  it('are cut to the years asked for, and left out where nothing is left', () => {
    const asked = { series: [exports, freelance], from: 2021, to: 2022 }
    for (const { figures } of chosenSeries(offers, asked)) {
      for (const { periodEnd } of figures) expect(periodEnd).toMatch(/^202[12]/)
    }
    expect(chosenSeries(offers, { series: [exports], from: 1950, to: 1960 })).toEqual([])
  })

  it('of different units stand on different charts', () => {
    const trained = codes.find((code) => code.startsWith('TRAINED')) ?? ''
    const chosen = chosenSeries(offers, {
      series: [exports, trained, freelance],
      from: null,
      to: null,
    })
    expect(comparableGroups(chosen).map((group) => group.map(({ code }) => code))).toEqual([
      [exports, freelance],
      [trained],
    ])
    expect(comparisonCharts(context, chosen, usual).charts).toHaveLength(2)
  })

  it('are suggested only where the record has them', () => {
    const suggested = suggestions(offers)
    expect(suggested.length).toBeGreaterThan(0)
    for (const { words: wanted } of suggested)
      expect(chosenSeries(offers, wanted)).toHaveLength(wanted.series.length)
    expect(suggestions([])).toEqual([])
  })
})

describe('the charts of a comparison', () => {
  const both = chosenSeries(offers, { series: [exports, freelance], from: null, to: null })

  it('put series of any unit on one index', () => {
    const { charts, refused } = comparisonCharts(context, both, { ...usual, view: 'index' })
    expect(refused).toBeNull()
    expect(charts).toHaveLength(1)
    const [chart] = charts
    expect(
      chart?.kind === 'series' &&
        chart.series.map(({ points }) => points.some(({ y }) => y === 100)),
    ).toEqual([true, true])
  })

  it('are as published where there is no index, and say so', () => {
    const apart = [
      ...both.slice(0, 1),
      { ...both[0], code: 'x', figures: [figure({ period: '1999' })] },
    ]
    const { charts, refused } = comparisonCharts(context, apart as typeof both, {
      ...usual,
      view: 'index',
    })
    expect(refused).toBe('index')
    expect(charts.length).toBeGreaterThan(0)
  })

  it.each([
    ['lines', 'series'],
    ['multiples', 'multiples'],
    ['columns', 'groups'],
    ['slopes', 'slopes'],
  ] as const)('are drawn as %s', (form, kind) => {
    const { charts, refused } = comparisonCharts(context, both, { ...usual, form })
    expect(refused).toBeNull()
    expect(charts.map((chart) => chart.kind)).toEqual([kind])
  })

  it('are for each 100,000 people where their number is published, and say where it is not', () => {
    const people = (period: string, id: number) =>
      figure({
        id,
        indicator: 'POPULATION',
        kind: 'stock',
        unit: 'PERSONS',
        period,
        value: '240000000',
      })
    const [first] = both
    const one = first ? [first] : []
    const all = (first?.figures ?? []).map(({ period }, n) => people(period, 7000 + n))
    const wanted = { ...usual, perPerson: true }
    const { charts, refused } = comparisonCharts(context, one, wanted, all)
    expect(refused).toBeNull()
    const [chart] = charts
    const newest = chart?.kind === 'series' ? chart.series[0]?.points.at(-1) : undefined
    // 3,810 million dollars of 240 million people.
    expect(newest?.short).toBe('1.59')
    expect(newest?.from).toHaveLength(2)
    expect(comparisonCharts(context, one, wanted, []).refused).toBe('per')
  })
})

import fc from 'fast-check'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { ChartFigure } from '@/components/charts/chart-figure'
import { chartImage } from '@/components/charts/chart-image'
import { fraction } from '@/components/charts/geometry'
import { fromDay, logAxis } from '@/components/charts/layout'
import type { ChartModel, GroupsModel } from '@/components/charts/model'
import { columnsOf, plotLayout, plotRows, seriesKeys } from '@/components/charts/plot'
import { slopeLayout } from '@/components/charts/slope-layout'
import { chartTable } from '@/components/charts/table'
import { chartWords, marksOf } from '@/components/charts/words'
import {
  arePartsOfOne,
  commonPeriods,
  indexPeriod,
  type SeriesGroups,
  scalesFor,
} from '@/features/charts/rules'
import {
  chartContext,
  compareLines,
  groupedColumns,
  monthLine,
  multiples,
  slopes,
  stackedColumns,
} from '@/features/charts/series'
import { perFigure } from '@/features/computed/rules'
import type { Figure } from '@/features/figures/schema'
import { catalogue, figure } from '../support/figures'

const en = chartContext(catalogue, 'en')
const ur = chartContext(catalogue, 'ur')
const titles = { id: 'several', title: 'People trained', unit: 'persons' }
const arabic = /\p{Script=Arabic}/u

const trained = (period: string, value: string, changes: object = {}): Figure =>
  figure({ indicator: 'TRAINED', unit: 'PERSONS', period, value, ...changes })

const yearly = (changes: object, ...values: [string, string][]): Figure[] =>
  values.map(([period, value]) => trained(period, value, changes))

const women = yearly({ sex: 'F' }, ['2021', '40'], ['2022', '50'], ['2023', '80'])
const men = yearly({ sex: 'M' }, ['2021', '160'], ['2023', '120'])
const digiskills = yearly({ programme: 'DIGISKILLS' }, ['2020', '10'], ['2021', '20'])
const rozgaar = yearly({ programme: 'E_ROZGAAR' }, ['2021', '400'], ['2022', '300'])

describe('which series fit one chart', () => {
  it('of one unit have an absolute axis, of a common period an index, above zero a logarithm', () => {
    expect(scalesFor([women, men])).toEqual(['absolute', 'index', 'log'])
    expect(scalesFor([women, [trained('2030', '0')]])).toEqual(['absolute'])
    expect(scalesFor([women, yearly({ unit: 'TRAININGS' }, ['2021', '7'])])).toEqual(['index'])
    expect(scalesFor([women, yearly({ kind: 'stock' }, ['1999', '7'])])).toEqual([])
    expect(scalesFor([])).toEqual(['absolute'])
  })

  it('have as common periods those of all, in the order of time', () => {
    expect(commonPeriods([[...women].reverse(), men])).toEqual(['2021', '2023'])
    expect(indexPeriod([women, yearly({}, ['2021', '0'], ['2023', '9'])])).toBe('2023')
    expect(indexPeriod([women, digiskills, []])).toBeNull()
  })

  const refused: [string, SeriesGroups][] = [
    ['women and everybody', [women, yearly({ sex: '_T' }, ['2021', '200'])]],
    ['two programmes, which may count a person twice', [digiskills, rozgaar]],
    [
      'rates',
      [women, men].map((group) => group.map((one) => ({ ...one, kind: 'ratio' as const }))),
    ],
    ['a part below zero', [women, yearly({ sex: 'M' }, ['2021', '-1'])]],
    ['one series', [women]],
    [
      'a province and the country',
      [yearly({ area: 'PK' }, ['2021', '9']), yearly({ area: 'PK-PB' }, ['2021', '1'])],
    ],
    [
      'areas of an indicator that does not add up',
      ['PK-PB', 'PK-SD'].map((area) => yearly({ indicator: 'ENROLLED', area }, ['2021', '1'])),
    ],
  ]
  it.each(refused)('are not stacked: %s', (_, groups) => {
    expect(arePartsOfOne(catalogue, groups)).toBe(false)
    expect(() => stackedColumns(en, groups, titles)).toThrow(RangeError)
  })

  it('are stacked where they are women and men, or provinces', () => {
    expect(arePartsOfOne(catalogue, [women, men])).toBe(true)
    const provinces = ['PK-PB', 'PK-SD'].map((area) => yearly({ area }, ['2021', '1']))
    expect(arePartsOfOne(catalogue, provinces)).toBe(true)
  })
})

describe('lines of several series', () => {
  it('are named by what tells them apart and coloured by their programmes', () => {
    const model = compareLines(en, [digiskills, rozgaar], titles)
    const colours = catalogue.programmes
      .filter(({ code }) => code === 'DIGISKILLS' || code === 'E_ROZGAAR')
      .map(({ colour }) => colour)
    expect(model.series.map(({ label }) => label)).toEqual(['DigiSkills.pk', 'e-Rozgaar'])
    expect(model.series.map(({ colour }) => colour).sort()).toEqual(colours.sort())
    const bySex = compareLines(en, [women, men], titles)
    expect(bySex.series.map(({ label, colour }) => [label, colour])).toEqual([
      ['Women', 1],
      ['Men', 2],
    ])
  })

  it('have their years under them', () => {
    const { x, series } = compareLines(en, [women, men], titles)
    expect(x.ticks.map(({ label }) => label)).toEqual(['2021', '2022', '2023'])
    expect(series[0]?.points.map((point) => point.x)).toEqual(x.ticks.map(({ at }) => at))
  })

  it('leave the gap of a year that only others have', () => {
    const model = compareLines(en, [women, men], titles)
    const html = renderToStaticMarkup(<ChartFigure model={model} locale="en" />)
    const lines = [...html.matchAll(/<path class="chart-line" d="([^"]*)"/g)].map(([, d]) => d)
    expect(lines[0]?.match(/[ML]/g)).toHaveLength(3)
    expect(lines[1]).toBe('')
  })

  it('as an index are 100 in the first common period and keep the published figures', () => {
    const model = compareLines(en, [women, men], titles, { scale: 'index' })
    expect(model.unit).toBe('Index, 2021 = 100')
    expect(model.series.map(({ points }) => points.map(({ text }) => text))).toEqual([
      ['100.0', '125.0', '200.0'],
      ['100.0', '75.0'],
    ])
    expect(model.series[0]?.points[1]?.from).toEqual([
      { text: '50 persons', href: expect.stringMatching(/^\/figures\/\d+$/) },
    ])
    expect(model.summary).toContain('Men: fell from 100.0 (2021) to 75.0 (2023)')
    expect(model.note).toMatch(/^Computed here/)
    const html = renderToStaticMarkup(<ChartFigure model={model} locale="en" />)
    expect(html).toContain('<th scope="col" class="chart-number">Published figures</th>')
    expect(html).toMatch(/<a href="\/figures\/\d+">50 persons<\/a>/)
  })

  it('as an index count in decimals', () => {
    const [line] = compareLines(
      en,
      [yearly({}, ['2021', '3'], ['2022', '3.0015']), women],
      titles,
      { scale: 'index' },
    ).series
    // 100.05 as a binary fraction lies below the half and would be rounded down.
    expect(line?.points[1]?.text).toBe('100.1')
  })

  it('refuse a scale that would not tell the truth', () => {
    const mixed = [women, yearly({ unit: 'TRAININGS' }, ['2021', '7'])]
    expect(() => compareLines(en, mixed, titles)).toThrow(RangeError)
    const zero = [women, yearly({}, ['2021', '0'])]
    expect(() => compareLines(en, zero, titles, { scale: 'log' })).toThrow(RangeError)
    expect(() =>
      compareLines(en, [women, yearly({}, ['2030', '1'])], titles, { scale: 'index' }),
    ).toThrow(RangeError)
  })

  it('on a logarithmic axis say so', () => {
    const model = compareLines(en, [digiskills, rozgaar], titles, { scale: 'log' })
    expect(model.unit).toBe('persons, logarithmic scale')
    expect(model.y).toMatchObject({ scale: 'log', from: 10, to: 500 })
    expect(compareLines(ur, [women, men], titles, { scale: 'log' }).unit).toMatch(arabic)
  })

  it('are broken where their own definition changes, and only there', () => {
    const broken = yearly({ programme: 'E_ROZGAAR' }, ['2020', '4'], ['2021', '400'])
    const group = broken.map((one, n) =>
      n === 1 ? { ...one, status: 'B', startsBreak: true } : one,
    )
    const model = compareLines(en, [digiskills, group], titles)
    expect(model.breaks?.map(({ label }) => label)).toEqual(['definition changes: e-Rozgaar'])
    const html = renderToStaticMarkup(<ChartFigure model={model} locale="en" />)
    const lines = [...html.matchAll(/<path class="chart-line" d="([^"]*)"/g)].map(([, d]) => d)
    expect(lines[0]).toContain('L')
    expect(lines[1]).toBe('')
    expect(model.summary).toContain(
      'e-Rozgaar: from 4 persons (2020) to 400 persons (2021); the definition changes in 2021.',
    )
  })

  it('are filled as areas down to zero, run by run, but not on other scales', () => {
    const area = compareLines(en, [women, men], titles, { shape: 'area' })
    expect(area.series.map(({ shape }) => shape)).toEqual(['area', 'area'])
    const html = renderToStaticMarkup(<ChartFigure model={area} locale="en" />)
    const fills = [...html.matchAll(/<path class="chart-area" d="([^"]*)"/g)].map(([, d]) => d)
    expect(fills[0]?.match(/M/g)).toHaveLength(1)
    expect(fills[0]).toContain('280')
    const log = compareLines(en, [women, men], titles, { shape: 'area', scale: 'log' })
    expect(log.series.map(({ shape }) => shape)).toEqual(['line', 'line'])
  })

  it('have names beside them that stay within what the plot leaves room for', () => {
    const programmes = catalogue.programmes.slice(0, 8).map(({ code }) => code)
    const groups = programmes.map((programme, n) => yearly({ programme }, ['2021', `${n + 1}`]))
    const model = compareLines(en, groups, titles)
    const { height } = plotLayout(model)
    const keys = seriesKeys(model).sort((a, b) => a.y - b.y)
    expect(height).toBeGreaterThan(280)
    expect(keys[0]?.y).toBeGreaterThan(-20)
    expect(keys.at(-1)?.y).toBeLessThan(height + 20)
    keys.slice(1).forEach((key, n) => {
      expect(key.y - (keys[n]?.y ?? 0)).toBeGreaterThan(30)
    })
  })
})

describe('a figure for so many of another', () => {
  const people = (period: string, value: string, changes: object = {}) =>
    trained(period, value, { indicator: 'POPULATION', kind: 'stock', ...changes })

  it('is divided by the one of its own area and period, exactly', () => {
    const [first, ...others] = perFigure(
      [trained('2021', '7'), trained('2022', '7'), trained('2023', '7')],
      [people('2021', '3'), people('2022', '3', { area: 'PK-PB' }), people('2023', '0')],
      { per: '100', decimals: 3 },
    )
    expect(first).toMatchObject({ value: '233.333', denominator: { value: '3' } })
    expect(others).toEqual([])
  })

  it('is divided by those of its own sex where there are any', () => {
    const all = [people('2021', '10'), people('2021', '4', { sex: 'F' })]
    expect(perFigure([trained('2021', '8', { sex: 'F' })], all)[0]?.value).toBe('2.0')
    expect(perFigure([trained('2021', '8', { sex: 'M' })], all)[0]?.value).toBe('0.8')
  })

  it('is drawn with both parts linked, their marks, and a unit that says so', () => {
    const model = compareLines(en, [[trained('2021', '8', { status: 'P' })]], titles, {
      per: { denominators: [people('2021', '1600', { status: 'E' })], amount: '1000' },
    })
    expect(model.unit).toBe('persons per 1,000 persons')
    expect(model.series[0]?.points[0]).toMatchObject({
      y: 5,
      text: '5.0 persons per 1,000 persons',
      flags: ['provisional', 'estimated'],
      from: [{ text: '8 persons' }, { text: '≈ 1,600 persons' }],
    })
    expect(model.series[0]?.points[0]?.from?.every(({ href }) => href)).toBe(true)
  })
})

describe('a logarithmic axis', () => {
  it('holds every value between round ticks, equal ratios at equal distances', () => {
    const value = fc
      .tuple(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: -9, max: 15 }))
      .map(([digits, exponent]) => Number(`${digits}e${exponent}`))
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        const axis = logAxis(values.map(String), { label: (text) => text })
        expect(axis.from).toBeGreaterThan(0)
        expect(values.every((one) => axis.from <= one && one <= axis.to)).toBe(true)
        expect(axis.ticks.length).toBeGreaterThan(1)
        expect(axis.ticks.every(({ label }) => /^\d+(\.\d+)?$/.test(label))).toBe(true)
        const middle = Math.sqrt(axis.from * axis.to)
        expect(fraction(axis, middle)).toBeCloseTo(0.5)
      }),
    )
  })

  it('of several decades has their ticks alone', () => {
    const { ticks } = logAxis(['4', '70000'], { label: (text) => text })
    expect(ticks.map(({ label }) => label)).toEqual(['1', '10', '100', '1000', '10000', '100000'])
  })
})

describe('columns of several series', () => {
  const grouped = groupedColumns(en, [women, men], titles)
  const stacked = stackedColumns(en, [women, men], titles)

  it('stand side by side in each period, the first series first, none on another', () => {
    const columns = columnsOf(grouped)
    expect(columns.map(({ slot, label }) => [slot, label])).toEqual([
      [0, 'Women'],
      [0, 'Men'],
      [1, 'Women'],
      [2, 'Women'],
      [2, 'Men'],
    ])
    columns.slice(1).forEach((column, n) => {
      expect(column.left).toBeGreaterThan(columns[n]?.right ?? 0)
      expect(Math.floor(column.left)).toBe(column.slot)
    })
  })

  it('say where one of them has no figure, in the plot and in the table', () => {
    expect(plotLayout(grouped).missing).toHaveLength(1)
    const [, men] = chartTable(grouped).groups
    expect(men?.rows.map(({ header, mark }) => [header, mark?.text])).toEqual([
      ['2021', '160 persons'],
      ['2022', undefined],
      ['2023', '120 persons'],
    ])
  })

  it('stacked begin where the one under them ends, and reach to the sum', () => {
    const columns = columnsOf(stacked)
    expect(columns.map(({ slot, base, top }) => [slot, base, top])).toEqual([
      [0, 0, 40],
      [0, 40, 200],
      [2, 0, 80],
      [2, 80, 200],
    ])
    expect(stacked.y.to).toBe(200)
  })

  it('are not stacked where a part is missing: that would be a smaller whole', () => {
    expect(columnsOf(stacked).some(({ slot }) => slot === 1)).toBe(false)
    expect(plotLayout(stacked).missing).toHaveLength(1)
    expect(plotRows(stacked)[1]?.marks.map(({ mark }) => mark.text)).toEqual(['50 persons'])
    expect(marksOf(stacked)).toHaveLength(5)
  })

  it('never overlap and hold every figure, whatever is missing', () => {
    const value = fc.option(fc.integer({ min: 1, max: 10_000 }))
    const table = fc
      .record({ series: fc.integer({ min: 1, max: 8 }), slots: fc.integer({ min: 1, max: 20 }) })
      .chain(({ series, slots }) =>
        fc.array(fc.array(value, { minLength: slots, maxLength: slots }), {
          minLength: series,
          maxLength: series,
        }),
      )
    fc.assert(
      fc.property(table, fc.constantFrom('grouped', 'stacked'), (rows, arrangement) => {
        const model: GroupsModel = {
          ...grouped,
          arrangement,
          slots: (rows[0] ?? []).map((_, n) => ({ label: `${n}`, period: `${n}` })),
          series: rows.map((marks, n) => ({
            id: `${n}`,
            label: `${n}`,
            colour: 1,
            marks: marks.map((y) => (y === null ? null : { y, text: `${y}`, period: '' })),
          })),
        }
        const columns = columnsOf(model)
        const apart = columns.every((one, n) =>
          columns
            .slice(n + 1)
            .every(
              (two) =>
                one.right <= two.left ||
                two.right <= one.left ||
                one.top <= two.base ||
                two.top <= one.base,
            ),
        )
        expect(apart).toBe(true)
        const known = rows.flat().filter((y) => y !== null).length
        expect(plotRows(model).flatMap(({ marks }) => marks)).toHaveLength(known)
        if (arrangement === 'grouped') expect(columns).toHaveLength(known)
      }),
    )
  })

  it('stand across areas, written short on the axis and in full beside it', () => {
    const of = (sex: string, values: [string, string][]) =>
      values.map(([area, value]) => trained('2023', value, { sex, area }))
    const model = groupedColumns(
      en,
      [
        of('F', [
          ['PK-PB', '9'],
          ['PK-SD', '4'],
        ]),
        of('M', [
          ['PK-PB', '10'],
          ['PK-SD', '5'],
        ]),
      ],
      titles,
      { across: 'area' },
    )
    expect(model.slots.map(({ label, period }) => [label, period])).toEqual([
      ['PB', 'Punjab'],
      ['SD', 'Sindh'],
    ])
    expect(model.series.map(({ label }) => label)).toEqual(['Women', 'Men'])
    expect(model.summary).toBe(
      'People trained: 4 rows; highest 10 persons (Punjab, Men), lowest 4 persons (Sindh, Women).',
    )
  })
})

describe('slopes', () => {
  it('join the first and the last period of which all have a figure', () => {
    const model = slopes(en, [women, men], titles)
    expect(model.periods).toEqual(['2021', '2023'])
    expect(model.rows.map(({ name, start, end }) => [name, start.text, end.text])).toEqual([
      ['Women', '40 persons', '80 persons'],
      ['Men', '160 persons', '120 persons'],
    ])
    expect(model.summary).toBe(
      'People trained: 2 series. Women: rose from 40 persons (2021) to 80 persons (2023). Men: fell from 160 persons (2021) to 120 persons (2023).',
    )
    expect(() => slopes(en, [digiskills, rozgaar], titles)).toThrow(RangeError)
  })

  it('are not joined over a new definition, and every figure leads to its proof', () => {
    const group = women.map((one, n) =>
      n === 1 ? { ...one, status: 'B', startsBreak: true } : one,
    )
    const html = renderToStaticMarkup(
      <ChartFigure model={slopes(en, [group, men], titles)} locale="en" />,
    ).split('<details')[0]
    expect(html?.match(/class="chart-line"/g)).toHaveLength(1)
    expect(html?.match(/<a href="\/figures\/\d+"/g)).toHaveLength(4)
  })

  it('keep the texts at their ends apart', () => {
    const close = ['PK-PB', 'PK-SD', 'PK-KP', 'PK-BA', 'PK-IS', 'PK-GB', 'PK-JK'].map((area, n) =>
      yearly({ area }, ['2021', `${100 + n}`], ['2023', `${100 - n}`]),
    )
    const { rows } = slopeLayout(slopes(en, close, titles))
    for (const end of ['startAt', 'endAt'] as const) {
      const places = rows.map((row) => row[end]).sort((a, b) => a - b)
      places.slice(1).forEach((at, n) => {
        expect(at - (places[n] ?? 0)).toBeGreaterThanOrEqual(24)
      })
    }
  })
})

describe('small multiples', () => {
  const model = multiples(en, [women, men], titles)

  it('are one plot for each series on the same axes, each with its name and its summary', () => {
    expect(model.plots.map(({ title, summary }) => [title, summary])).toEqual([
      ['Women', 'Women: rose from 40 persons (2021) to 80 persons (2023).'],
      [
        'Men',
        'Men: fell from 160 persons (2021) to 120 persons (2023); a gap without figures between 2021 and 2023.',
      ],
    ])
    expect(new Set(model.plots.map(({ x, y }) => JSON.stringify([x, y]))).size).toBe(1)
    expect(new Set(model.plots.map(({ id }) => id)).size).toBe(2)
  })

  it('have one table with a group for each', () => {
    expect(chartTable(model).groups.map(({ label, rows }) => [label, rows.length])).toEqual([
      ['Women', 3],
      ['Men', 2],
    ])
  })

  it('name each plot where it is read', () => {
    const html = renderToStaticMarkup(<ChartFigure model={model} locale="en" />)
    for (const { id, title } of model.plots) {
      expect(html).toMatch(new RegExp(`id="${id}-title">${title}<`))
    }
  })
})

describe('a time axis', () => {
  const months = ['2022-05', '2022-12', '2024-09'].map((period) => figure({ period, value: '1' }))
  const years = (locale: Parameters<typeof chartContext>[1]) =>
    monthLine(chartContext(catalogue, locale), months, titles)
      .x.ticks.filter(({ level }) => level === undefined)
      .map(({ at, label }) => [fromDay(at), label])

  it('has fiscal years from each first of July', () => {
    expect(years('en')).toEqual([
      ['2022-07-01', 'FY2022-23'],
      ['2023-07-01', 'FY2023-24'],
      ['2024-07-01', 'FY2024-25'],
    ])
    expect(years('ur')[0]?.[1]).toBe('\u20662022-23\u2069')
  })

  it('has calendar years for a reader who counts in those', () => {
    expect(years('en-x-calendar')).toEqual([
      ['2023-01-01', '2023'],
      ['2024-01-01', '2024'],
    ])
  })
})

describe('what a publisher did not give exactly', () => {
  const over = trained('2023', '80', { precision: 'over', sex: 'F' })

  it.each<[string, ChartModel]>([
    ['a line', compareLines(en, [[...women.slice(0, 2), over]], titles)],
    ['columns', groupedColumns(en, [[...women.slice(0, 2), over], men], titles)],
    ['small multiples', multiples(en, [[over], men], titles)],
  ])(
    'has a shape of its own in %s, on the page and in the image, explained in words',
    (_, model) => {
      const html = renderToStaticMarkup(<ChartFigure model={model} locale="en" />).split(
        '<details',
      )[0]
      const image = chartImage(model, {
        language: 'en',
        rtl: false,
        words: chartWords('en'),
        target: '',
        of: () => '',
        lines: [],
      })
      // Once over the mark, and once in the legend.
      expect(html?.match(/class="chart-whisker"/g)).toHaveLength(2)
      expect(html).toContain('at least this')
      expect(image).toContain('class="chart-whisker"')
    },
  )

  it('leaves room for the value over the stroke', () => {
    const exact = plotLayout(compareLines(en, [women], titles))
    const least = plotLayout(compareLines(en, [[...women.slice(0, 2), over]], titles))
    const last = (layout: typeof exact) => Math.min(...layout.notes.map(({ note }) => note.y))
    expect(least.whiskers).toHaveLength(1)
    expect(last(least)).toBeLessThan(last(exact))
  })
})

describe('the sentence of a chart', () => {
  const sentence = (...values: [string, string][]) =>
    compareLines(en, [yearly({}, ...values)], titles).summary

  it.each<[string, [string, string][], string]>([
    ['one figure', [['2021', '5']], 'one figure, 5 persons (2021)'],
    [
      'a rise',
      [
        ['2021', '5'],
        ['2022', '7'],
      ],
      'rose from 5 persons (2021) to 7 persons (2022)',
    ],
    [
      'a fall',
      [
        ['2021', '7'],
        ['2022', '5'],
      ],
      'fell from 7 persons (2021) to 5 persons (2022)',
    ],
    [
      'no change',
      [
        ['2021', '5'],
        ['2022', '5.0'],
      ],
      'stayed at 5 persons from 2021 to 2022',
    ],
    [
      'a return',
      [
        ['2021', '5'],
        ['2022', '9'],
        ['2023', '5'],
      ],
      'began and ended at 5 persons (2021 and 2023); highest 9 persons (2022)',
    ],
    [
      'extremes inside',
      [
        ['2020', '5'],
        ['2021', '2'],
        ['2022', '9'],
        ['2023', '6'],
      ],
      'rose from 5 persons (2020) to 6 persons (2023); lowest 2 persons (2021); highest 9 persons (2022)',
    ],
    [
      'many gaps',
      [
        ['2010', '1'],
        ['2012', '2'],
        ['2014', '3'],
        ['2016', '4'],
      ],
      'rose from 1 persons (2010) to 4 persons (2016); 3 gaps without figures',
    ],
  ])('tells %s', (_, values, text) => {
    expect(sentence(...values)).toBe(`People trained: ${text}.`)
  })

  it('of nothing is the title', () => {
    expect(compareLines(en, [[]], titles).summary).toBe('People trained')
  })

  it('of levels on days has no gaps, whatever lies between', () => {
    const level = (period: string, value: string) =>
      trained(period, value, { kind: 'stock', unit: 'ACADEMIES' })
    const { summary } = compareLines(
      en,
      [[level('2018-01-01', '1'), level('2024-01-01', '2')]],
      titles,
    )
    expect(summary).not.toContain('gap')
  })

  it('is told in Urdu', () => {
    expect(compareLines(ur, [women, men], titles).summary).toBe(
      'People trained: 2 سلسلے۔ خواتین: 40 افراد (2021) سے بڑھ کر 80 افراد (2023)۔ مرد: 160 افراد (2021) سے گھٹ کر 120 افراد (2023)؛ 2021 اور 2023 کے درمیان کوئی عدد نہیں۔',
    )
  })
})

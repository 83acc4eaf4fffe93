import { describe, expect, it } from 'vitest'
import { splitLine } from '@/components/charts/geometry'
import { fromDay } from '@/components/charts/layout'
import { chartTable } from '@/components/charts/table'
import type { Catalogue } from '@/features/catalogue/schema'
import {
  areaTiles,
  breakNotes,
  chartContext,
  levelSteps,
  monthLine,
  rateDots,
  rowBars,
  sourceLine,
  sparkline,
  targetBullets,
  yearColumns,
} from '@/features/charts/series'
import type { Figure } from '@/features/figures/schema'
import { catalogue, figure } from '../support/figures'

const en = chartContext(catalogue, 'en')
const ur = chartContext(catalogue, 'ur')
const titles = { id: 'chart', title: 'Exports', unit: 'USD million' }
const years = (...values: [string, string][]) =>
  values.map(([period, value]) => figure({ period, value }))
const arabic = /\p{Script=Arabic}/u

describe('columns by year', () => {
  const figures = years(['2015-A1', '788.64'], ['2016-A1', '938.64'], ['2019-A1', '1440'])

  it('have an empty slot for each year that nobody published, and no value in it', () => {
    const { slots } = yearColumns(en, figures, titles)
    expect(slots.map(({ label, mark }) => [label, mark?.text])).toEqual([
      ['2015-16', 'US$ 788.64 million'],
      ['2016-17', 'US$ 938.64 million'],
      ['2017-18', undefined],
      ['2018-19', undefined],
      ['2019-20', 'US$ 1,440 million'],
    ])
    expect(slots[2]).toEqual({ label: '2017-18', period: 'FY2017-18' })
  })

  it('are calendar years where the figures are', () => {
    const { slots } = yearColumns(en, years(['2022', '1'], ['2024', '3']), titles)
    expect(slots.map(({ label, period, mark }) => [label, period, mark?.short])).toEqual([
      ['2022', '2022', '1'],
      ['2023', '2023', undefined],
      ['2024', '2024', '3'],
    ])
  })

  it('lead over the turn of a century', () => {
    const { slots } = yearColumns(en, years(['1999-A1', '1']), titles)
    expect(slots[0]?.label).toBe('1999-00')
  })

  it('start their axis at zero and reach over claims', () => {
    const claim = figure({ role: 'claim', period: '2016-08-01', value: '5000' })
    const { y } = yearColumns(en, figures, titles, [claim])
    expect(y.from).toBe(0)
    expect(y.to).toBeGreaterThanOrEqual(5000)
    expect(yearColumns(en, figures, titles).y.to).toBeLessThan(5000)
  })

  it('carry a claim in the year that holds its day, beside the column', () => {
    const claim = (period: string) =>
      figure({ role: 'claim', period, value: '1500', status: 'D', kind: 'flow' })
    const model = yearColumns(en, figures, titles, [claim('2016-08-01'), claim('2022-05-11')])
    expect(model.references).toHaveLength(1)
    expect(model.references?.[0]).toMatchObject({
      x: 1,
      y: 1500,
      text: 'US$ 1,500 million',
      label: 'Article’s claim: US$ 1,500 million',
      flags: ['definition'],
    })
    expect(model.slots[1]?.mark?.text).toBe('US$ 938.64 million')
  })

  it('say the whole chart in one sentence', () => {
    expect(yearColumns(en, figures, titles).summary).toBe(
      'Exports: rose from US$ 788.64 million (FY2015-16) to US$ 1,440 million (FY2019-20); a gap without figures between FY2016-17 and FY2019-20.',
    )
    const { summary, slots } = yearColumns(ur, figures, { ...titles, title: 'برآمدات' })
    expect(summary).toMatch(/^برآمدات: .*788\.64.*1,440/)
    expect(slots[0]?.label).toBe('\u20662015-16\u2069')
    expect(slots[0]?.mark?.text).toMatch(arabic)
  })

  it('of no figures are empty', () => {
    expect(yearColumns(en, [], titles)).toMatchObject({ slots: [], summary: 'Exports', source: '' })
  })
})

describe('a line by months', () => {
  const months = (...periods: string[]) =>
    periods.map((period, n) => figure({ period, value: `${200 + n}` }))

  it('has no point where nobody published, and is not joined over it', () => {
    const model = monthLine(en, months('2024-02', '2024-03', '2024-05'), titles)
    const [line] = model.series
    expect(line?.points.map(({ period }) => period)).toEqual(['Feb 2024', 'Mar 2024', 'May 2024'])
    expect(splitLine(line?.points ?? [], line?.joinWithin).map((run) => run.length)).toEqual([2, 1])
  })

  it('joins months of any length, also over a leap day', () => {
    const [line] = monthLine(en, months('2024-01', '2024-02', '2024-03'), titles).series
    expect(splitLine(line?.points ?? [], line?.joinWithin)).toHaveLength(1)
  })

  it('joins quarters and leaves the gap of one', () => {
    const [line] = monthLine(en, months('2024-Q1', '2024-Q2', '2024-Q4'), titles).series
    expect(splitLine(line?.points ?? [], line?.joinWithin).map((run) => run.length)).toEqual([2, 1])
  })

  it('places an amount in the middle of its month', () => {
    const [line] = monthLine(en, months('2024-03'), titles).series
    expect(fromDay(line?.points[0]?.x ?? 0)).toBe('2024-03-16')
  })

  it('offers a range once there are more than two years of it', () => {
    const many = Array.from({ length: 25 }, (_, n) => {
      const month = String((n % 12) + 1).padStart(2, '0')
      return `${2020 + Math.floor(n / 12)}-${month}`
    })
    expect(monthLine(en, months(...many), titles).brush).toBe(true)
    expect(monthLine(en, months(...many.slice(1)), titles).brush).toBe(false)
  })

  it('has every figure in its table', () => {
    const table = chartTable(monthLine(en, months('2024-02', '2024-05'), titles))
    expect(table.groups.flatMap(({ rows }) => rows.map(({ mark }) => mark?.short))).toEqual([
      '200',
      '201',
    ])
  })
})

describe('steps of levels', () => {
  const academies = (period: string, value: string, changes: object = {}) =>
    figure({
      indicator: 'ACADEMIES',
      programme: 'HUAWEI_ICTA',
      kind: 'stock',
      unit: 'ACADEMIES',
      period,
      value,
      ...changes,
    })
  const figures = [
    academies('2019-04-06', '14'),
    academies('2020-11-03', '24'),
    academies('2022-01-17', '80'),
    academies('2022-05-11', '93'),
  ]

  it('stand on their days and are not joined across a new definition', () => {
    const { series, breaks } = levelSteps(en, figures, titles)
    const points = series[0]?.points ?? []
    expect(series[0]?.shape).toBe('step')
    expect(points.map(({ x }) => fromDay(x))).toEqual([
      '2019-04-06',
      '2020-11-03',
      '2022-01-17',
      '2022-05-11',
    ])
    expect(breaks).toEqual([{ at: points[2]?.x, label: 'definition changes' }])
    expect(splitLine(points, undefined, breaks).map((run) => run.length)).toEqual([2, 2])
  })

  it('have the break of their own place only, and its note', () => {
    const elsewhere = figures.map((one) => ({ ...one, area: 'PK-PB' }))
    expect(levelSteps(en, elsewhere, titles).breaks).toBeUndefined()
    expect(breakNotes(en, elsewhere[0] as Figure)).toEqual([])
    expect(breakNotes(en, figures[0] as Figure)[0]).toMatch(/^The count jumps from 24/)
    expect(breakNotes(ur, figures[0] as Figure)[0]).toMatch(arabic)
  })

  it('are in the order of the axis, however their periods end', () => {
    const flow = (period: string) => academies(period, '1', { kind: 'flow' })
    const [line] = levelSteps(
      en,
      [flow('2020-11-01/2020-12-30'), flow('2020-01-01/2020-12-30')],
      titles,
    ).series
    const places = line?.points.map(({ x }) => x) ?? []
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  it('have the colour of their programme, and its parent’s where it has none', () => {
    const colourOf = (programme: string, changes: Partial<Catalogue> = {}) =>
      levelSteps(
        chartContext({ ...catalogue, ...changes }, 'en'),
        [academies('2022-05-11', '1', { programme })],
        titles,
      ).series[0]?.colour
    const fixed = catalogue.programmes.find(({ code }) => code === 'DIGISKILLS')?.colour
    const programmes = catalogue.programmes.map((one) =>
      one.code === 'DIGISKILLS_2' ? { ...one, colour: 0 } : one,
    )
    expect(colourOf('DIGISKILLS')).toBe(fixed)
    expect(colourOf('DIGISKILLS_2', { programmes })).toBe(fixed)
  })
})

describe('bars', () => {
  const trained = (programme: string, value: string, changes: object = {}) =>
    figure({
      indicator: 'TRAINED',
      kind: 'cumulative',
      unit: 'PERSONS',
      programme,
      value,
      ...changes,
    })

  it('are longest first and named by what tells them apart', () => {
    const rows = [
      trained('PSEB', '5'),
      trained('DIGISKILLS', '4600000', { status: 'E' }),
      trained('KPITB', '11700', { area: 'PK-KP' }),
    ]
    const model = rowBars(en, rows, titles)
    expect(model.rows.map(({ name, mark }) => [name, mark.text])).toEqual([
      ['DigiSkills.pk', '≈ 4,600,000 persons'],
      [
        'Khyber Pakhtunkhwa Information Technology Board (KPITB), Khyber Pakhtunkhwa',
        '11,700 persons',
      ],
      ['Pakistan Software Export Board (PSEB)', '5 persons'],
    ])
    expect(model.to).toBe(4_600_000)
    expect(model.summary).toBe(
      'Exports: 3 rows; highest ≈ 4,600,000 persons (DigiSkills.pk), lowest 5 persons (Pakistan Software Export Board (PSEB)).',
    )
  })

  it('of one programme are named by area or sex', () => {
    const areas = [trained('PSEB', '1'), trained('PSEB', '2', { area: 'PK-PB' })]
    expect(rowBars(en, areas, titles).rows.map(({ name }) => name)).toEqual(['Punjab', 'Pakistan'])
    const sexes = [trained('PSEB', '1', { sex: 'F' }), trained('PSEB', '2', { sex: 'M' })]
    expect(rowBars(en, sexes, titles).rows.map(({ name }) => name)).toEqual(['Men', 'Women'])
    const names = rowBars(ur, [...areas, trained('KPITB', '3', { sex: 'F' })], titles).rows
    expect(names.every(({ name }) => arabic.test(name))).toBe(true)
  })

  it('are never longer than the chart, also of nothing', () => {
    expect(rowBars(en, [], titles)).toMatchObject({ to: 0, rows: [], summary: 'Exports' })
  })
})

describe('dots of rates', () => {
  const share = (programme: string, value: string) =>
    figure({ indicator: 'FEMALE_SHARE', kind: 'ratio', unit: 'PERCENT', programme, value })

  it('stand on one axis from 0 to 100, with a line at half', () => {
    const model = rateDots(en, [share('PSEB', '21'), share('DIGISKILLS', '28.5')], titles, 'half')
    expect(model.axis).toMatchObject({ from: 0, to: 100 })
    expect(model.axis.ticks.map(({ label }) => label)).toContain('100%')
    expect(model.thresholds).toEqual([{ y: 50, label: 'half' }])
    expect(model.rows.map(({ mark }) => [mark.y, mark.text])).toEqual([
      [28.5, '28.5%'],
      [21, '21%'],
    ])
  })
})

describe('targets', () => {
  const target = (value: string, changes: object = {}) =>
    figure({
      role: 'target',
      indicator: 'TRAINED',
      programme: 'PSEB',
      unit: 'PERSONS',
      value,
      ...changes,
    })
  const actual = (value: string) =>
    figure({ indicator: 'TRAINED', programme: 'PSEB', unit: 'PERSONS', value })

  it('have what was reached beside them, and its share', () => {
    const model = targetBullets(
      en,
      [
        { target: target('300000'), actual: actual('20315') },
        { target: target('23'), actual: actual('24') },
        { target: target('50'), actual: undefined },
      ],
      titles,
    )
    expect(model.rows.map(({ share, shareText }) => [share, shareText])).toEqual([
      [expect.closeTo(0.068), '6.8% of the target'],
      [expect.closeTo(1.043), '104.3% of the target'],
      [undefined, undefined],
    ])
    expect(model.rows[0]).toMatchObject({
      name: 'Pakistan Software Export Board (PSEB)',
      detail: 'People trained',
      target: { text: '300,000 persons' },
      actual: { text: '20,315 persons' },
    })
    expect(model.summary).toBe('Exports: 3 targets; 1 was reached.')
  })

  it('are reached by the figure, not by a rounded share', () => {
    const pairs = [{ target: target('100000'), actual: actual('99960') }]
    const model = targetBullets(en, pairs, titles)
    expect(model.rows[0]?.shareText).toBe('100.0% of the target')
    expect(model.summary).toBe('Exports: 1 target; none was reached.')
    expect(targetBullets(ur, pairs, titles).summary).toMatch(arabic)
  })

  it('of zero have no share', () => {
    const model = targetBullets(en, [{ target: target('0'), actual: actual('5') }], titles)
    expect(model.rows[0]).not.toHaveProperty('share')
  })
})

describe('tiles of areas', () => {
  const companies = (area: string, value: string) =>
    figure({ indicator: 'IT_COMPANIES_PSEB', kind: 'stock', unit: 'COMPANIES', area, value })

  it('stand for every unit of the country, empty where there is no figure', () => {
    const model = areaTiles(en, [companies('PK-PB', '10745'), companies('PK-JK', '29')], titles)
    expect(model.tiles).toHaveLength(7)
    expect(model.tiles.find(({ code }) => code === 'PB')).toMatchObject({
      name: 'Punjab',
      step: 4,
      mark: { text: '10,745 companies' },
    })
    expect(model.tiles.find(({ code }) => code === 'SD')).not.toHaveProperty('mark')
    expect(model.classes).toEqual([
      { step: 1, label: '10–99' },
      { step: 4, label: '10,000–99,999' },
    ])
    expect(model.summary).toBe(
      'Exports: 2 rows; highest 10,745 companies (Punjab), lowest 29 companies (Azad Jammu and Kashmir).',
    )
  })

  it.each([
    ['0', 0, '0–9'],
    ['9', 0, '0–9'],
    ['9.9', 0, '0–9'],
    ['10', 1, '10–99'],
    ['999', 2, '100–999'],
    ['99999', 4, '10,000–99,999'],
    ['100000', 5, '100,000 and more'],
    ['123456789', 5, '100,000 and more'],
  ])('%s is of step %i: %s', (value, step, label) => {
    const model = areaTiles(en, [companies('PK-PB', value)], titles)
    expect(model.classes).toEqual([{ step, label }])
  })
})

describe('a line beside a card', () => {
  it('needs two points', () => {
    const one = figure({ period: '2023-A1', value: '3223' })
    const two = figure({ period: '2024-A1', value: '3810' })
    const undated = figure({ period: '_U' })
    expect(sparkline(en, [one, undated])).toBeNull()
    expect(sparkline(en, [one, two])?.points.map(({ y }) => y)).toEqual([3223, 3810])
  })

  it('leaves the gap of a missing year, and joins levels whatever lies between', () => {
    const year = sparkline(en, years(['2021-A1', '1'], ['2023-A1', '2']))
    expect(splitLine(year?.points ?? [], year?.joinWithin)).toHaveLength(2)
    const level = sparkline(
      en,
      ['2019-01-01', '2024-01-01'].map((period) => figure({ period, kind: 'stock' })),
    )
    expect(splitLine(level?.points ?? [], level?.joinWithin)).toHaveLength(1)
  })
})

describe('where a chart has its figures from', () => {
  const by = (...publishers: string[]) =>
    publishers.map((publisher) => figure({ source: { publisher } }))

  it.each([
    [['Dawn'], 'Dawn'],
    [['Dawn', 'The Nation', 'The Nation'], 'The Nation, Dawn'],
    [['Dawn', 'Dawn (APP)', 'ARY'], 'Dawn, ARY'],
    [['A', 'A', 'B', 'B', 'C'], 'A, B and 1 more publisher'],
    [['A', 'A', 'B', 'B', 'C', 'D'], 'A, B and 2 more publishers'],
  ])('%j is %j', (publishers, line) => {
    expect(sourceLine(en, by(...publishers))).toBe(line)
  })

  it('is told in Urdu', () => {
    expect(sourceLine(ur, by('A', 'B', 'C'))).toMatch(/^A، B .*1/)
  })

  it('is dated by the newest source, or by our own record where none is dated', () => {
    const dated = [figure({ releasedOn: '2024-11-19' }), figure({ releasedOn: null })]
    expect(yearColumns(en, dated, titles).dataDate).toBe('19 Nov 2024')
    expect(yearColumns(en, dated.slice(1), titles).dataDate).toBe('24 Nov 2026')
  })
})

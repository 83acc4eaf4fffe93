import { describe, expect, it } from 'vitest'
import { chartTable } from '@/components/charts/table'
import { marksOf } from '@/components/charts/words'
import { chartContext } from '@/features/charts/series'
import { withComputed } from '@/features/computed/rules'
import type { Figure } from '@/features/figures/schema'
import { newestSince, select } from '@/features/overview/rules'
import { headlineCards, latestCards, storyCharts } from '@/features/overview/series'
import { locales } from '@/lib/i18n'
import { catalogue, contentFigures, figure } from '../support/figures'

const content = contentFigures()
const today = '2026-11-24'
const state = (figures: readonly Figure[] = content) => ({ figures, today, changes: [] })
const en = chartContext(catalogue, 'en')
const ur = chartContext(catalogue, 'ur')

const textOf = ({ before, number, after }: { before: string; number: string; after: string }) =>
  before + number + after
const plain = (text: string) => text.replace(/[\u2066-\u2069]/g, '')

describe('the headline of the overview', () => {
  const cards = headlineCards(en, state())

  it('is the four figures of the article, each with its day', () => {
    expect(cards.map(({ pinned }) => [pinned.label, textOf(pinned.value), pinned.period])).toEqual([
      ['ICT academies', '93 academies', '11 May 2022'],
      [expect.stringMatching(/^Students/), '≈ 40,000 persons', '11 May 2022'],
      [expect.stringMatching(/officials/i), '≈ 1,000 persons', '1 May 2021 – 11 May 2022'],
      [expect.stringMatching(/exports/i), 'US$ 2,619 million', 'FY2021-22'],
    ])
  })

  it('has what came since, and says nothing where nothing did', () => {
    const since = cards.map(({ since }) => since && [textOf(since.value), since.period])
    expect(since).toEqual([
      ['≈ 90 academies', '21 Sep 2022'],
      null,
      null,
      ['US$ 3,810 million', 'FY2024-25'],
    ])
  })

  it('has the claim beside the value of the series, and only there', () => {
    expect(cards.map(({ claim }) => claim && textOf(claim.value))).toEqual([
      null,
      null,
      null,
      'US$ 1,500 million',
    ])
    expect(cards[3]?.claim).toMatchObject({ period: '11 May 2022', flags: ['definition'] })
  })

  it('leads from every figure to its proof and its page on the web', () => {
    for (const { pinned, since, claim } of cards) {
      for (const card of [pinned, since, claim]) {
        if (!card) continue
        expect(card.href).toContain(`${card.id}`)
        expect(card.sourceUrl).toMatch(/^https:\/\//)
      }
    }
  })

  it('tells the same in Urdu', () => {
    const urdu = headlineCards(ur, state())
    expect(urdu.map(({ pinned }) => pinned.value.number)).toEqual([
      '93',
      '40,000',
      '1,000',
      '2,619',
    ])
    expect(urdu.every(({ pinned }) => /\p{Script=Arabic}/u.test(pinned.label))).toBe(true)
    expect(urdu.every(({ pinned }) => pinned.href.startsWith('/ur/'))).toBe(true)
  })

  it('leaves out what is not in the record', () => {
    const without = content.filter(({ indicator }) => indicator !== 'STUDENTS_SERVED')
    expect(headlineCards(en, state(without))).toHaveLength(3)
    expect(headlineCards(en, state([]))).toEqual([])
  })
})

describe('what came since', () => {
  const pinned = figure({ period: '2022-05-11', kind: 'stock' })

  it('ends later', () => {
    const later = figure({ period: '2022-05-12', kind: 'stock' })
    const same = figure({ period: '../2022-05-11', kind: 'stock' })
    expect(newestSince([pinned, same, later], pinned)).toBe(later)
    expect(newestSince([pinned, same], pinned)).toBeUndefined()
  })

  it.each([
    ['another area', { area: 'PK-PB' }],
    ['another programme', { programme: 'PSEB' }],
    ['another sex', { sex: 'F' }],
    ['another kind', { kind: 'cumulative' as const }],
    ['another unit', { unit: 'PERSONS' }],
    ['a target', { role: 'target' as const }],
    ['a year', { period: '2024' }],
  ])('is not %s', (_, changes) => {
    const other = figure({ period: '2023-05-11', kind: 'stock', ...changes })
    expect(newestSince([pinned, other], pinned)).toBeUndefined()
  })
})

describe('the latest figures', () => {
  const cards = latestCards(en, state())
  const cardOf = (label: RegExp, scope: RegExp = /^$/) =>
    cards.find((card) => label.test(card.label) && scope.test(card.scope))

  it('are one for each series chosen, newest first in none of them missing', () => {
    expect(cards.map(({ period, value }) => [period, textOf(value)])).toEqual([
      ['FY2024-25', 'US$ 3,810 million'],
      ['Sep 2025', 'US$ 366 million'],
      ['FY2024-25', 'US$ 779 million'],
      ['up to 9 Mar 2025', '20,315 persons'],
      ['1 Aug 2018 – 26 May 2025', '≈ 4,600,000 persons'],
      ['1 Aug 2018 – 30 Nov 2025', '≈ 4,870,000 enrolments'],
      ['31 May 2025', '20,711 companies'],
      ['2024', '≈ 72,952 persons'],
    ])
  })

  it('tell how they changed, against an equal length or the days between', () => {
    expect(cards[0]?.change?.text).toBe('up 18.2% on FY2023-24')
    expect(cards[1]?.change?.text).toBe('up 8.6% on Aug 2025')
    // FY2024-25 stands alone: the year before was never published.
    expect(cards[2]?.change).toBeNull()
    expect(cards[3]?.change?.text).toBe('up 3,315 in 65 days since 3 Jan 2025')
    expect(cards[7]?.change?.text).toBe('down 2.7% on 2023')
  })

  it('tell how near their target they are, and how old', () => {
    expect(cards[3]?.target?.texts).toEqual([
      '6.8% of the target of 300,000 persons, for which no date was set',
    ])
    expect(cards[3]?.target?.share).toBeCloseTo(0.068)
    expect(cards.filter(({ target }) => target)).toHaveLength(1)
    expect(cards[0]?.age).toBe('16 months old')
  })

  it('carry the line of their own series only', () => {
    const exports = content.filter(
      ({ indicator, role, period }) =>
        indicator === 'ICT_EXPORTS' && role === 'actual' && period.endsWith('-A1'),
    )
    expect(cards[0]?.sparkline?.points).toHaveLength(exports.length)
    expect(cardOf(/./, /DigiSkills/)?.sparkline).toBeNull()
  })
})

describe('a selection', () => {
  it('matches every part it names and nothing else', () => {
    const year = figure({ period: '2023' })
    const fiscal = figure({ period: '2023-A1' })
    const month = figure({ period: '2023-05', area: 'PK-PB' })
    const all = [year, fiscal, month]
    expect(select(all, {})).toEqual(all)
    expect(select(all, { rhythm: 'fiscal' })).toEqual([fiscal])
    expect(select(all, { rhythm: 'calendar' })).toEqual([year])
    expect(select(all, { area: 'PK-PB', rhythm: 'M' })).toEqual([month])
    expect(select(all, { area: 'PK-PB', rhythm: 'fiscal' })).toEqual([])
  })
})

describe('the charts of the overview', () => {
  const stories = storyCharts(en, state())
  const chart = (id: string) => stories.find((story) => story.chart.id === id)?.chart

  it('are seven, each with title, unit, source, date and a summary', () => {
    expect(stories.map(({ chart }) => `${chart.kind} ${chart.id}`)).toEqual([
      'columns exports-by-year',
      'series exports-by-month',
      'series academies',
      'bars trained',
      'tiles companies',
      'dots female-share',
      'bullets targets',
    ])
    for (const locale of locales) {
      for (const { chart } of storyCharts(chartContext(catalogue, locale), state())) {
        const { title, unit, source, dataDate, summary } = chart
        for (const text of [title, unit, source, dataDate, summary]) expect(text).not.toBe('')
        expect(summary).toContain(title)
      }
    }
  })

  it('have every figure of their table from the record', () => {
    const all = withComputed(catalogue, content)
    const known = new Set(all.map((one) => en.writer.value(one)))
    for (const { chart } of stories) {
      for (const mark of marksOf(chart)) expect(known).toContain(mark.text)
    }
  })

  it('show all published years and months of exports, and the gaps between', () => {
    const years = chart('exports-by-year')
    const months = chart('exports-by-month')
    if (years?.kind !== 'columns' || months?.kind !== 'series') throw new Error('Other charts.')
    const empty = years.slots.flatMap(({ label, mark }) => (mark ? [] : label))
    expect(years.slots).toHaveLength(16)
    expect(empty).toEqual(['2010-11', '2011-12', '2012-13', '2013-14', '2014-15'])
    const published = content.filter(
      ({ indicator, frequency }) => indicator === 'ICT_EXPORTS' && frequency === 'M',
    )
    expect(months.series[0]?.points).toHaveLength(published.length)
    expect(plain(years.references?.[0]?.label ?? '')).toBe('Article’s claim: US$ 1,500 million')
  })

  it('count nobody twice: no part beside its whole', () => {
    const trained = chart('trained')
    if (trained?.kind !== 'bars') throw new Error('Another chart.')
    const names = trained.rows.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(trained.rows.map(({ mark }) => mark.short)).toEqual([
      '4,600,000',
      '285,026',
      '98,000',
      '74,737',
      '60,000',
      '56,000',
      '20,315',
      '12,000',
      '11,700',
    ])
  })

  it('do not hide a figure behind a target of its parent', () => {
    const child = figure({
      indicator: 'TRAINED',
      programme: 'HUAWEI_300K_BASIC',
      kind: 'cumulative',
      unit: 'PERSONS',
      period: '2025-03-27/2025-12-30',
    })
    const pledge = { ...child, id: -1, programme: 'HUAWEI_300K', role: 'target' as const }
    const bars = storyCharts(en, state([child, pledge])).find(({ chart }) => chart.id === 'trained')
    expect(bars?.chart.kind === 'bars' && bars.chart.rows).toHaveLength(1)
  })

  it('show the areas of one day, also when an older count has more of them', () => {
    const companies = (area: string, period: string, value: string) =>
      figure({
        indicator: 'IT_COMPANIES_PSEB',
        kind: 'stock',
        unit: 'COMPANIES',
        area,
        period,
        value,
      })
    const tiles = storyCharts(
      en,
      state([
        companies('PK-PB', '2024-05-31', '1'),
        companies('PK-SD', '2024-05-31', '2'),
        companies('PK-PB', '2025-05-31', '3'),
      ]),
    ).find(({ chart }) => chart.id === 'companies')?.chart
    expect(tiles && marksOf(tiles).map(({ short }) => short)).toEqual(['3'])
    expect(tiles?.unit).toBe('Companies, 31 May 2025')
  })

  it('have a table with all that is drawn', () => {
    for (const { chart } of stories) {
      const cells = chartTable(chart).groups.flatMap(({ rows }) =>
        rows.flatMap(({ mark, target }) => [mark?.text, target?.text]),
      )
      for (const { text } of marksOf(chart)) expect(cells).toContain(text)
    }
  })

  it('are left out where there is nothing to draw', () => {
    expect(storyCharts(en, state([]))).toEqual([])
  })
})

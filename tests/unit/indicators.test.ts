import { describe, expect, it } from 'vitest'
import { marksOf } from '@/components/charts/words'
import { findIndicator } from '@/features/catalogue/rules'
import { chartContext } from '@/features/charts/series'
import { withComputed } from '@/features/computed/rules'
import { recordExtentOf } from '@/features/extents/rules'
import type { RecordExtent } from '@/features/extents/schema'
import type { Figure } from '@/features/figures/schema'
import {
  indicatorCharts,
  indicatorsByTheme,
  newestLine,
  searchThemes,
} from '@/features/indicators/series'
import { locales } from '@/lib/i18n'
import { catalogue, contentFigures, figure } from '../support/figures'

const content = contentFigures()
const en = chartContext(catalogue, 'en')

function indicator(code: string) {
  const found = findIndicator(catalogue, code)
  if (!found) throw new Error(code)
  return found
}

const chartsOf = (code: string, figures: readonly Figure[] = content) =>
  indicatorCharts(
    en,
    indicator(code),
    figures.filter((one) => one.indicator === code),
  )

describe('the search in the list', () => {
  const groups = indicatorsByTheme(catalogue, content, recordExtentOf(content))
  const found = (search: string) =>
    searchThemes(groups, search).flatMap(({ rows }) => rows.map(({ indicator }) => indicator.code))

  it('shows everything where nothing is searched for', () => {
    expect(searchThemes(groups, ' ')).toEqual(groups)
  })

  it('finds by code, by name and definition, in both languages, however they are typed', () => {
    expect(found('ict_exports')).toContain('ICT_EXPORTS')
    const name = indicator('FEMALE_SHARE').name
    for (const text of [name.en.toUpperCase(), name.ur ?? '']) {
      expect(found(text), text).toContain('FEMALE_SHARE')
    }
    const typedOnArabicKeys = (name.ur ?? '').replaceAll('ی', 'ي').replaceAll('ک', 'ك')
    expect(found(typedOnArabicKeys)).toContain('FEMALE_SHARE')
    expect(found(indicator('TRAINED').definition.en)).toEqual(['TRAINED'])
  })

  it('asks for every word, and leaves out themes without a hit', () => {
    expect(found('exports zzz')).toEqual([])
    expect(searchThemes(groups, 'zzz')).toEqual([])
    expect(searchThemes(groups, 'ict_exports').map(({ theme }) => theme)).toEqual(['exports'])
  })

  it('draws the series of the newest figure, and nothing for a single one', () => {
    const one = figure({ period: '2023-A1' })
    expect(newestLine(en, [one], one)).toBeNull()
    expect(newestLine(en, [], undefined)).toBeNull()
    const series = [figure({ period: '2022-A1' }), one, figure({ period: '2023-05' })]
    expect(newestLine(en, series, one)?.points).toHaveLength(2)
  })
})

describe('the list of indicators', () => {
  it('counts nothing that was not counted', () => {
    const some = content.filter(({ area }) => area === 'PK').slice(0, 50)
    const row = (code: string, extent: RecordExtent | null) =>
      indicatorsByTheme(catalogue, some, extent)
        .flatMap(({ rows }) => rows)
        .find(({ indicator }) => indicator.code === code)
    const extent = recordExtentOf(content)
    const all = content.filter(({ indicator }) => indicator === 'ICT_EXPORTS')
    expect(row('ICT_EXPORTS', extent)?.count).toBe(all.length)
    expect(row('FEMALE_SHARE', extent)?.count).toBeNull()
    expect(row('ICT_EXPORTS', null)?.count).toBeNull()
  })

  const groups = indicatorsByTheme(catalogue, content, recordExtentOf(content))
  const rows = groups.flatMap((group) => group.rows)
  const row = (code: string) => rows.find((one) => one.indicator.code === code)

  it('has every indicator once, under its theme, with all its figures counted', () => {
    expect(rows.map((one) => one.indicator.code).toSorted()).toEqual(
      catalogue.indicators.map(({ code }) => code).toSorted(),
    )
    for (const { theme, rows } of groups) {
      expect(rows.every((one) => one.indicator.theme === theme)).toBe(true)
    }
    expect(rows.reduce((sum, { count }) => sum + (count ?? 0), 0)).toBe(
      withComputed(catalogue, content).length,
    )
  })

  it('shows the newest national figure, never a target, a claim or the world', () => {
    expect(row('ICT_EXPORTS')?.newest).toMatchObject({ period: '2025-09', role: 'actual' })
    expect(row('ACADEMIES')?.newest).toMatchObject({ area: 'PK', value: '90' })
    expect(row('TRAINED')?.newest).toMatchObject({ role: 'actual', area: 'PK' })
  })

  it('shows a province where nothing national is known', () => {
    expect(row('OUTCOME_SELFEMP_SHARE')?.newest).toMatchObject({ area: 'PK-KP', value: '12' })
  })

  it('shows none where no figure has a date, and still counts them', () => {
    expect(row('COUNTRIES')).toMatchObject({ count: 2, newest: undefined })
    expect(row('TRAINERS_CERTIFIED')).toMatchObject({ count: 1, newest: undefined })
  })
})

describe('the charts of an indicator', () => {
  it('are its series of three figures or more, longest first', () => {
    expect(chartsOf('ICT_EXPORTS').map(({ kind, title }) => `${kind} ${title}`)).toEqual([
      'series ICT exports, by month',
      'columns ICT exports, by year',
    ])
    expect(chartsOf('ACADEMIES')[0]).toMatchObject({ kind: 'series', breaks: [{}] })
  })

  it('carry the claim in the column of its year, where it is of the same series', () => {
    const year = chartsOf('ICT_EXPORTS').find(({ kind }) => kind === 'columns')
    expect(year?.kind === 'columns' && year.references).toHaveLength(1)
    const other = content.map((one) => (one.role === 'claim' ? { ...one, area: 'PK-PB' } : one))
    const without = chartsOf('ICT_EXPORTS', other).find(({ kind }) => kind === 'columns')
    expect(without?.kind === 'columns' && without.references).toBeFalsy()
  })

  const years = (changes: Partial<Figure>) =>
    ['2021', '2022', '2023'].map((period, n) =>
      figure({
        ...{ indicator: 'TRAINED', unit: 'PERSONS', kind: 'flow', programme: 'PSEB' },
        ...{ period, value: `${n + 1}`, ...changes },
      }),
    )

  it('put women beside men, apart from the total', () => {
    const figures = ['F', 'M', '_T'].flatMap((sex) => years({ sex }))
    const charts = chartsOf('TRAINED', figures)
    expect(charts.map(({ kind, title }) => `${kind} ${title}`).slice(0, 2)).toEqual([
      'groups People trained · Pakistan Software Export Board (PSEB), compared',
      'columns People trained · Pakistan Software Export Board (PSEB), by year',
    ])
    expect(new Set(charts.map(({ id }) => id)).size).toBe(charts.length)
  })

  it('are small multiples of programmes or areas, as many in one as there are colours', () => {
    const programmes = catalogue.programmes.slice(0, 10).map(({ code }) => code)
    const charts = chartsOf(
      'TRAINED',
      programmes.flatMap((programme) => years({ programme })),
    )
    expect(
      charts.slice(0, 2).map((chart) => chart.kind === 'multiples' && chart.plots.length),
    ).toEqual([8, 2])
    expect(charts[0]?.title).toBe('People trained, compared')
    const areas = ['PK-PB', 'PK-SD'].flatMap((area) => years({ area }))
    const [first] = chartsOf('TRAINED', areas)
    expect(first?.kind === 'multiples' && first.plots.map(({ title }) => title)).toEqual([
      'Punjab',
      'Sindh',
    ])
  })

  it('keep calendar years out of fiscal years, and show every one of these', () => {
    const [chart] = chartsOf('FREELANCE_REMIT')
    if (chart?.kind !== 'columns') throw new Error('Another chart.')
    expect(chart.slots.map(({ label, mark }) => [label, mark?.short])).toEqual([
      ['2020-21', '396.243'],
      ['2021-22', '397.328'],
      ['2022-23', undefined],
      ['2023-24', undefined],
      ['2024-25', '779'],
    ])
    expect(chart.summary).not.toContain('269.8')
  })

  it('draw no line through amounts of different lengths', () => {
    expect(content.filter((one) => one.indicator === 'ICT_EXPORTS_YTD').length).toBeGreaterThan(3)
    expect(chartsOf('ICT_EXPORTS_YTD')).toEqual([])
  })

  it('compare programmes, areas and sexes by their newest figures', () => {
    const bars = chartsOf('TRAINED').find(({ kind }) => kind === 'bars')
    if (bars?.kind !== 'bars') throw new Error('No bars.')
    const names = bars.rows.map(({ name }) => name)
    expect(names.filter((name) => /Balochistan, (Men|Women)$/.test(name))).toHaveLength(2)
    expect(new Set(names).size).toBe(names.length)
    expect(chartsOf('FEMALE_SHARE').at(-1)?.kind).toBe('dots')
    expect(chartsOf('COST_PER_TRAINEE')).toEqual([])
  })

  it('never draw targets or the world', () => {
    const drawn = chartsOf('ACADEMIES').flatMap(marksOf)
    const values = drawn.map(({ text }) => text)
    expect(values).not.toContain('≈ 600 academies')
    expect(values).not.toContain('23 academies')
  })

  it('name whose they are', () => {
    const series = ['2021', '2022', '2023'].map((period) =>
      figure({ indicator: 'TRAINED', programme: 'NAVTTC', area: 'PK-BA', sex: 'F', period }),
    )
    expect(chartsOf('TRAINED', series)[0]?.title).toBe(
      'People trained · National Vocational and Technical Training Commission (NAVTTC) · Balochistan · Women, by year',
    )
  })

  it('have ids of their own, and are four at most', () => {
    for (const { code } of catalogue.indicators) {
      const ids = chartsOf(code).map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids.length).toBeLessThanOrEqual(4)
    }
  })

  it('can be drawn of every indicator, in every language', () => {
    for (const locale of locales) {
      const context = chartContext(catalogue, locale)
      for (const one of catalogue.indicators) {
        const own = content.filter(({ indicator }) => indicator === one.code)
        for (const chart of indicatorCharts(context, one, own)) {
          for (const { y } of marksOf(chart)) expect(Number.isFinite(y)).toBe(true)
          expect(chart.summary).toContain(chart.title)
        }
      }
    }
  })
})

import type { ChartModel, SparklineModel } from '@/components/charts/model'
import type { Catalogue, Indicator } from '@/features/catalogue/schema'
import { themes } from '@/features/catalogue/schema'
import {
  breakNotes,
  type ChartContext,
  levelSteps,
  monthLine,
  rateDots,
  rowBars,
  sparkline,
  yearColumns,
} from '@/features/charts/series'
import { withComputed } from '@/features/computed/rules'
import { newest, newestByProgramme, seriesKey } from '@/features/figures/rules'
import type { Figure } from '@/features/figures/schema'
import { groupSeries, rhythmOf, seriesOf } from '@/features/figures/series'
import { translator } from '@/lib/i18n'
import { isFound } from '@/lib/search-text'

export interface ThemeGroup {
  theme: (typeof themes)[number]
  rows: ThemeRow[]
}

export interface ThemeRow {
  indicator: Indicator
  /** How many figures it has, published or computed. */
  count: number
  newest: Figure | undefined
}

/** The catalogue by theme, each indicator with its newest figure, published or computed. */
export function indicatorsByTheme(catalogue: Catalogue, figures: readonly Figure[]): ThemeGroup[] {
  const all = withComputed(catalogue, figures)
  return themes.map((theme) => ({
    theme,
    rows: catalogue.indicators
      .filter((indicator) => indicator.theme === theme)
      .map((indicator) => {
        const own = all.filter((figure) => figure.indicator === indicator.code)
        return { indicator, count: own.length, newest: headlineFigure(own) }
      }),
  }))
}

/**
 * The indicators in whose code, names or definitions, in any language, every word of a search
 * stands; themes without one are left out. All of them where nothing is searched for.
 */
export function searchThemes(groups: readonly ThemeGroup[], search: string): ThemeGroup[] {
  return groups
    .map((group) => ({
      ...group,
      rows: group.rows.filter(({ indicator: { code, name, definition } }) =>
        isFound(search, [code, ...Object.values(name), ...Object.values(definition)]),
      ),
    }))
    .filter(({ rows }) => rows.length > 0)
}

/** The line of the series that an indicator's newest figure belongs to. */
export function newestLine(
  context: ChartContext,
  figures: readonly Figure[],
  newest: Figure | undefined,
): SparklineModel | null {
  return newest ? sparkline(context, seriesOf(figures, newest)) : null
}

/** The figure that stands for an indicator: the newest national actual, else the newest actual. */
export function headlineFigure(figures: readonly Figure[]): Figure | undefined {
  const actual = figures.filter((figure) => figure.role === 'actual')
  return newest(actual.filter((figure) => figure.area === 'PK')) ?? newest(actual)
}

const mostCharts = 4

/**
 * The charts of an indicator: its longest series over time, and the newest figure of each programme,
 * area and sex where there are several to compare.
 */
export function indicatorCharts(
  context: ChartContext,
  indicator: Indicator,
  figures: readonly Figure[],
): ChartModel[] {
  return [
    ...overTimeCharts(context, figures),
    ...comparison(context, indicator, figures.filter(isDrawn)),
  ].slice(0, mostCharts)
}

/**
 * Each series of three figures or more over time, longest first. Amounts over stretches of different
 * lengths (July to March beside July to September) are no series.
 */
export function overTimeCharts(context: ChartContext, figures: readonly Figure[]): ChartModel[] {
  return groupSeries(figures.filter(isDrawn))
    .filter((series) => series.length >= 3 && !series.some(isAmountOverSpan))
    .sort((a, b) => b.length - a.length)
    .map((series, n) => timeChart(context, series, figures, n))
}

const isDrawn = ({ role, area }: Figure) => role === 'actual' && area !== '001'

const isAmountOverSpan = (figure: Figure) => figure.kind === 'flow' && rhythmOf(figure) === 'dated'

function timeChart(
  context: ChartContext,
  series: readonly Figure[],
  all: readonly Figure[],
  n: number,
): ChartModel {
  const t = translator(context.locale, 'indicator')
  const first = series[0] as Figure
  const words = { indicator: seriesTitle(context, first) }
  const titles = { id: `chart-${n}`, unit: context.writer.names.shownUnit(first.unit) }
  if (first.frequency === 'A') {
    const sameSubject = (figure: Figure) =>
      figure.role === 'claim' && seriesKey({ ...figure, role: 'actual' }) === seriesKey(first)
    const title = t('byYear', words)
    return yearColumns(context, series, { ...titles, title }, all.filter(sameSubject))
  }
  if (first.frequency === 'M' || first.frequency === 'Q') {
    return monthLine(context, series, { ...titles, title: t('byMonth', words) })
  }
  const note = breakNotes(context, first).join(' ')
  return levelSteps(context, series, {
    ...titles,
    title: t('overTime', words),
    ...(note && { note }),
  })
}

/** What a series is of: its indicator, and its programme, area and sex where it has one. */
export function seriesTitle({ locale, writer }: ChartContext, figure: Figure): string {
  const parts = [
    writer.names.indicator(figure.indicator),
    figure.programme !== '_Z' && writer.names.programme(figure.programme),
    figure.area !== 'PK' && writer.names.area(figure.area),
    figure.sex !== '_T' && translator(locale, 'figures')(`sex.${figure.sex}` as 'sex._T'),
  ]
  return parts.filter(Boolean).join(' · ')
}

function comparison(
  context: ChartContext,
  indicator: Indicator,
  figures: readonly Figure[],
): ChartModel[] {
  const unit = indicator.defaultUnit
  const comparable = figures.filter(
    (figure) => figure.kind === indicator.defaultKind && figure.unit === unit,
  )
  const rows = [
    ...newestByProgramme(comparable.filter(({ computed }) => !computed)),
    ...newestByProgramme(comparable.filter(({ computed }) => computed)),
  ]
  if (rows.length < 2) return []
  const t = translator(context.locale, 'indicator')
  const titles = {
    id: 'chart-newest',
    title: t('byWho', { indicator: context.writer.names.indicator(indicator.code) }),
    unit: context.writer.names.shownUnit(unit),
  }
  return [unit === 'PERCENT' ? rateDots(context, rows, titles) : rowBars(context, rows, titles)]
}

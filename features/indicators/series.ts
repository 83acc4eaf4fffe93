import type { ChartModel, SparklineModel } from '@/components/charts/model'
import type { Catalogue, Indicator } from '@/features/catalogue/schema'
import { themes } from '@/features/catalogue/schema'
import { differingParts } from '@/features/charts/rules'
import {
  breakNotes,
  type ChartContext,
  groupedColumns,
  levelSteps,
  monthLine,
  multiples,
  rateDots,
  rowBars,
  sparkline,
  yearColumns,
} from '@/features/charts/series'
import { isRate, withComputed } from '@/features/computed/rules'
import { extentOf } from '@/features/extents/rules'
import type { RecordExtent } from '@/features/extents/schema'
import { isOfSeries, newest, newestByProgramme } from '@/features/figures/rules'
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
  /** How many figures it has, published or computed; null where that was not counted. */
  count: number | null
  newest: Figure | undefined
}

/**
 * The catalogue by theme, each indicator with its newest figure, published or computed, out of figures
 * that need not be all.
 */
export function indicatorsByTheme(
  catalogue: Catalogue,
  figures: readonly Figure[],
  extent: RecordExtent | null,
): ThemeGroup[] {
  const all = withComputed(catalogue, figures)
  const areAll = extent !== null && figures.length >= extent.whole.figures
  const count = (indicator: Indicator, own: readonly Figure[]) => {
    // What is computed is counted only where all its parts are at hand.
    if (extent === null || (isRate(indicator) && !areAll)) return null
    const computed = own.filter((figure) => figure.computed).length
    return extentOf(extent.indicators, indicator.code).figures + computed
  }
  return themes.map((theme) => ({
    theme,
    rows: catalogue.indicators
      .filter((indicator) => indicator.theme === theme)
      .map((indicator) => {
        const own = all.filter((figure) => figure.indicator === indicator.code)
        return { indicator, count: count(indicator, own), newest: headlineFigure(own) }
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
    ...overTimeCharts(context, figures, mostCharts),
    ...comparison(context, indicator, figures.filter(isDrawn)),
  ].slice(0, mostCharts)
}

/**
 * Each series of three figures or more over time, longest first; those of one indicator that can be
 * compared together, women beside men and programmes or areas as small multiples. Amounts over
 * stretches of different lengths (July to March beside July to September) are no series.
 *
 * @param most charts at most
 */
export function overTimeCharts(
  context: ChartContext,
  figures: readonly Figure[],
  most: number,
): ChartModel[] {
  const series = groupSeries(figures.filter(isDrawn))
    .filter((one) => one.length >= 3 && !one.some(isAmountOverSpan))
    .sort((a, b) => b.length - a.length)
  return familiesOf(series)
    .slice(0, most)
    .map((family, n) =>
      family.length === 1
        ? timeChart(context, family[0] ?? [], figures, n)
        : familyChart(context, family, n),
    )
}

/** Most series of one chart: as many as there are colours. */
const mostSeries = 8

/**
 * Series that differ in who, where or which sex alone, in the order of the first of them. A total
 * stands apart from its sexes, so that nobody is shown twice.
 */
function familiesOf(series: readonly Figure[][]): Figure[][][] {
  const families = new Map<string, Figure[][]>()
  for (const one of series) {
    const [first] = one
    if (!first) continue
    const { indicator, kind, unit, academy, sex, computed } = first
    const key = [indicator, kind, unit, academy, sex === '_T', rhythmOf(first), !computed].join(' ')
    families.set(key, [...(families.get(key) ?? []), one])
  }
  return [...families.values()].flatMap((family) => chunks(family, mostSeries))
}

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) =>
    items.slice(n * size, (n + 1) * size),
  )

function familyChart(
  context: ChartContext,
  family: readonly (readonly Figure[])[],
  n: number,
): ChartModel {
  const { locale, writer } = context
  const first = family[0]?.[0] as Figure
  const t = translator(locale, 'indicator')
  const title = t('compared', { indicator: seriesTitle(context, sharedBy(family)) })
  const titles = { id: `chart-${n}`, title, unit: writer.names.shownUnit(first.unit) }
  const isBySex = differingParts(family).every((part) => part === 'sex')
  return isBySex && first.frequency === 'A'
    ? groupedColumns(context, family, titles)
    : multiples(context, family, titles)
}

/** A figure with what its series have in common; where they differ it says nothing. */
function sharedBy(family: readonly (readonly Figure[])[]): Figure {
  const first = family[0]?.[0] as Figure
  const nothing = { programme: '_Z', area: 'PK', sex: '_T', indicator: first.indicator }
  const apart = differingParts(family).map((part) => [part, nothing[part]])
  return { ...first, ...Object.fromEntries(apart) }
}

const isDrawn = ({ role, area }: Figure) => role === 'actual' && area !== '001'

const isAmountOverSpan = (figure: Figure) => figure.kind === 'flow' && rhythmOf(figure) === 'dated'

function timeChart(
  context: ChartContext,
  series: readonly Figure[],
  all: readonly Figure[],
  n: number,
): ChartModel {
  const first = series[0] as Figure
  const title = timeTitle(context, first)
  const titles = { id: `chart-${n}`, unit: context.writer.names.shownUnit(first.unit) }
  if (first.frequency === 'A') {
    const sameSubject = (figure: Figure) =>
      figure.role === 'claim' && isOfSeries({ ...figure, role: 'actual' }, first)
    return yearColumns(context, series, { ...titles, title }, all.filter(sameSubject))
  }
  if (first.frequency === 'M' || first.frequency === 'Q') {
    return monthLine(context, series, { ...titles, title })
  }
  const note = breakNotes(context, first).join(' ')
  return levelSteps(context, series, {
    ...titles,
    title,
    ...(note && { note }),
  })
}

/** What a series is of and how often it comes: `ICT exports, by month`. */
export function timeTitle(context: ChartContext, figure: Figure): string {
  const t = translator(context.locale, 'indicator')
  const words = { indicator: seriesTitle(context, figure) }
  if (figure.frequency === 'A') return t('byYear', words)
  const isMonthly = figure.frequency === 'M' || figure.frequency === 'Q'
  return isMonthly ? t('byMonth', words) : t('overTime', words)
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

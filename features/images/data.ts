import { chartImage } from '@/components/charts/chart-image'
import type { ChartModel } from '@/components/charts/model'
import { chartWords } from '@/components/charts/words'
import { findArea, findIndicator, findProgramme } from '@/features/catalogue/rules'
import { type ChartContext, chartContext } from '@/features/charts/series'
import { readToday } from '@/features/imports/data'
import { indicatorCharts } from '@/features/indicators/series'
import { type State, storyCharts } from '@/features/overview/series'
import { formatDay } from '@/features/periods/rules'
import { indicatorAsOf, recordAsOf, type VintageWords } from '@/features/record/data'
import { subjectCharts } from '@/features/subjects/series'
import { readTargetChanges } from '@/features/targets/data'
import { type Vintage, vintageQuery } from '@/features/vintages/schema'
import { type Database, database as sharedDatabase } from '@/lib/db/client'
import { direction, type Locale, localePath, translator } from '@/lib/i18n'
import { publicOrigin } from '@/lib/public-origin'
import { ok, type Result } from '@/lib/result'
import type { ChartPlace } from './schema'

export interface PlacedChart {
  model: ChartModel
  /** The past state that was asked for; null for today's. */
  asked: Vintage | null
  /** The state that is shown. */
  shown: Vintage
}

/** A chart of a page in today's state or a past one; null where there is none. */
export async function readChart(
  place: ChartPlace,
  words: VintageWords,
  locale: Locale,
  database: Database = sharedDatabase(),
): Promise<Result<PlacedChart | null>> {
  const asOf = words.asOf ?? (await readToday(database))
  const record =
    place.page === 'indicators'
      ? await indicatorAsOf(place.code, { ...words, asOf }, database)
      : await recordAsOf({ ...words, asOf }, filterOf(place), database)
  if (!record.ok) return record
  const { catalogue, figures, vintage } = record.value
  const asked = words.asOf === undefined ? null : vintage
  const context = chartContext(catalogue, locale, asked)
  const changes = await readTargetChanges(vintage, database)
  const charts = chartsOf(place, context, { figures, today: vintage.asOf, changes })
  const model = charts.find(({ id }) => id === place.chart)
  return ok(model ? { model, asked, shown: vintage } : null)
}

/** A chart of a page as an SVG file, in today's state or a past one; null where there is none. */
export async function readChartImage(
  place: ChartPlace,
  words: VintageWords,
  locale: Locale,
  database: Database = sharedDatabase(),
): Promise<Result<string | null>> {
  const chart = await readChart(place, words, locale, database)
  if (!chart.ok || !chart.value) return chart.ok ? ok(null) : chart
  const { model, asked, shown } = chart.value
  const t = translator(locale, 'charts')
  return ok(
    chartImage(model, {
      language: locale,
      rtl: direction(locale) === 'rtl',
      words: chartWords(locale),
      target: t('targetSign'),
      of: (actual, target) =>
        t.markup(actual === undefined ? 'onlyTarget' : 'ofTarget', {
          actual: () => actual ?? '',
          target: () => target,
        }),
      lines: linesUnder(model, place, locale, asked, shown),
    }),
  )
}

const filterOf = ({ page, code }: ChartPlace) => ({
  ...(page === 'programmes' && { programmes: [code] }),
  ...(page === 'areas' && { areas: [code] }),
})

function chartsOf(
  { page, code }: ChartPlace,
  context: ChartContext,
  { figures, today, changes }: State,
): ChartModel[] {
  const { catalogue } = context
  if (page === 'overview')
    return storyCharts(context, { figures, today, changes }).map(({ chart }) => chart)
  if (page === 'indicators') {
    const indicator = findIndicator(catalogue, code)
    return indicator ? indicatorCharts(context, indicator, figures) : []
  }
  const isKnown = page === 'programmes' ? findProgramme(catalogue, code) : findArea(catalogue, code)
  return isKnown ? subjectCharts(context, figures) : []
}

function linesUnder(
  model: ChartModel,
  { page, code }: ChartPlace,
  locale: Locale,
  asked: Vintage | null,
  shown: Vintage,
): string[] {
  const t = translator(locale, 'charts')
  const path = page === 'overview' ? '/' : `/${page}/${code}`
  const address = publicOrigin() + localePath(locale, path + vintageQuery(asked))
  return [
    t('source', { source: model.source }),
    t('dataDate', { date: model.dataDate }),
    ...(model.note ? [t('note', { note: model.note })] : []),
    t('known', { day: formatDay(shown.asOf, locale), commit: shown.commit }),
    t('licence', { address: `\u2066${address}\u2069` }),
  ]
}

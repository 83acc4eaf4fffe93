import type { ChartModel } from '@/components/charts/model'
import type { ChartContext } from '@/features/charts/series'
import { publisherName } from '@/features/figures/rules'
import type { Figure } from '@/features/figures/schema'
import {
  type CardModel,
  headlineCards,
  latestCards,
  type State,
  storyCharts,
} from '@/features/overview/series'

/** The overview on one page of paper. */
export interface BriefingModel {
  /** The figures that head the overview, each as new as it is known. */
  headline: CardModel[]
  latest: CardModel[]
  charts: ChartModel[]
  /** Rows that charts leave out for want of room. */
  rowsLeftOut: number
}

/** Of the overview's charts, in pairs that are about as high as each other. */
const chartIds = ['exports-by-year', 'academies', 'trained', 'female-share']
/** More would not fit beside the other charts on A4. */
const mostRows = 4

export function briefing(context: ChartContext, state: State): BriefingModel {
  const stories = storyCharts(context, state).map(({ chart }) => chart)
  const whole = chartIds.flatMap((id) => stories.find((chart) => chart.id === id) ?? [])
  const charts = whole.map(firstRows)
  const rows = (some: readonly ChartModel[]) =>
    some.reduce((sum, chart) => sum + ('rows' in chart ? chart.rows.length : 0), 0)
  return {
    headline: headlineCards(context, state).map(({ pinned, since }) => since ?? pinned),
    latest: latestCards(context, state),
    charts,
    rowsLeftOut: rows(whole) - rows(charts),
  }
}

function firstRows(chart: ChartModel): ChartModel {
  return chart.kind === 'bars' || chart.kind === 'dots'
    ? { ...chart, rows: chart.rows.slice(0, mostRows) }
    : chart
}

/** The publishers that figures rest on, those with most figures first. */
export function publishersOf(figures: readonly Figure[]): string[] {
  const counts = new Map<string, number>()
  for (const { current } of figures) {
    if (!current.source) continue
    const name = publisherName(current.source.publisher)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name)
}

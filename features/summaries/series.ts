import type { Figure } from '@/features/figures/schema'
import type { FigureWriter } from '@/features/figures/series'
import { type Locale, listed, translator } from '@/lib/i18n'
import type { Trend } from './rules'

interface Words {
  locale: Locale
  writer: FigureWriter
}

/** A line of a chart: its name and what it does. */
export interface NamedTrend {
  name: string
  trend: Trend
}

/** More gaps than these are counted, not named. */
const mostGaps = 2

/**
 * What happens to the figures of a series, for people who do not see its chart: `rise from US$ 789
 * million (FY2015-16) to US$ 1,440 million (FY2019-20); no figure between FY2016-17 and FY2019-20`.
 */
export function trendText(words: Words, trend: Trend): string {
  const t = translator(words.locale, 'summaries')
  return [courseText(words, trend), ...extremes(words, trend), ...holes(words, trend)].join(
    t('separator'),
  )
}

/** A chart of one series in one sentence; of no figures its title. */
export function seriesText(words: Words, title: string, trend: Trend | null): string {
  if (!trend) return title
  return translator(words.locale, 'summaries')('sentence', { title, text: trendText(words, trend) })
}

/** A chart of several series: a sentence for each. */
export function severalText(words: Words, title: string, trends: readonly NamedTrend[]): string {
  const t = translator(words.locale, 'summaries')
  const [only] = trends
  if (trends.length < 2) return seriesText(words, title, only?.trend ?? null)
  const sentences = trends.map(({ name, trend }) =>
    t('sentence', { title: name, text: trendText(words, trend) }),
  )
  return [t('several', { title, count: trends.length }), ...sentences].join(' ')
}

function courseText({ locale, writer }: Words, trend: Trend): string {
  const t = translator(locale, 'summaries')
  const { first, last, course } = trend
  const values = {
    first: writer.value(first),
    firstPeriod: writer.period(first),
    last: writer.value(last),
    lastPeriod: writer.period(last),
  }
  // What was counted in two ways has neither risen nor fallen.
  const isBroken = trend.breaks.length > 0 && (course === 'rise' || course === 'fall')
  return isBroken ? t('fromTo', values) : t(`course.${course}`, values)
}

/** The lowest and the highest figure, where they are not at the ends. */
function extremes({ locale, writer }: Words, trend: Trend): string[] {
  const t = translator(locale, 'summaries')
  const { first, last, lowest, highest, course } = trend
  if (course === 'single' || course === 'flat') return []
  const isInside = ({ value }: Figure) => value !== first.value && value !== last.value
  const said = (figure: Figure) => ({ value: writer.value(figure), period: writer.period(figure) })
  return [
    ...(isInside(lowest) ? [t('lowest', said(lowest))] : []),
    ...(isInside(highest) ? [t('highest', said(highest))] : []),
  ]
}

function holes({ locale, writer }: Words, { gaps, breaks }: Trend): string[] {
  const t = translator(locale, 'summaries')
  const named = gaps.map(({ after, before }) =>
    t('gap', { after: writer.period(after), before: writer.period(before) }),
  )
  const periods = listed(breaks.map(writer.period), locale)
  return [
    ...(gaps.length > mostGaps ? [t('gaps', { count: gaps.length })] : named),
    ...(breaks.length > 0 ? [t('break', { period: periods })] : []),
  ]
}

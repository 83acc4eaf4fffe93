import { type Locale, translator } from '@/lib/i18n'
import { type ChartModel, type Flag, flagOrder, type Mark } from './model'

/** The few texts that charts show in the browser, so that no catalogue of messages goes there. */
export type ChartWords = {
  flags: Record<Flag, string>
  noFigure: string
  proof: string
  /** How to use the chart with the keyboard. */
  keys: string
  chart: string
  range: string
}

export function chartWords(locale: Locale): ChartWords {
  const t = translator(locale, 'charts')
  return {
    flags: Object.fromEntries(
      flagOrder.map((flag) => [flag, t(`flags.${flag}`)]),
    ) as ChartWords['flags'],
    noFigure: t('noFigure'),
    proof: t('proof'),
    keys: t('keys'),
    chart: t('chart'),
    range: t('range'),
  }
}

/** Every figure on a chart, in no order of time. */
export function marksOf(model: ChartModel): Mark[] {
  switch (model.kind) {
    case 'series':
      return [...model.series.flatMap(({ points }) => points), ...(model.references ?? [])]
    case 'columns':
      return [
        ...model.slots.flatMap(({ mark }) => (mark ? [mark] : [])),
        ...(model.references ?? []),
      ]
    case 'groups':
      return model.series.flatMap(({ marks }) => marks.flatMap((mark) => mark ?? []))
    case 'slopes':
      return model.rows.flatMap(({ start, end }) => [start, end])
    case 'multiples':
      return model.plots.flatMap(marksOf)
    case 'bars':
    case 'dots':
      return model.rows.map(({ mark }) => mark)
    case 'bullets':
      return model.rows.flatMap(({ actual, target }) => (actual ? [actual, target] : [target]))
    case 'tiles':
      return model.tiles.flatMap(({ mark }) => (mark ? [mark] : []))
  }
}

/** The flags that a chart's marks carry, each once. */
export function flagsIn(model: ChartModel): Flag[] {
  const marks = marksOf(model)
  return flagOrder.filter((flag) => marks.some(({ flags }) => flags?.includes(flag)))
}

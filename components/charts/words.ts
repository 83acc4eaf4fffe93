import { type Locale, translator } from '@/lib/i18n'
import type { ChartModel, Flag, Mark } from './model'

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
    flags: {
      provisional: t('flags.provisional'),
      estimated: t('flags.estimated'),
      definition: t('flags.definition'),
      publishers: t('flags.publishers'),
    },
    noFigure: t('noFigure'),
    proof: t('proof'),
    keys: t('keys'),
    chart: t('chart'),
    range: t('range'),
  }
}

/** Flags in the order in which the legend names them. */
const flagOrder: readonly Flag[] = ['provisional', 'estimated', 'definition', 'publishers']

export function marksOf(model: ChartModel): Mark[] {
  switch (model.kind) {
    case 'series':
      return [...model.series.flatMap(({ points }) => points), ...(model.references ?? [])]
    case 'columns':
      return [
        ...model.slots.flatMap(({ mark }) => (mark ? [mark] : [])),
        ...(model.references ?? []),
      ]
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

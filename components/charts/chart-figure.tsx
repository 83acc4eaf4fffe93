import './charts.css'
import type { ReactNode } from 'react'
import { direction, type Locale, translator } from '@/lib/i18n'
import { ChartInteractive } from './chart-interactive'
import { PlotSvg } from './chart-svg'
import { ChartTable } from './chart-table'
import type { ChartModel } from './model'
import { Multiples } from './multiples'
import { BarRows, BulletRows, DotRows } from './row-charts'
import { Signs } from './signs'
import { Slopes } from './slopes'
import { TileGrid } from './tile-grid'
import { type ChartWords, chartWords } from './words'

type Props = {
  model: ChartModel
  locale: Locale
  /** Level of the title: 3 unless the page's outline wants another. */
  headingLevel?: 1 | 2 | 3 | 4
  /** Links to downloads, beside the table. */
  downloads?: ReactNode
}

/** A chart as a publication prints it: title, unit, plot, signs, source, date, and its table. */
export function ChartFigure({ model, locale, headingLevel = 3, downloads }: Props) {
  const t = translator(locale, 'charts')
  const words = chartWords(locale)
  const Heading = `h${headingLevel}` as const
  const caption = t('caption', { title: model.title, unit: model.unit })
  const id = (part: string) => `${model.id}-${part}`
  return (
    <figure className="chart" id={model.id} aria-labelledby={id('title')}>
      <figcaption>
        <Heading className="chart-title" id={id('title')}>
          {model.title}
        </Heading>
        <p className="chart-unit">{model.unit}</p>
      </figcaption>
      <p className="chart-hidden" id={id('summary')}>
        {model.summary}
      </p>
      <div className="chart-box">
        <Plot model={model} locale={locale} words={words} />
      </div>
      <Signs model={model} words={words} target={t('targetSign')} />
      <p className="chart-source">{t('source', { source: model.source })}</p>
      <p className="chart-source">{t('dataDate', { date: model.dataDate })}</p>
      {model.note && <p className="chart-source">{t('note', { note: model.note })}</p>}
      <details className="chart-details">
        <summary>{downloads ? t('tableAndDownloads') : t('table')}</summary>
        {downloads && <div className="chart-downloads">{downloads}</div>}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls sideways, so keys must reach it */}
        <section className="chart-table-box" aria-label={caption} tabIndex={0}>
          <ChartTable
            model={model}
            words={words}
            texts={{
              caption,
              columns: {
                period: t('columns.period'),
                name: t('columns.name'),
                value: t('columns.value'),
                from: t('columns.from'),
                target: t('columns.target'),
                share: t('columns.share'),
                status: t('columns.status'),
                source: t('columns.source'),
              },
            }}
          />
        </section>
      </details>
    </figure>
  )
}

function Plot({ model, locale, words }: { model: ChartModel; locale: Locale; words: ChartWords }) {
  switch (model.kind) {
    case 'series':
    case 'columns':
    case 'groups':
      return (
        <ChartInteractive data={JSON.stringify(model)} words={words}>
          <PlotSvg model={model} noFigure={words.noFigure} />
        </ChartInteractive>
      )
    case 'slopes':
      return <Slopes model={model} />
    case 'multiples':
      return <Multiples model={model} words={words} />
    case 'bars':
      return <BarRows model={model} />
    case 'dots':
      return <DotRows model={model} rtl={direction(locale) === 'rtl'} />
    case 'bullets':
      return (
        <BulletRows
          model={model}
          texts={{
            of: (actual, target) =>
              translator(locale, 'charts').rich(actual ? 'ofTarget' : 'onlyTarget', {
                actual: () => actual,
                target: () => target,
              }),
          }}
        />
      )
    case 'tiles':
      return <TileGrid model={model} noFigure={words.noFigure} />
  }
}

import { ChartInteractive } from './chart-interactive'
import { PlotSvg } from './chart-svg'
import type { MultiplesModel } from './model'
import type { ChartWords } from './words'

/** Small plots on the same axes, each with its name, in as many columns as there is room for. */
export function Multiples({ model, words }: { model: MultiplesModel; words: ChartWords }) {
  return (
    <ul className="chart-multiples">
      {model.plots.map(({ href, ...plot }) => (
        <li key={plot.id} className="chart-multiple">
          <p className="chart-multiple-title" id={`${plot.id}-title`}>
            {href ? <a href={href}>{plot.title}</a> : plot.title}
          </p>
          <p className="chart-hidden" id={`${plot.id}-summary`}>
            {plot.summary}
          </p>
          <div className="chart-box">
            <ChartInteractive data={JSON.stringify(plot)} words={words}>
              <PlotSvg model={plot} noFigure={words.noFigure} />
            </ChartInteractive>
          </div>
        </li>
      ))}
    </ul>
  )
}

import { curveLinear, curveStepAfter, line } from 'd3-shape'
import type { ReactNode } from 'react'
import { fraction } from './layout'
import type { Axis, ColumnsModel, Flag, Mark, PlotModel, Point, Series, SeriesModel } from './model'
import { barShare, baseline, lineRuns, type PlotLayout, plotLayout, yPixel } from './plot'
import { PlotBack, PlotFront, percent, rem } from './plot-frame'

/** Marks are drawn on a plane this wide, stretched to the plot; strokes and dots do not stretch. */
const PLANE = 1000

/**
 * The first painter: SVG for the server's HTML, for print and without JavaScript. As wide as its
 * box, a fixed height, and a handful of paths however many points it has. The box keeps the margins
 * (`plotLayout(model).margin`) free; text reaches into them.
 */
export function PlotSvg({ model, noFigure }: { model: PlotModel; noFigure: string }) {
  const layout = plotLayout(model)
  return (
    <svg
      className="chart-svg"
      width="100%"
      height={rem(layout.height)}
      overflow="visible"
      aria-hidden="true"
    >
      <PlotBack
        layout={layout}
        x={layout.x}
        ticks={layout.ticks}
        tickMarks={model.kind === 'series'}
      />
      {model.kind === 'series' ? (
        <Plane height={layout.height}>
          {model.series.map((series) => (
            <SeriesPaths key={series.id} series={series} model={model} />
          ))}
        </Plane>
      ) : (
        <Bars model={model} layout={layout} />
      )}
      <PlotFront layout={layout} x={layout.x} noFigure={noFigure} />
    </svg>
  )
}

function Plane({ height, children }: { height: number; children: ReactNode }) {
  return (
    <svg
      width="100%"
      height={rem(height)}
      viewBox={`0 0 ${PLANE} ${height}`}
      preserveAspectRatio="none"
      overflow="visible"
      aria-hidden="true"
    >
      {children}
    </svg>
  )
}

const planeX = (axis: Axis, at: number): number => Math.round(fraction(axis, at) * PLANE * 10) / 10

function SeriesPaths({ series, model }: { series: Series; model: SeriesModel }) {
  const draw = line<Point>()
    .x(({ x }) => planeX(model.x, x))
    .y(({ y }) => yPixel(model.y, y))
    .curve(series.shape === 'step' ? curveStepAfter : curveLinear)
    .digits(1)
  const runs = lineRuns(series, model.breaks).filter((run) => run.length > 1)
  const dots = (points: readonly Point[]): string =>
    points.map(({ x, y }) => `M${planeX(model.x, x)} ${yPixel(model.y, y)}h0`).join('')
  return (
    <g className={`chart-c${series.colour} ${dotSize(series)}`}>
      <path className="chart-line" d={runs.map((run) => draw(run) ?? '').join('')} />
      {dotLayers.map(({ className, has }) => {
        const points = series.points.filter(has)
        return points.length > 0 && <path key={className} className={className} d={dots(points)} />
      })}
    </g>
  )
}

/** Long series get small dots, and smaller ones still in a narrow chart. */
export const dotSize = (series: Series): string =>
  series.points.length > 24 ? 'chart-dots-dense' : 'chart-dots'

const flagged =
  (...flags: Flag[]) =>
  (mark: Mark): boolean =>
    (mark.flags ?? []).some((flag) => flags.includes(flag))

/** A dot is layered: the full dot, its hollow, and the tint of an estimate. */
export const dotLayers: readonly { className: string; has: (mark: Mark) => boolean }[] = [
  { className: 'chart-dot', has: () => true },
  { className: 'chart-dot-hollow', has: flagged('provisional', 'estimated') },
  {
    className: 'chart-dot-tint',
    has: (mark) => flagged('estimated')(mark) && !flagged('provisional')(mark),
  },
]

export type BarStyle = 'plain' | 'provisional' | 'estimated'

export function barStyle(mark: Mark): BarStyle {
  if (flagged('provisional')(mark)) return 'provisional'
  return flagged('estimated')(mark) ? 'estimated' : 'plain'
}

function Bars({ model, layout }: { model: ColumnsModel; layout: PlotLayout }) {
  const bars = model.slots.flatMap(({ mark }, index) => (mark ? [{ mark, index }] : []))
  const hatch = `${model.id}-hatch`
  const share = barShare(model.slots.length)
  const floor = yPixel(model.y, baseline(model.y))
  const path = (style: BarStyle): string =>
    bars
      .filter(({ mark }) => barStyle(mark) === style)
      .map(({ mark, index }) => {
        const left = planeX(layout.x, index + (1 - share) / 2)
        const right = planeX(layout.x, index + (1 + share) / 2)
        return `M${left} ${floor}V${yPixel(model.y, mark.y)}H${right}V${floor}Z`
      })
      .join('')
  return (
    <g className={`chart-c${model.colour}`}>
      <Hatch id={hatch} />
      <Plane height={layout.height}>
        <path className="chart-bar" d={path('plain')} />
        <path className="chart-bar chart-bar-estimated" d={path('estimated')} />
      </Plane>
      {bars
        .filter(({ mark }) => barStyle(mark) === 'provisional')
        .map(({ mark, index }) => (
          <rect
            key={index}
            className="chart-bar chart-bar-provisional"
            fill={`url(#${hatch})`}
            x={percent(layout.x, index + (1 - share) / 2)}
            width={percent(layout.x, share)}
            y={rem(Math.min(floor, yPixel(model.y, mark.y)))}
            height={rem(Math.abs(floor - yPixel(model.y, mark.y)))}
          />
        ))}
    </g>
  )
}

/** Diagonal lines in the colour of their group: a provisional figure. */
export function Hatch({ id }: { id: string }) {
  return (
    <pattern
      id={id}
      width="5"
      height="5"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect className="chart-hatch-ground" width="5" height="5" />
      <path className="chart-hatch" d="M1 0V5" />
    </pattern>
  )
}

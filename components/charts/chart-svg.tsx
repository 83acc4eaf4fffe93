import { curveLinear, curveStepAfter, line } from 'd3-shape'
import type { ReactNode } from 'react'
import { fraction } from './geometry'
import { type BarStyle, barStyle, dotLayers, Hatch, seriesClass, Traveller } from './marks'
import type { Axis, ColumnsModel, PlotModel, Point, Series, SeriesModel } from './model'
import {
  BRUSH_HEIGHT,
  BRUSH_TOP,
  barShare,
  baseline,
  hasBrush,
  lineRuns,
  PLOT_HEIGHT,
  type PlotLayout,
  plotLayout,
  TRAVELLER_WIDTH,
  yPixel,
} from './plot'
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
      {model.kind === 'series' && hasBrush(model) && <RangeStrip model={model} />}
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

/** The range selector as it will look: hidden where there is no script to move it. */
function RangeStrip({ model }: { model: SeriesModel }) {
  const xs = [...new Set(model.series.flatMap(({ points }) => points.map(({ x }) => x)))]
  xs.sort((a, b) => a - b)
  const place = new Map(xs.map((x, index) => [x, index]))
  const draw = line<Point>()
    .x(({ x }) => ((place.get(x) ?? 0) / Math.max(xs.length - 1, 1)) * PLANE)
    .y(({ y }) => 1 + (1 - fraction(model.y, y)) * (BRUSH_HEIGHT - 2))
    .digits(1)
  const top = rem(PLOT_HEIGHT + BRUSH_TOP)
  const size = { y: top, width: '100%', height: rem(BRUSH_HEIGHT) }
  return (
    <g className="chart-range">
      <rect className="chart-range-frame" {...size} />
      <svg
        {...size}
        x={TRAVELLER_WIDTH / 2}
        style={{ width: `calc(100% - ${TRAVELLER_WIDTH}px)` }}
        viewBox={`0 0 ${PLANE} ${BRUSH_HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {model.series.map((series) => (
          <path
            key={series.id}
            className={`chart-line chart-range-line chart-c${series.colour}`}
            d={lineRuns(series, model.breaks)
              .filter((run) => run.length > 1)
              .map((run) => draw(run) ?? '')
              .join('')}
          />
        ))}
      </svg>
      {(['0%', '100%'] as const).map((x) => (
        <svg key={x} x={x} y={top} overflow="visible" aria-hidden="true">
          <Traveller
            x={x === '0%' ? 0 : -TRAVELLER_WIDTH}
            y={0}
            width={TRAVELLER_WIDTH}
            height={rem(BRUSH_HEIGHT)}
          />
        </svg>
      ))}
    </g>
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
    <g className={seriesClass(series)}>
      <path className="chart-line" d={runs.map((run) => draw(run) ?? '').join('')} />
      {dotLayers.map(({ className, has }) => {
        const points = series.points.filter(has)
        return points.length > 0 && <path key={className} className={className} d={dots(points)} />
      })}
    </g>
  )
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

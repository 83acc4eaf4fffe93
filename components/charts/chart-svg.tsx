import { area, curveLinear, curveStepAfter, line } from 'd3-shape'
import type { ReactNode } from 'react'
import { fraction } from './geometry'
import {
  type BarStyle,
  barStyle,
  columnsClass,
  dotLayers,
  Hatch,
  seriesClass,
  Traveller,
} from './marks'
import type {
  Axis,
  ColumnsModel,
  GroupsModel,
  PlotModel,
  Point,
  Series,
  SeriesModel,
} from './model'
import {
  BRUSH_HEIGHT,
  BRUSH_TOP,
  baseline,
  type Column,
  columnsOf,
  hasBrush,
  lineRuns,
  type PlotLayout,
  planeHeight,
  plotLayout,
  seriesOfColumns,
  TRAVELLER_WIDTH,
  yPixel,
} from './plot'
import { PlotBack, PlotFront, percent, rem } from './plot-frame'

/** Marks are drawn on a plane this wide, stretched to the plot; strokes and dots do not stretch. */
const PLANE = 1000

/** A plane and how wide it is drawn. */
type Sized = { plane: number }

/**
 * The first painter: SVG for the server's HTML, for print and without JavaScript. As wide as its
 * box, a fixed height, and a handful of paths however many points it has. The box keeps the margins
 * (`plotLayout(model).margin`) free; text reaches into them.
 */
export function PlotSvg({
  model,
  noFigure,
  plane = PLANE,
}: {
  model: PlotModel
  noFigure: string
  /** Width of the plane where the picture has a known one, so that nothing is stretched. */
  plane?: number
}) {
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
        <Plane height={layout.height} plane={plane}>
          {model.series
            .filter(({ shape }) => shape === 'area')
            .map((series) => (
              <AreaPath key={series.id} series={series} model={model} plane={plane} />
            ))}
          {model.series.map((series) => (
            <SeriesPaths key={series.id} series={series} model={model} plane={plane} />
          ))}
        </Plane>
      ) : (
        <Columns model={model} layout={layout} plane={plane} />
      )}
      <PlotFront layout={layout} x={layout.x} noFigure={noFigure} />
      {model.kind === 'series' && hasBrush(model) && (
        <RangeStrip model={model} layout={layout} plane={plane} />
      )}
    </svg>
  )
}

function Plane({ height, plane, children }: Sized & { height: number; children: ReactNode }) {
  return (
    <svg
      width="100%"
      height={rem(height)}
      viewBox={`0 0 ${plane} ${height}`}
      preserveAspectRatio="none"
      overflow="visible"
      aria-hidden="true"
    >
      {children}
    </svg>
  )
}

/** The range selector as it will look: hidden where there is no script to move it. */
function RangeStrip({ model, layout, plane }: Sized & { model: SeriesModel; layout: PlotLayout }) {
  const xs = [...new Set(model.series.flatMap(({ points }) => points.map(({ x }) => x)))]
  xs.sort((a, b) => a - b)
  const place = new Map(xs.map((x, index) => [x, index]))
  const draw = line<Point>()
    .x(({ x }) => ((place.get(x) ?? 0) / Math.max(xs.length - 1, 1)) * plane)
    .y(({ y }) => 1 + (1 - fraction(model.y, y)) * (BRUSH_HEIGHT - 2))
    .digits(1)
  const top = rem(layout.height + BRUSH_TOP)
  const size = { y: top, width: '100%', height: rem(BRUSH_HEIGHT) }
  return (
    <g className="chart-range">
      <rect className="chart-range-frame" {...size} />
      <svg
        {...size}
        x={TRAVELLER_WIDTH / 2}
        style={{ width: `calc(100% - ${TRAVELLER_WIDTH}px)` }}
        viewBox={`0 0 ${plane} ${BRUSH_HEIGHT}`}
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

const planeX = (axis: Axis, at: number, plane: number): number =>
  Math.round(fraction(axis, at) * plane * 10) / 10

type SeriesProps = Sized & { series: Series; model: SeriesModel }

const curveOf = ({ shape }: Series) => (shape === 'step' ? curveStepAfter : curveLinear)

/** What lies under a line, run by run; under the lines of all series. */
function AreaPath({ series, model, plane }: SeriesProps) {
  const height = planeHeight(model)
  const draw = area<Point>()
    .x(({ x }) => planeX(model.x, x, plane))
    .y0(yPixel(model.y, baseline(model.y), height))
    .y1(({ y }) => yPixel(model.y, y, height))
    .curve(curveOf(series))
    .digits(1)
  const runs = lineRuns(series, model.breaks).filter((run) => run.length > 1)
  return (
    <g className={`chart-c${series.colour}`}>
      <path className="chart-area" d={runs.map((run) => draw(run) ?? '').join('')} />
    </g>
  )
}

function SeriesPaths({ series, model, plane }: SeriesProps) {
  const height = planeHeight(model)
  const draw = line<Point>()
    .x(({ x }) => planeX(model.x, x, plane))
    .y(({ y }) => yPixel(model.y, y, height))
    .curve(curveOf(series))
    .digits(1)
  const runs = lineRuns(series, model.breaks).filter((run) => run.length > 1)
  const dots = (points: readonly Point[]): string =>
    points
      .map(({ x, y }) => `M${planeX(model.x, x, plane)} ${yPixel(model.y, y, height)}h0`)
      .join('')
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

function Columns({
  model,
  layout,
  plane,
}: Sized & { model: ColumnsModel | GroupsModel; layout: PlotLayout }) {
  const columns = columnsOf(model)
  return (
    <g>
      {seriesOfColumns(model).map(({ id, colour }, n) => (
        <ColumnPaths
          key={id}
          id={n === 0 ? `${model.id}-hatch` : `${model.id}-hatch-${n}`}
          className={columnsClass(model, colour)}
          columns={columns.filter(({ series }) => series === id)}
          layout={layout}
          plane={plane}
        />
      ))}
    </g>
  )
}

/** The columns of one series: a path for each style, and a rectangle for each hatched one. */
function ColumnPaths({
  id,
  className,
  columns,
  layout,
  plane,
}: Sized & { id: string; className: string; columns: readonly Column[]; layout: PlotLayout }) {
  const yAt = (value: number): number => yPixel(layout.y, value, layout.height)
  const path = (style: BarStyle): string =>
    columns
      .filter(({ mark }) => barStyle(mark) === style)
      .map(({ left, right, base, top }) => {
        const [from, to] = [planeX(layout.x, left, plane), planeX(layout.x, right, plane)]
        return `M${from} ${yAt(base)}V${yAt(top)}H${to}V${yAt(base)}Z`
      })
      .join('')
  return (
    <g className={className}>
      <Hatch id={id} />
      <Plane height={layout.height} plane={plane}>
        <path className="chart-bar" d={path('plain')} />
        <path className="chart-bar chart-bar-estimated" d={path('estimated')} />
      </Plane>
      {columns
        .filter(({ mark }) => barStyle(mark) === 'provisional')
        .map(({ slot, left, right, base, top }) => (
          <rect
            key={slot}
            className="chart-bar chart-bar-provisional"
            fill={`url(#${id})`}
            x={percent(layout.x, left)}
            width={percent(layout.x, right - left)}
            y={rem(Math.min(yAt(base), yAt(top)))}
            height={rem(Math.abs(yAt(base) - yAt(top)))}
          />
        ))}
    </g>
  )
}

'use client'

import { useEffect, useMemo } from 'react'
import {
  Area,
  Bar,
  Brush,
  ComposedChart,
  DefaultZIndexes,
  Line,
  LineChart,
  usePlotArea,
  useXAxisScale,
  useYAxisScale,
  XAxis,
  YAxis,
  ZIndexLayer,
} from 'recharts'
import type { PlotBox } from './chart-interactive'
import { fittingTicks } from './geometry'
import { barStyle, columnsClass, dotLayers, Hatch, seriesClass, Traveller } from './marks'
import type { Axis, ColumnSeries, PlotModel, Point, Series } from './model'
import {
  BRUSH_HEIGHT,
  baseline,
  type Column,
  columnsOf,
  hasBrush,
  lineRuns,
  type MarkOnPlot,
  type PlotLayout,
  seriesOfColumns,
  TRAVELLER_WIDTH,
  yPixel,
} from './plot'
import { PlotBack, PlotFront, percent, rem } from './plot-frame'
import type { ChartWords } from './words'

export type PainterProps = {
  model: PlotModel
  layout: PlotLayout
  box: PlotBox
  /** The part of the axis shown. */
  x: Axis
  hidden: readonly string[]
  active: { x: number; mark: MarkOnPlot | undefined } | undefined
  words: ChartWords
  onRange: (range: Pick<Axis, 'from' | 'to'> | undefined) => void
  onPainted: () => void
}

/** One place of the axis with the points of all series there, by series. */
type Datum = { x: number; name: string; points: Record<string, Point | undefined> }

type Run = { key: string; series: Series; xs: ReadonlySet<number> }

/** The second painter: the same model, box, axes and ticks as `PlotSvg`, drawn by Recharts. */
export function RechartsPainter(props: PainterProps) {
  const { model, layout, box, x, hidden, words } = props
  // The brush starts anew whenever it is given other data.
  const data = useMemo(
    () => (model.kind === 'series' ? seriesData(model.series) : columnData(model)),
    [model],
  )
  const runs = useMemo(() => seriesRuns(model, hidden), [model, hidden])
  const columns = useMemo(() => (model.kind === 'series' ? [] : columnsOf(model)), [model])
  const brush = hasBrush(model) ? (BRUSH_HEIGHT * box.plotHeight) / layout.height : 0
  const brushed = x.from !== layout.x.from || x.to !== layout.x.to
  return (
    <ComposedChart
      width={box.width}
      height={box.height}
      margin={{
        left: box.left,
        right: box.width - box.left - box.plotWidth,
        top: box.top,
        bottom: box.height - box.top - box.plotHeight - brush,
      }}
      data={data}
      accessibilityLayer={false}
    >
      <XAxis type="number" dataKey="x" domain={[x.from, x.to]} allowDataOverflow hide />
      <YAxis
        type="number"
        scale={layout.y.scale ?? 'linear'}
        domain={[layout.y.from, layout.y.to]}
        allowDataOverflow
        hide
        width={0}
      />
      <Ground {...props} brushed={brushed} />
      {runs
        .filter(({ series, xs }) => series.shape === 'area' && xs.size > 1)
        .map(({ key, series, xs }) => (
          <Area
            key={`area ${key}`}
            className={`chart-c${series.colour} chart-area-run`}
            dataKey={(datum: Datum) => (xs.has(datum.x) ? datum.points[series.id]?.y : null)}
            baseValue={baseline(layout.y)}
            type="linear"
            stroke="none"
            activeDot={false}
            connectNulls
            isAnimationActive={false}
          />
        ))}
      {runs.map(({ key, series, xs }) => (
        <Line
          key={key}
          className={seriesClass(series)}
          dataKey={(datum: Datum) => (xs.has(datum.x) ? datum.points[series.id]?.y : null)}
          type={series.shape === 'step' ? 'stepAfter' : 'linear'}
          stroke="var(--chart-c)"
          strokeWidth={2}
          dot={<Dot series={series} />}
          activeDot={false}
          connectNulls
          isAnimationActive={false}
        />
      ))}
      {model.kind !== 'series' &&
        seriesOfColumns(model).map((series, n) => (
          <Bar
            key={series.id}
            className={columnsClass(model, series.colour)}
            dataKey={(datum: Datum) => datum.points[series.id]?.y ?? null}
            shape={
              <BarShape
                id={`${model.id}-painted-${n}`}
                columns={columns.filter(({ series: id }) => id === series.id)}
              />
            }
            isAnimationActive={false}
          />
        ))}
      <ZIndexLayer zIndex={DefaultZIndexes.label}>
        <Notes {...props} />
      </ZIndexLayer>
      {hasBrush(model) && (
        <Brush
          dataKey="name"
          x={box.left}
          y={box.height - brush}
          width={box.plotWidth}
          height={brush}
          travellerWidth={TRAVELLER_WIDTH}
          traveller={Traveller}
          ariaLabel={`${words.range}: ${rangeLabel(data, x)}`}
          fill="transparent"
          stroke="var(--chart-axis)"
          onChange={({ startIndex, endIndex }) => {
            props.onRange(zoomed(layout.x, data, startIndex, endIndex))
          }}
        >
          <LineChart>
            <XAxis
              xAxisId="range"
              dataKey="x"
              type="category"
              scale="point"
              padding={{ left: TRAVELLER_WIDTH / 2, right: TRAVELLER_WIDTH / 2 }}
              hide
            />
            <YAxis yAxisId="range" hide domain={[layout.y.from, layout.y.to]} width={0} />
            {runs.map(({ key, series, xs }) => (
              <Line
                key={key}
                xAxisId="range"
                yAxisId="range"
                className={`chart-c${series.colour}`}
                dataKey={(datum: Datum) => (xs.has(datum.x) ? datum.points[series.id]?.y : null)}
                stroke="var(--chart-c)"
                dot={false}
                activeDot={false}
                connectNulls
                isAnimationActive={false}
              />
            ))}
          </LineChart>
        </Brush>
      )}
      <Painted onPainted={props.onPainted} />
    </ComposedChart>
  )
}

function seriesData(series: readonly Series[]): Datum[] {
  const data = new Map<number, Datum>()
  for (const { id, points } of series) {
    for (const point of points) {
      const datum = data.get(point.x) ?? { x: point.x, name: point.period, points: {} }
      datum.points[id] = point
      data.set(point.x, datum)
    }
  }
  return [...data.values()].sort((a, b) => a.x - b.x)
}

function columnData(model: Exclude<PlotModel, { kind: 'series' }>): Datum[] {
  const all = seriesOfColumns(model)
  return model.slots.map(({ period }, slot) => ({
    x: slot + 0.5,
    name: period,
    points: Object.fromEntries(all.map((series) => [series.id, pointAt(series, slot)])),
  }))
}

function pointAt({ marks }: ColumnSeries, slot: number): Point | undefined {
  const mark = marks[slot]
  return mark ? { ...mark, x: slot + 0.5 } : undefined
}

/** A Recharts line for each run of joined points, so that gaps and breaks stay open. */
function seriesRuns(model: PlotModel, hidden: readonly string[]): Run[] {
  if (model.kind !== 'series') return []
  return model.series
    .filter(({ id }) => !hidden.includes(id))
    .flatMap((series) =>
      lineRuns(series, model.breaks).map((run) => ({
        key: `${series.id} ${run[0]?.x}`,
        series,
        xs: new Set(run.map(({ x }) => x)),
      })),
    )
}

function zoomed(
  axis: Axis,
  data: readonly Datum[],
  start: number | undefined,
  end: number | undefined,
): Pick<Axis, 'from' | 'to'> | undefined {
  const first = data[start ?? 0]
  const last = data[end ?? data.length - 1]
  if (!first || !last || (first === data[0] && last === data.at(-1))) return undefined
  const room = Math.max((last.x - first.x) * 0.02, (axis.to - axis.from) * 0.004)
  return { from: first.x - room, to: last.x + room }
}

function rangeLabel(data: readonly Datum[], x: Axis): string {
  const shown = data.filter((datum) => datum.x >= x.from && datum.x <= x.to)
  return [shown[0], shown.at(-1)].map((datum) => datum?.name ?? '').join(' – ')
}

function usePlane() {
  return usePlotArea() ?? { x: 0, y: 0, width: 0, height: 0 }
}

function Ground({ model, layout, x, active, brushed }: PainterProps & { brushed: boolean }) {
  const plane = usePlane()
  const ticks = brushed
    ? fittingTicks(x, plane.width).map((tick) => ({ ...tick, level: 0 as const }))
    : layout.ticks
  return (
    <svg {...plane} overflow="visible" aria-hidden="true">
      <PlotBack layout={layout} x={x} ticks={ticks} tickMarks={model.kind === 'series'} />
      {active && model.kind !== 'series' && (
        <rect
          className="chart-band"
          x={percent(x, active.x - 0.5)}
          width={percent(x, 1)}
          height={plane.height}
        />
      )}
      {active && model.kind === 'series' && (
        <line
          className="chart-cursor"
          x1={percent(x, active.x)}
          x2={percent(x, active.x)}
          y2={plane.height}
        />
      )}
    </svg>
  )
}

function Notes({ model, layout, x, hidden, active, words }: PainterProps) {
  const plane = usePlane()
  return (
    <svg {...plane} overflow="visible" aria-hidden="true">
      <PlotFront layout={layout} x={x} noFigure={words.noFigure} hidden={hidden} />
      {active?.mark && (model.kind !== 'columns' || active.mark.reference) && (
        <circle
          className="chart-ring"
          cx={percent(x, active.mark.place.x)}
          cy={rem(yPixel(model.y, active.mark.place.y, layout.height))}
          r="0.5rem"
        />
      )}
    </svg>
  )
}

type DotProps = { series: Series; cx?: number; cy?: number; payload?: Datum }

function Dot({ series, cx, cy, payload }: DotProps) {
  const point = payload?.points[series.id]
  if (!point || typeof cx !== 'number' || typeof cy !== 'number') return null
  // Recharts lifts dots out of their line's group, so that they bring their own colour.
  return (
    <g className={seriesClass(series)}>
      {dotLayers
        .filter(({ has }) => has(point))
        .map(({ className }) => (
          <path key={className} className={className} d={`M${cx} ${cy}h0`} />
        ))}
    </g>
  )
}

type BarShapeProps = { id: string; columns: readonly Column[]; payload?: Datum }

/** A column where the model has it; Recharts' own places would not be those of the first painter. */
function BarShape({ id, columns, payload }: BarShapeProps) {
  const scaleX = useXAxisScale()
  const scaleY = useYAxisScale()
  const column = columns.find(({ slot }) => slot + 0.5 === payload?.x)
  if (!column || !scaleX || !scaleY) return null
  const left = scaleX(column.left) ?? 0
  const right = scaleX(column.right) ?? 0
  const top = scaleY(column.top) ?? 0
  const floor = scaleY(column.base) ?? 0
  const style = barStyle(column.mark)
  const hatch = `${id}-${column.slot}`
  return (
    <>
      {style === 'provisional' && <Hatch id={hatch} />}
      <rect
        className={`chart-bar chart-bar-${style}`}
        fill={style === 'provisional' ? `url(#${hatch})` : undefined}
        x={left}
        width={right - left}
        y={Math.min(top, floor)}
        height={Math.abs(floor - top)}
      />
    </>
  )
}

/** Tells, after a frame with scales, that the marks are on screen. */
function Painted({ onPainted }: { onPainted: () => void }) {
  const scaleX = useXAxisScale()
  const scaleY = useYAxisScale()
  const scaled = scaleX !== undefined && scaleY !== undefined
  useEffect(() => {
    if (!scaled) return
    const frame = requestAnimationFrame(onPainted)
    return () => cancelAnimationFrame(frame)
  }, [scaled, onPainted])
  return null
}

'use client'

import {
  type ComponentType,
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type Ref,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { PainterProps } from './chart-recharts'
import { ChartTooltip } from './chart-tooltip'
import { fraction } from './geometry'
import type { Axis, PlotModel } from './model'
import {
  hasBrush,
  hasKeys,
  type MarkOnPlot,
  nearestRow,
  plotLayout,
  plotRows,
  type Row,
} from './plot'
import { rem } from './plot-frame'
import { SeriesKeys } from './series-keys'
import type { ChartWords } from './words'

/** The plot and its surroundings as measured on screen, in px. */
export type PlotBox = {
  width: number
  height: number
  left: number
  top: number
  plotWidth: number
  plotHeight: number
}

type Active = { row: number; mark: number }

type Props = {
  /** The model as JSON: React would pass on its thousands of parts one by one. */
  data: string
  words: ChartWords
  children: ReactNode
}

/**
 * Lets a reader read a plot point by point. The server's SVG (`children`) stays on screen until the
 * second painter, which is fetched at the first touch, pointer or focus, has drawn the same marks.
 * Pointing, walking and announcing need no painter and start at once.
 */
export function ChartInteractive({ data, words, children }: Props) {
  const model = useMemo((): PlotModel => JSON.parse(data), [data])
  const layout = useMemo(() => plotLayout(model), [model])
  const plot = useRef<HTMLDivElement>(null)
  const link = useRef<HTMLAnchorElement>(null)
  const [ready, setReady] = useState(false)
  const [painted, setPainted] = useState(false)
  const [box, setBox] = useState<PlotBox>()
  const [hidden, setHidden] = useState<readonly string[]>([])
  const [range, setRange] = useState<Pick<Axis, 'from' | 'to'>>()
  const [active, setActive] = useState<Active>()
  const [touched, setTouched] = useState(false)
  const { Painter, load } = usePainter()
  // Nobody points at anything on the server.
  const rows = useMemo(
    () => (ready ? visibleRows(model, hidden, range) : []),
    [ready, model, hidden, range],
  )
  const named = useMemo(() => isNamed(model), [model])
  const x = useMemo(() => ({ ...layout.x, ...range }), [layout, range])

  const measure = useCallback(() => setBox(measurePlot(plot.current)), [])
  useEffect(() => {
    setReady(true)
    const observer = new ResizeObserver(measure)
    if (plot.current) observer.observe(plot.current)
    return () => observer.disconnect()
  }, [measure])

  const row = active && rows[active.row]
  const current = row?.marks[active?.mark ?? 0]
  const last = rows.at(-1)
  const said = row
    ? announcement(row, current, words, named)
    : last && announcement(last, last.marks[0], words, named)

  const point = (event: PointerEvent) => {
    if (event.target instanceof Element && event.target.closest('.chart-tooltip')) return
    load()
    const measured = measurePlot(plot.current)
    if (!measured) return
    setBox(measured)
    setTouched(event.pointerType !== 'mouse')
    const bounds = event.currentTarget.getBoundingClientRect()
    const at = (event.clientX - bounds.left - measured.left) / measured.plotWidth
    const place = x.from + at * (x.to - x.from)
    const next = nearestRow(rows, place)
    const height = (event.clientY - bounds.top - measured.top) / measured.plotHeight
    const mark = nearestMark(rows[next], model.y, { x: place, height })
    if (next !== active?.row || mark !== active.mark) setActive({ row: next, mark })
  }

  const walk = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && current?.mark.href) link.current?.click()
    if (event.key === 'Escape') setActive(undefined)
    const next = step(event.key, active, rows)
    if (!next) return
    event.preventDefault()
    setActive(next)
  }

  const { margin } = layout
  const margins = {
    '--chart-top': rem(margin.top),
    '--chart-right': rem(margin.right),
    '--chart-right-wide': rem(margin.wideRight),
    '--chart-bottom': rem(margin.bottom),
    '--chart-left': rem(margin.left),
  } as CSSProperties
  return (
    <div className="chart-stage" style={margins}>
      {hasKeys(model) && (
        <SeriesKeys
          model={model}
          hidden={hidden}
          top={margin.top}
          interactive={ready && model.kind === 'series'}
          onToggle={(id) => {
            load()
            measure()
            setActive(undefined)
            setHidden((ids) =>
              ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id],
            )
          }}
        />
      )}
      <div
        ref={plot}
        className={`chart-plot${hasBrush(model) ? ' chart-plot-brush' : ''}${painted ? ' chart-painted' : ''}`}
      >
        {children}
        {Painter && box && (
          <div className="chart-painter" aria-hidden={hasBrush(model) ? undefined : true}>
            <Painter
              model={model}
              layout={layout}
              box={box}
              x={x}
              hidden={hidden}
              active={row && { x: row.x, mark: current }}
              words={words}
              onRange={setRange}
              onPainted={() => setPainted(true)}
            />
          </div>
        )}
        {ready && (
          // biome-ignore lint/a11y/noStaticElementInteractions: for pointers; the keys are the slider's
          <div
            className="chart-reader"
            onPointerEnter={point}
            onPointerMove={point}
            onPointerDown={point}
            onPointerLeave={(event) => {
              if (event.pointerType === 'mouse') setActive(undefined)
            }}
            onTouchStart={load}
            onFocus={(event) => {
              load()
              measure()
              if (event.target.matches('.chart-walker:focus-visible'))
                setActive((before) => before ?? { row: rows.length - 1, mark: 0 })
            }}
            onBlur={(event) => {
              if (!event.currentTarget.contains(event.relatedTarget)) setActive(undefined)
            }}
          >
            {/* A slider: readers of screens hand its arrow keys on, and say each of its values. */}
            <div
              className="chart-walker"
              role="slider"
              tabIndex={0}
              onKeyDown={walk}
              aria-roledescription={words.chart}
              aria-labelledby={`${model.id}-title`}
              aria-describedby={`${model.id}-summary ${model.id}-keys`}
              aria-valuemin={1}
              aria-valuemax={Math.max(1, rows.length)}
              aria-valuenow={(active?.row ?? rows.length - 1) + 1}
              aria-valuetext={said}
            />
            {row && box && (
              <>
                {current?.mark.href && (
                  <MarkLink
                    ref={link}
                    href={current.mark.href}
                    label={announcement(row, current, words, named)}
                    // The first touch shows a figure, only the next one follows it.
                    follows={!touched}
                    left={box.left + fraction(x, current.place.x) * box.plotWidth}
                    top={box.top + (1 - fraction(model.y, current.place.y)) * box.plotHeight}
                  />
                )}
                <ChartTooltip
                  row={row}
                  current={current}
                  words={words}
                  named={named}
                  pinned={touched}
                  box={box}
                  share={fraction(x, row.x)}
                  clearance={model.kind === 'series' ? 8 : box.plotWidth / model.slots.length / 2}
                />
              </>
            )}
          </div>
        )}
      </div>
      <p className="chart-hidden" id={`${model.id}-keys`}>
        {words.keys}
      </p>
    </div>
  )
}

/** Fetches the second painter once; a failed fetch leaves the server's picture and may be retried. */
function usePainter() {
  const [Painter, setPainter] = useState<ComponentType<PainterProps>>()
  const loading = useRef(false)
  const load = useCallback(() => {
    if (loading.current) return
    loading.current = true
    import('./chart-recharts').then(
      ({ RechartsPainter }) => setPainter(() => RechartsPainter),
      () => {
        loading.current = false
      },
    )
  }, [])
  return { Painter, load }
}

function measurePlot(plot: HTMLElement | null): PlotBox | undefined {
  const svg = plot?.querySelector('.chart-svg')
  if (!plot || !svg) return undefined
  const outer = plot.getBoundingClientRect()
  const inner = svg.getBoundingClientRect()
  return {
    width: outer.width,
    height: outer.height,
    left: inner.left - outer.left,
    top: inner.top - outer.top,
    plotWidth: inner.width,
    plotHeight: inner.height,
  }
}

function visibleRows(
  model: PlotModel,
  hidden: readonly string[],
  range: Pick<Axis, 'from' | 'to'> | undefined,
): Row[] {
  return plotRows(model)
    .filter(({ x }) => !range || (x >= range.from && x <= range.to))
    .map((row) => ({ ...row, marks: row.marks.filter(({ series }) => !hidden.includes(series)) }))
    .filter(({ marks }) => model.kind !== 'series' || marks.length > 0)
}

/**
 * The mark of a row that is pointed at: of columns side by side the nearest one, else the nearest in
 * height. `height` is a place between the top (0) and the bottom (1) of the plot.
 */
function nearestMark(
  row: Row | undefined,
  axis: Axis,
  pointer: { x: number; height: number },
): number {
  const marks = row?.marks ?? []
  const isSideBySide = new Set(marks.map(({ place }) => place.x)).size > 1
  const distances = marks.map(({ place }) =>
    Math.abs(isSideBySide ? place.x - pointer.x : 1 - fraction(axis, place.y) - pointer.height),
  )
  return Math.max(0, distances.indexOf(Math.min(...distances)))
}

/** Where a key leads: left and right in time, up and down between series of one period. */
function step(key: string, active: Active | undefined, rows: readonly Row[]): Active | undefined {
  const last = rows.length - 1
  const from = active?.row ?? last + 1
  const marks = rows[from]?.marks.length ?? 0
  const to = (row: number): Active => ({ row: Math.max(0, Math.min(last, row)), mark: 0 })
  switch (key) {
    case 'ArrowLeft':
      return to(from - 1)
    case 'ArrowRight':
      return to(from + 1)
    case 'Home':
      return to(0)
    case 'End':
      return to(last)
    case 'ArrowUp':
    case 'ArrowDown': {
      if (!active || marks < 2) return undefined
      const mark = (active.mark + (key === 'ArrowUp' ? marks - 1 : 1)) % marks
      return { row: from, mark }
    }
    default:
      return undefined
  }
}

/** Whether a figure must say what it is of, because the plot shows more than one thing. */
function isNamed(model: PlotModel): boolean {
  return model.kind === 'groups' || hasKeys(model) || (model.references ?? []).length > 0
}

function announcement(
  row: Row,
  current: MarkOnPlot | undefined,
  words: ChartWords,
  named: boolean,
): string {
  if (!current) return `${row.period}: ${words.noFigure}`
  const { label, mark } = current
  const flags = (mark.flags ?? []).map((flag) => words.flags[flag])
  const origins = (mark.from ?? []).map(({ text }) => text)
  const texts = [...(named ? [label] : []), ...origins, ...flags]
  return [`${mark.period}: ${mark.text}`, ...texts].join(', ')
}

function MarkLink({
  ref,
  href,
  label,
  follows,
  left,
  top,
}: {
  ref: Ref<HTMLAnchorElement>
  href: string
  label: string
  follows: boolean
  left: number
  top: number
}) {
  return (
    <a
      ref={ref}
      className="chart-mark-link"
      href={href}
      tabIndex={-1}
      style={{ left, top }}
      onClick={(event) => {
        if (!follows) event.preventDefault()
      }}
    >
      <span className="chart-hidden">{label}</span>
    </a>
  )
}

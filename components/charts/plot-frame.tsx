import { fraction } from './geometry'
import type { Axis, Tick } from './model'
import { baseline, type Note, type PlotLayout, signed, WHISKER, yPixel } from './plot'

/**
 * Axes and notes of a plot, the same elements for both painters. They stand in an <svg> of the
 * plot's size and are placed in percent of its width, so that text keeps its size when it stretches.
 */
type FrameProps = {
  layout: PlotLayout
  /** The part of the axis shown: the whole, or what a reader zoomed in to. */
  x: Axis
  ticks: readonly Tick[]
}

/** Layout counts in px of a 16 px root; text, strokes and heights all grow with the reader's size. */
export const rem = (px: number): string => `${Math.round(px * 625) / 10_000}rem`

export const percent = (axis: Axis, at: number): string =>
  `${Math.round(fraction(axis, at) * 100_000) / 1000}%`

/** Upwards: the value is at least this. */
export const whiskerPath = `M0 0V${-WHISKER}M${-WHISKER / 3} ${4 - WHISKER}L0 ${-WHISKER}L${WHISKER / 3} ${4 - WHISKER}`

const within = (axis: Axis, at: number): boolean => at >= axis.from && at <= axis.to

/** Grid, axes and rules: under the marks. */
export function PlotBack({ layout, x, ticks, tickMarks }: FrameProps & { tickMarks: boolean }) {
  const { height, y } = layout
  const yAt = (value: number): number => yPixel(y, value, height)
  const floor = yAt(baseline(y))
  return (
    <g>
      {y.ticks.map(({ at, label }) => (
        <g key={at}>
          <line className="chart-grid" x2="100%" y1={rem(yAt(at))} y2={rem(yAt(at))} />
          <text className="chart-tick" x={rem(-10)} y={rem(yAt(at) + 4.5)} textAnchor="end">
            {label}
          </text>
        </g>
      ))}
      <line className="chart-axis" x2="100%" y1={rem(floor)} y2={rem(floor)} />
      {ticks.map(({ at, label, level }) => (
        <g key={at} className={`chart-level-${level ?? 0}`}>
          {tickMarks && (
            <line
              className="chart-axis"
              x1={percent(x, at)}
              x2={percent(x, at)}
              y1={rem(height)}
              y2={rem(height + 5)}
            />
          )}
          <text className="chart-tick" x={percent(x, at)} y={rem(height + 21)} textAnchor="middle">
            {label}
          </text>
        </g>
      ))}
      {layout.rules
        .filter((rule) => within(x, rule.x))
        .map((rule) => (
          <line
            key={rule.x}
            className="chart-rule"
            x1={percent(x, rule.x)}
            x2={percent(x, rule.x)}
            y1={rem(rule.top)}
            y2={rem(height)}
          />
        ))}
    </g>
  )
}

/** Targets, claims, values and explanations: over the marks. */
export function PlotFront({
  layout,
  x,
  noFigure,
  hidden = [],
}: Omit<FrameProps, 'ticks'> & { noFigure: string; hidden?: readonly string[] }) {
  const { y } = layout
  const yAt = (value: number): number => yPixel(y, value, layout.height)
  const floor = yAt(baseline(y))
  return (
    <g>
      {layout.thresholds.map((threshold) => (
        <g key={threshold.label}>
          <line
            className="chart-threshold"
            x2="100%"
            y1={rem(yAt(threshold.y))}
            y2={rem(yAt(threshold.y))}
          />
          <text className="chart-note" x={rem(2)} y={rem(yAt(threshold.y) - 6)}>
            {threshold.label}
          </text>
        </g>
      ))}
      {layout.missing.map(({ from, to, level }) => (
        <g key={from}>
          <line
            className="chart-missing"
            x1={percent(x, from)}
            x2={percent(x, to)}
            y1={rem(floor - 5)}
            y2={rem(floor - 5)}
          />
          <text
            className={`chart-note chart-faint chart-level-${level}`}
            x={percent(x, (from + to) / 2)}
            y={rem(floor - 13)}
            textAnchor="middle"
          >
            {noFigure}
          </text>
        </g>
      ))}
      {layout.references
        .filter((reference) => within(x, reference.x))
        .map((reference) => (
          <svg
            key={`${reference.x} ${reference.label} ${signed(reference)}`}
            x={percent(x, reference.x)}
            y={rem(yAt(reference.y))}
            width="1rem"
            height="1rem"
            viewBox="0 0 16 16"
            overflow="visible"
            aria-hidden="true"
          >
            <path className="chart-diamond" d="M0-6.5L6.5 0L0 6.5L-6.5 0Z" />
          </svg>
        ))}
      {layout.whiskers
        .filter((whisker) => within(x, whisker.x) && !hidden.includes(whisker.series))
        .map((whisker) => (
          <svg
            key={`${whisker.series} ${whisker.x}`}
            x={percent(x, whisker.x)}
            y={rem(whisker.y)}
            width="1rem"
            height="1rem"
            viewBox="0 0 16 16"
            overflow="visible"
            aria-hidden="true"
          >
            <path className="chart-whisker" d={whiskerPath} />
          </svg>
        ))}
      {layout.notes
        .filter(({ series, note }) => within(x, note.x) && !hidden.includes(series))
        .map(({ note, strong }) => (
          <NoteText
            key={`${note.x} ${note.y} ${note.until ?? ''}`}
            note={note}
            x={x}
            className={strong ? 'chart-value chart-strong' : 'chart-value'}
          />
        ))}
      {[...layout.breakNotes, ...layout.referenceNotes]
        .filter((note) => within(x, note.x))
        .map((note) => (
          <NoteText key={`${note.x} ${note.y}`} note={note} x={x} className="chart-note" />
        ))}
    </g>
  )
}

function NoteText({ note, x, className }: { note: Note; x: Axis; className: string }) {
  const levels = `chart-level-${note.level}${note.until ? ` chart-until-${note.until}` : ''}`
  const place = percent(x, note.x)
  const first = note.lines[0]
  return (
    <text
      className={`${className} ${levels}`}
      x={place}
      y={rem(note.y)}
      dx={note.dx ? rem(note.dx) : undefined}
      textAnchor={note.anchor}
    >
      {note.lines.length === 1
        ? first
        : note.lines.map((line, index) => (
            <tspan key={line} x={place} dx={rem(note.dx)} dy={index === 0 ? 0 : rem(16)}>
              {line}
            </tspan>
          ))}
    </text>
  )
}

import type { CSSProperties } from 'react'
import { dotLayers } from './marks'
import type { Mark, SlopesModel } from './model'
import { signed } from './plot'
import { rem } from './plot-frame'
import { type SlopeRow, slopeLayout } from './slope-layout'

const PLANE = 1000

/**
 * Two periods, a line for each row. Every figure stands at its end of the line as text and leads to
 * its proof, so that there is nothing left for a second painter. Time runs from left to right in
 * every language.
 */
export function Slopes({ model }: { model: SlopesModel }) {
  const layout = slopeLayout(model)
  const size = {
    '--chart-slope-height': rem(layout.height),
    '--chart-slope-start': rem(layout.startWidth),
  } as CSSProperties
  return (
    <div className="chart-slopes" style={size}>
      <div className="chart-slope-periods" aria-hidden="true">
        <span>{model.periods[0]}</span>
        <span>{model.periods[1]}</span>
      </div>
      <svg className="chart-slope-plane" width="100%" overflow="visible" aria-hidden="true">
        <SlopePlane rows={layout.rows} height={layout.height} plane={PLANE} />
      </svg>
      <ol className="chart-slope-rows">
        {layout.rows.map(({ row, startAt, endAt }) => (
          <li key={`${row.name} ${row.end.href}`} className={`chart-c${row.colour}`}>
            <span className="chart-slope-end" style={{ top: rem(endAt) }}>
              <span className="chart-slope-name">
                {row.href ? <a href={row.href}>{row.name}</a> : row.name}
              </span>{' '}
              <SlopeValue mark={row.end} />
            </span>
            <span className="chart-slope-start" style={{ top: rem(startAt) }}>
              <SlopeValue mark={row.start} />
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}

function SlopeValue({ mark }: { mark: Mark }) {
  return (
    <span className="chart-row-value">
      <span className="chart-hidden">{mark.period}: </span>
      {mark.href ? <a href={mark.href}>{signed(mark)}</a> : signed(mark)}
    </span>
  )
}

/** The lines and their ends, on a plane that is stretched sideways. */
export function SlopePlane({
  rows,
  height,
  plane,
}: {
  rows: readonly SlopeRow[]
  height: number
  plane: number
}) {
  return (
    <svg
      width="100%"
      height={rem(height)}
      viewBox={`0 0 ${plane} ${height}`}
      preserveAspectRatio="none"
      overflow="visible"
      aria-hidden="true"
    >
      <path className="chart-axis" d={`M0 0V${height}M${plane} 0V${height}`} />
      {rows.map(({ row, start, end }) => (
        <g key={`${row.name} ${row.end.href}`} className={`chart-c${row.colour} chart-dots`}>
          {!row.breaks && <path className="chart-line" d={`M0 ${start}L${plane} ${end}`} />}
          <SlopeDot mark={row.start} x={0} y={start} />
          <SlopeDot mark={row.end} x={plane} y={end} />
        </g>
      ))}
    </svg>
  )
}

function SlopeDot({ mark, x, y }: { mark: Mark; x: number; y: number }) {
  return dotLayers
    .filter(({ has }) => has(mark))
    .map(({ className }) => <path key={className} className={className} d={`M${x} ${y}h0`} />)
}

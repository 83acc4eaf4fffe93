import type { ReactNode } from 'react'
import { fraction } from './geometry'
import { barStyle, dotLayers, Hatch } from './marks'
import type { BarsModel, BulletsModel, Colour, DotsModel, Mark } from './model'
import { signed } from './plot'

/**
 * Charts that are lists: every figure stands beside its bar as text and links to its proof, so that
 * nothing is left for a second painter to add. Bars grow in the reading direction.
 */
export function BarRows({ model }: { model: BarsModel }) {
  return (
    <ol className="chart-rows">
      {model.rows.map((row, index) => (
        <li key={`${row.name} ${row.mark.period} ${row.mark.href}`} className="chart-row">
          <RowName {...row} period={row.mark.period} />
          <span className="chart-track chart-track-bar">
            <Bar
              id={`${model.id}-${index}`}
              mark={row.mark}
              colour={row.colour}
              share={row.mark.y / model.to}
            />
            {row.mark.flags?.includes('over') && <LeastSign />}
            <Value mark={row.mark} />
          </span>
        </li>
      ))}
    </ol>
  )
}

/** At the end of a bar, in its direction: the value is at least this. */
function LeastSign() {
  return (
    <svg className="chart-row-least" viewBox="0 0 12 8" aria-hidden="true">
      <path className="chart-whisker" d="M0 4H11M7 0.5L11 4L7 7.5" />
    </svg>
  )
}

function RowName({
  name,
  detail,
  href,
  period,
}: {
  name: string
  detail?: string
  href?: string
  period?: string
}) {
  const second = [detail, period].filter(Boolean).join(' · ')
  return (
    <span className="chart-row-name">
      <span className="chart-row-title">{href ? <a href={href}>{name}</a> : name}</span>{' '}
      {second && <span className="chart-row-detail">{second}</span>}
    </span>
  )
}

function Value({ mark, children }: { mark: Mark; children?: ReactNode }) {
  const value = children ?? signed(mark)
  return (
    <span className="chart-row-value">{mark.href ? <a href={mark.href}>{value}</a> : value}</span>
  )
}

function Bar({
  id,
  mark,
  colour,
  share,
}: {
  id: string
  mark: Mark
  colour: Colour
  share: number
}) {
  const style = barStyle(mark)
  const size = { '--chart-share': Math.round(Math.max(share, 0) * 10_000) / 10_000 }
  return (
    <svg className={`chart-row-bar chart-c${colour}`} style={size as object} aria-hidden="true">
      {style === 'provisional' && <Hatch id={`${id}-hatch`} />}
      <rect
        className={`chart-bar chart-bar-${style}`}
        fill={style === 'provisional' ? `url(#${id}-hatch)` : undefined}
        width="100%"
        height="100%"
      />
    </svg>
  )
}

/** Progress towards targets; the thin line is the target, the same for all rows. */
export function BulletRows({
  model,
  texts,
}: {
  model: BulletsModel
  /** Writes both figures in one phrase; without an actual figure it says so. */
  texts: { of: (actual: ReactNode | undefined, target: ReactNode) => ReactNode }
}) {
  const to = Math.max(
    1,
    ...model.rows.flatMap(({ share = 0, earlierShare = 0 }) => [share, earlierShare]),
  )
  return (
    <ol className="chart-rows chart-rows-bullets">
      {model.rows.map((row, index) => (
        <li key={`${row.name} ${row.target.period} ${row.target.href}`} className="chart-row">
          <RowName {...row} period={row.target.period} />
          <span className="chart-bullet">
            <span className="chart-bullet-figures">
              <span>
                {texts.of(
                  row.actual && <Value mark={row.actual} />,
                  <Value mark={row.target}>{signedText(row.target)}</Value>,
                )}
              </span>
              {row.shareText && <span className="chart-bullet-share">{row.shareText}</span>}
            </span>
            <span
              className="chart-bullet-track"
              style={{ '--chart-target': Math.round(10_000 / to) / 10_000 } as object}
            >
              {row.earlierShare !== undefined && (
                <span
                  className="chart-bullet-earlier"
                  style={
                    {
                      '--chart-share': Math.round((10_000 * row.earlierShare) / to) / 10_000,
                    } as object
                  }
                />
              )}
              {row.actual && (
                <Bar
                  id={`${model.id}-${index}`}
                  mark={row.actual}
                  colour={row.colour}
                  share={(row.share ?? 0) / to}
                />
              )}
            </span>
          </span>
        </li>
      ))}
    </ol>
  )
}

/** The whole figure with its unit and signs. */
const signedText = (mark: Mark): string => signed({ ...mark, short: mark.text })

/** One figure a row on a common axis. */
export function DotRows({ model, rtl }: { model: DotsModel; rtl: boolean }) {
  const place = (at: number): string => {
    const share = fraction(model.axis, at) * 100
    return `${Math.round((rtl ? 100 - share : share) * 100) / 100}%`
  }
  return (
    <div className="chart-dot-rows">
      <ol className="chart-rows">
        {model.rows.map((row) => (
          <li key={`${row.name} ${row.mark.period} ${row.mark.href}`} className="chart-row">
            <RowName {...row} period={row.mark.period} />
            <span className="chart-track">
              <svg className={`chart-dot-track chart-dots chart-c${row.colour}`} aria-hidden="true">
                {model.axis.ticks.map(({ at }) => (
                  <line key={at} className="chart-grid" x1={place(at)} x2={place(at)} y2="100%" />
                ))}
                {(model.thresholds ?? []).map(({ y }) => (
                  <line key={y} className="chart-parity" x1={place(y)} x2={place(y)} y2="100%" />
                ))}
                <line
                  className="chart-stem"
                  x1={place(model.axis.from)}
                  x2={place(row.mark.y)}
                  y1="50%"
                  y2="50%"
                />
                <svg x={place(row.mark.y)} y="50%" overflow="visible" aria-hidden="true">
                  {dotLayers
                    .filter(({ has }) => has(row.mark))
                    .map(({ className }) => (
                      <path key={className} className={className} d="M0 0h0" />
                    ))}
                </svg>
              </svg>
              <span
                className="chart-dot-value"
                style={{ '--chart-share': fraction(model.axis, row.mark.y) } as object}
              >
                <Value mark={row.mark} />
              </span>
            </span>
          </li>
        ))}
      </ol>
      <div className="chart-row" aria-hidden="true">
        <span className="chart-row-name" />
        <svg className="chart-dot-axis" aria-hidden="true">
          {model.axis.ticks.map(({ at, label }) => (
            <text key={at} className="chart-tick" x={place(at)} y="14" textAnchor="middle">
              {label}
            </text>
          ))}
        </svg>
      </div>
    </div>
  )
}

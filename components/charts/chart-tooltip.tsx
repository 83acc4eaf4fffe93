import type { PlotBox } from './chart-interactive'
import type { MarkOnPlot, Row } from './plot'
import type { ChartWords } from './words'

type Props = {
  row: Row
  current: MarkOnPlot | undefined
  words: ChartWords
  /** Figures say what they are of. */
  named: boolean
  /** Stays and can be touched: a finger cannot point at it and at its link at once. */
  pinned: boolean
  box: PlotBox
  /** Where the row stands in the plot, from 0 (left) to 1. */
  share: number
  /** Half the width in px of what is pointed at, kept free. */
  clearance: number
}

const GAP = 6

/** The exact figures at one place of the axis, beside it, on the side with more room. */
export function ChartTooltip({ row, current, words, named, pinned, box, share, clearance }: Props) {
  const at = box.left + share * box.plotWidth
  const side =
    share < 0.5 ? { left: at + clearance + GAP } : { right: box.width - at + clearance + GAP }
  return (
    <div
      className={`chart-tooltip${pinned ? ' chart-tooltip-pinned' : ''}`}
      style={{ ...side, top: Math.max(0, box.top - 12) }}
      aria-hidden={pinned ? undefined : true}
    >
      <p className="chart-tooltip-period">{row.period}</p>
      {row.marks.length === 0 && <p className="chart-faint">{words.noFigure}</p>}
      {row.marks.map((entry) => (
        <TooltipMark
          key={`${entry.series} ${entry.mark.text}`}
          entry={entry}
          period={row.period}
          current={entry === current}
          several={row.marks.length > 1}
          words={words}
          named={named}
          pinned={pinned}
        />
      ))}
    </div>
  )
}

function TooltipMark({
  entry,
  period,
  current,
  several,
  words,
  named,
  pinned,
}: {
  entry: MarkOnPlot
  period: string
  current: boolean
  several: boolean
  words: ChartWords
  named: boolean
  pinned: boolean
}) {
  const { label, colour, mark } = entry
  const details = current || !several
  return (
    <div className={`chart-tooltip-mark chart-c${colour}${details ? '' : ' chart-tooltip-other'}`}>
      <p className="chart-tooltip-value">{mark.text}</p>
      {named && (
        <p className="chart-tooltip-label">
          <span className="chart-swatch" aria-hidden="true" /> {label}
        </p>
      )}
      {details && (
        <>
          {(mark.from ?? []).map((origin) => (
            <p key={`${origin.text} ${origin.href}`}>
              {origin.href && pinned ? <a href={origin.href}>{origin.text}</a> : origin.text}
            </p>
          ))}
          {(mark.flags ?? []).map((flag) => (
            <p key={flag} className="chart-tooltip-flag">
              {words.flags[flag]}
            </p>
          ))}
          {mark.period !== period && <p>{mark.period}</p>}
          {mark.source && <p className="chart-tooltip-source">{mark.source}</p>}
          {mark.href && pinned && <a href={mark.href}>{words.proof}</a>}
        </>
      )}
    </div>
  )
}

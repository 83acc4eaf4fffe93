import type { GroupsModel, SeriesModel } from './model'
import { hasKeysBeside, seriesKeys } from './plot'
import { rem } from './plot-frame'

type Props = {
  model: SeriesModel | GroupsModel
  hidden: readonly string[]
  /** Margin above the plot, in px of a 16 px root. */
  top: number
  interactive: boolean
  onToggle: (id: string) => void
}

/**
 * Names of the series: beside the ends of their lines where the chart is wide, a legend above it
 * where it is not. In the browser each is a switch.
 */
export function SeriesKeys({ model, hidden, top, interactive, onToggle }: Props) {
  return (
    <ul className={hasKeysBeside(model) ? 'chart-keys chart-keys-beside' : 'chart-keys'}>
      {seriesKeys(model).map(({ id, label, value, colour, y }) => {
        const text = (
          <>
            <span className="chart-swatch" aria-hidden="true" />
            <span className="chart-key-label">{label}</span>
            {value && <span className="chart-key-value">{value}</span>}
          </>
        )
        return (
          <li
            key={id}
            className={`chart-key chart-c${colour}`}
            style={{ '--chart-key-top': rem(top + y) } as object}
          >
            {interactive ? (
              <button
                type="button"
                aria-pressed={!hidden.includes(id)}
                disabled={!hidden.includes(id) && hidden.length === model.series.length - 1}
                onClick={() => onToggle(id)}
              >
                {text}
              </button>
            ) : (
              <span className="chart-key-text">{text}</span>
            )}
          </li>
        )
      })}
    </ul>
  )
}

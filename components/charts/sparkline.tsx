import './charts.css'
import { splitLine } from './geometry'
import type { SparklineModel } from './model'

const WIDTH = 1000
const HEIGHT = 32

/**
 * A word-sized line. It is an ornament to the figure beside it, hence hidden from screen readers.
 * As wide as its box; nothing is drawn for fewer than two points.
 */
export function Sparkline({ model }: { model: SparklineModel }) {
  const { points } = model
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last || first === last) return null
  const ys = points.map(({ y }) => y)
  const low = Math.min(...ys)
  const span = Math.max(...ys) - low || 1
  const x = (at: number): number => Math.round(((at - first.x) / (last.x - first.x)) * WIDTH)
  const y = (at: number): number =>
    Math.round((HEIGHT - 4 - ((at - low) / span) * (HEIGHT - 8)) * 10) / 10
  const runs = splitLine(points, model.joinWithin, model.breaks)
  const line = runs
    .map(
      (run) =>
        run.map((p, i) => `${i === 0 ? 'M' : 'L'}${x(p.x)} ${y(p.y)}`).join('') +
        (run.length === 1 ? 'h0' : ''),
    )
    .join('')
  return (
    <svg
      className={`chart-sparkline chart-c${model.colour}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      <path className="chart-line" d={line} />
      <path className="chart-dot" d={`M${x(last.x)} ${y(last.y)}h0`} />
    </svg>
  )
}

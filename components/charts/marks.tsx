import type { Colour, Flag, Mark, PlotModel, Series } from './model'

/** Flags of a value that its publisher did not give exactly: all drawn alike, told apart by symbol. */
export const inexact: readonly Flag[] = ['estimated', 'rounded', 'over', 'about']

/** Classes of a series: its colour, and small dots for long ones, smaller still in a narrow chart. */
export const seriesClass = ({ colour, points, isEarlier }: Series): string =>
  [
    `chart-c${colour}`,
    points.length > 24 ? 'chart-dots-dense' : 'chart-dots',
    ...(isEarlier ? ['chart-earlier'] : []),
  ].join(' ')

/** Classes of a series of columns: its colour, and a seam between the parts of a stack. */
export const columnsClass = (model: PlotModel, colour: Colour): string =>
  model.kind === 'groups' && model.arrangement === 'stacked'
    ? `chart-c${colour} chart-stack`
    : `chart-c${colour}`

const flagged =
  (...flags: Flag[]) =>
  (mark: Mark): boolean =>
    (mark.flags ?? []).some((flag) => flags.includes(flag))

/** A dot is layered: the full dot, its hollow, and the tint of an estimate. */
export const dotLayers: readonly { className: string; has: (mark: Mark) => boolean }[] = [
  { className: 'chart-dot', has: () => true },
  { className: 'chart-dot-hollow', has: flagged('provisional', ...inexact) },
  {
    className: 'chart-dot-tint',
    has: (mark) => flagged(...inexact)(mark) && !flagged('provisional')(mark),
  },
]

export type BarStyle = 'plain' | 'provisional' | 'estimated'

export function barStyle(mark: Mark): BarStyle {
  if (flagged('provisional')(mark)) return 'provisional'
  return flagged(...inexact)(mark) ? 'estimated' : 'plain'
}

/** Diagonal lines in the colour of their group: a provisional figure. */
export function Hatch({ id }: { id: string }) {
  return (
    <pattern
      id={id}
      width="5"
      height="5"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect className="chart-hatch-ground" width="5" height="5" />
      <path className="chart-hatch" d="M1 0V5" />
    </pattern>
  )
}

/** A handle of the range selector. */
export function Traveller({
  x,
  y,
  width,
  height,
}: {
  x: number
  y: number
  width: number
  height: number | string
}) {
  return (
    <g className="chart-traveller">
      <rect x={x} y={y} width={width} height={height} rx="2" />
      <svg x={x + width / 2} y={y} width="1" height={height} overflow="visible" aria-hidden="true">
        <line x1="-1.5" x2="-1.5" y1="36%" y2="64%" />
        <line x1="1.5" x2="1.5" y1="36%" y2="64%" />
      </svg>
    </g>
  )
}

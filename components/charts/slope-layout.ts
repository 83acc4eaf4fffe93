import { spreadLabels, textWidth, wrapText } from './geometry'
import type { SlopesModel } from './model'
import { PLOT_HEIGHT, signed, yPixel } from './plot'

/** Width in px of the names beside the later period; charts.css repeats it. */
const SLOPE_NAMES = 136

/** One row as drawn: the ends of its line, and the middles of the texts beside them, in px. */
export type SlopeRow = {
  row: SlopesModel['rows'][number]
  start: number
  end: number
  startAt: number
  endAt: number
}

/** As large as a finger needs. */
const VALUE = 25
const NAME_LINE = 18

/** Where everything on a slope chart stands; as high as its names need. */
export function slopeLayout({ rows, y }: SlopesModel) {
  const heights = rows.map(({ name }) => wrapText(name, SLOPE_NAMES, 13).length * NAME_LINE + VALUE)
  const height = Math.max(
    PLOT_HEIGHT,
    heights.reduce((sum, each) => sum + each, 0),
  )
  const at = (value: number) => yPixel(y, value, height)
  const starts = spreadLabels(
    rows.map(({ start }) => ({ y: at(start.y), height: VALUE })),
    -10,
    height + 10,
  )
  const ends = spreadLabels(
    rows.map(({ end }, n) => ({ y: at(end.y), height: heights[n] ?? VALUE })),
    -10,
    height + 10,
  )
  return {
    height,
    startWidth: Math.ceil(Math.max(24, ...rows.map(({ start }) => textWidth(signed(start))))) + 14,
    rows: rows.map(
      (row, n): SlopeRow => ({
        row,
        start: at(row.start.y),
        end: at(row.end.y),
        startAt: starts[n] ?? 0,
        endAt: ends[n] ?? 0,
      }),
    ),
  }
}

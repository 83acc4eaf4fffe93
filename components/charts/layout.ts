import { scaleLinear } from 'd3-scale'
import type { Axis, Tick } from './model'

const DAY = 86_400_000

/** Days since 1970-01-01 of an ISO date (`2022-05-11`). */
export const toDay = (iso: string): number => Date.parse(`${iso}T00:00:00Z`) / DAY

/** ISO date of a day number. */
export const fromDay = (day: number): string =>
  new Date(Math.round(day) * DAY).toISOString().slice(0, 10)

/** The day in the middle of a period: where a flow over the period is drawn. */
export const middleDay = (start: string, end: string): number => (toDay(start) + toDay(end)) / 2

/**
 * `Series.joinWithin` in days, by frequency: longer than the longest distance of neighbouring
 * periods, shorter than the shortest distance over one missing period.
 */
export const joinWithin = { month: 45, quarter: 135, year: 550 } as const

type ValueAxisOptions = {
  /** Writes a tick's decimal string in the reader's language. */
  label: (value: string) => string
  /** About how many ticks; 4 by default. */
  count?: number
  /** Starts at zero unless `false`; bars always must. */
  zero?: boolean
}

/**
 * A value axis with round limits around decimal strings. Without values it runs from 0 to 1.
 */
export function valueAxis(values: readonly string[], options: ValueAxisOptions): Axis {
  const { label, count = 4, zero = true } = options
  const numbers = values.map(Number).filter(Number.isFinite)
  const anchors = zero || numbers.length === 0 ? [0, ...numbers] : numbers
  const low = Math.min(...anchors)
  const high = Math.max(...anchors)
  const scale = scaleLinear()
    .domain(low === high ? [low, low + 1] : [low, high])
    .nice(count)
  const [from = 0, to = 1] = scale.domain()
  const ticks = scale.ticks(count).map((at) => ({ at, label: label(String(at)) }))
  return { from, to, ticks }
}

/**
 * A logarithmic axis around positive decimal strings, from one round value to another. Ticks stand
 * at the decades; where there are fewer than three, also at twice and five times each.
 */
export function logAxis(
  values: readonly string[],
  { label }: Pick<ValueAxisOptions, 'label'>,
): Axis {
  const numbers = values.length > 0 ? values.map(Number) : [1, 10]
  const low = Math.min(...numbers)
  const high = Math.max(...numbers)
  const steps = high / low > 500 ? [1] : [1, 2, 5]
  const places = Array.from({ length: 80 }, (_, n) => n - 40).flatMap((exponent) =>
    steps.map((step) => Number(`${step}e${exponent}`)),
  )
  const first = places.findLastIndex((at) => at <= low)
  const last = places.findIndex((at) => at >= high)
  const shown = places.slice(first, Math.max(last, first + 1) + 1)
  const ticks = shown.map((at) => ({ at, label: label(plainDecimal(at)) }))
  return { from: shown[0] ?? 1, to: shown.at(-1) ?? 10, scale: 'log', ticks }
}

/** Without an exponent: `0.0000001`, not `1e-7`. */
const plainDecimal = (value: number): string =>
  value.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 20 })

export type TimeUnit = 'year' | 'month'

/**
 * A time axis over ISO dates (inclusive) with a little room at both ends. Ticks stand on the first
 * day of a year, calendar or fiscal (`yearStart`, `--07-01`: 1 July), or of a month where that is too
 * coarse; months of a longer axis appear when a reader zooms in (level 4).
 */
export function timeAxis(
  first: string,
  last: string,
  label: (iso: string, unit: TimeUnit) => string,
  yearStart = '--01-01',
): Axis {
  const start = toDay(first)
  const end = toDay(last)
  const room = Math.max((end - start) * 0.02, 2)
  const from = start - room
  const to = end + room
  const long = end - start > 800
  const ticks: Tick[] = []
  for (const iso of monthStarts(first, last)) {
    const at = toDay(iso)
    if (at < from || at > to) continue
    if (iso.endsWith(yearStart.slice(1))) ticks.push({ at, label: label(iso, 'year') })
    else ticks.push({ at, label: label(iso, 'month'), ...(long ? { level: 4 as const } : {}) })
  }
  return { from, to, ticks }
}

function monthStarts(first: string, last: string): string[] {
  const [year = 0, month = 1] = first.split('-').map(Number)
  const months: string[] = []
  for (let index = month - 1; ; index += 1) {
    const date = new Date(Date.UTC(year, index, 1))
    const iso = date.toISOString().slice(0, 10)
    if (iso > last) return months
    months.push(iso)
  }
}

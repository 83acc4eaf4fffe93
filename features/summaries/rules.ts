import type { Figure } from '@/features/figures/schema'
import { compareDecimals } from '@/lib/number'

/** A figure of a series with its place in time, in days since 1970-01-01. */
export interface Placed {
  figure: Figure
  x: number
}

/** Where a series may be joined: the longest distance in days, and the days of new definitions. */
export interface Joins {
  within?: number
  breaks?: readonly { at: number }[]
}

/** What a series does, in the order of its figures. */
export interface Trend {
  first: Figure
  last: Figure
  lowest: Figure
  highest: Figure
  /** `flat`: every value is the same; `level`: it ends where it began. */
  course: 'single' | 'rise' | 'fall' | 'level' | 'flat'
  /** The figures around each place where periods have none. */
  gaps: { after: Figure; before: Figure }[]
  /** The first figure under each new definition. */
  breaks: Figure[]
}

/** The trend of figures in the order of time; null of none. */
export function trendOf(placed: readonly Placed[], joins: Joins = {}): Trend | null {
  const figures = placed.map(({ figure }) => figure)
  const [first] = figures
  const last = figures.at(-1)
  if (!first || !last) return null
  const lowest = figures.reduce((low, one) => (isLess(one, low) ? one : low), first)
  const highest = figures.reduce((high, one) => (isLess(high, one) ? one : high), first)
  const pairs = placed.slice(1).map((after, n) => ({ before: placed[n] ?? after, after }))
  return {
    first,
    last,
    lowest,
    highest,
    course: courseOf(figures, first, last),
    gaps: pairs
      .filter(({ before, after }) => after.x - before.x > (joins.within ?? Infinity))
      .map(({ before, after }) => ({ after: before.figure, before: after.figure })),
    breaks: pairs
      .filter(({ before, after }) =>
        (joins.breaks ?? []).some(({ at }) => before.x < at && at <= after.x),
      )
      .map(({ after }) => after.figure),
  }
}

const isLess = (a: Figure, b: Figure): boolean => compareDecimals(a.value, b.value) < 0

function courseOf(figures: readonly Figure[], first: Figure, last: Figure): Trend['course'] {
  if (figures.length === 1) return 'single'
  const order = compareDecimals(first.value, last.value)
  if (order !== 0) return order < 0 ? 'rise' : 'fall'
  return figures.every(({ value }) => compareDecimals(value, first.value) === 0) ? 'flat' : 'level'
}

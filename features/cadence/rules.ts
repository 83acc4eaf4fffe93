import { findIndicator } from '@/features/catalogue/rules'
import type { Cadence, Catalogue } from '@/features/catalogue/schema'
import { newest } from '@/features/figures/rules'
import type { Figure } from '@/features/figures/schema'
import { rhythmOf, seriesOf } from '@/features/figures/series'

type Step = Cadence['every']

/** Which figures a cadence brings: the months of a year end with the year's own figure. */
const brings: Record<Step, readonly Step[]> = {
  M: ['M', 'Q', 'A', 'A1'],
  Q: ['Q', 'A', 'A1'],
  A: ['A'],
  A1: ['A1'],
}

const lastMonths: Record<Step, readonly number[]> = {
  M: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  Q: [3, 6, 9, 12],
  A: [12],
  A1: [6],
}

const isoDay = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10)

/** The last day (ISO) of the first month, quarter or year that ends after a day. */
export function nextEnd(step: Step, day: string): string {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))]
  for (let ahead = 0; ; ahead += 1) {
    const end = isoDay(year, month + ahead + 1, 0)
    if (end > day && lastMonths[step].includes(Number(end.slice(5, 7)))) return end
  }
}

const addDays = (day: string, days: number) =>
  isoDay(Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8)) + days)

/** The day on which the figure after this one is due; null where the cadence brings none like it. */
export function nextDue(
  figure: Pick<Figure, 'frequency' | 'period' | 'periodEnd'>,
  cadence: Cadence,
): string | null {
  if (figure.periodEnd === null) return null
  const rhythm = rhythmOf(figure)
  const steps = { fiscal: 'A1', calendar: 'A', Q: 'Q', M: 'M', dated: cadence.every } as const
  const step = steps[rhythm]
  if (!brings[cadence.every].includes(step)) return null
  return addDays(nextEnd(step, figure.periodEnd), cadence.lagDays)
}

/** `superseded`: a newer figure is there; `unscheduled`: nobody said when the next one comes. */
export type Due =
  | { kind: 'next' | 'overdue'; day: string }
  | { kind: 'unscheduled' }
  | { kind: 'superseded' }

/** When the next figure of a series is due, told at its newest figure. Overdue from the day after. */
export function dueOf(
  catalogue: Catalogue,
  figures: readonly Figure[],
  figure: Figure,
  today: string,
): Due {
  const last = newest(seriesOf(figures, figure))
  if (last && last.id !== figure.id) return { kind: 'superseded' }
  const cadence = findIndicator(catalogue, figure.indicator)?.cadence
  const isExpected = figure.role === 'actual' && figure.area !== '001'
  const day = cadence && isExpected ? nextDue(figure, cadence) : null
  if (day === null || day === undefined) return { kind: 'unscheduled' }
  return { kind: day < today ? 'overdue' : 'next', day }
}

import { newest, newestFirst, orderRevisions } from '@/features/figures/rules'
import type { Figure, Revision } from '@/features/figures/schema'
import { periodOf, rhythmOf, seriesOf } from '@/features/figures/series'
import { changeBetween, daysBetween, previousComparable } from '@/features/periods/rules'
import { compareDecimals, percentChange, ratioPercent, rescale, subtract } from '@/lib/number'
import type { TargetChange } from './schema'

const subjectOf = ({ indicator, programme, area, sex }: Figure) =>
  [indicator, programme, area, sex].join(' ')

/** Targets of the world are context: they are nobody's here to reach. */
const isTarget = ({ role, area }: Figure) => role === 'target' && area !== '001'

/**
 * The last day of a target; null where none was set. An amount promised on a single day names no
 * period: the day is that of the promise.
 */
export function deadlineOf({ kind, periodStart, periodEnd }: Figure): string | null {
  return kind !== 'stock' && periodStart === periodEnd ? null : periodEnd
}

// What was reached

/**
 * What was reached of a target, in its unit: the newest figure up to its last day, else the newest
 * there is. An amount that ended before the target's time, or began to be counted long before it,
 * says nothing of it.
 */
export function reached(figures: readonly Figure[], target: Figure): Figure | undefined {
  const candidates = figures.filter(
    (figure) => isMeasureOf(figure, target) && !isOfEarlierTime(figure, target),
  )
  const inTime = candidates.filter((figure) => (figure.periodEnd ?? '') <= (target.periodEnd ?? ''))
  return newest(inTime) ?? newest(candidates)
}

const isMeasureOf = (figure: Figure, target: Figure) =>
  figure.role === 'actual' &&
  figure.indicator === target.indicator &&
  figure.programme === target.programme &&
  figure.area === target.area &&
  figure.sex === target.sex &&
  figure.unit === target.unit

const toleratedDays = 31

function isOfEarlierTime({ kind, periodStart, periodEnd }: Figure, target: Figure): boolean {
  if (kind === 'stock' || !target.periodStart) return false
  if (periodEnd !== null && periodEnd < target.periodStart) return true
  if (kind !== 'cumulative' || !periodStart) return false
  return daysBetween(periodStart, target.periodStart) > toleratedDays
}

/** For a target of a year or a month to come: the newest earlier figure of equal length. */
function baseOf(figures: readonly Figure[], target: Figure): Figure | undefined {
  if (target.kind !== 'flow' || rhythmOf(target) === 'dated') return undefined
  return newest(
    figures.filter(
      (figure) =>
        isMeasureOf(figure, target) &&
        figure.kind === 'flow' &&
        rhythmOf(figure) === rhythmOf(target) &&
        (figure.periodEnd ?? '') < (target.periodEnd ?? ''),
    ),
  )
}

// Which target stands

/** Next deadline first; then targets without one, newest first; then those past, last first. */
function standingOrder(targets: readonly Figure[], today: string): Figure[] {
  const group = (target: Figure) => {
    const deadline = deadlineOf(target)
    return deadline === null ? 1 : deadline >= today ? 0 : 2
  }
  const byDeadline = (a: Figure, b: Figure) => {
    const [first, second] = [deadlineOf(a) ?? '', deadlineOf(b) ?? '']
    return first === second ? 0 : first < second ? -1 : 1
  }
  return newestFirst(targets).sort(
    (a, b) =>
      group(a) - group(b) ||
      (group(a) === 0 ? byDeadline(a, b) : group(a) === 2 ? byDeadline(b, a) : 0),
  )
}

/**
 * Earlier targets for the same subject, unit and deadline but of another value: the later one takes
 * their place. The same value said again by somebody else is another statement of one target.
 */
function replacedBy(target: Figure, targets: readonly Figure[]): Figure[] {
  const place = (one: Figure) => `${one.current.knownOn} ${one.periodStart ?? ''} ${one.id}`
  return targets.filter(
    (other) =>
      other.id !== target.id &&
      subjectOf(other) === subjectOf(target) &&
      other.unit === target.unit &&
      rhythmOf(other) === rhythmOf(target) &&
      deadlineOf(other) === deadlineOf(target) &&
      compareDecimals(other.value, target.value) !== 0 &&
      place(other) < place(target),
  )
}

/** Targets that no other has taken the place of. */
function standing(figures: readonly Figure[]): Figure[] {
  const targets = figures.filter(isTarget)
  const replaced = new Set(targets.flatMap((target) => replacedBy(target, targets)))
  return targets.filter((target) => !replaced.has(target))
}

export interface TargetPair {
  target: Figure
  actual: Figure | undefined
}

/**
 * One target for each indicator, programme, area and sex, with what was reached: of several, the
 * one whose day comes next among those that can be measured. Measured ones first.
 */
export function pairTargets(figures: readonly Figure[], today: string): TargetPair[] {
  const pairs = new Map<string, TargetPair>()
  for (const target of standingOrder(standing(figures), today)) {
    const key = subjectOf(target)
    const actual = reached(figures, target)
    const known = pairs.get(key)
    if (!known || (!known.actual && actual)) pairs.set(key, { target, actual })
  }
  return [...pairs.values()].sort((a, b) => Number(!a.actual) - Number(!b.actual))
}

/** The target that a figure's card names: the next one whose attainment the figure tells. */
export function targetOf(
  figures: readonly Figure[],
  figure: Figure,
  today: string,
): Figure | undefined {
  const own = standing(figures).filter((target) => subjectOf(target) === subjectOf(figure))
  return standingOrder(own, today).find(
    (target) => (reached(figures, target) ?? baseOf(figures, target))?.id === figure.id,
  )
}

// Progress

/** `unreported`: its day has passed and nothing was said; `open`: nothing tells how it goes. */
export type TargetState = 'met' | 'missed' | 'unreported' | 'onCourse' | 'behind' | 'open'

export interface Pace {
  /** `rest`: too few days are left for a rate; `needed` is all that is missing. */
  per: 'year' | 'month' | 'rest'
  /** Decimal in the target's unit, rounded up. */
  needed: string
  /** What was added lately, in the same measure; null where no earlier figure tells. */
  recent: { amount: string; since: string } | null
}

export interface Growth {
  /** The figure that the target is measured against. */
  base: Figure
  /** Percent from it to the target, one decimal. */
  needed: string
  /** The last change of the series in percent, where it is over one period and so is `needed`. */
  recent: string | null
}

export interface TargetProgress {
  target: Figure
  /** Which value it had before, and when the present one became known. */
  changed: { before: string; on: string } | null
  actual: Figure | undefined
  /** Of the target, in percent with one decimal; of the base where nothing was reached yet. */
  share: string | null
  /** What is missing, in the target's unit; null once reached or where nothing is known. */
  remaining: string | null
  deadline: string | null
  /** From today to the deadline; null without one, or once it has passed. */
  daysLeft: number | null
  pace: Pace | null
  growth: Growth | null
  state: TargetState
}

/** How a target stands on a day (ISO). `changes` are those of the targets' own revisions. */
export function progressOf(
  figures: readonly Figure[],
  target: Figure,
  today: string,
  changes: readonly TargetChange[] = [],
): TargetProgress {
  const actual = reached(figures, target)
  const deadline = deadlineOf(target)
  const isPast = deadline !== null && deadline < today
  const daysLeft = deadline === null || isPast ? null : daysBetween(today, deadline)
  const isMet = actual !== undefined && compareDecimals(actual.value, target.value) >= 0
  const remaining = actual && !isMet ? subtract(target.value, actual.value) : null
  const pace =
    actual && remaining !== null && daysLeft !== null
      ? paceOf(figures, actual, { remaining, daysLeft })
      : null
  const growth = actual || isPast ? null : growthOf(figures, target)
  const measured = actual ?? growth?.base
  return {
    target,
    changed: changedFrom(target, figures, changes),
    actual,
    share: measured ? ratioPercent(measured.value, target.value) : null,
    remaining,
    deadline,
    daysLeft,
    pace,
    growth,
    state: isMet ? 'met' : isPast ? (actual ? 'missed' : 'unreported') : courseOf(pace, growth),
  }
}

/** Every target of some figures that still stands: the next one first. */
export function progressOfAll(
  figures: readonly Figure[],
  today: string,
  changes: readonly TargetChange[] = [],
): TargetProgress[] {
  return standingOrder(standing(figures), today).map((target) =>
    progressOf(figures, target, today, changes),
  )
}

function courseOf(pace: Pace | null, growth: Growth | null): TargetState {
  const recent = pace?.recent?.amount ?? growth?.recent
  const needed = pace?.needed ?? growth?.needed
  if (recent === undefined || recent === null || needed === undefined) return 'open'
  return compareDecimals(recent, needed) >= 0 ? 'onCourse' : 'behind'
}

const daysOf = { year: '365.25', month: '30.4375' } as const
const fewDays = 61
const aYear = 366

function paceOf(
  figures: readonly Figure[],
  actual: Figure,
  { remaining, daysLeft }: { remaining: string; daysLeft: number },
): Pace {
  if (daysLeft < fewDays) return { per: 'rest', needed: remaining, recent: null }
  const per = daysLeft >= aYear ? 'year' : 'month'
  const scaled = (amount: string, days: number, rounding: 'half' | 'up') =>
    rescale(amount, String(days), daysOf[per], { decimals: decimalsIn(remaining), rounding })
  const before = earlierPoint(figures, actual)
  const since = before?.periodEnd
  return {
    per,
    needed: scaled(remaining, daysLeft, 'up'),
    recent:
      before && since && actual.periodEnd
        ? {
            amount: scaled(
              subtract(actual.value, before.value),
              daysBetween(since, actual.periodEnd),
              'half',
            ),
            since,
          }
        : null,
  }
}

const decimalsIn = (value: string) => value.split('.')[1]?.length ?? 0

const shortestStretch = 28
const nearlyAYear = 300

/**
 * The earlier level, or amount since the same start, that tells the latest pace: the last one about a
 * year before or more, else the first that is a month away; never from before a break.
 */
function earlierPoint(figures: readonly Figure[], actual: Figure): Figure | undefined {
  if (actual.kind !== 'stock' && actual.kind !== 'cumulative') return undefined
  const series = seriesOf(figures, actual)
  const points = newestFirst(series)
    .map((point) => ({ point, days: daysBetween(point.periodEnd ?? '', actual.periodEnd ?? '') }))
    .filter(({ point, days }) => days >= shortestStretch && isSameCount(point, actual, series))
  return (points.find(({ days }) => days >= nearlyAYear) ?? points.at(-1))?.point
}

function isSameCount(point: Figure, actual: Figure, series: readonly Figure[]): boolean {
  const isAcrossBreak = series.some(
    ({ startsBreak, status, periodEnd }) =>
      (startsBreak || status === 'B') &&
      (point.periodEnd ?? '') < (periodEnd ?? '') &&
      (periodEnd ?? '') <= (actual.periodEnd ?? ''),
  )
  return !isAcrossBreak && (actual.kind === 'stock' || point.periodStart === actual.periodStart)
}

function growthOf(figures: readonly Figure[], target: Figure): Growth | null {
  const base = baseOf(figures, target)
  const needed = base && percentChange(base.value, target.value)
  if (!base || !needed) return null
  const isNext = previousComparable(periodOf(target))?.code === base.period
  const measured = (figure: Figure) => ({ ...figure, period: periodOf(figure) })
  const others = seriesOf(figures, base).filter(({ id }) => id !== base.id)
  const last = isNext ? changeBetween(measured(base), others.map(measured))?.previous : null
  return { base, needed, recent: base.startsBreak ? null : (last?.percent ?? null) }
}

/** Its own last change of value, or that of a target whose place it took, whichever came later. */
function changedFrom(
  target: Figure,
  figures: readonly Figure[],
  changes: readonly TargetChange[],
): TargetProgress['changed'] {
  const own = changes.find(({ observation }) => observation === target.id)
  if (own) return { before: own.before, on: own.on }
  const replaced = replacedBy(target, figures.filter(isTarget))
    .sort((a, b) => (a.current.knownOn < b.current.knownOn ? -1 : 1))
    .at(-1)
  return replaced ? { before: replaced.value, on: target.current.knownOn } : null
}

/** The last time that the value of a target changed, by its revisions; null where it never did. */
export function lastChange(
  revisions: readonly Pick<Revision, 'id' | 'value' | 'releasedOn' | 'knownOn'>[],
): Omit<TargetChange, 'observation'> | null {
  const said = orderRevisions(revisions).filter(({ value }) => value !== null)
  const current = said.at(-1)
  if (!current?.value) return null
  const same = (value: string | null) => compareDecimals(value ?? '0', current.value ?? '0') === 0
  const at = said.findLastIndex(({ value }) => !same(value))
  const before = said[at]?.value
  const first = said[at + 1]
  return before && first ? { before, on: first.knownOn } : null
}

/** The last changes of the targets among some revisions, each with the key it is of. */
export function changesIn(
  revisions: readonly (Revision & { observation: number; key: { role: string } })[],
): TargetChange[] {
  const targets = revisions.filter(({ key }) => key.role === 'target')
  return [...new Set(targets.map(({ observation }) => observation))].flatMap((observation) => {
    const change = lastChange(targets.filter((revision) => revision.observation === observation))
    return change ? [{ observation, ...change }] : []
  })
}

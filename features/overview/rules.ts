import { newest, newestFirst } from '@/features/figures/rules'
import type { Figure, FigureKey } from '@/features/figures/schema'
import { type Rhythm, rhythmOf, seriesOf } from '@/features/figures/series'
import { daysBetween } from '@/features/periods/rules'

/** Which series a place on the overview shows; parts left out match anything. */
export type Selection = Partial<FigureKey> & { rhythm?: Rhythm }

const national = { role: 'actual', area: 'PK', sex: '_T' } as const

/** The State Bank's series: all services, in one unit. */
export const exports = {
  ...national,
  indicator: 'ICT_EXPORTS',
  programme: '_Z',
  kind: 'flow',
  unit: 'USD_MILLION',
} as const

export const academies = {
  ...national,
  indicator: 'ACADEMIES',
  programme: 'HUAWEI_ICTA',
  kind: 'stock',
  unit: 'ACADEMIES',
} as const

/** The day of the article whose four figures head the page. */
export const headlineDay = '2022-05-11'

/** The four headline figures: pinned to the article's day, each with what is known since. */
export const headline: { pinned: Selection; claim?: Selection }[] = [
  {
    pinned: { ...academies, period: headlineDay },
  },
  {
    pinned: {
      ...national,
      indicator: 'STUDENTS_SERVED',
      programme: 'HUAWEI_ICTA',
      period: headlineDay,
    },
  },
  {
    pinned: {
      ...national,
      indicator: 'OFFICIALS_TRAINED',
      programme: 'HUAWEI_MOITT',
      period: `2021-05-01/${headlineDay}`,
    },
  },
  {
    pinned: { ...exports, period: '2021-A1' },
    claim: { indicator: 'ICT_EXPORTS', role: 'claim', period: headlineDay },
  },
]

/** The cards below the headline: the newest figure of each series. */
export const latest: Selection[] = [
  { ...exports, rhythm: 'fiscal' },
  { ...exports, rhythm: 'M' },
  { ...national, indicator: 'FREELANCE_REMIT', rhythm: 'fiscal' },
  { ...national, indicator: 'TRAINED', programme: 'HUAWEI_300K', kind: 'cumulative' },
  { ...national, indicator: 'TRAINED', programme: 'DIGISKILLS', kind: 'cumulative' },
  { ...national, indicator: 'ENROLMENTS', programme: 'DIGISKILLS', kind: 'cumulative' },
  { ...national, indicator: 'IT_COMPANIES_PSEB' },
  { ...national, indicator: 'IT_GRADUATES', rhythm: 'calendar' },
]

export function select(figures: readonly Figure[], { rhythm, ...key }: Selection): Figure[] {
  const parts = Object.entries(key) as [keyof FigureKey, string][]
  return figures.filter(
    (figure) =>
      parts.every(([part, value]) => figure[part] === value) &&
      (rhythm === undefined || rhythmOf(figure) === rhythm),
  )
}

/** The newest figure of the same series that ends after the given one. */
export function newestSince(figures: readonly Figure[], pinned: Figure): Figure | undefined {
  const after = (figure: Figure) => (figure.periodEnd ?? '') > (pinned.periodEnd ?? '')
  return newest(seriesOf(figures, pinned).filter(after))
}

export interface TargetPair {
  target: Figure
  actual: Figure | undefined
}

/**
 * Pairs the targets of each indicator, programme and area with what was reached. Of several
 * targets for one subject the newest that can be measured stands. World targets are context and
 * stay out.
 */
export function pairTargets(figures: readonly Figure[]): TargetPair[] {
  const targets = newestFirst(
    figures.filter((figure) => figure.role === 'target' && figure.area !== '001'),
  )
  const pairs = new Map<string, TargetPair>()
  for (const target of targets) {
    const key = subjectOf(target)
    const actual = reached(figures, target)
    const known = pairs.get(key)
    if (!known || (!known.actual && actual)) pairs.set(key, { target, actual })
  }
  return [...pairs.values()].sort((a, b) => Number(!a.actual) - Number(!b.actual))
}

/**
 * What was reached of a target, in its unit: the newest figure up to its last day, else the newest
 * there is. An amount that ended before the target's time, or began to be counted long before it,
 * says nothing of it.
 */
export function reached(figures: readonly Figure[], target: Figure): Figure | undefined {
  const candidates = figures.filter(
    (figure) =>
      figure.role === 'actual' &&
      subjectOf(figure) === subjectOf(target) &&
      figure.unit === target.unit &&
      !isOfEarlierTime(figure, target),
  )
  const inTime = candidates.filter((figure) => (figure.periodEnd ?? '') <= (target.periodEnd ?? ''))
  return newest(inTime) ?? newest(candidates)
}

const toleratedDays = 31

function isOfEarlierTime({ kind, periodStart, periodEnd }: Figure, target: Figure): boolean {
  if (kind === 'stock' || !target.periodStart) return false
  if (periodEnd !== null && periodEnd < target.periodStart) return true
  if (kind !== 'cumulative' || !periodStart) return false
  return daysBetween(periodStart, target.periodStart) > toleratedDays
}

const subjectOf = ({ indicator, programme, area, sex }: Figure) =>
  [indicator, programme, area, sex].join(' ')

/** The newest target whose attainment the figure tells, if there is one. */
export function targetOf(figures: readonly Figure[], figure: Figure): Figure | undefined {
  return newestFirst(figures.filter(({ role }) => role === 'target')).find(
    (target) => target.area !== '001' && reached(figures, target)?.id === figure.id,
  )
}

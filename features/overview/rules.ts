import { newest, newestFirst } from '@/features/figures/rules'
import type { Figure, FigureKey } from '@/features/figures/schema'
import { seriesOf } from '@/features/figures/series'

/** Which series a place on the overview shows; parts left out match anything. */
export type Selection = Partial<FigureKey> & { frequency?: 'A' | 'M' }

const national = { role: 'actual', area: 'PK', sex: '_T' } as const
const exports = { ...national, indicator: 'ICT_EXPORTS', programme: '_Z' } as const

/** The day of the article whose four figures head the page. */
export const headlineDay = '2022-05-11'

/** The four headline figures: pinned to the article's day, each with what is known since. */
export const headline: { pinned: Selection; claim?: Selection }[] = [
  {
    pinned: {
      ...national,
      indicator: 'ACADEMIES',
      programme: 'HUAWEI_ICTA',
      unit: 'ACADEMIES',
      period: headlineDay,
    },
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
  { ...exports, frequency: 'A' },
  { ...exports, frequency: 'M' },
  { ...national, indicator: 'FREELANCE_REMIT', frequency: 'A' },
  { ...national, indicator: 'TRAINED', programme: 'HUAWEI_300K', kind: 'cumulative' },
  { ...national, indicator: 'TRAINED', programme: 'DIGISKILLS', kind: 'cumulative' },
  { ...national, indicator: 'ENROLMENTS', programme: 'DIGISKILLS', kind: 'cumulative' },
  { ...national, indicator: 'IT_COMPANIES_PSEB' },
  { ...national, indicator: 'IT_GRADUATES', frequency: 'A' },
]

export function select(figures: readonly Figure[], { frequency, ...key }: Selection): Figure[] {
  const parts = Object.entries(key) as [keyof FigureKey, string][]
  return figures.filter(
    (figure) =>
      parts.every(([part, value]) => figure[part] === value) &&
      (frequency === undefined || figure.frequency === frequency),
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
 * Pairs the newest target of each indicator, programme and area with the newest figure reported
 * for them in the same unit. World targets are context and stay out.
 */
export function pairTargets(figures: readonly Figure[]): TargetPair[] {
  const targets = newestFirst(
    figures.filter((figure) => figure.role === 'target' && figure.area !== '001'),
  )
  const subject = (figure: Figure) =>
    [figure.indicator, figure.programme, figure.area, figure.sex].join(' ')
  const firstOf = new Map<string, TargetPair>()
  for (const target of targets) {
    const actual = newest(
      figures.filter(
        (figure) =>
          figure.role === 'actual' &&
          subject(figure) === subject(target) &&
          figure.unit === target.unit,
      ),
    )
    const known = firstOf.get(subject(target))
    if (!known || (!known.actual && actual)) firstOf.set(subject(target), { target, actual })
  }
  return [...firstOf.values()]
}

/** The target a figure is measured against, if one was set for the same subject and unit. */
export function targetOf(figures: readonly Figure[], figure: Figure): Figure | undefined {
  return newestFirst(
    figures.filter(
      (other) =>
        other.role === 'target' &&
        other.indicator === figure.indicator &&
        other.programme === figure.programme &&
        other.area === figure.area &&
        other.sex === figure.sex &&
        other.unit === figure.unit,
    ),
  )[0]
}

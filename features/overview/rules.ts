import type { Selections, SeriesFilter } from '@/features/extents/schema'
import { newest } from '@/features/figures/rules'
import type { Figure, FigureKey } from '@/features/figures/schema'
import { type Rhythm, rhythmOf, seriesOf } from '@/features/figures/series'

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

const partNames = {
  role: 'roles',
  indicator: 'indicators',
  programme: 'programmes',
  area: 'areas',
  sex: 'sexes',
  kind: 'kinds',
  unit: 'units',
  rhythm: 'rhythms',
} as const

/** The series of a place on the overview, whatever period it pins. */
const seriesFilter = (selection: Selection): SeriesFilter =>
  Object.fromEntries(
    Object.entries(partNames).flatMap(([part, name]) => {
      const code = selection[part as keyof typeof partNames]
      return code === undefined ? [] : [[name, [code]]]
    }),
  )

/** What the overview and the briefing read of the record, each with room of its own. */
export const overviewSelections: Selections = [
  [...headline.map(({ pinned }) => pinned), ...latest].map(seriesFilter),
  [{ roles: ['claim'] }],
  [{ roles: ['target'] }, { roles: ['actual'], haveTarget: true }],
  [{ roles: ['actual'], indicators: ['TRAINED'] }],
  [{ roles: ['actual'], indicators: ['IT_COMPANIES_PSEB'] }],
  [{ roles: ['actual'], indicators: ['FEMALE_SHARE'] }],
]

export function select(figures: readonly Figure[], { rhythm, ...key }: Selection): Figure[] {
  const parts = Object.entries(key) as [keyof FigureKey, string][]
  return figures.filter(
    (figure) =>
      parts.every(([part, value]) => published(figure)[part] === value) &&
      (rhythm === undefined || rhythmOf(figure) === rhythm),
  )
}

/** The key under which a figure was published, whatever currency it is shown in. */
const published = (figure: Figure): FigureKey =>
  figure.converted ? { ...figure, unit: figure.converted.unit } : figure

/** The newest figure of the same series that ends after the given one. */
export function newestSince(figures: readonly Figure[], pinned: Figure): Figure | undefined {
  const after = (figure: Figure) => (figure.periodEnd ?? '') > (pinned.periodEnd ?? '')
  return newest(seriesOf(figures, pinned).filter(after))
}

import type { Catalogue } from '@/features/catalogue/schema'
import type { Figure } from '@/features/figures/schema'
import { comparePeriods, parsePeriod } from '@/features/periods/rules'
import { compareDecimals } from '@/lib/number'

/** Series that stand on one chart: each the figures of one key, whatever their order. */
export type SeriesGroups = readonly (readonly Figure[])[]

export type Scale = 'absolute' | 'index' | 'log'

const firstOf = (groups: SeriesGroups): Figure[] => groups.flatMap(([first]) => first ?? [])

/** Whether all figures are of one kind and one unit, so that an axis can hold them. */
export function areComparable(groups: SeriesGroups): boolean {
  return new Set(firstOf(groups).map(({ kind, unit }) => `${kind} ${unit}`)).size <= 1
}

/** Codes of the periods of which every series has a figure, earliest first. */
export function commonPeriods(groups: SeriesGroups): string[] {
  const [first = [], ...others] = groups
  const shared = first
    .map(({ period }) => period)
    .filter((period) => others.every((group) => group.some((one) => one.period === period)))
  return orderPeriods(shared)
}

/** Distinct period codes in the order of time; those without a date are left out. */
export function orderPeriods(codes: readonly string[]): string[] {
  return [...new Set(codes)]
    .flatMap((code) => {
      const parsed = parsePeriod(code)
      return parsed.ok && parsed.value.end !== null ? [parsed.value] : []
    })
    .sort(comparePeriods)
    .map(({ code }) => code)
}

const isPositive = ({ value }: Pick<Figure, 'value'>): boolean => compareDecimals(value, '0') > 0

/** The first period that can be 100 for all series: each has a figure above zero. Null for none. */
export function indexPeriod(groups: SeriesGroups): string | null {
  const isBase = (period: string) =>
    groups.every((group) => group.some((one) => one.period === period && isPositive(one)))
  return commonPeriods(groups).find(isBase) ?? null
}

/**
 * The scales on which some series can be drawn together. Different units have no common axis but an
 * index of a common period; zero and negative values have no logarithm.
 */
export function scalesFor(groups: SeriesGroups): Scale[] {
  if (groups.every((group) => group.length === 0)) return ['absolute']
  const comparable = areComparable(groups)
  const hasIndex = groups.every((group) => group.length > 0) && indexPeriod(groups) !== null
  return [
    ...(comparable ? ['absolute' as const] : []),
    ...(hasIndex ? ['index' as const] : []),
    ...(comparable && groups.flat().every(isPositive) ? ['log' as const] : []),
  ]
}

const keyParts = ['role', 'indicator', 'programme', 'academy', 'kind', 'unit'] as const

/**
 * Whether series are the parts of one whole, so that they may be stacked: women and men, or areas
 * beside each other of an indicator that adds up over areas. Programmes never are: a person may be
 * counted by two of them.
 */
export function arePartsOfOne(catalogue: Catalogue, groups: SeriesGroups): boolean {
  const firsts = firstOf(groups)
  const [first] = firsts
  if (!first || firsts.length !== groups.length || groups.length < 2) return false
  if (first.kind === 'ratio') return false
  if (groups.flat().some(({ value }) => value.startsWith('-'))) return false
  const isOne = (part: keyof Figure) => firsts.every((figure) => figure[part] === first[part])
  if (!keyParts.every(isOne)) return false
  const values = (part: 'sex' | 'area') => new Set(firsts.map((figure) => figure[part]))
  if (isOne('area')) return values('sex').size === groups.length && !values('sex').has('_T')
  return isOne('sex') && values('area').size === groups.length && addUp(catalogue, first, firsts)
}

function addUp(catalogue: Catalogue, first: Figure, firsts: readonly Figure[]): boolean {
  const indicator = catalogue.indicators.find(({ code }) => code === first.indicator)
  const parents = new Set(
    firsts.map(({ area }) => catalogue.areas.find(({ code }) => code === area)?.parent),
  )
  return indicator?.acrossAreas === 'sum' && parents.size === 1
}

export const differing = ['indicator', 'programme', 'area', 'sex'] as const

/** The parts of the key in which some series differ: what tells them apart. */
export function differingParts(groups: SeriesGroups): (typeof differing)[number][] {
  const firsts = firstOf(groups)
  return differing.filter((part) => new Set(firsts.map((figure) => figure[part])).size > 1)
}

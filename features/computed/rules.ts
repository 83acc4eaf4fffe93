import type { Catalogue, Indicator } from '@/features/catalogue/schema'
import { publisherName } from '@/features/figures/rules'
import { type Citation, type Figure, keyParts, type Revision } from '@/features/figures/schema'
import { flagsOf } from '@/features/figures/series'
import { add, compareDecimals, ratioPercent, rescale, subtract } from '@/lib/number'

/** An indicator that divides one figure by another. */
export type Rate = Indicator & { numerator: string; denominator: string }

export const isRate = (indicator: Indicator): indicator is Rate =>
  indicator.numerator !== null && indicator.denominator !== null

/** The decimals of a computed rate: one, unless the indicator is shown with more. */
export const decimalsOf = ({ decimals }: Indicator): number => Math.max(1, decimals)

/** The codes whose figures tell a rate: its own and those of its parts. */
export function codesFor(indicator: Indicator): string[] {
  const parts = isRate(indicator) ? [indicator.numerator, indicator.denominator] : []
  return [...new Set([indicator.code, ...parts])]
}

/** What a rate divides by what. */
export interface Parts {
  rate: Rate
  numerator: Figure
  denominator: Figure
  /** The denominator is the other sex: the whole is both together. */
  isSum: boolean
}

const samePlace = ['programme', 'area', 'academy', 'period', 'kind', 'unit'] as const

const placeOf = (figure: Figure) => samePlace.map((part) => figure[part]).join(' ')

const keyOf = (figure: Figure) => keyParts.map((part) => figure[part]).join(' ')

function grouped(
  figures: readonly Figure[],
  by: (figure: Figure) => string,
): Map<string, Figure[]> {
  const groups = new Map<string, Figure[]>()
  for (const figure of figures) {
    const group = groups.get(by(figure))
    if (group) group.push(figure)
    else groups.set(by(figure), [figure])
  }
  return groups
}

/** Both parts of one key and one period with an end; a figure without a date fits no other. */
function partsOf(rate: Rate, figures: readonly Figure[]): Parts[] {
  const wholes = grouped(
    figures.filter(({ indicator, role }) => indicator === rate.denominator && role === 'actual'),
    placeOf,
  )
  return figures.flatMap((numerator): Parts[] => {
    const isPart =
      numerator.indicator === rate.numerator &&
      numerator.role === 'actual' &&
      numerator.periodEnd !== null &&
      numerator.kind !== 'ratio' &&
      (rate.numeratorSex === null || numerator.sex === rate.numeratorSex)
    if (!isPart) return []
    const found = wholes.get(placeOf(numerator)) ?? []
    const wholeSex = rate.numeratorSex === null ? numerator.sex : '_T'
    const whole = found.find(({ sex }) => sex === wholeSex)
    if (whole) return [{ rate, numerator, denominator: whole, isSum: false }]
    const otherSex = rate.numeratorSex === 'F' ? 'M' : 'F'
    const other =
      rate.numeratorSex !== null && rate.numerator === rate.denominator
        ? found.find(({ sex }) => sex === otherSex)
        : undefined
    return other ? [{ rate, numerator, denominator: other, isSum: true }] : []
  })
}

/** What the numerator is divided by. */
export const wholeOf = ({ numerator, denominator, isSum }: Parts): string =>
  isSum ? add(numerator.value, denominator.value) : denominator.value

/** The rate in percent, rounded half away from zero; null where the whole is zero. */
const percentOf = (parts: Parts, decimals: number): string | null =>
  ratioPercent(parts.numerator.value, wholeOf(parts), decimals)

function asFigure(parts: Parts): Figure | null {
  const { rate, numerator, denominator } = parts
  const value = percentOf(parts, decimalsOf(rate))
  if (value === null) return null
  return {
    ...numerator,
    // No number of the record: of one rate, no two computed values share a numerator.
    id: -numerator.id,
    indicator: rate.code,
    sex: rate.numeratorSex === null ? numerator.sex : '_T',
    kind: 'ratio',
    unit: rate.defaultUnit,
    value,
    status: 'A',
    precision: 'exact',
    publishersDiffer: false,
    startsBreak: false,
    // It begins where the later of both does.
    ...((numerator.hasOlder || denominator.hasOlder) && { hasOlder: true }),
    current: currentOf(value, numerator, denominator),
    computed: {
      numerator: numerator.id,
      denominator: denominator.id,
      flags: [...new Set([numerator, denominator].flatMap(flagsOf))],
    },
  }
}

/** What stands in place of a revision: known once both parts were, by both publishers. */
function currentOf(value: string, a: Figure, b: Figure): Revision {
  const [first, last] = a.current.knownOn <= b.current.knownOn ? [a, b] : [b, a]
  const isDated = a.current.releasedOn !== null && b.current.releasedOn !== null
  return {
    id: 0,
    kind: 'publication',
    value,
    status: 'A',
    precision: 'exact',
    releasedOn: isDated ? last.current.releasedOn : null,
    knownOn: last.current.knownOn,
    commit: Math.max(a.current.commit, b.current.commit),
    source: citationOf(first, last),
    note: '',
    reason: '',
    periodLabel: '',
  }
}

function citationOf(first: Figure, last: Figure): Citation {
  const publishers = [first, last].flatMap(({ current }) =>
    current.source ? publisherName(current.source.publisher) : [],
  )
  return {
    publisher: [...new Set(publishers)].join('; '),
    title: '',
    publishedLabel: last.current.source?.publishedLabel ?? '',
    url: '',
  }
}

/** The published value beside a computed one of the same key, or the other way round. */
export function counterpart(figure: Figure, figures: readonly Figure[]): Figure | undefined {
  if (figure.period === '_U') return undefined
  return figures.find(
    (other) =>
      (other.computed === undefined) !== (figure.computed === undefined) &&
      keyParts.every((part) => other[part] === figure[part]),
  )
}

/** Digits beyond those published, enough to tell a difference from rounding. */
const guardDigits = 8

/**
 * Whether a published rate contradicts its parts: further from them than half of its last digit, or
 * above them where its publisher wrote "over".
 */
export function contradicts(published: Figure, parts: Parts): boolean {
  const digits = published.value.split('.')[1]?.length ?? 0
  const exact = percentOf(parts, digits + guardDigits)
  if (exact === null) return false
  const above = subtract(published.value, exact)
  if (published.precision === 'over' && above.startsWith('-')) return false
  return compareDecimals(above.replace('-', ''), `0.${'0'.repeat(digits)}5`) > 0
}

/**
 * The figures with every value computed from them. A published and a computed value that contradict
 * each other both say so; parts that are not among the figures compute nothing.
 */
export function withComputed(catalogue: Catalogue, figures: readonly Figure[]): Figure[] {
  const computed = catalogue.indicators
    .filter(isRate)
    .flatMap((rate) => partsOf(rate, figures))
    .flatMap((parts) => {
      const figure = asFigure(parts)
      return figure ? [{ figure, parts }] : []
    })
  const odd = new Set<Figure>()
  const byKey = grouped(figures, keyOf)
  for (const { figure, parts } of computed) {
    const published = counterpart(figure, byKey.get(keyOf(figure)) ?? [])
    if (published && contradicts(published, parts)) odd.add(published).add(figure)
  }
  const all = [...figures, ...computed.map(({ figure }) => figure)]
  return odd.size === 0
    ? all
    : all.map((figure) => (odd.has(figure) ? { ...figure, disagrees: true } : figure))
}

/** Leaves out computed values that only repeat a published one. */
export function withoutRepeats(figures: readonly Figure[]): Figure[] {
  const byKey = grouped(figures, keyOf)
  return figures.filter(
    (figure) =>
      !figure.computed || figure.disagrees || !counterpart(figure, byKey.get(keyOf(figure)) ?? []),
  )
}

/** The parts of a computed value, by the numbers of its two figures; null where they make no rate. */
export function findParts(
  catalogue: Catalogue,
  figures: readonly Figure[],
  numbers: { numerator: number; denominator: number },
): Parts | null {
  const all = catalogue.indicators.filter(isRate).flatMap((rate) => partsOf(rate, figures))
  return (
    all.find(
      ({ numerator, denominator }) =>
        numerator.id === numbers.numerator && denominator.id === numbers.denominator,
    ) ?? null
  )
}

/** A figure for so many of another indicator, such as exports for each million people. */
export interface PerFigure {
  numerator: Figure
  denominator: Figure
  /** Decimal, in the unit of the numerator. */
  value: string
}

/**
 * Divides figures by those of a denominator of the same area and the same period, of the same sex
 * where there is one, else of all. What has no denominator, or one of zero, is left out.
 *
 * @param per for how many of the denominator: a positive decimal, `100000`
 * @param decimals of the values, rounded half away from zero
 */
export function perFigure(
  numerators: readonly Figure[],
  denominators: readonly Figure[],
  { per = '1', decimals = 1 }: { per?: string; decimals?: number } = {},
): PerFigure[] {
  return numerators.flatMap((numerator) => {
    const here = denominators.filter(
      ({ role, area, period }) =>
        role === 'actual' &&
        period !== '_U' &&
        area === numerator.area &&
        period === numerator.period,
    )
    const denominator =
      here.find(({ sex }) => sex === numerator.sex) ?? here.find(({ sex }) => sex === '_T')
    if (!denominator || compareDecimals(denominator.value, '0') <= 0) return []
    const value = rescale(numerator.value, denominator.value, per, { decimals })
    return [{ numerator, denominator, value }]
  })
}

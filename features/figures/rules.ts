import { compareDecimals } from '@/lib/number'
import type { Figure, FigureKey, Revision } from './schema'

/** The key of a figure, without what else is known of it. */
export function keyPartsOf(figure: FigureKey): FigureKey {
  const { role, indicator, programme, area, academy, sex, kind, unit, period } = figure
  return { role, indicator, programme, area, academy, sex, kind, unit, period }
}

type Ranked = Pick<Revision, 'id' | 'releasedOn'>

/**
 * The order of a key's revisions: by the day the world learned them, then by the order in which
 * they were recorded. An undated revision never outranks a dated one.
 */
export function compareRevisions(a: Ranked, b: Ranked): number {
  if ((a.releasedOn === null) !== (b.releasedOn === null)) return a.releasedOn === null ? -1 : 1
  if (a.releasedOn !== b.releasedOn) return (a.releasedOn ?? '') < (b.releasedOn ?? '') ? -1 : 1
  return a.id - b.id
}

/** Oldest first, the current one last. */
export function orderRevisions<R extends Ranked>(revisions: readonly R[]): R[] {
  return [...revisions].sort(compareRevisions)
}

/** The revision that was current on a day (ISO, inclusive), or today's if none is given. */
export function revisionAsOf<R extends Ranked & Pick<Revision, 'knownOn'>>(
  revisions: readonly R[],
  asOf?: string,
): R | undefined {
  const known = asOf ? revisions.filter((revision) => revision.knownOn <= asOf) : revisions
  return orderRevisions(known).at(-1)
}

/** `ProPakistani (SBP data)` is ProPakistani: what stands in brackets is where it had it from. */
export function publisherName(publisher: string): string {
  return publisher.replace(/\s*\([^()]*\)\s*$/, '').trim() || publisher
}

type SeriesMember = FigureKey & Pick<Figure, 'computed'>

/** The series a figure belongs to: its key without the period. Never mixes roles, kinds, units or methods. */
export function seriesKey(figure: SeriesMember): string {
  const { role, indicator, programme, area, academy, sex, kind, unit } = figure
  const method = figure.computed ? 'computed' : 'published'
  return [role, indicator, programme, area, academy, sex, kind, unit, method].join(' ')
}

/** Whether two figures belong to the same series. */
export const isOfSeries = (a: SeriesMember, b: SeriesMember): boolean =>
  a.indicator === b.indicator &&
  a.programme === b.programme &&
  a.area === b.area &&
  a.academy === b.academy &&
  a.sex === b.sex &&
  a.role === b.role &&
  a.kind === b.kind &&
  a.unit === b.unit &&
  !a.computed === !b.computed

/** Last first by the end of the period, then by the day the world learned it; undated ones last. */
export function newestFirst(figures: readonly Figure[]): Figure[] {
  const place = (figure: Figure) => `${figure.periodEnd ?? ''} ${figure.current.knownOn}`
  const byPlace = (a: string, b: string) => (a === b ? 0 : a < b ? 1 : -1)
  return [...figures].sort((a, b) => byPlace(place(a), place(b)))
}

/** The newest figure with a date; a figure without one is never the latest. */
export function newest(figures: readonly Figure[]): Figure | undefined {
  return newestFirst(figures.filter((figure) => figure.periodEnd !== null))[0]
}

/** The newest figure of each programme, area and sex, largest first. */
export function newestByProgramme(figures: readonly Figure[]): Figure[] {
  const groups = new Map<string, Figure[]>()
  for (const figure of figures) {
    const key = `${figure.programme} ${figure.area} ${figure.sex}`
    const group = groups.get(key)
    if (group) group.push(figure)
    else groups.set(key, [figure])
  }
  return [...groups.values()]
    .flatMap((group) => newest(group) ?? [])
    .sort((a, b) => compareDecimals(b.value, a.value))
}

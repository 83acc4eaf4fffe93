import type { Figure } from '@/features/figures/schema'
import type { Extent, RecordExtent } from './schema'

const nothing: Extent = { figures: 0, from: null, to: null, changed: null, areas: [], measured: [] }

/** The extent of what a code has; of one without figures, that of nothing. */
export const extentOf = (extents: ReadonlyMap<string, Extent>, code: string): Extent =>
  extents.get(code) ?? nothing

/** What given figures cover; computed ones are not of the record. */
export function extentOfFigures(all: readonly Figure[]): Extent {
  const figures = all.filter(({ computed }) => !computed)
  const measured = figures.filter(({ role, periodEnd }) => role === 'actual' && periodEnd !== null)
  const starts = measured.flatMap(({ periodStart, periodEnd }) => periodStart ?? periodEnd ?? [])
  const ends = measured.flatMap(({ periodEnd }) => periodEnd ?? [])
  const pairs = figures.map(({ indicator, unit }) => [`${indicator} ${unit}`, { indicator, unit }])
  return {
    figures: figures.length,
    from: starts.sort()[0] ?? null,
    to: ends.sort().at(-1) ?? null,
    changed:
      figures
        .map(({ current }) => current.knownOn)
        .sort()
        .at(-1) ?? null,
    areas: [...new Set(figures.map(({ area }) => area))].sort(),
    measured: [...new Map(pairs as [string, Extent['measured'][number]][])]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, pair]) => pair),
  }
}

/** The same by each code: of a past state, whose figures are at hand. */
export function recordExtentOf(figures: readonly Figure[]): RecordExtent {
  const by = (part: 'indicator' | 'programme' | 'area') => {
    const groups = new Map<string, Figure[]>()
    for (const figure of figures) {
      const group = groups.get(figure[part])
      if (group) group.push(figure)
      else groups.set(figure[part], [figure])
    }
    return new Map([...groups].map(([code, own]) => [code, extentOfFigures(own)]))
  }
  return {
    whole: extentOfFigures(figures),
    indicators: by('indicator'),
    programmes: by('programme'),
    areas: by('area'),
  }
}

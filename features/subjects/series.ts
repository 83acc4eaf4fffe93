import type { ChartModel } from '@/components/charts/model'
import { isProgramme } from '@/features/catalogue/rules'
import type { Catalogue, Programme } from '@/features/catalogue/schema'
import type { ChartContext } from '@/features/charts/series'
import { extentOf } from '@/features/extents/rules'
import type { RecordExtent } from '@/features/extents/schema'
import { newest, newestFirst, seriesKey } from '@/features/figures/rules'
import type { Figure } from '@/features/figures/schema'
import { overTimeCharts } from '@/features/indicators/series'
import { type CardModel, card, type State } from '@/features/overview/series'
import { ratioPercent } from '@/lib/number'

export interface ProgrammeNode {
  programme: Programme
  /** Its own figures, without those of the programmes under it; null where they were not counted. */
  count: number | null
  children: ProgrammeNode[]
}

/** Programmes under their parents, in the order of the catalogue. */
export function programmeTree(
  catalogue: Catalogue,
  extent: RecordExtent | null,
  parent: string | null = null,
): ProgrammeNode[] {
  return catalogue.programmes
    .filter((programme) => isProgramme(programme) && programme.parent === parent)
    .map((programme) => ({
      programme,
      count: extent && extentOf(extent.programmes, programme.code).figures,
      children: programmeTree(catalogue, extent, programme.code),
    }))
}

/** Programmes above one, the outermost first. */
export function programmesAbove(catalogue: Catalogue, programme: Programme): Programme[] {
  const parent = catalogue.programmes.find(({ code }) => code === programme.parent)
  return parent ? [...programmesAbove(catalogue, parent), parent] : []
}

/**
 * The newest figure of each indicator, in the order of the catalogue. A programme's page tells of
 * which part of the country a figure is, an area's of which programme.
 */
export function newestCards(
  context: ChartContext,
  state: State,
  tells: 'programme' | 'area',
): CardModel[] {
  const { figures } = state
  return context.catalogue.indicators.flatMap(({ code }) => {
    const figure = standsFor(figures.filter((one) => one.indicator === code))
    if (!figure) return []
    const model = card(context, state, figure)
    return [tells === 'area' ? { ...model, ...areaOf(context, figure) } : model]
  })
}

function areaOf({ writer }: ChartContext, { area }: Figure) {
  return { scope: area === 'PK' ? '' : writer.names.area(area), scopeHref: writer.areaPath(area) }
}

/** Of an indicator's figures the newest actual one: of all sexes and the country where there is one. */
function standsFor(figures: readonly Figure[]): Figure | undefined {
  const actual = figures.filter(({ role }) => role === 'actual')
  const all = actual.filter(({ sex }) => sex === '_T')
  return newest(all.filter(({ area }) => area === 'PK')) ?? newest(all) ?? newest(actual)
}

const mostCharts = 6

export function subjectCharts(context: ChartContext, figures: readonly Figure[]): ChartModel[] {
  return overTimeCharts(context, figures, mostCharts)
}

export interface Comparison {
  own: Figure
  country: Figure
  /** What the area has of the country's total in percent; null for rates, which have no parts. */
  share: string | null
}

/** Rows of an area beside the country that a reader looks through. */
const mostCompared = 100

/** The newest figures of an area beside the country's of the same key, period included. */
export function compareWithCountry(figures: readonly Figure[], area: string): Comparison[] {
  const keyOf = (figure: Figure) => `${seriesKey({ ...figure, area: 'PK' })} ${figure.period}`
  const ofCountry = new Map(
    figures.filter((figure) => figure.area === 'PK').map((figure) => [keyOf(figure), figure]),
  )
  const pairs = figures.flatMap((own) => {
    const country = ofCountry.get(keyOf(own))
    if (own.area !== area || own.area === 'PK' || own.role !== 'actual' || !country) return []
    const share = own.kind === 'ratio' ? null : ratioPercent(own.value, country.value)
    return [{ own, country, share }]
  })
  const newestPairs = new Set(
    newestFirst(pairs.map(({ own }) => own))
      .slice(0, mostCompared)
      .map(({ id }) => id),
  )
  return pairs.filter(({ own }) => newestPairs.has(own.id))
}

import type { ChartModel } from '@/components/charts/model'
import {
  areComparable,
  commonPeriods,
  type Scale,
  type SeriesGroups,
  scalesFor,
} from '@/features/charts/rules'
import {
  type ChartContext,
  compareLines,
  groupedColumns,
  multiples,
  type Per,
  seriesNames,
  slopes,
  type Titles,
} from '@/features/charts/series'
import { perFigure, withComputed } from '@/features/computed/rules'
import type { Figure } from '@/features/figures/schema'
import { type Change, groupSeries, rhythmOf } from '@/features/figures/series'
import { seriesTitle } from '@/features/indicators/series'
import { translator } from '@/lib/i18n'
import { type CompareWords, type Form, peopleIndicator, seriesCodeOf, type View } from './schema'

/** A series that can be compared. */
export interface Offer {
  code: string
  /** `ICT exports · Pakistan`. */
  title: string
  /** `monthly, 79 figures, January 2013 to June 2025`. */
  extent: string
  figures: readonly Figure[]
}

/** Every series of actual figures with a date, computed ones too; those of an indicator together. */
export function seriesIn(context: ChartContext, figures: readonly Figure[]): Offer[] {
  const all = withComputed(context.catalogue, figures)
  const series = groupSeries(all.filter(({ role }) => role === 'actual'))
  return series.flatMap((group) => {
    const [first] = group
    return first
      ? [
          {
            code: seriesCodeOf(first),
            title: titleOf(context, first),
            extent: extentOf(context, group),
            figures: group,
          },
        ]
      : []
  })
}

/** The area is named for the country too: what is compared may be of several. */
function titleOf(context: ChartContext, figure: Figure): string {
  const title = seriesTitle(context, figure)
  return figure.area === 'PK' ? `${title} · ${context.writer.names.area('PK')}` : title
}

function extentOf({ locale, writer }: ChartContext, group: readonly Figure[]): string {
  const t = translator(locale, 'compare')
  const [first, last] = [group[0], group.at(-1)]
  if (!first || !last) return ''
  return t('extent', {
    rhythm: t(`rhythms.${rhythmOf(first)}`),
    unit: writer.names.shownUnit(first.unit),
    count: group.length,
    from: writer.period(first),
    to: writer.period(last),
  })
}

/** The series that are compared, in the order asked for, within the years asked for. */
export function chosenSeries(
  offers: readonly Offer[],
  { series, from, to }: Pick<CompareWords, 'series' | 'from' | 'to'>,
): Offer[] {
  return series.flatMap((code) => {
    const offer = offers.find((one) => one.code === code)
    if (!offer) return []
    const figures = offer.figures.filter(({ periodEnd }) => {
      const year = Number(periodEnd?.slice(0, 4))
      return (from === null || year >= from) && (to === null || year <= to)
    })
    return figures.length > 0 ? [{ ...offer, figures }] : []
  })
}

/** Offers of one unit and kind together, in the order of the first of each. */
export function comparableGroups(offers: readonly Offer[]): Offer[][] {
  const groups: Offer[][] = []
  for (const offer of offers) {
    const fitting = groups.find((group) =>
      areComparable([...group, offer].map(({ figures }) => figures)),
    )
    if (fitting) fitting.push(offer)
    else groups.push([offer])
  }
  return groups
}

export interface Compared {
  charts: ChartModel[]
  /** What was asked for and cannot be drawn: on an index, on a logarithmic axis, in a form. */
  refused: 'index' | 'log' | 'form' | 'per' | null
}

/** Figures of how many people there were; none where figures are not asked for per person. */
export function peopleAmong(figures: readonly Figure[], { perPerson }: CompareWords): Figure[] {
  return perPerson ? figures.filter(({ indicator }) => indicator === peopleIndicator) : []
}

/**
 * The charts of a comparison; where it cannot be drawn as asked, as published, and why.
 *
 * @param people what figures are divided by, where they are asked for per person
 */
export function comparisonCharts(
  context: ChartContext,
  offers: readonly Offer[],
  { view, form, perPerson }: Pick<CompareWords, 'view' | 'form' | 'perPerson'>,
  people: readonly Figure[] = [],
): Compared {
  if (offers.length === 0) return { charts: [], refused: null }
  if (perPerson) return perPersonCharts(context, offers, { view, form }, people)
  if (view === 'index') {
    if (!scalesFor(figuresOf(offers)).includes('index')) {
      const asPublished = { view: 'absolute', form, perPerson } as const
      return { ...comparisonCharts(context, offers, asPublished), refused: 'index' }
    }
    const only = form === 'multiples' ? form : 'lines'
    return { charts: [drawn(context, offers, { view, form: only, n: 0 })], refused: null }
  }
  const groups = comparableGroups(offers)
  const fits = (group: readonly Offer[]) => fittingForm(group, form) === form
  const scales = groups.map((group) => scaleOf(group, view))
  const charts = groups.map((group, n) =>
    drawn(context, group, { view: scales[n] ?? 'absolute', form: fittingForm(group, form), n }),
  )
  const isRefused = view === 'log' && scales.includes('absolute')
  return { charts, refused: isRefused ? 'log' : groups.every(fits) ? null : 'form' }
}

/** Amounts for each 100,000 people: lines, of the series that have their people. */
function perPersonCharts(
  context: ChartContext,
  offers: readonly Offer[],
  { view, form }: Pick<CompareWords, 'view' | 'form'>,
  people: readonly Figure[],
): Compared {
  const per = { denominators: people, amount: '100000', decimals: 2 }
  const counted = offers.filter(
    ({ figures }) =>
      figures[0]?.kind !== 'ratio' && perFigure(figures, people, { per: per.amount }).length > 0,
  )
  if (counted.length < offers.length) {
    return {
      ...comparisonCharts(context, offers, { view, form, perPerson: false }),
      refused: 'per',
    }
  }
  const only = form === 'multiples' ? form : 'lines'
  const charts = comparableGroups(counted).map((group, n) =>
    drawn(context, group, { view: scaleOf(group, view), form: only, n, per }),
  )
  return { charts, refused: only === form ? null : 'form' }
}

const figuresOf = (offers: readonly Offer[]): SeriesGroups => offers.map(({ figures }) => figures)

const scaleOf = (group: readonly Offer[], view: View): Scale =>
  scalesFor(figuresOf(group)).includes(view) ? view : 'absolute'

/** Slopes need two common periods, columns periods of one length. */
function fittingForm(group: readonly Offer[], form: Form): Form {
  if (form === 'slopes') return commonPeriods(figuresOf(group)).length > 1 ? form : 'lines'
  if (form !== 'columns') return form
  const rhythms = new Set(
    group.flatMap(({ figures }) => (figures[0] ? [rhythmOf(figures[0])] : [])),
  )
  return rhythms.size === 1 && group.every(({ figures }) => figures.length <= 24) ? form : 'lines'
}

function drawn(
  context: ChartContext,
  group: readonly Offer[],
  { view, form, n, per }: { view: View; form: Form; n: number; per?: Per },
): ChartModel {
  const figures = figuresOf(group)
  const titles = titlesOf(context, group, n)
  if (form === 'slopes') return slopes(context, figures, titles)
  if (form === 'columns') return groupedColumns(context, figures, titles)
  const options = { scale: view, ...(per && { per }) }
  return form === 'multiples'
    ? multiples(context, figures, titles, options)
    : compareLines(context, figures, titles, options)
}

function titlesOf(context: ChartContext, group: readonly Offer[], n: number): Titles {
  const { locale, writer } = context
  const first = group[0]?.figures[0]
  const names = [
    ...new Set(group.map(({ figures }) => writer.names.indicator(figures[0]?.indicator ?? ''))),
  ]
  const title =
    names.length > 2
      ? translator(locale, 'compare')('several', { count: group.length })
      : names.join(' / ')
  return {
    id: `compared-${n}`,
    title: group.length === 1 ? (group[0]?.title ?? title) : title,
    unit: writer.names.shownUnit(first?.unit ?? ''),
  }
}

/** A compared series in a row: its newest figure and how it changed. */
export interface ComparedRow {
  offer: Offer
  name: string
  newest: Figure
  change: Change | null
}

export function comparedRows(context: ChartContext, offers: readonly Offer[]): ComparedRow[] {
  const names = seriesNames(context, figuresOf(offers))
  return offers.flatMap((offer, n) => {
    const newest = offer.figures.at(-1)
    return newest
      ? [
          {
            offer,
            name: names[n] ?? offer.title,
            newest,
            change: context.writer.change(offer.figures, newest),
          },
        ]
      : []
  })
}

/** The indicators that comparisons to begin with are made of. */
export const suggestedIndicators = [
  'ICT_EXPORTS',
  'FREELANCE_REMIT',
  'TRAINED',
  'ENROLMENTS',
  'TRAININGS',
]

const suggested = [
  {
    name: 'growth',
    view: 'index',
    series: /^(?:ICT_EXPORTS|FREELANCE_REMIT)\._Z\.PK\._T\.flow\.USD_MILLION\.fiscal$/,
  },
  {
    name: 'trained',
    view: 'absolute',
    series: /^(?:TRAINED|ENROLMENTS|TRAININGS)\..*\.PK\._T\.cumulative\./,
  },
] as const

/** Comparisons to begin with: those of which the record has two series of three figures. */
export function suggestions(
  offers: readonly Offer[],
): { name: (typeof suggested)[number]['name']; words: CompareWords }[] {
  return suggested.flatMap(({ name, view, series: pattern }) => {
    const found = offers.filter(({ code, figures }) => pattern.test(code) && figures.length > 2)
    const series = found.slice(0, 4).map(({ code }) => code)
    if (series.length < 2) return []
    const words = {
      series,
      indicators: [],
      view,
      form: 'lines',
      perPerson: false,
      from: null,
      to: null,
    } as const
    return [{ name, words: { ...words, indicators: [] } }]
  })
}

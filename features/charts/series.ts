import { joinWithin, logAxis, timeAxis, toDay, valueAxis } from '@/components/charts/layout'
import type {
  Axis,
  BarsModel,
  Break,
  BulletsModel,
  Colour,
  ColumnsModel,
  DotsModel,
  Frame,
  GroupsModel,
  Mark,
  MultiplesModel,
  Series,
  SeriesModel,
  SlopesModel,
  Slot,
  SparklineModel,
  Tile,
  TilesModel,
} from '@/components/charts/model'
import { flagOrder } from '@/components/charts/model'
import { programmeColour } from '@/features/catalogue/rules'
import type { Catalogue, SeriesBreak } from '@/features/catalogue/schema'
import { perFigure } from '@/features/computed/rules'
import { publisherName } from '@/features/figures/rules'
import type { Figure } from '@/features/figures/schema'
import { type FigureWriter, figureWriter, flagsOf, periodOf } from '@/features/figures/series'
import {
  chartDay,
  formatDay,
  formatMonthShort,
  formatYear,
  parsePeriod,
  REPORTING_YEAR_START_DAY,
} from '@/features/periods/rules'
import { type Placed, type Trend, trendOf } from '@/features/summaries/rules'
import { seriesText, severalText } from '@/features/summaries/series'
import type { Vintage } from '@/features/vintages/schema'
import { direction, inLocale, type Locale, listed, translator } from '@/lib/i18n'
import { add, compareDecimals, formatDecimal, formatPercent, ratioPercent } from '@/lib/number'
import { settingsOf } from '@/lib/reader-settings'
import {
  arePartsOfOne,
  commonPeriods,
  type differing,
  differingParts,
  indexPeriod,
  orderPeriods,
  type Scale,
  type SeriesGroups,
  scalesFor,
} from './rules'

/** What every chart builder needs: the words of one language. */
export interface ChartContext {
  catalogue: Catalogue
  locale: Locale
  writer: FigureWriter
}

export function chartContext(
  catalogue: Catalogue,
  locale: Locale,
  vintage: Vintage | null = null,
): ChartContext {
  return { catalogue, locale, writer: figureWriter(catalogue, locale, vintage) }
}

/** What a chart says about itself; the rest of its frame follows from its figures. */
export interface Titles {
  id: string
  title: string
  unit: string
  note?: string
}

type Rows = { name: string; detail?: string; href?: string; colour: Colour; mark: Mark }[]

/** Columns by year; a year nobody published between the first and the last is an empty slot. */
export function yearColumns(
  context: ChartContext,
  figures: readonly Figure[],
  titles: Titles,
  claims: readonly Figure[] = [],
): ColumnsModel {
  const { locale, writer } = context
  const slots = yearSlots(figures, context)
  const y = axisOf(context, [...figures, ...claims])
  const breakLabel = translator(locale, 'stories')('break')
  const breaks = slots.flatMap(({ startsBreak }, at) =>
    startsBreak ? [{ at, label: breakLabel }] : [],
  )
  const references = claims.flatMap((claim) => {
    const x = slots.findIndex((slot) => slot.holds(claim.periodEnd ?? ''))
    const label = translator(locale, 'stories')('claim', { value: writer.value(claim) })
    return x < 0 ? [] : [{ ...writer.mark(claim), x, label }]
  })
  return {
    ...frame(context, figures, withOlder(context, figures, titles)),
    kind: 'columns',
    y,
    colour: colourOf(context, figures[0]),
    label: titles.title,
    slots: slots.map(({ holds: _, startsBreak: __, ...slot }) => slot),
    ...(breaks.length > 0 && { breaks }),
    ...(references.length > 0 && { references }),
  }
}

interface YearSlot extends Slot {
  startsBreak: boolean
  holds(day: string): boolean
}

function yearSlots(figures: readonly Figure[], context: ChartContext): YearSlot[] {
  const { writer } = context
  const byPeriod = new Map(figures.map((figure) => [figure.period, figure]))
  return yearsBetween(figures.map(({ period }) => period)).map((code) => {
    const figure = byPeriod.get(code)
    const period = parsePeriod(code)
    return {
      ...periodSlot(context, code),
      ...(figure && { mark: writer.mark(figure) }),
      startsBreak: figure !== undefined && flagsOf(figure).includes('break'),
      holds: (day) =>
        period.ok && (period.value.start ?? '') <= day && day <= (period.value.end ?? ''),
    }
  })
}

/** All years from the first to the last, fiscal ones where the first is. */
function yearsBetween(codes: readonly string[]): string[] {
  const years = codes.map((code) => Number(code.slice(0, 4)))
  const fiscal = codes[0]?.endsWith('-A1') ?? false
  const first = Math.min(...years)
  const count = codes.length === 0 ? 0 : Math.max(...years) - first + 1
  return Array.from({ length: count }, (_, n) => `${first + n}${fiscal ? '-A1' : ''}`)
}

/** A period on an axis of columns: a fiscal year is short there, its period is written out. */
function periodSlot({ locale, writer }: ChartContext, code: string): Omit<Slot, 'mark'> {
  const period = writer.period({ period: code })
  if (!/^\d{4}(-A1)?$/.test(code)) return { label: period, period }
  const label = code.endsWith('-A1') ? fiscalYears(Number(code.slice(0, 4))) : code
  return { label: keptTogether(formatYear(label, locale), locale), period }
}

const fiscalYears = (start: number): string => `${start}-${String(start + 1).slice(2)}`

/** Digits with a sign between them, in the order in which they are written. */
const keptTogether = (text: string, locale: Locale): string =>
  direction(locale) === 'rtl' ? `\u2066${text}\u2069` : text

/** A line by months or quarters: a period nobody published is a gap. */
export function monthLine(
  context: ChartContext,
  figures: readonly Figure[],
  titles: Titles,
): SeriesModel {
  const quarterly = figures[0]?.frequency === 'Q'
  const model = timeSeries(context, figures, titles, {
    shape: 'line',
    joinWithin: quarterly ? joinWithin.quarter : joinWithin.month,
  })
  return { ...model, brush: figures.length > 24 }
}

/** Dated levels and amounts since a start, held until the next figure, not across a break. */
export function levelSteps(
  context: ChartContext,
  figures: readonly Figure[],
  titles: Titles,
): SeriesModel {
  return timeSeries(context, figures, titles, { shape: 'step' })
}

function timeSeries(
  context: ChartContext,
  figures: readonly Figure[],
  titles: Titles,
  shape: Joining,
): SeriesModel {
  const { writer } = context
  const first = figures[0]
  const points = inTime(figures).map(({ figure, x }) => ({ ...writer.mark(figure), x }))
  const breaks = breaksOf(context, figures)
  return {
    ...frame(
      context,
      figures,
      withOlder(context, figures, titles),
      seriesSummary(context, figures, titles, shape.joinWithin),
    ),
    kind: 'series',
    x: daysAxis(context, figures),
    y: axisOf(context, figures),
    series: [
      {
        id: titles.id,
        label: seriesLabel(context, first),
        colour: colourOf(context, first),
        ...shape,
        points,
      },
    ],
    ...(breaks.length > 0 && { breaks }),
  }
}

/**
 * Time from the first to the last of some figures. Yearly figures have their years under them; an
 * axis of anything else has those that the reader counts in.
 */
function daysAxis(context: ChartContext, figures: readonly Figure[]): Axis {
  const { locale } = context
  const isFiscal = settingsOf(locale).calendar === 'fiscal'
  const ends = figures.map((figure) => figure.periodEnd ?? '').sort()
  const starts = figures.map((figure) => startFor(figure)).sort()
  const axis = timeAxis(
    starts[0] || '2020-01-01',
    ends.at(-1) || '2020-12-31',
    (iso, unit) =>
      unit === 'year' ? yearTick(iso, isFiscal, locale) : formatMonthShort(iso.slice(0, 7), locale),
    isFiscal ? REPORTING_YEAR_START_DAY : '--01-01',
  )
  return areYears(figures) ? { ...axis, ticks: yearTicks(context, figures) } : axis
}

/** Whether all are of calendar years, or all of fiscal years. */
const areYears = (figures: readonly Figure[]): boolean =>
  figures.length > 0 &&
  [/^\d{4}$/, /^\d{4}-A1$/].some((pattern) => figures.every(({ period }) => pattern.test(period)))

const yearTicks = (context: ChartContext, figures: readonly Figure[]): Axis['ticks'] =>
  yearsBetween(figures.map(({ period }) => period)).flatMap((code) => {
    const at = chartDay(periodOf({ period: code }), figures[0]?.kind ?? 'flow')
    return at === null ? [] : [{ at, label: periodSlot(context, code).label }]
  })

function yearTick(iso: string, isFiscal: boolean, locale: Locale): string {
  const year = iso.slice(0, 4)
  if (!isFiscal) return formatYear(year, locale)
  const years = formatYear(fiscalYears(Number(year)), locale)
  return keptTogether(translator(locale, 'stories')('fiscalTick', { years }), locale)
}

/** A series as it was known on one day. */
export interface SeriesState {
  /** Writes with links into that state. */
  context: ChartContext
  figures: readonly Figure[]
  label: string
}

/** One series in two states of the record on the same axes, the earlier one dashed under the later. */
export function seriesStates(
  earlier: SeriesState,
  later: SeriesState,
  titles: Titles,
  summary: string,
): SeriesModel {
  const { context } = later
  const all = [...later.figures, ...earlier.figures]
  const model = timeSeries(context, all, titles, shapeOf(all[0]))
  const line = ({ context: { writer }, figures, label }: SeriesState, part: Partial<Series>) => ({
    ...(model.series[0] as Series),
    label,
    points: inTime(figures).map(({ figure, x }) => ({ ...writer.mark(figure), x })),
    ...part,
  })
  return {
    ...model,
    ...frame(context, later.figures.length > 0 ? later.figures : earlier.figures, titles, summary),
    series: [
      line(earlier, { id: `${titles.id}-earlier`, colour: 0, isEarlier: true }),
      line(later, { id: `${titles.id}-later` }),
    ].filter(({ points }) => points.length > 0),
  }
}

type Joining = Pick<Series, 'shape' | 'joinWithin'>

function shapeOf(figure: Figure | undefined): Joining {
  const within = { A: joinWithin.year, Q: joinWithin.quarter, M: joinWithin.month }
  const days = within[figure?.frequency as keyof typeof within]
  return days ? { shape: 'line', joinWithin: days } : { shape: 'step' }
}

/** Figures with their places on the axis, in its order. */
function inTime(figures: readonly Figure[]): Placed[] {
  return figures
    .flatMap((figure) => {
      const x = chartDay(periodOf(figure), figure.kind)
      return x === null ? [] : [{ figure, x }]
    })
    .sort((a, b) => a.x - b.x)
}

/** Where a figure begins on the axis: a level at its day, an amount with its period. */
function startFor(figure: Figure): string {
  const spread = figure.kind === 'flow' || figure.kind === 'ratio'
  return (spread ? figure.periodStart : figure.periodEnd) ?? figure.periodEnd ?? ''
}

/** Where the definition of a series changes: on the catalogue's days, and before figures that say so. */
function breaksOf({ catalogue, locale }: ChartContext, figures: readonly Figure[]) {
  const label = translator(locale, 'stories')('break')
  const [first] = figures
  const known = catalogue.breaks
    .filter((item) => first !== undefined && isBreakOf(item, first))
    .map((item) => toDay(item.startsOn))
  const drawn = inTime(figures)
  const told = drawn.flatMap(({ figure, x }, n) => {
    const before = drawn[n - 1]?.x ?? Number.NEGATIVE_INFINITY
    const isKnown = known.some((at) => before < at && at <= x)
    return figure.status === 'B' && !isKnown ? [x] : []
  })
  return [...known, ...told].sort((a, b) => a - b).map((at) => ({ at, label }))
}

const isBreakOf = (item: SeriesBreak, figure: Figure) =>
  item.indicator === figure.indicator &&
  item.programme === figure.programme &&
  item.area === figure.area

/** What the breaks of a figure's series are about, for the chart's note. */
export function breakNotes({ catalogue, locale }: ChartContext, figure: Figure): string[] {
  return catalogue.breaks
    .filter((item) => isBreakOf(item, figure))
    .map((item) => inLocale(item.note, locale))
}

/** More rows than these are a list, and no chart. */
const mostRows = 24

/** The largest figures, and in the note how many there are. */
function largest(
  { locale }: ChartContext,
  all: readonly Figure[],
  titles: Titles,
): { figures: readonly Figure[]; told: Titles } {
  if (all.length <= mostRows) return { figures: all, told: titles }
  const words = { count: mostRows, all: all.length }
  const note = translator(locale, 'stories')('largestNote', words)
  return {
    figures: all.toSorted((a, b) => compareDecimals(b.value, a.value)).slice(0, mostRows),
    told: { ...titles, note: titles.note ? `${titles.note} ${note}` : note },
  }
}

/** A bar for each of the largest figures, the first on top; named by programme, area or sex. */
export function rowBars(context: ChartContext, all: readonly Figure[], titles: Titles): BarsModel {
  const { figures, told } = largest(context, all, titles)
  const rows = rowsOf(context, figures)
  return {
    ...frame(context, figures, told, rowSummary(context, rows, titles)),
    kind: 'bars',
    to: Math.max(0, ...rows.map((row) => row.mark.y)),
    rows,
  }
}

/** A dot for each of the largest rates on one axis from 0 to 100. */
export function rateDots(
  context: ChartContext,
  all: readonly Figure[],
  titles: Titles,
  parity?: string,
): DotsModel {
  const { figures, told } = largest(context, all, titles)
  const rows = rowsOf(context, figures)
  const axis = valueAxis(['0', '100'], {
    label: (value) => formatPercent(value, context.locale),
    count: 4,
  })
  return {
    ...frame(context, figures, told, rowSummary(context, rows, titles)),
    kind: 'dots',
    axis,
    ...(parity && { thresholds: [{ y: 50, label: parity }] }),
    rows,
  }
}

function rowsOf(context: ChartContext, figures: readonly Figure[]): Rows {
  const sorted = [...figures].sort((a, b) => compareDecimals(b.value, a.value))
  return sorted.map((figure) => ({
    name: rowName(context, figure, figures),
    href: rowPath(context, figure, figures),
    colour: colourOf(context, figure),
    mark: context.writer.mark(figure),
  }))
}

/** The page of what a row is named after first. */
function rowPath({ writer }: ChartContext, figure: Figure, all: readonly Figure[]): string {
  const byProgramme = all.some(({ programme }) => programme !== figure.programme)
  return byProgramme && figure.programme !== '_Z'
    ? writer.programmePath(figure.programme)
    : writer.areaPath(figure.area)
}

/** The parts of the key in which the rows of one chart differ. */
function rowName(context: ChartContext, figure: Figure, all: readonly Figure[]): string {
  const parts = differingParts(all.map((one) => [one])).filter((part) => part !== 'indicator')
  const areaAlone = parts.length === 0
  const named = parts.filter((part) => part !== 'area' || figure.area !== 'PK')
  return namedBy(context, figure, areaAlone ? ['area'] : named)
}

/** A figure by some parts of its key: `DigiSkills.pk, Women`; by its area where those say nothing. */
function namedBy(
  { writer, locale }: ChartContext,
  figure: Figure,
  parts: readonly (typeof differing)[number][],
): string {
  const names = parts.flatMap((part) => {
    if (part !== 'sex') return figure[part] === '_Z' ? [] : [writer.names[part](figure[part])]
    const isAll = figure.sex === '_T'
    return isAll ? [] : [translator(locale, 'figures')(`sex.${figure.sex}` as 'sex._T')]
  })
  return listed(names, locale) || writer.names.area(figure.area)
}

/** Which value a target had before, and how that is said. */
export interface ChangedTarget {
  before: string
  text: string
}

function earlierShare(target: Figure, changed: ChangedTarget | undefined) {
  const share = changed && ratioPercent(changed.before, target.value, 4)
  return share ? { earlierShare: Number(share) / 100 } : {}
}

/** Targets with the newest figure reported for them, and the old mark where a target was changed. */
export function targetBullets(
  context: ChartContext,
  pairs: readonly { target: Figure; actual: Figure | undefined; changed?: ChangedTarget }[],
  titles: Titles,
): BulletsModel {
  const { locale, writer } = context
  const t = translator(locale, 'stories')
  const rows = pairs.map(({ target, actual, changed }) => {
    const share = actual && ratioPercent(actual.value, target.value)
    return {
      name: `${writer.names.programme(target.programme)}`,
      detail: [writer.names.indicator(target.indicator), changed?.text].filter(Boolean).join(' · '),
      href: writer.indicatorPath(target.indicator),
      colour: colourOf(context, target),
      target: writer.mark(target),
      ...(actual && { actual: writer.mark(actual) }),
      ...(share && {
        share: Number(share) / 100,
        shareText: t('shareOfTarget', { share: formatPercent(share, locale) }),
      }),
      ...earlierShare(target, changed),
    }
  })
  // By the figures themselves: a share of 99.96 is written as 100.
  const reached = pairs.filter(
    ({ target, actual }) => actual && compareDecimals(actual.value, target.value) >= 0,
  ).length
  const summary = t('summary.targets', { title: titles.title, count: rows.length, reached })
  const all = pairs.flatMap(({ target, actual }) => (actual ? [target, actual] : [target]))
  return { ...frame(context, all, titles, summary), kind: 'bullets', rows }
}

/** One tile for each unit of the country; shaded by the power of ten. */
export function areaTiles(
  context: ChartContext,
  figures: readonly Figure[],
  titles: Titles,
): TilesModel {
  const { catalogue, locale, writer } = context
  const byArea = new Map(figures.map((figure) => [figure.area, figure]))
  const tiles = catalogue.areas.flatMap((area): Tile[] => {
    if (!area.tile) return []
    const figure = byArea.get(area.code)
    return [
      {
        ...area.tile,
        code: area.code.slice(-2),
        name: inLocale(area.name, locale),
        href: writer.areaPath(area.code),
        ...(figure && { step: tileStep(figure.value), mark: writer.mark(figure) }),
      },
    ]
  })
  const steps = [...new Set(tiles.flatMap((tile) => tile.step ?? []))].sort()
  const rows = tiles.flatMap(({ name, mark }) => (mark ? [{ name, mark }] : []))
  return {
    ...frame(context, figures, titles, rowSummary(context, rows, titles)),
    kind: 'tiles',
    tiles,
    classes: steps.map((step) => ({ step, label: powerOfTen(step, locale) })),
  }
}

type Step = 0 | 1 | 2 | 3 | 4 | 5

function tileStep(value: string): Step {
  const digits = value.replace('-', '').split('.')[0]?.length ?? 1
  return Math.min(digits - 1, 5) as Step
}

function powerOfTen(step: Step, locale: Locale): string {
  const write = (value: number) => formatDecimal(String(value), { locale })
  if (step === 5) return translator(locale, 'stories')('atLeast', { from: write(10 ** 5) })
  return `${write(step === 0 ? 0 : 10 ** step)}–${write(10 ** (step + 1) - 1)}`
}

/** The line beside a card's figure. Two points at least. */
export function sparkline(context: ChartContext, series: readonly Figure[]): SparklineModel | null {
  const points = inTime(series).map(({ figure, x }) => ({ x, y: Number(figure.value) }))
  if (points.length < 2) return null
  const within = { A: joinWithin.year, Q: joinWithin.quarter, M: joinWithin.month }
  const frequency = series[0]?.frequency as keyof typeof within
  const breaks = breaksOf(context, series)
  return {
    colour: colourOf(context, series[0]),
    points,
    ...(within[frequency] && { joinWithin: within[frequency] }),
    ...(breaks.length > 0 && { breaks }),
  }
}

function seriesLabel({ writer }: ChartContext, figure: Figure | undefined): string {
  if (!figure) return ''
  return figure.programme === '_Z'
    ? writer.names.indicator(figure.indicator)
    : writer.names.programme(figure.programme)
}

function colourOf({ catalogue }: ChartContext, figure: Figure | undefined): Colour {
  if (!figure) return 0
  // Figures of no programme have the first colour: they are never drawn beside a programme's.
  return figure.programme === '_Z' ? 1 : (programmeColour(catalogue, figure.programme) as Colour)
}

/** A value axis from zero, written as the figures are. */
const axisOf = ({ writer }: ChartContext, figures: readonly Figure[]): Axis =>
  valueAxis(
    figures.map(({ value }) => value),
    { label: (value) => writer.names.number(value, figures[0]?.unit ?? '') },
  )

function frame(
  context: ChartContext,
  figures: readonly Figure[],
  titles: Titles,
  summary = seriesSummary(context, figures, titles),
): Frame {
  return {
    ...titles,
    summary,
    source: sourceLine(context, figures),
    dataDate: newestDay(context, figures),
  }
}

/** Says where a line does not begin with the first figure of its series. */
function withOlder<T extends Titles>(
  { locale }: ChartContext,
  figures: readonly Figure[],
  titles: T,
): T {
  if (!figures.some(({ hasOlder }) => hasOlder)) return titles
  const older = translator(locale, 'stories')('olderNote')
  return { ...titles, note: titles.note ? `${titles.note} ${older}` : older }
}

/** The publishers behind a chart, most figures first; beyond two, how many more. */
export function sourceLine({ locale }: ChartContext, figures: readonly Figure[]): string {
  const counts = new Map<string, number>()
  for (const { current } of figures) {
    const name = current.source ? publisherName(current.source.publisher) : ''
    if (name) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const names = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name)
  const shown = listed(names.slice(0, 2), locale)
  const more = names.length - 2
  return more > 0 ? translator(locale, 'stories')('andMore', { publishers: shown, more }) : shown
}

/** The newest day on which a source said any of it; the record's own day where none shows one. */
function newestDay({ locale }: ChartContext, figures: readonly Figure[]): string {
  const released = figures.flatMap(({ current }) => current.releasedOn ?? [])
  const days = released.length > 0 ? released : figures.map(({ current }) => current.knownOn)
  const day = days.sort().at(-1)
  return day ? formatDay(day, locale) : ''
}

function seriesSummary(
  context: ChartContext,
  figures: readonly Figure[],
  titles: Titles,
  within = shapeOf(figures[0]).joinWithin,
): string {
  return seriesText(context, titles.title, trendIn(context, figures, within))
}

function trendIn(
  context: ChartContext,
  figures: readonly Figure[],
  within: number | undefined,
): Trend | null {
  const breaks = breaksOf(context, figures)
  return trendOf(inTime(figures), { breaks, ...(within !== undefined && { within }) })
}

function rowSummary(
  { locale }: ChartContext,
  rows: readonly { name: string; mark: Mark }[],
  titles: Titles,
): string {
  const sorted = [...rows].sort((a, b) => b.mark.y - a.mark.y)
  const [highest, lowest] = [sorted[0], sorted.at(-1)]
  if (!highest || !lowest) return titles.title
  return translator(locale, 'stories')('summary.rows', {
    title: titles.title,
    count: rows.length,
    highest: highest.mark.text,
    highestName: highest.name,
    lowest: lowest.mark.text,
    lowestName: lowest.name,
  })
}

// Several series

export interface LineOptions {
  /** `index`: the first common period is 100. One of `scalesFor`. */
  scale?: Scale
  /** `area` only fills lines of an absolute scale; levels on days stay steps. */
  shape?: 'line' | 'area'
  /** Divides each figure by that of the same area and period, for so many of it. */
  per?: Per
}

export interface Per {
  denominators: readonly Figure[]
  /** `100000`: for each 100,000 of the denominator. */
  amount: string
  decimals?: number
}

/** A figure as it is drawn: the value on the axis, and what is written of it. */
interface Drawn {
  figure: Figure
  value: string
  mark: Mark
}

/**
 * Lines of several series on one pair of axes, each named by what tells it apart. Throws a RangeError
 * where they have no such scale; ask `scalesFor` first.
 */
export function compareLines(
  context: ChartContext,
  groups: SeriesGroups,
  titles: Titles,
  { scale = 'absolute', shape = 'line', per }: LineOptions = {},
): SeriesModel {
  if (!scalesFor(groups).includes(scale)) throw new RangeError(`No ${scale} scale for these.`)
  const divided = groups.map((group) => drawnPer(context, group, per))
  const base = scale === 'index' ? indexPeriod(groupsOf(divided)) : null
  if (scale === 'index' && base === null) throw new RangeError('No period can be 100 for all.')
  const drawn = base === null ? divided : divided.map((one) => drawnIndex(context, one, base))
  const figures = drawn.flat().map(({ figure }) => figure)
  const told = withOlder(context, figures, titles)
  const names = seriesNames(context, groups)
  const colours = coloursOf(context, groups)
  const isArea = shape === 'area' && scale === 'absolute'
  const series = drawn.map((one, n): Series => {
    const own = one.map(({ figure }) => figure)
    return {
      id: `${titles.id}-${n}`,
      label: names[n] ?? '',
      colour: colours[n] ?? 0,
      ...filled(shapeOf(own[0]), isArea),
      points: pointsOf(one),
      breaks: breaksOf(context, own),
    }
  })
  const breaks = namedBreaks(context, series)
  return {
    ...frame(context, figures, told, drawnSummary(context, drawn, titles)),
    ...computedNote(context, drawn, told),
    unit: scaleUnit(context, divided, { unit: titles.unit, scale, base, per }),
    kind: 'series',
    x: daysAxis(context, figures),
    y: drawnAxis(context, drawn, scale),
    series: series.filter(({ points }) => points.length > 0),
    ...(breaks.length > 0 && { breaks }),
  }
}

const groupsOf = (drawn: readonly (readonly Drawn[])[]): Figure[][] =>
  drawn.map((one) => one.map(({ figure, value }) => ({ ...figure, value })))

const filled = (joining: Joining, isArea: boolean): Joining =>
  isArea && joining.shape === 'line' ? { ...joining, shape: 'area' } : joining

function pointsOf(drawn: readonly Drawn[]): Series['points'] {
  const marks = new Map(drawn.map(({ figure, mark }) => [figure, mark]))
  return inTime(drawn.map(({ figure }) => figure)).flatMap(({ figure, x }) => {
    const mark = marks.get(figure)
    return mark ? [{ ...mark, x }] : []
  })
}

/** Figures as published, or divided by their denominators. */
function drawnPer(
  { locale, writer }: ChartContext,
  figures: readonly Figure[],
  per: Per | undefined,
): Drawn[] {
  if (!per) {
    return figures.map((figure) => ({ figure, value: figure.value, mark: writer.mark(figure) }))
  }
  const { amount, decimals, denominators } = per
  const t = translator(locale, 'stories')
  const options = { per: amount, ...(decimals !== undefined && { decimals }) }
  return perFigure(figures, denominators, options).map(({ numerator, denominator, value }) => {
    const parts = [numerator, denominator].map((figure) => writer.mark(figure))
    const flags = new Set(parts.flatMap((mark) => mark.flags ?? []))
    return {
      figure: numerator,
      value,
      mark: {
        ...writer.mark(numerator),
        y: Number(value),
        text: t('per', {
          value: writer.names.withUnit(value, numerator.unit),
          amount: writer.names.withUnit(amount, denominator.unit),
        }),
        short: writer.names.number(value, numerator.unit),
        flags: flagOrder.filter((flag) => flags.has(flag)),
        from: parts.map(({ text, href }) => ({ text, ...(href && { href }) })),
      },
    }
  })
}

/** Values in percent of that of one period; the published figures go with them. */
function drawnIndex({ locale }: ChartContext, drawn: readonly Drawn[], base: string): Drawn[] {
  const whole = drawn.find(({ figure }) => figure.period === base)?.value ?? '0'
  return drawn.flatMap(({ figure, value, mark }) => {
    const index = ratioPercent(value, whole)
    if (index === null) return []
    const text = formatDecimal(index, { locale })
    const from = mark.from ?? [{ text: mark.text, ...(mark.href && { href: mark.href }) }]
    return [{ figure, value: index, mark: { ...mark, y: Number(index), text, short: text, from } }]
  })
}

function drawnAxis(
  { locale, writer }: ChartContext,
  drawn: readonly (readonly Drawn[])[],
  scale: Scale,
): Axis {
  const values = drawn.flat().map(({ value }) => value)
  const unit = drawn.flat()[0]?.figure.unit ?? ''
  if (scale === 'index') {
    return valueAxis(values, { label: (value) => formatDecimal(value, { locale }), zero: false })
  }
  const label = (value: string) => writer.names.number(value, unit)
  return scale === 'log' ? logAxis(values, { label }) : valueAxis(values, { label })
}

function scaleUnit(
  { locale, writer }: ChartContext,
  drawn: readonly (readonly Drawn[])[],
  {
    unit,
    scale,
    base,
    per,
  }: { unit: string; scale: Scale; base: string | null; per?: Per | undefined },
): string {
  const t = translator(locale, 'stories')
  if (base !== null) return t('scale.index', { period: writer.period({ period: base }) })
  const of = per && drawn.length > 0 ? per.denominators[0] : undefined
  const amount = of && per && writer.names.withUnit(per.amount, of.unit)
  const shown = amount ? t('per', { value: unit, amount }) : unit
  return scale === 'log' ? t('scale.log', { unit: shown }) : shown
}

/** Each series by what tells it apart; its indicator where nothing does. */
export function seriesNames(context: ChartContext, groups: SeriesGroups): string[] {
  const parts = differingParts(groups)
  return groups.map(([first]) =>
    first ? namedBy(context, first, parts.length > 0 ? parts : ['indicator']) : '',
  )
}

/** The colours of their programmes where those tell the series apart, else one after another. */
function coloursOf(context: ChartContext, groups: SeriesGroups): Colour[] {
  const own = groups.map(([first]) => colourOf(context, first))
  if (new Set(own).size === own.length && !own.includes(0)) return own
  return groups.map((_, n) => (n < 8 ? n + 1 : 0) as Colour)
}

/** The breaks of all series, each saying whose it is. */
function namedBreaks({ locale }: ChartContext, series: readonly Series[]): Break[] {
  const t = translator(locale, 'stories')
  const days = new Map<number, string[]>()
  for (const { label, breaks = [] } of series) {
    for (const { at } of breaks) days.set(at, [...(days.get(at) ?? []), label])
  }
  const name = (labels: readonly string[]) =>
    series.length > 1 ? t('breakOf', { series: listed(labels, locale) }) : t('break')
  return [...days].sort(([a], [b]) => a - b).map(([at, labels]) => ({ at, label: name(labels) }))
}

/** The same of what is drawn: of an index it tells the index. */
function drawnSummary(
  context: ChartContext,
  drawn: readonly (readonly Drawn[])[],
  titles: Titles,
): string {
  const groups = groupsOf(drawn)
  const texts = new Map(
    groups.flatMap((group, n) => group.map((one, k) => [one, drawn[n]?.[k]?.mark.text ?? ''])),
  )
  const value: FigureWriter['value'] = (figure) =>
    texts.get(figure as Figure) ?? context.writer.value(figure)
  return groupSummary({ ...context, writer: { ...context.writer, value } }, groups, titles)
}

/** Says that values were computed here, and from what. */
function computedNote(
  { locale }: ChartContext,
  drawn: readonly (readonly Drawn[])[],
  { note }: Titles,
): { note?: string } {
  const isComputed = drawn.flat().some(({ mark }) => mark.from !== undefined)
  if (!isComputed) return {}
  const computed = translator(locale, 'stories')('computedNote')
  return { note: note ? `${note} ${computed}` : computed }
}

function groupSummary(context: ChartContext, groups: SeriesGroups, titles: Titles): string {
  const names = seriesNames(context, groups)
  const trends = groups.flatMap((group, n) => {
    const trend = trendIn(context, group, shapeOf(group[0]).joinWithin)
    return trend ? [{ name: names[n] ?? '', trend }] : []
  })
  return severalText(context, titles.title, trends)
}

/**
 * Small plots of the same size and axes, one for each series. Throws a RangeError where the series
 * have no axis in common (`areComparable`).
 */
export function multiples(
  context: ChartContext,
  groups: SeriesGroups,
  titles: Titles,
  options: LineOptions = {},
): MultiplesModel {
  const {
    kind: _,
    x,
    y,
    series,
    breaks: __,
    ...head
  } = compareLines(context, groups, titles, options)
  const label = translator(context.locale, 'stories')('break')
  const plots = series.map((one): SeriesModel => {
    const group = groups[Number(one.id.slice(titles.id.length + 1))] ?? []
    const breaks = (one.breaks ?? []).map(({ at }) => ({ at, label }))
    const summary = seriesSummary(context, group, { ...titles, title: one.label })
    return {
      ...{ ...head, id: one.id, title: one.label, summary },
      ...{ kind: 'series', height: 128, x, y: { ...y, ticks: everySecond(y.ticks) } },
      series: [one],
      ...(breaks.length > 0 && { breaks }),
    }
  })
  return { ...head, kind: 'multiples', plots }
}

/** A small plot has room for half the ticks: the first, the third, ... */
const everySecond = (ticks: Axis['ticks']): Axis['ticks'] =>
  ticks.length < 4 ? ticks : ticks.filter((_, n) => n % 2 === 0)

/** What stands side by side on the axis of columns: periods, or areas. */
export interface ColumnOptions {
  across?: 'period' | 'area'
}

/** Columns of several series side by side. Throws a RangeError where they are not comparable. */
export function groupedColumns(
  context: ChartContext,
  groups: SeriesGroups,
  titles: Titles,
  { across = 'period' }: ColumnOptions = {},
): GroupsModel {
  if (!scalesFor(groups).includes('absolute')) throw new RangeError('Their units differ.')
  return columnGroups(context, groups, titles, { across, arrangement: 'grouped' })
}

/** The parts of one whole on each other. Throws a RangeError where they are not (`arePartsOfOne`). */
export function stackedColumns(
  context: ChartContext,
  groups: SeriesGroups,
  titles: Titles,
  { across = 'period' }: ColumnOptions = {},
): GroupsModel {
  if (!arePartsOfOne(context.catalogue, groups)) throw new RangeError('No parts of one whole.')
  return columnGroups(context, groups, titles, { across, arrangement: 'stacked' })
}

function columnGroups(
  context: ChartContext,
  groups: SeriesGroups,
  titles: Titles,
  { across, arrangement }: Required<ColumnOptions> & Pick<GroupsModel, 'arrangement'>,
): GroupsModel {
  const { writer } = context
  const figures = groups.flat()
  const codes = across === 'area' ? areasIn(context, figures) : periodsIn(figures)
  const names = seriesNames(context, across === 'area' ? withoutAreas(groups) : groups)
  const colours = coloursOf(context, groups)
  const found = groups.map((group) => new Map(group.map((figure) => [figure[across], figure])))
  const breaks = across === 'period' ? slotBreaks(context, codes, figures) : []
  const summary =
    across === 'period'
      ? groupSummary(context, groups, titles)
      : rowSummary(context, rowsOf(context, figures), titles)
  return {
    ...frame(
      context,
      figures,
      across === 'period' ? withOlder(context, figures, titles) : titles,
      summary,
    ),
    kind: 'groups',
    arrangement,
    y: valueAxis(heightsOf(codes, found, arrangement), {
      label: (value) => writer.names.number(value, figures[0]?.unit ?? ''),
    }),
    slots: codes.map((code) =>
      across === 'area'
        ? { label: code.slice(-2), period: writer.names.area(code) }
        : periodSlot(context, code),
    ),
    series: found.map((byCode, n) => ({
      id: `${titles.id}-${n}`,
      label: names[n] ?? '',
      colour: colours[n] ?? 0,
      marks: codes.map((code) => {
        const figure = byCode.get(code)
        return figure ? writer.mark(figure) : null
      }),
    })),
    ...(breaks.length > 0 && { breaks }),
  }
}

/** The periods of some figures; of years also those between them. */
function periodsIn(figures: readonly Figure[]): string[] {
  const codes = orderPeriods(figures.map(({ period }) => period))
  return areYears(figures) ? yearsBetween(codes) : codes
}

/** Areas in the order of the catalogue. */
const areasIn = ({ catalogue }: ChartContext, figures: readonly Figure[]): string[] =>
  catalogue.areas
    .map(({ code }) => code)
    .filter((code) => figures.some(({ area }) => area === code))

/** Series across areas are told apart by everything else. */
const withoutAreas = (groups: SeriesGroups): Figure[][] =>
  groups.map((group) => group.map((figure) => ({ ...figure, area: 'PK' })))

function heightsOf(
  codes: readonly string[],
  found: readonly ReadonlyMap<string, Figure>[],
  arrangement: GroupsModel['arrangement'],
): string[] {
  const values = codes.map((code) => found.flatMap((byCode) => byCode.get(code)?.value ?? []))
  return arrangement === 'stacked' ? values.map((parts) => parts.reduce(add, '0')) : values.flat()
}

/** New definitions on an axis of periods: before the first slot that has one. */
function slotBreaks(
  { locale }: ChartContext,
  codes: readonly string[],
  figures: readonly Figure[],
): Break[] {
  const label = translator(locale, 'stories')('break')
  const breaking = new Set(
    figures.filter((figure) => flagsOf(figure).includes('break')).map(({ period }) => period),
  )
  return codes.flatMap((code, at) => (breaking.has(code) ? [{ at, label }] : []))
}

/**
 * A line for each series between two periods: given ones, or the first and the last of which all
 * have a figure. Series without one of them are left out. Throws a RangeError where the series are
 * not comparable or have no two periods in common.
 */
export function slopes(
  context: ChartContext,
  groups: SeriesGroups,
  titles: Titles,
  between?: { from: string; to: string },
): SlopesModel {
  if (!scalesFor(groups).includes('absolute')) throw new RangeError('Their units differ.')
  const { writer } = context
  const common = commonPeriods(groups)
  const from = between?.from ?? common[0]
  const to = between?.to ?? common.at(-1)
  if (from === undefined || to === undefined || from === to) throw new RangeError('One period.')
  const names = seriesNames(context, groups)
  const colours = coloursOf(context, groups)
  const ends = groups.flatMap((group, n) => {
    const start = group.find(({ period }) => period === from)
    const end = group.find(({ period }) => period === to)
    return start && end ? [{ start, end, group, n }] : []
  })
  const figures = ends.flatMap(({ start, end }) => [start, end])
  const rows = ends.map(({ start, end, group, n }) => ({
    name: names[n] ?? '',
    colour: colours[n] ?? 0,
    start: writer.mark(start),
    end: writer.mark(end),
    ...(changesBetween(context, group, start, end) && { breaks: true as const }),
  }))
  const trends = ends.flatMap(({ start, end, group, n }) => {
    const trend = trendOf(inTime([start, end]), { breaks: breaksOf(context, group) })
    return trend ? [{ name: names[n] ?? '', trend }] : []
  })
  return {
    ...frame(context, figures, titles, severalText(context, titles.title, trends)),
    kind: 'slopes',
    y: valueAxis(
      figures.map(({ value }) => value),
      { label: (value) => value, zero: false },
    ),
    periods: [periodSlot(context, from).label, periodSlot(context, to).label],
    rows,
  }
}

/** Whether the definition of a series changes between two of its figures. */
function changesBetween(
  context: ChartContext,
  group: readonly Figure[],
  start: Figure,
  end: Figure,
): boolean {
  const placed = inTime([start, end])
  return breaksOf(context, group).some(
    ({ at }) => (placed[0]?.x ?? 0) < at && at <= (placed[1]?.x ?? 0),
  )
}

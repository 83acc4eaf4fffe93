import { joinWithin, timeAxis, toDay, valueAxis } from '@/components/charts/layout'
import type {
  BarsModel,
  BulletsModel,
  Colour,
  ColumnsModel,
  DotsModel,
  Frame,
  Mark,
  Series,
  SeriesModel,
  Slot,
  SparklineModel,
  Tile,
  TilesModel,
} from '@/components/charts/model'
import { programmeColour } from '@/features/catalogue/rules'
import type { Catalogue, SeriesBreak } from '@/features/catalogue/schema'
import { publisherName } from '@/features/figures/rules'
import type { Figure } from '@/features/figures/schema'
import { type FigureWriter, figureWriter, flagsOf, periodOf } from '@/features/figures/series'
import { chartDay, formatDay, formatMonthShort, parsePeriod } from '@/features/periods/rules'
import type { Vintage } from '@/features/vintages/schema'
import { inLocale, type Locale, translator } from '@/lib/i18n'
import { compareDecimals, formatDecimal, formatPercent, ratioPercent } from '@/lib/number'

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
  const y = axisOf(
    [...figures, ...claims].map((figure) => figure.value),
    locale,
  )
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
    ...frame(context, figures, titles),
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

function yearSlots(figures: readonly Figure[], { locale, writer }: ChartContext) {
  const byPeriod = new Map(figures.map((figure) => [figure.period, figure]))
  const years = figures.map((figure) => Number(figure.period.slice(0, 4)))
  const fiscal = figures[0]?.period.endsWith('-A1') ?? false
  const first = Math.min(...years)
  const count = figures.length === 0 ? 0 : Math.max(...years) - first + 1
  return Array.from({ length: count }, (_, n): YearSlot => {
    const code = `${first + n}${fiscal ? '-A1' : ''}`
    const figure = byPeriod.get(code)
    const period = parsePeriod(code)
    const year = first + n
    return {
      label: fiscal ? `${year}-${String(year + 1).slice(2)}` : String(year),
      period: writer.period({ period: code }),
      ...(figure && { mark: writer.mark(figure) }),
      startsBreak: figure !== undefined && flagsOf(figure).includes('break'),
      holds: (day) =>
        period.ok && (period.value.start ?? '') <= day && day <= (period.value.end ?? ''),
    }
  }).map((slot) => ({ ...slot, label: locale === 'ur' ? `\u2066${slot.label}\u2069` : slot.label }))
}

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
  shape: { shape: 'line' | 'step'; joinWithin?: number },
): SeriesModel {
  const { locale, writer } = context
  const first = figures[0]
  const points = inTime(figures).map(({ figure, x }) => ({ ...writer.mark(figure), x }))
  const ends = figures.map((figure) => figure.periodEnd ?? '').sort()
  const starts = figures.map((figure) => startFor(figure)).sort()
  const breaks = breaksOf(context, figures)
  return {
    ...frame(context, figures, titles),
    kind: 'series',
    x: timeAxis(starts[0] ?? '2020-01-01', ends.at(-1) ?? '2020-12-31', (iso, unit) =>
      unit === 'year' ? iso.slice(0, 4) : formatMonthShort(iso.slice(0, 7), locale),
    ),
    y: axisOf(
      figures.map((figure) => figure.value),
      locale,
    ),
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

function shapeOf(figure: Figure | undefined): { shape: 'line' | 'step'; joinWithin?: number } {
  const within = { A: joinWithin.year, Q: joinWithin.quarter, M: joinWithin.month }
  const days = within[figure?.frequency as keyof typeof within]
  return days ? { shape: 'line', joinWithin: days } : { shape: 'step' }
}

/** Figures with their places on the axis, in its order. */
function inTime(figures: readonly Figure[]): { figure: Figure; x: number }[] {
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

/** A bar for each figure, largest first; named by programme, area or sex. */
export function rowBars(
  context: ChartContext,
  figures: readonly Figure[],
  titles: Titles,
): BarsModel {
  const rows = rowsOf(context, figures)
  return {
    ...frame(context, figures, titles, rowSummary(context, rows, titles)),
    kind: 'bars',
    to: Math.max(0, ...rows.map((row) => row.mark.y)),
    rows,
  }
}

/** A dot for each rate on one axis from 0 to 100. */
export function rateDots(
  context: ChartContext,
  figures: readonly Figure[],
  titles: Titles,
  parity?: string,
): DotsModel {
  const rows = rowsOf(context, figures)
  const axis = valueAxis(['0', '100'], {
    label: (value) => formatPercent(value, context.locale),
    count: 4,
  })
  return {
    ...frame(context, figures, titles, rowSummary(context, rows, titles)),
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
function rowName({ writer, locale }: ChartContext, figure: Figure, all: readonly Figure[]): string {
  const differ = (part: 'programme' | 'area' | 'sex') => new Set(all.map((f) => f[part])).size > 1
  const names = [
    differ('programme') && writer.names.programme(figure.programme),
    (differ('area') && figure.area !== 'PK') || (!differ('programme') && !differ('sex'))
      ? writer.names.area(figure.area)
      : false,
    differ('sex') &&
      figure.sex !== '_T' &&
      translator(locale, 'figures')(`sex.${figure.sex}` as 'sex._T'),
  ].filter((name): name is string => typeof name === 'string')
  return names.join(locale === 'ur' ? '، ' : ', ') || writer.names.area(figure.area)
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

const axisOf = (values: readonly string[], locale: Locale) =>
  valueAxis(values, { label: (value) => formatDecimal(value, { locale }) })

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

/** The publishers behind a chart, most figures first; beyond two, how many more. */
export function sourceLine({ locale }: ChartContext, figures: readonly Figure[]): string {
  const counts = new Map<string, number>()
  for (const { current } of figures) {
    const name = current.source ? publisherName(current.source.publisher) : ''
    if (name) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const names = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name)
  const shown = names.slice(0, 2).join(locale === 'ur' ? '، ' : ', ')
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
  { locale, writer }: ChartContext,
  figures: readonly Figure[],
  titles: Titles,
): string {
  const first = figures[0]
  const last = figures.at(-1)
  const sorted = [...figures].sort((a, b) => compareDecimals(a.value, b.value))
  const [lowest, highest] = [sorted[0], sorted.at(-1)]
  if (!first || !last || !lowest || !highest) return titles.title
  return translator(locale, 'stories')('summary.series', {
    title: titles.title,
    first: writer.value(first),
    firstPeriod: writer.period(first),
    last: writer.value(last),
    lastPeriod: writer.period(last),
    lowest: writer.value(lowest),
    lowestPeriod: writer.period(lowest),
    highest: writer.value(highest),
    highestPeriod: writer.period(highest),
  })
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

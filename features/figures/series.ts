import { type Flag, flagOrder, type Mark } from '@/components/charts/model'
import { type CatalogueNames, catalogueNames } from '@/features/catalogue/rules'
import type { Catalogue } from '@/features/catalogue/schema'
import {
  ageInDays,
  changeBetween,
  formatDay,
  formatPeriod,
  type Period,
  parsePeriod,
} from '@/features/periods/rules'
import { type Vintage, vintageQuery } from '@/features/vintages/schema'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { compareDecimals, formatDecimal, formatPercent } from '@/lib/number'
import { isOfSeries, seriesKey } from './rules'
import type { Citation, ConvertedFrom, Figure, FigureKey } from './schema'

/** The reference period of a stored figure. */
export function periodOf(figure: Pick<Figure, 'period'>): Period {
  const period = parsePeriod(figure.period)
  if (!period.ok) throw new Error(`Stored period ${figure.period} is not a period.`)
  return period.value
}

/** Figures of one series and one frequency, oldest first; figures without a date left out. */
export function seriesOf(figures: readonly Figure[], like: Figure): Figure[] {
  const rhythm = rhythmOf(like)
  return figures.filter(
    (figure) =>
      figure.periodEnd !== null && isOfSeries(figure, like) && rhythmOf(figure) === rhythm,
  )
}

/**
 * Days and spans are one history of levels; calendar years, fiscal years, quarters and months each
 * their own.
 */
export function rhythmOf({ frequency, period }: Pick<Figure, 'frequency' | 'period'>): Rhythm {
  if (period.endsWith('-A1')) return 'fiscal'
  if (frequency === 'A') return 'calendar'
  return frequency === 'Q' || frequency === 'M' ? frequency : 'dated'
}

/** How an address names a figure: its number, or those of the two that it was computed from. */
export function figureNumber({ id, computed }: Pick<Figure, 'id' | 'computed'>): string {
  return computed ? `${computed.numerator}-${computed.denominator}` : String(id)
}

export type Rhythm = 'fiscal' | 'calendar' | 'Q' | 'M' | 'dated'

/** Splits figures into series, in the order in which they first appear. */
export function groupSeries(figures: readonly Figure[]): Figure[][] {
  const groups = new Map<string, Figure[]>()
  for (const figure of figures) {
    if (figure.periodEnd === null) continue
    const key = `${seriesKey(figure)} ${rhythmOf(figure)}`
    const group = groups.get(key)
    if (group) group.push(figure)
    else groups.set(key, [figure])
  }
  return [...groups.values()]
}

/** What a reader must know about a figure, in the order in which the marks are written. */
export function flagsOf(figure: Omit<Figure, keyof FigureKey | 'current'>): Flag[] {
  const { status, precision, computed } = figure
  const has: Record<Flag, boolean> = {
    provisional: status === 'P',
    estimated: status === 'E',
    definition: status === 'D',
    break: status === 'B' || figure.startsBreak,
    rounded: precision === 'rounded',
    over: precision === 'over',
    about: precision === 'about',
    publishers: figure.publishersDiffer,
    computed: computed !== undefined || figure.converted !== undefined,
    disagrees: figure.disagrees === true,
  }
  return flagOrder.filter((flag) => has[flag] || computed?.flags.includes(flag))
}

/** The marks that some figures carry, each once: what a legend explains. */
export function flagsIn(figures: readonly Figure[]): Flag[] {
  const carried = new Set(figures.flatMap(flagsOf))
  return flagOrder.filter((flag) => carried.has(flag))
}

export interface Change {
  direction: 'up' | 'down' | 'none'
  /** `up 18.2% on FY2023-24`, or with the days between two dated levels. */
  text: string
}

export interface ValueParts {
  before: string
  number: string
  after: string
}

type ValueFields = Pick<Figure, 'value' | 'unit' | 'precision' | 'status' | 'computed'>

/** Marks of values that were not given exactly. */
const inexact: readonly Flag[] = ['estimated', 'rounded', 'over', 'about']

/** Writes figures in one language. */
export interface FigureWriter {
  locale: Locale
  names: CatalogueNames
  /** `≈ US$ 3,810 million`; of a revision without a value, that the figure is withdrawn. */
  value(figure: Omit<ValueFields, 'value'> & { value: string | null }): string
  /** The same text with its number apart: `≈ US$ `, `3,810`, ` million`. */
  parts(figure: ValueFields): ValueParts
  /** The number alone: `3,810`. */
  number(figure: Pick<Figure, 'value' | 'unit'>): string
  period(figure: Pick<Figure, 'period'>): string
  /** `Dawn, 10 March 2025` */
  source(citation: Citation | null): string
  /** The source's own page: its link, its copies, every figure from it. */
  sourcePath(id: number): string
  /** The day or month a source shows, written out; empty where it shows none. */
  published(citation: Citation): string
  change(series: readonly Figure[], figure: Figure): Change | null
  age(figure: Figure, today: string): string
  mark(figure: Figure): Mark
  indicatorPath(code: string): string
  programmePath(code: string): string
  areaPath(code: string): string
  /** The figure's own page: its proof. */
  figurePath(figure: Pick<Figure, 'id' | 'computed'>): string
}

/** Writes with links that stay in the given vintage of the record. */
export function figureWriter(
  catalogue: Catalogue,
  locale: Locale,
  vintage: Vintage | null = null,
): FigureWriter {
  const names = catalogueNames(catalogue, locale)
  const t = translator(locale, 'figures')

  const number: FigureWriter['number'] = ({ value, unit }) => names.number(value, unit)
  const value: FigureWriter['value'] = (figure) => {
    if (figure.value === null) return t('withdrawn')
    const text = names.withUnit(figure.value, figure.unit)
    if (figure.precision === 'over') return t('over', { value: text })
    const isExact =
      figure.precision === 'exact' &&
      figure.status !== 'E' &&
      !figure.computed?.flags.some((flag) => inexact.includes(flag))
    return isExact ? text : t('approximately', { value: text })
  }
  const period: FigureWriter['period'] = (figure) => formatPeriod(periodOf(figure), locale)
  const published: FigureWriter['published'] = ({ publishedLabel }) =>
    publishedLabel.length === 7
      ? formatPeriod(periodOf({ period: publishedLabel }), locale)
      : publishedLabel && formatDay(publishedLabel, locale)
  const source: FigureWriter['source'] = (citation) => {
    if (!citation) return t('withdrawn')
    const date = published(citation) || t('noDate')
    // Names in another script keep to themselves, so that the date stays on its side of them.
    return t('sourceLine', { publisher: `\u2068${citation.publisher}\u2069`, date })
  }
  const query = vintageQuery(vintage)
  const path = (under: string) => (code: string | number) =>
    localePath(locale, `/${under}/${code}${query}`)
  const figurePath: FigureWriter['figurePath'] = (figure) => path('figures')(figureNumber(figure))

  return {
    locale,
    names,
    value,
    parts: (figure) => partsOf(value(figure)),
    number,
    period,
    published,
    source,
    sourcePath: (id) => localePath(locale, `/sources/${id}`),
    change: (series, figure) => changeText(series, figure),
    age: (figure, today) => ageText(figure, today),
    mark: (figure) => ({
      ...(figure.converted && { from: partsBehind(figure, figure.converted) }),
      y: Number(figure.value),
      text: value(figure),
      short: number(figure),
      period: period(figure),
      source: source(figure.current.source),
      flags: flagsOf(figure),
      href: figurePath(figure),
    }),
    indicatorPath: path('indicators'),
    programmePath: path('programmes'),
    areaPath: path('areas'),
    figurePath,
  }

  function partsBehind(figure: Figure, { rate, ...published }: ConvertedFrom) {
    return [
      { text: value({ ...figure, ...published }), href: figurePath(figure) },
      { text: value(rate), href: figurePath(rate) },
    ]
  }

  function changeText(series: readonly Figure[], figure: Figure): Change | null {
    const others = series.filter(
      (other) =>
        other.id !== figure.id &&
        !isAcrossBreak(catalogue, other, figure) &&
        !series.some((one) => one.startsBreak && liesBetween(one, other, figure)),
    )
    const changes = changeBetween(measured(figure), others.map(measured))
    const change = changes?.previous ?? changes?.yearEarlier
    if (!change) return null
    const direction = directionOf(change.absolute)
    const amount = formatDecimal(change.absolute.replace('-', ''), { locale })
    if (change.basis === 'previousPoint') {
      const since = formatDay(change.against.figure.periodEnd ?? '', locale)
      const values = { amount, days: change.days, period: since }
      return { direction, text: t(`change.${direction}Since`, values) }
    }
    const since = period(change.against.figure)
    if (change.percent === null) {
      const unit = figure.kind === 'ratio' ? 'Points' : 'By'
      return { direction, text: t(`change.${direction}${unit}`, { amount, period: since }) }
    }
    const percent = formatPercent(change.percent.replace('-', ''), locale)
    return { direction, text: t(`change.${direction}`, { percent, period: since }) }
  }

  function ageText(figure: Figure, today: string): string {
    const days = ageInDays(periodOf(figure), today) ?? 0
    if (days < 1) return t('age.today')
    if (days < 60) return t('age.days', { days })
    const years = Math.floor(days / 365.25)
    if (years < 2) return t('age.months', { months: Math.floor(days / 30.44) })
    return t('age.years', { years })
  }
}

/** A written value with its first run of digits apart: of `US$ 381 crore` the `381`. */
function partsOf(text: string): ValueParts {
  const found = /[\u200e\u2212+]*\p{Nd}[\p{Nd}.,\u066b\u066c]*/u.exec(text)
  if (!found) return { before: '', number: text, after: '' }
  const [number] = found
  const after = text.slice(found.index + number.length)
  return { before: text.slice(0, found.index), number, after }
}

/** A figure's subject in one line: `People trained · DigiSkills.pk · Pakistan · Women`. */
export function subjectText(key: FigureKey, { names }: FigureWriter, locale: Locale): string {
  const t = translator(locale, 'figures')
  const parts = [
    names.indicator(key.indicator),
    key.programme !== '_Z' && names.programme(key.programme),
    names.area(key.area),
    (key.sex === 'F' || key.sex === 'M') && t(`sex.${key.sex}`),
    key.role !== 'actual' && t(`role.${key.role}`),
  ]
  return parts.filter(Boolean).join(' · ')
}

/** The subject and the period: `ICT exports · Pakistan, FY2022-23`. */
export function subjectAndPeriod(key: FigureKey, writer: FigureWriter, locale: Locale): string {
  const values = { subject: subjectText(key, writer, locale), period: writer.period(key) }
  return translator(locale, 'figures')('subjectAndPeriod', values)
}

/** Whether the definition changed between two figures of a series, the earlier one given first. */
function isAcrossBreak({ breaks }: Catalogue, earlier: Figure, figure: Figure): boolean {
  return breaks.some(
    ({ indicator, programme, area, startsOn }) =>
      indicator === figure.indicator &&
      programme === figure.programme &&
      area === figure.area &&
      (earlier.periodEnd ?? '') < startsOn &&
      startsOn <= (figure.periodEnd ?? ''),
  )
}

/** Whether a figure ends after an earlier one and no later than another. */
const liesBetween = (figure: Figure, earlier: Figure, later: Figure): boolean =>
  (earlier.periodEnd ?? '') < (figure.periodEnd ?? '') &&
  (figure.periodEnd ?? '') <= (later.periodEnd ?? '')

const measured = (figure: Figure) => ({
  figure,
  period: periodOf(figure),
  kind: figure.kind,
  value: figure.value,
})

function directionOf(change: string): Change['direction'] {
  const sign = compareDecimals(change, '0')
  if (sign === 0) return 'none'
  return sign > 0 ? 'up' : 'down'
}

import type { kinds } from '@/features/catalogue/schema'
import { type Locale, locales, timeZone, translator } from '@/lib/i18n'
import { type Digits, percentChange, subtract } from '@/lib/number'
import { settingsOf } from '@/lib/reader-settings'
import { fail, ok, type Result } from '@/lib/result'
import {
  filledPattern,
  hiddenCharacter,
  mixesDigitScripts,
  quoted,
  urduDigits,
  westernDigits,
  withoutDirectionMarks,
} from '@/lib/typed-text'

/** SDMX CL_FREQ; `_O` is a span, `_U` a period nobody stated. */
export type Frequency = 'A' | 'Q' | 'M' | 'D' | '_O' | '_U'

/**
 * A reference period. `code` is SDMX TIME_PERIOD text: `2022`, `2022-Q1`, `2022-05`, `2022-05-11`;
 * the fiscal year July to June is the reporting year `2024-A1`, named by its start; anything else is
 * `start/end`, half-open `../end` or `start/..`; `_U` is unknown. `start` and `end` are its first and
 * last day (ISO), null where open. All of it is calendar arithmetic on ISO days in UTC: the time zone
 * of the process never matters.
 */
export type Period = {
  code: string
  start: string | null
  end: string | null
  frequency: Frequency
  fiscal: boolean
}

/** SDMX attribute of every `A1` code. */
export const REPORTING_YEAR_START_DAY = '--07-01'
export const firstYear = 1900
export const lastYear = 2100
export const unknownPeriod: Period = {
  code: '_U',
  start: null,
  end: null,
  frequency: '_U',
  fiscal: false,
}

// Days

const millisecondsPerDay = 86_400_000

/** Days since 1970-01-01. */
function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / millisecondsPerDay
}

/** An ISO day; month and day of month may overflow, as in "day 0 of month 8". */
function isoDay(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10)
}

const lastDayOf = (year: number, month: number) => isoDay(year, month + 1, 0)
const yearOf = (day: string) => Number(day.slice(0, 4))
const monthOf = (day: string) => Number(day.slice(5, 7))

/** Days from `a` to `b`, negative where `b` is the earlier. */
export function daysBetween(a: string, b: string): number {
  return dayNumber(b) - dayNumber(a)
}

export function dayBefore(day: string): string {
  return isoDay(yearOf(day), monthOf(day), Number(day.slice(8)) - 1)
}

/** The calendar day of an instant, in Karachi unless another zone is named. */
export function dayAt(instant: Date, zone: string = timeZone): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(instant)
  const part = (type: 'year' | 'month' | 'day') => parts.find((p) => p.type === type)?.value
  return `${part('year')}-${part('month')}-${part('day')}`
}

function yearProblem(year: number, value: string): Result<never> | null {
  return year < firstYear || year > lastYear
    ? fail('yearOutOfRange', { value: quoted(value), first: `${firstYear}`, last: `${lastYear}` })
    : null
}

function monthProblem(month: number, value: string): Result<never> | null {
  return month < 1 || month > 12 ? fail('impossibleMonth', { value: quoted(value) }) : null
}

/** Checks an ISO day; JavaScript would turn 2026-02-30 into March. */
function checkDay(day: string): Result<string> {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (!match) return fail('notADay', { value: quoted(day) })
  const [year, month, dayOfMonth] = match.slice(1).map(Number) as [number, number, number]
  const problem = yearProblem(year, day) ?? monthProblem(month, day)
  if (problem) return problem
  return isoDay(year, month, dayOfMonth) === day
    ? ok(day)
    : fail('impossibleDay', { value: day, last: lastDayOf(year, month) })
}

// Periods from their dates, and back

/** Whole months under a code of their own, the first of them being `month`. */
function wholeMonths(
  code: string,
  frequency: Frequency,
  year: number,
  month: number,
  count: number,
  fiscal = false,
): Period {
  const start = isoDay(year, month, 1)
  return { code, start, end: lastDayOf(year, month + count - 1), frequency, fiscal }
}

const twoDigits = (number: number) => String(number).padStart(2, '0')
const calendarYear = (year: number) => wholeMonths(`${year}`, 'A', year, 1, 12)
const fiscalYear = (startYear: number) =>
  wholeMonths(`${startYear}-A1`, 'A', startYear, 7, 12, true)
const calendarQuarter = (year: number, quarter: number) =>
  wholeMonths(`${year}-Q${quarter}`, 'Q', year, quarter * 3 - 2, 3)
const calendarMonth = (year: number, month: number) =>
  wholeMonths(`${year}-${twoDigits(month)}`, 'M', year, month, 1)
const singleDay = (day: string): Period => ({
  code: day,
  start: day,
  end: day,
  frequency: 'D',
  fiscal: false,
})

/** The period with a code of its own that has exactly these dates, else the span. */
function periodOf(start: string | null, end: string | null): Period {
  if (start === null && end === null) return unknownPeriod
  const span: Period = {
    code: `${start ?? '..'}/${end ?? '..'}`,
    start,
    end,
    frequency: '_O',
    fiscal: false,
  }
  if (start === null || end === null) return span
  const [year, month] = [yearOf(start), monthOf(start)]
  const named = [
    calendarYear(year),
    fiscalYear(year),
    calendarQuarter(year, Math.ceil(month / 3)),
    calendarMonth(year, month),
    singleDay(start),
  ]
  return named.find((period) => period.start === start && period.end === end) ?? span
}

/**
 * The reference period with this first and last ISO day; null where a side is open or not stated.
 * Problems (under `periods.problems`): notADay, impossibleDay, impossibleMonth, yearOutOfRange
 * (1900 to 2100), endBeforeStart.
 */
export function periodFromDates(start: string | null, end: string | null): Result<Period> {
  for (const day of [start, end]) {
    const checked = day === null ? null : checkDay(day)
    if (checked && !checked.ok) return checked
  }
  if (start !== null && end !== null && end < start) return fail('endBeforeStart', { start, end })
  return ok(periodOf(start, end))
}

const isoSpan = /^(\d{4}-\d{2}-\d{2}|\.\.)\/(\d{4}-\d{2}-\d{2}|\.\.)$/

/** What an SDMX code names, whether or not it is the canonical code of those dates. */
function readCode(code: string): Result<Period> {
  if (code === unknownPeriod.code) return ok(unknownPeriod)
  const span = isoSpan.exec(code)
  if (span) {
    const [start, end] = span.slice(1).map((side) => (side === '..' ? null : side))
    return periodFromDates(start ?? null, end ?? null)
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(code)) return periodFromDates(code, code)
  const match = /^(\d{4})(?:-(?:(A1)|Q([1-4])|(\d{2})))?$/.exec(code)
  if (!match) return fail('notAPeriod', { value: quoted(code) })
  const year = Number(match[1])
  const problem =
    yearProblem(year, code) ?? (match[4] ? monthProblem(Number(match[4]), code) : null)
  if (problem) return problem
  if (match[2]) return fiscalYearNamed(year, code)
  if (match[3]) return ok(calendarQuarter(year, Number(match[3])))
  return ok(match[4] ? calendarMonth(year, Number(match[4])) : calendarYear(year))
}

/** The fiscal year beginning in `startYear`, where it also ends within the known years. */
function fiscalYearNamed(startYear: number, value: string): Result<Period> {
  const problem = yearProblem(startYear, value) ?? yearProblem(startYear + 1, value)
  return problem ?? ok(fiscalYear(startYear))
}

/**
 * Reads a canonical code, as stored and exported. A second code for the same dates is refused
 * (`notCanonical`, with the right one): one period must have one key. Other problems: notAPeriod and
 * those of `periodFromDates`.
 */
export function parsePeriod(code: string): Result<Period> {
  const known = parsed.get(code)
  if (known) return known
  const period = readCanonical(code)
  if (code.length > longestKept) return period
  if (parsed.size >= mostParsed) parsed.clear()
  parsed.set(code, period)
  return period
}

/** The same few thousand codes are read again and again: of each figure of a page, of each series judged. */
const parsed = new Map<string, Result<Period>>()
const mostParsed = 10_000
const longestKept = 40

function readCanonical(code: string): Result<Period> {
  const period = readCode(code)
  if (!period.ok || period.value.code === code) return period
  return fail('notCanonical', { value: quoted(code), canonical: period.value.code })
}

/** The fiscal year, July to June, that holds a day. */
export function fiscalYearOf(day: string): Period {
  return fiscalYear(monthOf(day) < 7 ? yearOf(day) - 1 : yearOf(day))
}

// Showing

export type PeriodFormat = {
  /** `long` spells months and "fiscal year" out. Default `short`. */
  style?: 'short' | 'long'
  digits?: Digits
}

type Texts = ReturnType<typeof translator<'periods'>>
const translators = new Map<Locale, Texts>()

function texts(locale: Locale): Texts {
  const known = translators.get(locale) ?? translator(locale, 'periods')
  translators.set(locale, known)
  return known
}

/** A message of the namespace as a pattern: filled to show a period, and matched to read one. */
function patternText(locale: Locale, key: Parameters<Texts['raw']>[0]): string {
  return String(texts(locale).raw(key))
}

const monthNumbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const

function monthName(month: number, locale: Locale, style: 'short' | 'long'): string {
  const known = monthNumbers.find((number) => number === month)
  if (!known) throw new RangeError(`There is no month ${month}.`)
  return patternText(locale, `months.${style}.${known}`)
}

/** In the digits asked for, or else the reader's. */
function inDigits(text: string, locale: Locale, digits?: Digits): string {
  const isUrdu = digits ? digits === 'arabext' : settingsOf(locale).digits === 'urdu'
  return isUrdu ? urduDigits(text) : text
}

/** A year of an axis: `2024`. */
export const formatYear = (year: string, locale: Locale): string => inDigits(year, locale)

/** `11 May 2022`, `۱۱ مئی ۲۰۲۲`: a day in words. */
export function formatDay(day: string, locale: Locale, format: PeriodFormat = {}): string {
  const { style = 'short', digits } = format
  const text = filledPattern(patternText(locale, 'day'), {
    day: String(Number(day.slice(8, 10))),
    month: monthName(monthOf(day), locale, style),
    year: day.slice(0, 4),
  })
  return inDigits(text, locale, digits)
}

/** `May 2022`, from an ISO month or day: for ticks and source dates that name a month. */
export function formatMonthShort(month: string, locale: Locale, format: PeriodFormat = {}): string {
  const { style = 'short', digits } = format
  const name = monthName(monthOf(month), locale, style)
  const values = { month: name, year: month.slice(0, 4) }
  return inDigits(filledPattern(patternText(locale, 'month'), values), locale, digits)
}

function fiscalYearText(period: Period, locale: Locale, style: 'short' | 'long'): string {
  const startYear = Number(period.code.slice(0, 4))
  const years = { start: `${startYear}`, end: twoDigits((startYear + 1) % 100) }
  return filledPattern(patternText(locale, `fiscalYear.${style}`), years)
}

function formatSpan({ start, end }: Period, locale: Locale, format: PeriodFormat): string {
  const days: Record<string, string> = {}
  if (start !== null) days.start = formatDay(start, locale, format)
  if (end !== null) days.end = formatDay(end, locale, format)
  if (start === null && end === null) return patternText(locale, 'unknown')
  const shape = start === null ? 'until' : end === null ? 'since' : 'span'
  return filledPattern(patternText(locale, shape), days)
}

/**
 * A reference period in words: `FY2024-25`, `2022`, `Q1 2022`, `May 2022`, `11 May 2022`,
 * `1 May 2021 – 11 May 2022`, `up to 3 Jan 2025`, `since 1 Jan 2020`, `period not stated`.
 * `readPeriod` reads all of them back.
 */
export function formatPeriod(period: Period, locale: Locale, format: PeriodFormat = {}): string {
  const { code, frequency } = period
  const { style = 'short', digits } = format
  if (frequency === 'D') return formatDay(code, locale, format)
  if (frequency === 'M') return formatMonthShort(code, locale, format)
  if (frequency === 'Q') {
    const quarter = quarters.find((number) => code.endsWith(`Q${number}`)) ?? 1
    const pattern = patternText(locale, `quarters.${quarter}`)
    return inDigits(filledPattern(pattern, { year: code.slice(0, 4) }), locale, digits)
  }
  if (frequency === 'A') {
    const text = period.fiscal ? fiscalYearText(period, locale, style) : code
    return inDigits(text, locale, digits)
  }
  return formatSpan(period, locale, format)
}

const quarters = [1, 2, 3, 4] as const

// Reading what people write

/** One spelling for what looks alike: digits, spaces, dashes, Arabic and Urdu letters. */
function normalised(text: string): string {
  return westernDigits(withoutDirectionMarks(text).normalize('NFKC'))
    .replace(/\u200c/g, '')
    .replace(/[يى]/g, 'ی')
    .replace(/ك/g, 'ک')
    .replace(/،/g, ',')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
}

/** A message such as `since {start}` as the pattern that reads it back. */
function patternOf(message: string, part: string): RegExp {
  const source = normalised(message)
    .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replace(/\{(\w+)\}/g, `(?<$1>${part})`)
  return new RegExp(`^${source}$`, 'i')
}

type Grammar = {
  months: { name: string; month: number }[]
  quarters: { pattern: RegExp; quarter: number }[]
  fiscalYears: RegExp[]
  spans: RegExp[]
  unknown: string[]
}

const yearPart = '\\d{4}'
const yearOrShortPart = '\\d{4}|\\d{2}'

function grammarOf(locale: Locale): Grammar {
  const pattern = (key: Parameters<typeof patternText>[1]) => patternText(locale, key).split('|')
  const styles = ['long', 'short'] as const
  const fiscalYears = (['fiscalYear.short', 'fiscalYear.long', 'read.fiscalYear'] as const).flatMap(
    pattern,
  )
  const spans = (
    ['span', 'since', 'until', 'read.span', 'read.since', 'read.until'] as const
  ).flatMap(pattern)
  return {
    months: monthNumbers.flatMap((month) =>
      styles.map((style) => ({
        name: normalised(monthName(month, locale, style)).toLowerCase(),
        month,
      })),
    ),
    quarters: quarters.map((quarter) => ({
      pattern: patternOf(patternText(locale, `quarters.${quarter}`), yearPart),
      quarter,
    })),
    fiscalYears: fiscalYears.map((message) => patternOf(message, yearOrShortPart)),
    spans: spans.map((message) => patternOf(message, '.+')),
    unknown: [normalised(patternText(locale, 'unknown')).toLowerCase()],
  }
}

let everyGrammar: Grammar | undefined

/** What every language writes: a reader may type Urdu on an English page. */
function grammar(): Grammar {
  if (!everyGrammar) {
    const each = locales.map(grammarOf)
    everyGrammar = {
      months: each.flatMap(({ months }) => months),
      quarters: each.flatMap((one) => one.quarters),
      fiscalYears: each.flatMap(({ fiscalYears }) => fiscalYears),
      spans: each.flatMap(({ spans }) => spans),
      unknown: each.flatMap(({ unknown }) => unknown),
    }
  }
  return everyGrammar
}

/** The month that a word of three letters or more begins, where only one does. */
function monthNamed(typed: string): number | null {
  const word = typed.toLowerCase()
  if (word.length < 3) return null
  const found = new Set(
    grammar().months.flatMap(({ name, month }) => (name.startsWith(word) ? [month] : [])),
  )
  const [only] = found
  return found.size === 1 && only !== undefined ? only : null
}

type Reader = (text: string) => Result<Period> | null

function dayPeriod(year: string, month: number, day: string): Result<Period> {
  const iso = `${year}-${twoDigits(month)}-${day.padStart(2, '0')}`
  return periodFromDates(iso, iso)
}

/** `2026-02-01`, `2026/2/1`: the only order of digits that nobody reads in two ways. */
const readYearFirst: Reader = (text) => {
  const match = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text)
  if (!match) return null
  const [year = '', month = '', day = ''] = match.slice(1)
  return dayPeriod(year, Number(month), day)
}

/** `01/02/2026` is February here and January elsewhere. */
const refuseDayOrder: Reader = (text) => {
  const match = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$/.exec(text)
  if (!match) return null
  const [first = '', second = '', year = ''] = match.slice(1)
  const fullYear = year.length === 2 ? `20${year}` : year
  const readings = [dayPeriod(fullYear, Number(second), first)]
  readings.push(dayPeriod(fullYear, Number(first), second))
  const possible = readings.find((reading) => reading.ok)
  const suggestion = possible?.ok ? possible.value.code : '2026-02-01'
  return fail('dayOrder', { value: quoted(text), suggestion })
}

/**
 * `2022-05` is a month and `2024-25` a fiscal year; `2011-12` is December to SDMX and a fiscal year
 * to a newspaper.
 */
const readYearAndTwoDigits: Reader = (text) => {
  const match = /^(\d{4})[-/](\d{2})$/.exec(text)
  if (!match) return null
  const [year, second] = [Number(match[1]), Number(match[2])]
  if (second !== (year + 1) % 100) return readCode(`${match[1]}-${match[2]}`)
  if (second < 1 || second > 12) return fiscalYearNamed(year, text)
  const month = `${monthName(second, 'en', 'long')} ${year}`
  return fail('yearOrMonth', { value: quoted(text), fiscal: `FY${year}-${match[2]}`, month })
}

/** `FY2024-25`, `2024-2025`, `FY2025` and `FY25`: Pakistan names a fiscal year by its end. */
const readFiscalYear: Reader = (text) => {
  const dashed = text.replace(/ ?[-/] ?/g, '-')
  const groups = grammar()
    .fiscalYears.map((pattern) => pattern.exec(dashed)?.groups)
    .find((match) => match !== undefined)
  if (!groups?.end) return null
  const full = (year: string) => (year.length === 2 ? 2000 + Number(year) : Number(year))
  if (!groups.start) return fiscalYearNamed(full(groups.end) - 1, text)
  const start = full(groups.start)
  const follows =
    groups.end.length === 2
      ? Number(groups.end) === (start + 1) % 100
      : Number(groups.end) === start + 1
  if (follows) return fiscalYearNamed(start, text)
  const suggestion = `FY${start}-${twoDigits((start + 1) % 100)}`
  return fail('fiscalYearGap', { value: quoted(text), suggestion })
}

const readQuarter: Reader = (text) => {
  const match = grammar()
    .quarters.map(({ pattern, quarter }) => ({ year: pattern.exec(text)?.groups?.year, quarter }))
    .find(({ year }) => year !== undefined)
  return match ? readCode(`${match.year}-Q${match.quarter}`) : null
}

const namedMonth = /^(?<word>[\p{L}\p{M}]+)\.?[ ,-]+(?<year>\d{4})$/u
const namedDays = [
  /^(?<day>\d{1,2})(?:st|nd|rd|th)?[ -]+(?<word>[\p{L}\p{M}]+)\.?[ ,-]+(?<year>\d{4})$/iu,
  /^(?<word>[\p{L}\p{M}]+)\.? (?<day>\d{1,2})(?:st|nd|rd|th)?,? (?<year>\d{4})$/iu,
]

/** `May 2022`, `مئی 2022`, `11 May 2022`, `May 11, 2022`. */
const readMonthName: Reader = (text) => {
  const groups = [namedMonth, ...namedDays]
    .map((pattern) => pattern.exec(text)?.groups)
    .find((match) => match !== undefined)
  const month = groups?.word ? monthNamed(groups.word) : null
  if (month === null || !groups?.year) return null
  if (groups.day) return dayPeriod(groups.year, month, groups.day)
  return readCode(`${groups.year}-${twoDigits(month)}`)
}

const readSdmxCode: Reader = (text) => {
  const code = text.toUpperCase()
  return /^(?:_U|\d{4}(?:-(?:A1|Q[1-4]|\d{2}))?)$/.test(code) ? readCode(code) : null
}

const readUnknown: Reader = (text) =>
  grammar().unknown.includes(text.toLowerCase()) ? ok(unknownPeriod) : null

const singleReaders: readonly Reader[] = [
  readYearFirst,
  refuseDayOrder,
  readYearAndTwoDigits,
  readFiscalYear,
  readSdmxCode,
  readQuarter,
  readMonthName,
  readUnknown,
]

function readSingle(text: string): Result<Period> {
  for (const read of singleReaders) {
    const period = read(text)
    if (period) return period
  }
  return fail('notAPeriod', { value: quoted(text) })
}

/** One reading of a span: its sides may be days, months, quarters or years. */
function readSpan(pattern: RegExp, text: string): Result<Period> | null {
  const groups = pattern.exec(text)?.groups
  if (!groups) return null
  const start = groups.start ? readSingle(groups.start) : ok(unknownPeriod)
  const end = groups.end ? readSingle(groups.end) : ok(unknownPeriod)
  if (!start.ok) return start
  if (!end.ok) return end
  return periodFromDates(start.value.start, end.value.end)
}

/**
 * Reads a reference period as people write it, in any of the product's languages: codes,
 * `FY2024-25`, `2024-25`, `FY2025`, `May 2022`, `مئی 2022`, `11 May 2022`, `2022-01-01 to
 * 2022-03-31`, `until 2025-01-03`, `since 2020-01-01`, and all that `formatPeriod` writes.
 * What can be read in two ways is refused: dayOrder (`01/02/2026`) and yearOrMonth (`2011-12`).
 * Other problems: missing, hiddenCharacter, mixedDigits, fiscalYearGap, notAPeriod and those of
 * `periodFromDates`.
 */
export function readPeriod(text: string): Result<Period> {
  const typed = text.trim()
  const value = quoted(typed)
  if (typed === '') return fail('missing')
  if (typed.length > longestPeriodText) return fail('notAPeriod', { value })
  const character = hiddenCharacter(withoutDirectionMarks(typed).replace(/\u200c/g, ''))
  if (character) return fail('hiddenCharacter', { value, character })
  if (mixesDigitScripts(typed)) return fail('mixedDigits', { value })

  const plain = normalised(typed)
  if (isoSpan.test(plain)) return readCode(plain)
  const readings = [
    readSingle(plain),
    ...grammar().spans.flatMap((pattern) => readSpan(pattern, plain) ?? []),
  ]
  const understood = readings.find((reading) => reading.ok)
  const telling = readings.find(
    (reading) => !reading.ok && !['notAPeriod', 'dayOrder'].includes(reading.problem.code),
  )
  return understood ?? telling ?? readings.find(isDayOrder) ?? fail('notAPeriod', { value })
}

const longestPeriodText = 80
const isDayOrder = (reading: Result<Period>) => !reading.ok && reading.problem.code === 'dayOrder'

/** Reads one day as people write it; a month or a year is `notADay`. Returns the ISO day. */
export function readDay(text: string): Result<string> {
  const period = readPeriod(text)
  if (!period.ok) return period
  if (period.value.frequency === 'D') return ok(period.value.code)
  return fail('notADay', { value: quoted(text.trim()) })
}

// Order and distance

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Order by end, then start. An open end comes after every date, an unknown period last. */
export function comparePeriods(a: Period, b: Period): number {
  const isUndated = (period: Period) => Number(period.frequency === '_U')
  return (
    isUndated(a) - isUndated(b) ||
    byText(a.end ?? '~', b.end ?? '~') ||
    byText(a.start ?? '', b.start ?? '')
  )
}

/** Whether a figure of the period has a place in time: it has a last day. */
export function isChartable(period: Period): boolean {
  return period.end !== null
}

/** Days from the end of the period to `today`; null where it has no end. */
export function ageInDays(period: Period, today: string): number | null {
  return period.end === null ? null : daysBetween(period.end, today)
}

type Months = { year: number; month: number; count: number }

function monthsOf({ start, end }: Period): Months | null {
  if (start === null || end === null || !start.endsWith('-01')) return null
  const [year, month] = [yearOf(start), monthOf(start)]
  const count = (yearOf(end) - year) * 12 + monthOf(end) - month + 1
  return lastDayOf(year, month + count - 1) === end ? { year, month, count } : null
}

function monthsEarlier({ year, month, count }: Months, by: number): Period | null {
  const period = periodFromDates(
    isoDay(year, month - by, 1),
    lastDayOf(year, month - by + count - 1),
  )
  return period.ok ? period.value : null
}

/** The period of equal length just before a year, quarter or month; null for days and spans. */
export function previousComparable(period: Period): Period | null {
  const months = ['A', 'Q', 'M'].includes(period.frequency) ? monthsOf(period) : null
  return months && monthsEarlier(months, months.count)
}

/** The same months one year before, also for a span of whole months (July to March); else null. */
export function yearEarlier(period: Period): Period | null {
  const months = monthsOf(period)
  return months && monthsEarlier(months, 12)
}

// Kinds

export type Kind = (typeof kinds)[number]

/**
 * Where a chart draws a figure, in days since 1970-01-01: a level or an amount since a start at the
 * end of its period, an amount or a rate in a period at its middle. Null without an end.
 */
export function chartDay(period: Period, kind: Kind): number | null {
  const { start, end } = period
  if (end === null) return null
  const spreads = kind === 'flow' || kind === 'ratio'
  return spreads && start !== null ? (dayNumber(start) + dayNumber(end)) / 2 : dayNumber(end)
}

/** A figure of one series (one key but for the period); `value` is a canonical decimal. */
export type Measured = { period: Period; kind: Kind; value: string }

export type Change<T> = {
  against: T
  basis: 'previousPeriod' | 'yearEarlier' | 'previousPoint'
  /** Days from the end of the one to the end of the other. */
  days: number
  /** Exact, in the unit of the figures. */
  absolute: string
  /**
   * Rounded to one decimal, half away from zero. Null from zero, and for ratios: a rate that goes
   * from 10 to 15 percent has risen by 5 points, not by "50 %".
   */
  percent: string | null
}

/** `yearEarlier` is null where it would be the same comparison as `previous`. */
export type Changes<T> = { previous: Change<T> | null; yearEarlier: Change<T> | null }

function changeAgainst<T extends Measured>(
  current: T,
  against: T | undefined,
  basis: Change<T>['basis'],
): Change<T> | null {
  if (!against?.period.end || !current.period.end) return null
  return {
    against,
    basis,
    days: daysBetween(against.period.end, current.period.end),
    absolute: subtract(current.value, against.value),
    percent: current.kind === 'ratio' ? null : percentChange(against.value, current.value),
  }
}

/** A level, an amount since a start, or a rate as of a day: told at one point in time. */
function isPoint({ kind, period }: Measured): boolean {
  if (kind === 'stock' || kind === 'cumulative') return true
  return kind === 'ratio' && (period.frequency === 'D' || period.start === null)
}

function continues(current: Measured, earlier: Measured): boolean {
  if (!isPoint(earlier) || !earlier.period.end || !current.period.end) return false
  if (earlier.period.end >= current.period.end) return false
  if (current.kind === 'stock') return true
  if (current.kind === 'ratio') return earlier.period.frequency === current.period.frequency
  // Amounts counted from two different starts have no difference that means anything.
  const starts = new Set([current.period.start, earlier.period.start])
  return starts.size === 1 || starts.has(null)
}

/**
 * What a figure is compared with, among the others of its series. Amounts and rates in a period
 * compare equal lengths: with the period before (fiscal with fiscal) and the same months a year
 * earlier. Levels and amounts since a start compare with the latest earlier point. Other kinds are
 * passed over; null where nothing is comparable.
 */
export function changeBetween<T extends Measured>(
  current: T,
  others: readonly T[],
): Changes<T> | null {
  const sameKind = others.filter(({ kind }) => kind === current.kind)
  if (isPoint(current)) {
    const latest = sameKind
      .filter((other) => continues(current, other))
      .sort((a, b) => comparePeriods(a.period, b.period))
      .at(-1)
    const previous = changeAgainst(current, latest, 'previousPoint')
    return previous && { previous, yearEarlier: null }
  }
  const find = (period: Period | null) =>
    sameKind.find((other) => other.period.code === period?.code)
  const before = find(previousComparable(current.period))
  const yearBefore = find(yearEarlier(current.period))
  const previous = changeAgainst(current, before, 'previousPeriod')
  const yearly = yearBefore === before ? null : changeAgainst(current, yearBefore, 'yearEarlier')
  return previous || yearly ? { previous, yearEarlier: yearly } : null
}

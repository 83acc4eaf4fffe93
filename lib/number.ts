import { Decimal } from 'decimal.js'
import { direction, type Locale, locales, translator } from './i18n'
import { settingsOf } from './reader-settings'
import type { Result } from './result'
import { type NumberWords, numberReader, type ReadOptions } from './typed-number'
import { filledPattern, quoted, urduDigits } from './typed-text'

/**
 * Decimals as text, exact: `-?digits[.digits]`, no exponent, no leading zeros, never `-0`.
 * Trailing zeros are kept: `2.20` says that the publisher knows two decimals.
 */
const canonical = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/

// The default of 20 significant digits would round sums; 200 holds every quotient of two figures
// far enough to round it once.
const Exact = Decimal.clone({ precision: 200, rounding: Decimal.ROUND_HALF_UP })

// Reading

const wordsOf = (kind: keyof NumberWords) =>
  locales.map((locale) => String(translator(locale, 'numbers').raw(`words.${kind}`))).join('|')

/** The words of every language: a figure is read alike, whatever language its page speaks. */
const allWords: NumberWords = {
  magnitudes: wordsOf('magnitudes'),
  currencies: wordsOf('currencies'),
  percent: wordsOf('percent'),
}

const reader = numberReader(allWords)

/** The words by which a browser reads numbers as the server does, without its messages. */
export const numberWords = (): NumberWords => allWords

/**
 * Reads a number as people write it (`40,000`, `1,23,456`, `40 000`, `۴۰٬۰۰۰`, `−7`) and returns it
 * as canonical ASCII text with the decimals as typed. Nothing is rounded and nothing is guessed:
 * anything else is refused with a code under `numbers.problems`. Empty text is `missing`, never 0.
 */
export function readDecimal(text: string, options: ReadOptions = {}): Result<string> {
  return reader(text, options)
}

// Arithmetic

function exact(value: string): Decimal {
  if (!canonical.test(value)) throw new TypeError(`Not a canonical decimal: ${quoted(value)}`)
  return new Exact(value)
}

function textOf(number: Decimal, decimals?: number): string {
  const text = number.toFixed(decimals)
  return /[1-9]/.test(text) ? text : text.replace('-', '')
}

/** Exact sum of two canonical decimals. */
export function add(a: string, b: string): string {
  return textOf(exact(a).plus(exact(b)))
}

/** Exact sum of canonical decimals; `0` for none, so ask first whether there are any. */
export function sum(values: readonly string[]): string {
  return values.reduce(add, '0')
}

/** Exact difference `a - b` of two canonical decimals. */
export function subtract(a: string, b: string): string {
  return textOf(exact(a).minus(exact(b)))
}

/** Exact product of two canonical decimals. */
export function multiply(a: string, b: string): string {
  return textOf(exact(a).times(exact(b)))
}

/** Order by size, for `sort`: -1, 0 or 1. `2.20` equals `2.2`. */
export function compareDecimals(a: string, b: string): -1 | 0 | 1 {
  const order = exact(a).comparedTo(exact(b))
  return order < 0 ? -1 : order > 0 ? 1 : 0
}

/**
 * Change in percent of the size of `from`, so that a rise is positive also from a negative figure.
 * Rounded once, half away from zero, to `decimals` places (`5.0`). Null when `from` is 0.
 */
export function percentChange(from: string, to: string, decimals = 1): string | null {
  const base = exact(from)
  if (base.isZero()) return null
  return textOf(exact(to).minus(base).times(100).dividedBy(base.abs()), decimals)
}

/** `part` in percent of `whole`, rounded half away from zero (`12.5`). Null when `whole` is 0. */
export function ratioPercent(part: string, whole: string, decimals = 1): string | null {
  const base = exact(whole)
  return base.isZero() ? null : textOf(exact(part).times(100).dividedBy(base), decimals)
}

/**
 * An amount for `from` units of something, at the same rate for `to` units: `30` in `10` days is
 * `3` in `1`. Rounded once, half away from zero or up (away from zero). Throws where `from` is 0.
 */
export function rescale(
  amount: string,
  from: string,
  to: string,
  { decimals = 0, rounding = 'half' }: { decimals?: number; rounding?: 'half' | 'up' } = {},
): string {
  const base = exact(from)
  if (base.isZero()) throw new RangeError('Nothing can be told from an amount for nothing.')
  const mode = rounding === 'up' ? Decimal.ROUND_UP : Decimal.ROUND_HALF_UP
  const value = exact(amount).times(exact(to)).dividedBy(base).toDecimalPlaces(decimals, mode)
  return textOf(value, decimals)
}

// Writing

export type Scale = 'plain' | 'short' | 'lakh'
export type Digits = 'latn' | 'arabext'

export type DecimalFormat = {
  locale: Locale
  /** Default: the decimals of the value as typed, or none where it is scaled. */
  minimumDecimals?: number
  /** Default: all decimals. Where it cuts, it rounds half away from zero, as PostgreSQL does. */
  maximumDecimals?: number
  /**
   * `short`: million, billion, trillion. `lakh`: lakh, crore. `plain`, the default, writes no word.
   * Digits are grouped `123,456`; for lakh, or for a reader who counts in lakh, `1,23,456`.
   */
  scale?: Scale
  /** Default: the reader's. */
  digits?: Digits
  /** `always` also marks a positive number; zero never has a sign. */
  sign?: 'auto' | 'always'
}

type Step = { word: 'million' | 'billion' | 'trillion' | 'lakh' | 'crore'; exponent: number }

const steps: Record<Scale, readonly Step[]> = {
  plain: [],
  short: [
    { word: 'trillion', exponent: 12 },
    { word: 'billion', exponent: 9 },
    { word: 'million', exponent: 6 },
  ],
  lakh: [
    { word: 'crore', exponent: 7 },
    { word: 'lakh', exponent: 5 },
  ],
}

// Only whole parts pass through Intl: it stops at 20 decimals on Node 20. The separators of these
// two never differ between ICU versions, so server and browser write the same text.
const westernGrouping = new Intl.NumberFormat('en')
const lakhGrouping = new Intl.NumberFormat('en-IN')

const translators = new Map<Locale, ReturnType<typeof translator<'numbers'>>>()

function numberTexts(locale: Locale) {
  const known = translators.get(locale) ?? translator(locale, 'numbers')
  translators.set(locale, known)
  return known
}

function rounded(number: Decimal, maximumDecimals: number | undefined): Decimal {
  return maximumDecimals === undefined ? number : number.toDecimalPlaces(maximumDecimals)
}

/** The largest step that leaves at least 1 after rounding: 999,960,000 is `1 billion`. */
function stepFor(
  number: Decimal,
  scale: Scale,
  maximumDecimals: number | undefined,
): Step | undefined {
  return steps[scale].find(({ exponent }) =>
    rounded(number.abs().dividedBy(`1e${exponent}`), maximumDecimals).gte(1),
  )
}

/**
 * A canonical decimal as people read it: `40,000`, `−2.20`, `2.6 billion`. The minus is U+2212, kept to the left of the number in right-to-left text.
 * Throws where the value is not canonical.
 */
export function formatDecimal(value: string, format: DecimalFormat): string {
  const { locale, maximumDecimals, scale = 'plain', sign = 'auto' } = format
  const settings = settingsOf(locale)
  const digits = format.digits ?? (settings.digits === 'urdu' ? 'arabext' : 'latn')
  const grouping = scale === 'lakh' || settings.scale === 'lakh' ? lakhGrouping : westernGrouping
  const number = exact(value)
  const step = stepFor(number, scale, maximumDecimals)
  const typedDecimals = step ? 0 : (value.split('.')[1]?.length ?? 0)
  const scaled = rounded(step ? number.dividedBy(`1e${step.exponent}`) : number, maximumDecimals)
  const decimals = Math.max(
    scaled.decimalPlaces(),
    format.minimumDecimals ?? Math.min(typedDecimals, maximumDecimals ?? typedDecimals),
  )
  const text = signed(scaled, locale, sign) + groupedDigits(scaled, decimals, grouping, digits)
  if (!step) return text
  return filledPattern(String(numberTexts(locale).raw(`scale.${step.word}`)), { number: text })
}

function signed(number: Decimal, locale: Locale, sign: 'auto' | 'always'): string {
  const mark = number.isZero() ? '' : number.isNegative() ? '\u2212' : sign === 'always' ? '+' : ''
  // Without a left-to-right mark, a sign before digits jumps to their other side in Urdu text.
  return mark && direction(locale) === 'rtl' ? `\u200e${mark}` : mark
}

function groupedDigits(
  number: Decimal,
  decimals: number,
  grouping: Intl.NumberFormat,
  digits: Digits,
): string {
  const [whole = '0', fraction] = number.abs().toFixed(decimals).split('.')
  const western = grouping.format(BigInt(whole))
  if (digits === 'latn') return fraction ? `${western}.${fraction}` : western
  const urdu = western.replace(/,/g, '\u066c')
  return urduDigits(fraction ? `${urdu}\u066b${fraction}` : urdu)
}

/** A figure at a glance: million and billion (or lakh and crore, as the reader counts), at most one decimal. */
export function formatCompact(value: string, format: DecimalFormat): string {
  const usual = settingsOf(format.locale).scale === 'lakh' ? 'lakh' : 'short'
  const { scale = usual, maximumDecimals = 1, minimumDecimals = 0 } = format
  return formatDecimal(value, { ...format, scale, maximumDecimals, minimumDecimals })
}

/** A percentage with its sign, `18.2%`; in right-to-left text it keeps the sign on its side. */
export function formatPercent(value: string, locale: Locale): string {
  const text = `${formatDecimal(value, { locale })}%`
  return direction(locale) === 'rtl' ? `\u2066${text}\u2069` : text
}

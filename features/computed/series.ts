import type { Figure } from '@/features/figures/schema'
import type { FigureWriter } from '@/features/figures/series'
import { type Locale, translator } from '@/lib/i18n'
import { compareDecimals, formatDecimal, subtract } from '@/lib/number'
import { decimalsOf, type Parts, wholeOf } from './rules'

/** How far a computed value lies from the published one of the same key, in points. */
export function differenceText(locale: Locale, computed: Figure, published: Figure): string {
  const t = translator(locale, 'computed')
  const points = subtract(computed.value, published.value)
  if (!computed.disagrees) return t('agrees')
  const amount = formatDecimal(points.replace('-', ''), { locale })
  return t(compareDecimals(points, '0') > 0 ? 'above' : 'below', { amount })
}

export interface FormulaWords {
  /** `People who completed a course, divided by people enrolled, times 100.` */
  words: string
  /** `26 ÷ 32 × 100 = 81.3`, rounded to the decimals named. */
  numbers: string
}

/** How a rate was computed, in words and in numbers. */
export function formulaWords(
  locale: Locale,
  writer: FigureWriter,
  parts: Parts,
  figure: Figure,
): FormulaWords {
  const t = translator(locale, 'computed')
  const { numerator, denominator, isSum, rate } = parts
  const number = (value: string) => formatDecimal(value, { locale })
  const whole = isSum
    ? `(${number(numerator.value)} + ${number(denominator.value)})`
    : number(wholeOf(parts))
  const sum = `\u2066${number(numerator.value)} ÷ ${whole} × 100 = ${number(figure.value)}\u2069`
  const named = (one: Figure) => partName(locale, writer, one)
  return {
    words: isSum
      ? t('formulaSum', { numerator: named(numerator), other: named(denominator) })
      : t('formula', { numerator: named(numerator), denominator: named(denominator) }),
    numbers: t('rounded', { sum, digits: decimalsOf(rate) }),
  }
}

/** A part's indicator, and its sex where it is of one. */
export function partName(locale: Locale, { names }: FigureWriter, figure: Figure): string {
  const name = names.indicator(figure.indicator)
  const { sex } = figure
  if (sex !== 'F' && sex !== 'M') return name
  return `${name} (${translator(locale, 'figures.sex')(sex)})`
}

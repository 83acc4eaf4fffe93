import type { FigureWriter } from '@/features/figures/series'
import { formatPeriod, readPeriod } from '@/features/periods/rules'
import { sexName } from '@/features/proposals/components/words'
import { type Locale, listed, translator } from '@/lib/i18n'
import { formatDecimal, formatPercent } from '@/lib/number'
import { periodNamed, sideOf } from '../rules'
import type { Coverage, Line, QuestionProblem, RollUpRow } from '../schema'

export const periodText = (locale: Locale, code: string) => formatPeriod(periodNamed(code), locale)

/** A period as it may be typed: in words where they are read back as the same one. */
export function typedPeriod(locale: Locale, code: string): string {
  const text = periodText(locale, code)
  const read = readPeriod(text)
  return read.ok && read.value.code === code ? text : code
}

export function questionProblemText(
  locale: Locale,
  { from, code, params }: QuestionProblem,
): string {
  const t = translator(locale, `${from}.problems`) as (key: string, values?: object) => string
  return t(code, params)
}

/** `People trained`, `People trained, women` */
export function lineText(locale: Locale, { names }: FigureWriter, { indicator, sex }: Line) {
  const name = names.indicator(indicator)
  return sex === '_T' ? name : listed([name, sexName(locale, sex)], locale)
}

/** `87 of 93 reported` */
export function coverageText(locale: Locale, { expected, reported }: Coverage): string {
  const count = (number: number) => formatDecimal(String(number), { locale })
  return translator(locale, 'reporting')('coverage', {
    reported: count(reported),
    expected: count(expected),
  })
}

/** A computed value in its unit. */
export const sumText = (writer: FigureWriter, row: RollUpRow, unit: string): string =>
  row.sum === null
    ? ''
    : writer.value({
        value: row.sum,
        unit,
        precision: row.isExact ? 'exact' : 'about',
        status: 'A',
      })

/** `+1,200 (+3.1%)`; null where there is nothing to compare. */
export function differenceText(locale: Locale, { difference }: RollUpRow): string | null {
  if (!difference) return null
  const number = formatDecimal(difference.absolute, { locale, sign: 'always' })
  if (difference.percent === null) return number
  const percent = formatDecimal(difference.percent, { locale, sign: 'always' })
  return `${number} (${percent}%)`
}

/**
 * Everything about a row in sentences: who has reported, what that makes, and how far it is from
 * what was published.
 */
export function rowSentences(
  locale: Locale,
  writer: FigureWriter,
  row: RollUpRow,
  unit: string,
): string[] {
  const t = translator(locale, 'reporting.sentences')
  const { coverage, published, difference } = row
  const count = (number: number) => formatDecimal(String(number), { locale })
  const parts = [
    t('reported', {
      count: coverage.expected,
      reported: count(coverage.reported),
      expected: count(coverage.expected),
    }),
  ]
  if (coverage.others > 0) {
    parts.push(t('others', { count: coverage.others, number: count(coverage.others) }))
  }
  if (row.sum !== null) parts.push(t('sum', { value: sumText(writer, row, unit) }))
  if (published) parts.push(t('published', { value: writer.value(published) }))
  if (difference) {
    const side = sideOf(difference)
    const amount = formatDecimal(difference.absolute.replace('-', ''), { locale })
    parts.push(
      side === 'same' || difference.percent === null
        ? t(side, { amount })
        : t(`percent.${side}`, {
            amount,
            percent: formatPercent(difference.percent.replace('-', ''), locale),
          }),
    )
  }
  return parts
}

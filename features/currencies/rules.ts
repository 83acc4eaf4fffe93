import { currencies, moneyOf } from '@/features/catalogue/rules'
import { seriesKey } from '@/features/figures/rules'
import type { Figure } from '@/features/figures/schema'
import { rhythmOf } from '@/features/figures/series'
import type { Locale } from '@/lib/i18n'
import { compareDecimals, rescale } from '@/lib/number'
import { settingsOf } from '@/lib/reader-settings'

/** The indicator of the rate: rupees per US dollar, averages of periods for the whole country. */
export const rateIndicator = 'EXCHANGE_RATE'
const rateUnit = 'PKR_PER_USD'

const [dollar] = currencies

/** Those whose money is in another currency than the reader asked for: they need rates. */
export function foreignTo(locale: Locale, figures: readonly Figure[]): Figure[] {
  const wanted = settingsOf(locale).currency
  if (wanted === 'published') return []
  return figures.filter(({ unit }) => (moneyOf(unit)?.currency ?? wanted) !== wanted)
}

/** The published rates among some figures: positive, of the country, each of one period. */
export function ratesIn(figures: readonly Figure[]): Figure[] {
  return figures.filter(
    ({ role, indicator, unit, area, period, value }) =>
      role === 'actual' &&
      indicator === rateIndicator &&
      unit === rateUnit &&
      area === 'PK' &&
      period !== '_U' &&
      compareDecimals(value, '0') > 0,
  )
}

/**
 * Figures with their money in the currency that the reader asked for, each at the rate of its own
 * period, rounded to one decimal. A series without a rate for each of its figures stays as published:
 * no chart mixes currencies. Figures of other units pass through.
 */
export function inCurrency(
  figures: readonly Figure[],
  rates: readonly Figure[],
  locale: Locale,
): readonly Figure[] {
  const wanted = settingsOf(locale).currency
  if (wanted === 'published' || rates.length === 0) return figures
  const byPeriod = new Map(rates.map((rate) => [rate.period, rate]))
  const seriesOf = (figure: Figure) => `${seriesKey(figure)} ${rhythmOf(figure)}`
  const foreign = new Set(foreignTo(locale, figures))
  const unconvertible = new Set(
    [...foreign].filter(({ period }) => !byPeriod.has(period)).map(seriesOf),
  )
  return figures.map((figure) => {
    const rate = byPeriod.get(figure.period)
    if (!rate || !foreign.has(figure) || unconvertible.has(seriesOf(figure))) return figure
    return {
      ...figure,
      value:
        wanted === dollar
          ? rescale(figure.value, rate.value, '1', { decimals: 1 })
          : rescale(figure.value, '1', rate.value, { decimals: 1 }),
      unit: `${wanted}_MILLION`,
      converted: { value: figure.value, unit: figure.unit, rate },
    }
  })
}

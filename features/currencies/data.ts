import { readFigures, readFiguresAsOf } from '@/features/figures/data'
import type { Figure } from '@/features/figures/schema'
import type { Vintage } from '@/features/vintages/schema'
import type { Transaction } from '@/lib/db/client'
import { publicDatabase } from '@/lib/db/replica'
import type { Locale } from '@/lib/i18n'
import { foreignTo, inCurrency, rateIndicator, ratesIn } from './rules'

/** Rates are of the country, so nothing else of the indicator is read. */
export const ratesFilter = {
  indicators: [rateIndicator],
  roles: ['actual'],
  areas: ['PK'],
} as const

/** Figures of a vintage with their money in the reader's currency, at the rates known in it. */
export async function inCurrencyOf(
  vintage: Vintage | null,
  figures: readonly Figure[],
  locale: Locale,
  database: Transaction = publicDatabase(),
): Promise<readonly Figure[]> {
  const periods = [...new Set(foreignTo(locale, figures).map(({ period }) => period))]
  if (periods.length === 0) return figures
  const filter = { ...ratesFilter, periods }
  const rates = vintage
    ? await readFiguresAsOf(database, vintage, filter)
    : await readFigures(database, filter)
  return inCurrency(figures, ratesIn(rates), locale)
}

import { readFigures, readFiguresAsOf } from '@/features/figures/data'
import type { Figure } from '@/features/figures/schema'
import type { Vintage } from '@/features/vintages/schema'
import type { Transaction } from '@/lib/db/client'
import { publicDatabase } from '@/lib/db/replica'
import type { Locale } from '@/lib/i18n'
import { inCurrency, rateIndicator, ratesIn } from './rules'

/** The exchange rates of a state of the record: of today's, or of a vintage. */
export async function readRates(
  vintage: Vintage | null,
  database: Transaction = publicDatabase(),
): Promise<Figure[]> {
  const filter = { indicators: [rateIndicator] }
  return ratesIn(
    vintage
      ? await readFiguresAsOf(database, vintage, filter)
      : await readFigures(database, filter),
  )
}

/** Figures of a vintage with their money in the reader's currency, at the rates known in it. */
export async function inCurrencyOf(
  vintage: Vintage | null,
  figures: readonly Figure[],
  locale: Locale,
  database: Transaction = publicDatabase(),
): Promise<readonly Figure[]> {
  return inCurrency(figures, await readRates(vintage, database), locale)
}

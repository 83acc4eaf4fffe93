import { cacheLife, cacheTag } from 'next/cache'
import { indicatorTag } from '@/features/figures/cached'
import { readFigures } from '@/features/figures/data'
import type { Figure } from '@/features/figures/schema'
import { publicDatabase } from '@/lib/db/replica'
import type { Locale } from '@/lib/i18n'
import { publicTag } from '@/lib/public-tag'
import { ratesFilter } from './data'
import { foreignTo, inCurrency, rateIndicator, ratesIn } from './rules'

/** The exchange rates of today's record. */
export async function exchangeRates(): Promise<Figure[]> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, indicatorTag(rateIndicator))
  return ratesIn(await readFigures(publicDatabase(), ratesFilter))
}

/** Figures of today's record with their money in the reader's currency; see `inCurrency`. */
export async function inReadersCurrency(
  figures: readonly Figure[],
  locale: Locale,
): Promise<readonly Figure[]> {
  if (foreignTo(locale, figures).length === 0) return figures
  return inCurrency(figures, await exchangeRates(), locale)
}

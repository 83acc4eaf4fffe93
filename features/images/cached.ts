import { cacheLife, cacheTag } from 'next/cache'
import { catalogueTag, figuresTag } from '@/features/catalogue/cached'
import { publicDatabase } from '@/lib/db/replica'
import type { Locale } from '@/lib/i18n'
import { publicTag } from '@/lib/public-tag'
import { type PlacedChart, readChart } from './data'
import { type ChartPlace, readChartPlace } from './schema'

/** A chart of a page as it is now; null where an address names none. */
export async function chartOfToday(
  path: readonly string[],
  locale: Locale,
): Promise<(PlacedChart & { place: ChartPlace }) | null> {
  'use cache'
  cacheLife('hours')
  cacheTag(publicTag, catalogueTag, figuresTag)
  const place = readChartPlace(path)
  const chart = place && (await readChart(place, {}, locale, publicDatabase()))
  return place && chart?.ok && chart.value ? { ...chart.value, place } : null
}

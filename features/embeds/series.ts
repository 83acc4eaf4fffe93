import type { ChartModel } from '@/components/charts/model'
import { inVintage, type Vintage } from '@/features/vintages/schema'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { unpackQuery } from '@/lib/packed-query'

/** The path of the page that a chart stands on: `/`, `/indicators/ICT_EXPORTS`, `/compare?series=…`. */
export function pagePath(page: string): string {
  if (page === 'overview') return '/'
  const [, packed] = /^compare\/(.*)$/.exec(page) ?? []
  return packed === undefined ? `/${page}` : `/compare?${unpackQuery(packed)}`
}

/** How to cite a chart: what it shows, its source, in which state of the record, and where that stays. */
export function chartCitation(
  model: ChartModel,
  {
    page,
    vintage,
    locale,
    origin,
  }: { page: string; vintage: Vintage; locale: Locale; origin: string },
): { text: string; path: string } {
  const frozen = inVintage(pagePath(page), { ...vintage, isFrozen: true })
  const path = localePath(locale, `${frozen}#${model.id}`)
  const title = `${model.title} (${model.unit})`
  // Between Urdu words the parts of a day and of an address would change places.
  const [day, address] = [vintage.asOf, origin + path].map((text) => `\u2066${text}\u2069`)
  const text = translator(locale, 'take')('citation', {
    title,
    source: model.source,
    day: day ?? '',
    commit: vintage.commit,
    address: address ?? '',
  })
  return { text, path }
}

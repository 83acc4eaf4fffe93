import { catalogue } from '@/features/catalogue/cached'
import { sitemapEntries } from '@/features/discovery/rules'
import { sitemapXml } from '@/features/discovery/series'
import { allFigures } from '@/features/figures/cached'
import { releaseCalendar } from '@/features/releases/cached'
import { readSources } from '@/features/sources/data'
import { conditionalResponse } from '@/lib/conditional-response'
import { defaultLocale, locales } from '@/lib/i18n'
import { publicOrigin } from '@/lib/public-origin'

/** Every public page in every language, with the day of its newest figure. */
export async function GET(request: Request): Promise<Response> {
  const [names, figures, { next, past }, sources] = await Promise.all([
    catalogue(),
    allFigures(),
    releaseCalendar(),
    readSources(''),
  ])
  const releases = [...next, ...past].map(({ slug, publishedAt, moves }) => ({
    slug,
    changed: (publishedAt ?? moves.at(-1)?.at)?.slice(0, 10),
  }))
  const entries = sitemapEntries({ catalogue: names, figures, releases, sources })
  const site = { origin: publicOrigin(), languages: locales, usual: defaultLocale }
  return conditionalResponse(request, sitemapXml(entries, site), {
    type: 'application/xml; charset=utf-8',
  })
}

import { catalogue } from '@/features/catalogue/cached'
import { countFigureParts, readFigurePart } from '@/features/discovery/data'
import { sitemapEntries } from '@/features/discovery/rules'
import { type SitemapEntry, sitemapXml } from '@/features/discovery/series'
import { recordExtent } from '@/features/extents/cached'
import { releaseCalendar } from '@/features/releases/cached'
import { readSources } from '@/features/sources/data'
import { conditionalResponse } from '@/lib/conditional-response'
import { defaultLocale, locales } from '@/lib/i18n'
import { publicOrigin } from '@/lib/public-origin'

/** Public pages in every language, each with the day of its newest figure. */
export async function GET(
  request: Request,
  { params }: RouteContext<'/sitemaps/[part]'>,
): Promise<Response> {
  const { part } = await params
  const [, figures] = /^figures-(\d{1,6})\.xml$/.exec(part) ?? []
  if (part !== 'pages.xml' && figures === undefined) return notThere()
  const number = Number(figures)
  if (figures !== undefined && (number < 1 || number > (await countFigureParts())))
    return notThere()
  const entries = figures === undefined ? await pages() : await readFigurePart(number)
  const site = { origin: publicOrigin(), languages: locales, usual: defaultLocale }
  return conditionalResponse(request, sitemapXml(entries, site), {
    type: 'application/xml; charset=utf-8',
  })
}

const notThere = () => new Response('The sitemap has no such part.\n', { status: 404 })

async function pages(): Promise<SitemapEntry[]> {
  const [names, extent, { next, past }, sources] = await Promise.all([
    catalogue(),
    recordExtent(),
    releaseCalendar(),
    readSources(''),
  ])
  const releases = [...next, ...past].map(({ slug, publishedAt, moves }) => ({
    slug,
    changed: (publishedAt ?? moves.at(-1)?.at)?.slice(0, 10),
  }))
  return sitemapEntries({ catalogue: names, extent, releases, sources })
}

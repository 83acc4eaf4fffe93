import { isProgramme } from '@/features/catalogue/rules'
import type { Catalogue } from '@/features/catalogue/schema'
import type { Extent, RecordExtent } from '@/features/extents/schema'
import { fixedPages } from '@/lib/public-pages.mjs'
import type { SitemapEntry } from './series'

/** Parts of the site for people with an account, and addresses of which there is no end. */
export const closedPaths = [
  '/api/auth/',
  '/internal/',
  '/audit',
  '/entry',
  '/join',
  '/people',
  '/plan',
  '/registry',
  '/reporting',
  '/reports$',
  '/review',
  '/set-up',
  '/settings',
  '/sign-in',
  '/sources/*/copy$',
] as const

/** What robots are asked (RFC 9309); past states of pages are countless, and say noindex as well. */
export function robotsText({
  origin,
  prefixes,
}: {
  origin: string
  /** Of the languages: empty, `/ur`. */
  prefixes: readonly string[]
}): string {
  const closed = closedPaths.flatMap((path) => prefixes.map((prefix) => prefix + path))
  return [
    'User-agent: *',
    'Allow: /',
    ...closed.map((path) => `Disallow: ${path}`),
    'Disallow: /*?asOf=',
    'Disallow: /*&asOf=',
    '',
    `Sitemap: ${origin}/sitemap.xml`,
    '',
  ].join('\n')
}

interface Listed {
  catalogue: Catalogue
  extent: RecordExtent
  /** Those that are not cancelled: their address and the day of what they say last. */
  releases: readonly { slug: string; changed?: string }[]
  sources: readonly { id: number }[]
}

/** Every public page that has an address of its own, but those of figures. */
export function sitemapEntries({ catalogue, extent, releases, sources }: Listed): SitemapEntry[] {
  const changed = (one: Extent | undefined) => one?.changed ?? undefined
  const byCode = (
    under: string,
    codes: readonly string[],
    extents: ReadonlyMap<string, Extent>,
  ): SitemapEntry[] =>
    codes.map((code) => ({ path: `/${under}/${code}`, changed: changed(extents.get(code)) }))
  const codes = (rows: readonly { code: string }[]) => rows.map(({ code }) => code)
  return [
    ...fixedPages.map(({ path, showsFigures }) => ({
      path,
      ...(showsFigures && { changed: changed(extent.whole) }),
    })),
    ...byCode('indicators', codes(catalogue.indicators), extent.indicators),
    ...byCode('programmes', codes(catalogue.programmes.filter(isProgramme)), extent.programmes),
    ...byCode('areas', codes(catalogue.areas), extent.areas),
    ...releases.map(({ slug, changed }) => ({ path: `/releases/${slug}`, changed })),
    ...sources.map(({ id }) => ({ path: `/sources/${id}` })),
    // The page of a merged one leads to another.
    ...catalogue.academies
      .filter(({ code, mergedInto }) => code !== '_T' && mergedInto === null)
      .map(({ code }) => ({ path: `/academies/${code}` })),
  ]
}

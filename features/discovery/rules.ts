import { isProgramme } from '@/features/catalogue/rules'
import type { Catalogue } from '@/features/catalogue/schema'
import type { Figure } from '@/features/figures/schema'
import { figureNumber } from '@/features/figures/series'
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
  figures: readonly Figure[]
  /** Those that are not cancelled: their address and the day of what they say last. */
  releases: readonly { slug: string; changed?: string }[]
  sources: readonly { id: number }[]
}

/** Every public page that has an address of its own. */
export function sitemapEntries({ catalogue, figures, releases, sources }: Listed): SitemapEntry[] {
  const newest = (some: readonly Figure[]) =>
    some
      .map(({ current }) => current.knownOn)
      .sort()
      .at(-1)
  const whole = newest(figures)
  const byCode = (
    under: string,
    codes: readonly string[],
    part: 'indicator' | 'programme' | 'area',
  ) =>
    codes.map((code) => ({
      path: `/${under}/${code}`,
      changed: newest(figures.filter((figure) => figure[part] === code)),
    }))
  const codes = (rows: readonly { code: string }[]) => rows.map(({ code }) => code)
  return [
    ...fixedPages.map(({ path, showsFigures }) => ({
      path,
      ...(showsFigures && { changed: whole }),
    })),
    ...byCode('indicators', codes(catalogue.indicators), 'indicator'),
    ...byCode('programmes', codes(catalogue.programmes.filter(isProgramme)), 'programme'),
    ...byCode('areas', codes(catalogue.areas), 'area'),
    ...releases.map(({ slug, changed }) => ({ path: `/releases/${slug}`, changed })),
    ...figures.map((figure) => ({
      path: `/figures/${figureNumber(figure)}`,
      changed: figure.current.knownOn,
    })),
    ...sources.map(({ id }) => ({ path: `/sources/${id}` })),
    // The page of a merged one leads to another.
    ...catalogue.academies
      .filter(({ code, mergedInto }) => code !== '_T' && mergedInto === null)
      .map(({ code }) => ({ path: `/academies/${code}` })),
  ]
}

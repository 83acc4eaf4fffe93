import { direction, type Locale } from '@/lib/i18n'
import { publicOrigin } from '@/lib/public-origin'
import { type LinkedNode, type PageIntroduction, pageNodes, type Site } from '../series'
import { JsonLd } from './json-ld'

/** What a page says to machines: itself, the way to it, and what it holds (`nodes`). */
export function LinkedData({
  locale,
  page,
  crumbs,
  nodes,
}: {
  locale: Locale
  page: PageIntroduction
  crumbs?: readonly { text: string; path: string }[]
  nodes?: (site: Site) => LinkedNode[]
}) {
  const site = { locale, origin: publicOrigin() }
  const graph = [...pageNodes(site, page, crumbs), ...(nodes?.(site) ?? [])]
  return <JsonLd graph={graph} isAscii={direction(locale) === 'ltr'} />
}

import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { catalogue } from '@/features/catalogue/cached'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { figureWriter } from '@/features/figures/series'
import { ReleasePage } from '@/features/releases/components/release-page'
import { releaseBySlug, releasedFigures } from '@/features/releases/data'
import type { Release } from '@/features/releases/schema'
import { SitePage } from '@/features/shell/components/site-page'
import { inLocale, isLocale, type Locale, translator } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'

// One page for each of any number of releases: made when asked for, whole.
export const instant = false

type Props = PageProps<'/[locale]/releases/[slug]'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale, slug } = await params
  const release = isLocale(locale) ? await releaseBySlug(slug) : null
  if (!isLocale(locale) || !release) return {}
  const { path, title, description } = introduction(locale, release)
  return pageMetadata(locale, path, title, description)
}

function introduction(locale: Locale, { slug, title, note }: Release) {
  const lead = translator(locale, 'releases')('lead')
  return {
    path: `/releases/${slug}`,
    title: inLocale(title, locale),
    description: inLocale(note, locale) || lead,
  }
}

export default async function Page({ params }: Props) {
  const { locale, slug } = await params
  const release = isLocale(locale) ? await releaseBySlug(slug) : null
  if (!isLocale(locale) || !release) notFound()
  const [names, figures] = await Promise.all([catalogue(), releasedFigures(release)])
  return (
    <SitePage locale={locale} path={`/releases/${release.slug}`}>
      <ReleasePage
        locale={locale}
        writer={figureWriter(names, locale)}
        release={release}
        figures={figures}
      />
      <LinkedData
        locale={locale}
        page={introduction(locale, release)}
        crumbs={[{ text: translator(locale, 'releases')('title'), path: '/releases' }]}
      />
    </SitePage>
  )
}

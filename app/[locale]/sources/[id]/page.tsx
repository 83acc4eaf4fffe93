import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { Notice } from '@/components/ui/notice'
import { catalogue } from '@/features/catalogue/cached'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { figureWriter } from '@/features/figures/series'
import { SitePage } from '@/features/shell/components/site-page'
import { SourcePage } from '@/features/sources/components/source-page'
import { readSource } from '@/features/sources/data'
import { readSourceId, type SourceDetails } from '@/features/sources/schema'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'

// One page for each of any number of sources: made when asked for, whole.
export const instant = false

type Props = PageProps<'/[locale]/sources/[id]'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale, id } = await params
  const source = await sourceOf(id)
  if (!isLocale(locale) || !source) return {}
  const { path, title, description } = introduction(locale, source)
  return pageMetadata(locale, path, title, description)
}

/** Read once for a page and its head. */
const sourceOf = cache(async (id: string) => {
  const number = readSourceId(id)
  return number ? readSource(number) : null
})

function introduction(locale: Locale, { id, publisher, title }: SourceDetails) {
  const t = translator(locale, 'sources')
  return {
    path: `/sources/${id}`,
    title: title ? `${publisher}: ${title}` : `${publisher} (${t('sourceTitle', { id })})`,
    description: t('sourceDescription'),
  }
}

export default async function Page({ params, searchParams }: Props) {
  const { locale, id } = await params
  if (!isLocale(locale)) notFound()
  const source = await sourceOf(id)
  if (!source) notFound()
  const { stored } = await searchParams
  const t = translator(locale, 'sources')
  return (
    <SitePage locale={locale} path={`/sources/${source.id}`}>
      {(stored === 'new' || stored === 'known') && (
        <div className="mb-6">
          <Notice tone="success">
            <p>{t(`stored.${stored}`)}</p>
          </Notice>
        </div>
      )}
      <SourcePage
        locale={locale}
        writer={figureWriter(await catalogue(), locale)}
        source={source}
      />
      <p className="mt-6 print:hidden">
        <a href={localePath(locale, `/sources/${source.id}/copy`)} rel="nofollow">
          {t('addCopy')}
        </a>
      </p>
      <LinkedData
        locale={locale}
        page={introduction(locale, source)}
        crumbs={[{ text: t('title'), path: '/sources' }]}
      />
    </SitePage>
  )
}

import { notFound } from 'next/navigation'
import { catalogue } from '@/features/catalogue/cached'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { figureWriter } from '@/features/figures/series'
import { SitePage } from '@/features/shell/components/site-page'
import { SourceList } from '@/features/sources/components/source-list'
import { readSources } from '@/features/sources/data'
import { readSearch } from '@/features/sources/schema'
import { isLocale, type Locale, translator } from '@/lib/i18n'
import { metadataBy } from '@/lib/page-metadata'

// Searched by its address: made when asked for, whole.
export const instant = false

type Props = PageProps<'/[locale]/sources'>

export const generateMetadata = metadataBy(introduction)

function introduction(locale: Locale) {
  const t = translator(locale, 'sources')
  return { path: '/sources', title: t('title'), description: t('description') }
}

export default async function Page({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const search = readSearch(await searchParams)
  const [names, sources] = await Promise.all([catalogue(), readSources(search)])
  const query = search === '' ? '' : `?${new URLSearchParams({ q: search })}`
  return (
    <SitePage locale={locale} path={`/sources${query}`}>
      <SourceList
        locale={locale}
        writer={figureWriter(names, locale)}
        search={search}
        sources={sources}
      />
      <LinkedData locale={locale} page={introduction(locale)} />
    </SitePage>
  )
}

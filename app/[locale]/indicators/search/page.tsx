import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { catalogue } from '@/features/catalogue/cached'
import { figuresAmong, recordExtent } from '@/features/extents/cached'
import { IndicatorList } from '@/features/indicators/components/indicator-list'
import { SitePage } from '@/features/shell/components/site-page'
import { isLocale, translator } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'
import { searchIn } from '@/lib/search-text'

// next.config.js leads /indicators?q=... here: made when asked for, whole.
export const instant = false

type Props = PageProps<'/[locale]/indicators/search'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  if (!isLocale(locale)) return {}
  const t = translator(locale, 'indicator')
  return {
    ...pageMetadata(locale, '/indicators', t('listTitle'), t('listDescription')),
    robots: { index: false },
  }
}

export default async function IndicatorSearchPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const search = searchIn((await searchParams).q)
  const [names, figures, extent] = await Promise.all([
    catalogue(),
    figuresAmong([[{}]]),
    recordExtent(),
  ])
  const query = search ? `?${new URLSearchParams({ q: search })}` : ''
  return (
    <SitePage locale={locale} path={`/indicators${query}`}>
      <IndicatorList
        locale={locale}
        catalogue={names}
        figures={figures}
        extent={extent}
        search={search}
      />
    </SitePage>
  )
}

import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { catalogue } from '@/features/catalogue/cached'
import { inReadersCurrency } from '@/features/currencies/cached'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { catalogueNodes } from '@/features/discovery/series'
import { figuresAmong, publishers, recordExtent } from '@/features/extents/cached'
import { today } from '@/features/figures/cached'
import { Overview } from '@/features/overview/components/overview'
import { overviewSelections } from '@/features/overview/rules'
import { SitePage } from '@/features/shell/components/site-page'
import { targetChanges } from '@/features/targets/cached'
import { VintageForm } from '@/features/vintages/components/vintage-form'
import { isLocale, translator } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'

export const ensureStatic = 'navigation'

type Props = { params: Promise<{ locale: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  if (!isLocale(locale)) return {}
  const t = translator(locale, 'overview')
  return {
    ...pageMetadata(locale, '/', t('title'), t('description')),
    title: { absolute: t('title') },
  }
}

export default async function OverviewPage({ params }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const [names, figures, { whole: extent }, count, day, changes] = await Promise.all([
    catalogue(),
    figuresAmong(overviewSelections),
    recordExtent(),
    publishers(),
    today(),
    targetChanges(),
  ])
  const t = translator(locale, 'overview')
  const page = { path: '/', title: t('title'), description: t('description') }
  return (
    <SitePage locale={locale} path="/">
      <Overview
        locale={locale}
        catalogue={names}
        figures={await inReadersCurrency(figures, locale)}
        counted={{ extent, publishers: count }}
        today={day}
        changes={changes}
      />
      <VintageForm locale={locale} path="/" today={day} />
      <LinkedData
        locale={locale}
        page={page}
        nodes={(site) => catalogueNodes(site, { ...page, catalogue: names, extent })}
      />
    </SitePage>
  )
}

import { notFound } from 'next/navigation'
import { catalogue } from '@/features/catalogue/cached'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { figuresAmong, recordExtent } from '@/features/extents/cached'
import { IndicatorList } from '@/features/indicators/components/indicator-list'
import { SitePage } from '@/features/shell/components/site-page'
import { isLocale, type Locale, translator } from '@/lib/i18n'
import { metadataBy } from '@/lib/page-metadata'

export const ensureStatic = 'navigation'

type Props = { params: Promise<{ locale: string }> }

export const generateMetadata = metadataBy(introduction)

function introduction(locale: Locale) {
  const t = translator(locale, 'indicator')
  return { path: '/indicators', title: t('listTitle'), description: t('listDescription') }
}

export default async function IndicatorsPage({ params }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const [names, figures, extent] = await Promise.all([
    catalogue(),
    figuresAmong([[{}]]),
    recordExtent(),
  ])
  return (
    <SitePage locale={locale} path="/indicators">
      <IndicatorList locale={locale} catalogue={names} figures={figures} extent={extent} />
      <LinkedData locale={locale} page={introduction(locale)} />
    </SitePage>
  )
}

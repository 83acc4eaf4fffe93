import { notFound } from 'next/navigation'
import { catalogue } from '@/features/catalogue/cached'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { newestCommit, usualExplorer } from '@/features/explorer/cached'
import { ExplorerPage } from '@/features/explorer/components/explorer-page'
import { usualState } from '@/features/explorer/schema'
import { today } from '@/features/figures/cached'
import { SitePage } from '@/features/shell/components/site-page'
import { isLocale, type Locale, translator } from '@/lib/i18n'
import { metadataBy } from '@/lib/page-metadata'

export const ensureStatic = 'navigation'

type Props = { params: Promise<{ locale: string }> }

export const generateMetadata = metadataBy(introduction)

function introduction(locale: Locale) {
  const t = translator(locale, 'explorer')
  return { path: '/data', title: t('title'), description: t('description') }
}

export default async function DataPage({ params }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const [names, data, day, commit] = await Promise.all([
    catalogue(),
    usualExplorer(),
    today(),
    newestCommit(),
  ])
  return (
    <SitePage locale={locale} path="/data">
      <ExplorerPage
        locale={locale}
        catalogue={names}
        state={usualState}
        data={data}
        vintage={null}
        frozen={{ asOf: day, commit, isFrozen: true }}
        today={day}
      />
      <LinkedData locale={locale} page={introduction(locale)} />
    </SitePage>
  )
}

import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { catalogue } from '@/features/catalogue/cached'
import { newestCommit, usualExplorer } from '@/features/explorer/cached'
import { ExplorerPage } from '@/features/explorer/components/explorer-page'
import { usualState } from '@/features/explorer/schema'
import { today } from '@/features/figures/cached'
import { SitePage } from '@/features/shell/components/site-page'
import { isLocale, translator } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'

export const ensureStatic = 'navigation'

type Props = { params: Promise<{ locale: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  if (!isLocale(locale)) return {}
  const t = translator(locale, 'explorer')
  return pageMetadata(locale, '/data', t('title'), t('description'))
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
    </SitePage>
  )
}

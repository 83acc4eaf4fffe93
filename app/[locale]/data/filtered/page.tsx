import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ExplorerPage } from '@/features/explorer/components/explorer-page'
import { answerExplorer } from '@/features/explorer/data'
import { explorerPath, readExplorerRequest } from '@/features/explorer/schema'
import { SitePage } from '@/features/shell/components/site-page'
import { VintageNotice } from '@/features/vintages/components/vintage-notice'
import { isLocale, translator } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'

// proxy.ts leads here whatever has words of its own: made when asked for, whole.
export const instant = false

type Props = PageProps<'/[locale]/data/filtered'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  if (!isLocale(locale)) return {}
  const t = translator(locale, 'explorer')
  return {
    ...pageMetadata(locale, '/data', t('title'), t('description')),
    robots: { index: false },
  }
}

export default async function FilteredDataPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const query = Object.entries(await searchParams).flatMap(([word, value]) =>
    [value ?? []].flat().map((one) => [word, one]),
  )
  const answer = await answerExplorer(readExplorerRequest(new URLSearchParams(query)), locale)
  const { state, vintage } = answer
  return (
    <SitePage locale={locale} path={explorerPath(state, vintage)}>
      {vintage && (
        <VintageNotice locale={locale} vintage={vintage} path={explorerPath(state, null)} />
      )}
      <ExplorerPage locale={locale} {...answer} />
    </SitePage>
  )
}

import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { catalogue } from '@/features/catalogue/cached'
import { findIndicator } from '@/features/catalogue/rules'
import { Comparison } from '@/features/revisions/components/comparison'
import { readComparison } from '@/features/revisions/data'
import { SitePage } from '@/features/shell/components/site-page'
import { inLocale, isLocale, translator } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'

// One page for any two days: made when asked for, whole.
export const instant = false

type Props = PageProps<'/[locale]/indicators/[code]/vintages'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale, code } = await params
  const indicator = findIndicator(await catalogue(), code)
  if (!isLocale(locale) || !indicator) return {}
  const t = translator(locale, 'comparison')
  const title = t('title', { indicator: inLocale(indicator.name, locale) })
  return {
    ...pageMetadata(locale, `/indicators/${code}/vintages`, title, t('description')),
    robots: { index: false },
  }
}

export default async function Page({ params, searchParams }: Props) {
  const { locale, code } = await params
  const indicator = findIndicator(await catalogue(), code)
  if (!isLocale(locale) || !indicator) notFound()
  const data = await readComparison(code, await searchParams)
  const { from, to } = data.words
  const query = new URLSearchParams({ from, to })
  return (
    <SitePage locale={locale} path={`/indicators/${code}/vintages?${query}`}>
      <Comparison locale={locale} indicator={indicator} data={data} />
    </SitePage>
  )
}

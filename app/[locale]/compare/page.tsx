import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ComparePage } from '@/features/comparisons/components/compare-page'
import { readComparisonState } from '@/features/comparisons/data'
import { compareQuery } from '@/features/comparisons/schema'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { SitePage } from '@/features/shell/components/site-page'
import { VintageForm } from '@/features/vintages/components/vintage-form'
import { VintagePage, VintageProblem } from '@/features/vintages/components/vintage-page'
import { isLocale, translator } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'

// One page for any series: made when asked for, whole.
export const instant = false

type Props = PageProps<'/[locale]/compare'>

export async function generateMetadata({ params, searchParams }: Props): Promise<Metadata> {
  const { locale } = await params
  if (!isLocale(locale)) return {}
  const t = translator(locale, 'compare')
  const isAsked = Object.keys(await searchParams).length > 0
  return {
    ...pageMetadata(locale, '/compare', t('title'), t('description')),
    ...(isAsked && { robots: { index: false } }),
  }
}

export default async function Page({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const query = new URLSearchParams(
    Object.entries(await searchParams).flatMap(([word, value]) =>
      [value ?? []].flat().map((one) => [word, one]),
    ),
  )
  const state = await readComparisonState(query, locale)
  if (!state.ok) return <VintageProblem locale={locale} path="/compare" problem={state.problem} />
  const { vintage, day, words } = state.value
  const path = `/compare${compareQuery(words)}`
  const t = translator(locale, 'compare')
  const page = <ComparePage locale={locale} state={state.value} />
  return vintage ? (
    <VintagePage locale={locale} path={path} vintage={vintage}>
      {page}
    </VintagePage>
  ) : (
    <SitePage locale={locale} path={path}>
      {page}
      <VintageForm locale={locale} path={path} today={day} />
      <LinkedData
        locale={locale}
        page={{ path: '/compare', title: t('title'), description: t('description') }}
      />
    </SitePage>
  )
}

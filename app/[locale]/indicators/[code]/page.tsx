import type { Metadata } from 'next'
import { notFound, permanentRedirect } from 'next/navigation'
import { catalogue } from '@/features/catalogue/cached'
import { findIndicator } from '@/features/catalogue/rules'
import type { Indicator } from '@/features/catalogue/schema'
import { figuresAndComputed } from '@/features/computed/cached'
import { inReadersCurrency } from '@/features/currencies/cached'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { datasetNode } from '@/features/discovery/series'
import { recordExtent, revisionsOf } from '@/features/extents/cached'
import { extentOf } from '@/features/extents/rules'
import { today } from '@/features/figures/cached'
import { IndicatorPage } from '@/features/indicators/components/indicator-page'
import { coverageLines } from '@/features/reporting/cached'
import { CoverageLines } from '@/features/reporting/components/coverage-lines'
import { CompareForm } from '@/features/revisions/components/compare-form'
import { usualDays } from '@/features/revisions/series'
import { SitePage } from '@/features/shell/components/site-page'
import { VintageForm } from '@/features/vintages/components/vintage-form'
import { inLocale, isLocale, type Locale, localePath, translator } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'

export const ensureStatic = 'navigation'

type Props = { params: Promise<{ locale: string; code: string }> }

/**
 * One indicator shows at build time that the page can be prerendered. The others are prerendered
 * when first asked for: a starting server expires every page of the build anyhow.
 */
export async function generateStaticParams() {
  const { indicators } = await catalogue()
  return indicators.slice(0, 1).map(({ code }) => ({ code }))
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale, code } = await params
  const indicator = findIndicator(await catalogue(), code)
  if (!isLocale(locale) || !indicator) return {}
  const { path, title, description } = introduction(locale, indicator)
  return pageMetadata(locale, path, title, description)
}

function introduction(locale: Locale, { code, name }: Indicator) {
  const title = inLocale(name, locale)
  const description = translator(locale, 'indicator')('description', { indicator: title })
  return { path: `/indicators/${code}`, title, description }
}

export default async function Page({ params }: Props) {
  const { locale, code } = await params
  const names = await catalogue()
  const indicator = findIndicator(names, code)
  if (!isLocale(locale)) notFound()
  if (!indicator) {
    const kept = names.aliases.find(({ alias }) => alias === code)
    if (kept) permanentRedirect(localePath(locale, `/indicators/${kept.indicator}`))
    notFound()
  }
  const [figures, revisions, extent, day, coverage] = await Promise.all([
    figuresAndComputed(names, indicator),
    revisionsOf(code),
    recordExtent(),
    today(),
    coverageLines(),
  ])
  const page = introduction(locale, indicator)
  return (
    <SitePage locale={locale} path={page.path}>
      <IndicatorPage
        locale={locale}
        catalogue={names}
        indicator={indicator}
        figures={await inReadersCurrency(figures, locale)}
        revisions={revisions}
        today={day}
      />
      <CoverageLines locale={locale} catalogue={names} lines={coverage} of={{ indicator: code }} />
      <CompareForm locale={locale} indicator={code} words={usualDays(revisions, day)} today={day} />
      <VintageForm locale={locale} path={page.path} today={day} />
      <LinkedData
        locale={locale}
        page={page}
        crumbs={[{ text: translator(locale, 'indicator')('all'), path: '/indicators' }]}
        nodes={(site) => {
          const description = inLocale(indicator.definition, locale)
          const download = { indicator: [code] }
          const about = { description, catalogue: names, extent: extentOf(extent.indicators, code) }
          return [datasetNode(site, { ...page, ...about, figures, download })]
        }}
      />
    </SitePage>
  )
}

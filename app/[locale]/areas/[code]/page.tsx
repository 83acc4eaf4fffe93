import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AcademiesLink } from '@/features/academies/components/public-academies'
import { catalogue } from '@/features/catalogue/cached'
import { findArea } from '@/features/catalogue/rules'
import type { Area } from '@/features/catalogue/schema'
import { inReadersCurrency } from '@/features/currencies/cached'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { datasetNode } from '@/features/discovery/series'
import { figuresAmong, recordExtent } from '@/features/extents/cached'
import { extentOf } from '@/features/extents/rules'
import { today } from '@/features/figures/cached'
import { coverageLines } from '@/features/reporting/cached'
import { CoverageLines } from '@/features/reporting/components/coverage-lines'
import { SitePage } from '@/features/shell/components/site-page'
import { AreaPage } from '@/features/subjects/components/area-page'
import { areaSelections } from '@/features/subjects/rules'
import { targetChanges } from '@/features/targets/cached'
import { VintageForm } from '@/features/vintages/components/vintage-form'
import { inLocale, isLocale, type Locale, translator } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'

export const ensureStatic = 'navigation'

type Props = { params: Promise<{ locale: string; code: string }> }

/** One shows at build time that the page can be prerendered; the others are when first asked for. */
export async function generateStaticParams() {
  const { areas } = await catalogue()
  return areas.slice(0, 1).map(({ code }) => ({ code }))
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale, code } = await params
  const area = findArea(await catalogue(), code)
  if (!isLocale(locale) || !area) return {}
  const { path, title, description } = introduction(locale, area)
  return pageMetadata(locale, path, title, description)
}

function introduction(locale: Locale, { code, name }: Area) {
  const title = inLocale(name, locale)
  const description = translator(locale, 'subject')('areaDescription', { area: title })
  return { path: `/areas/${code}`, title, description }
}

export default async function Page({ params }: Props) {
  const { locale, code } = await params
  const names = await catalogue()
  const area = findArea(names, code)
  if (!isLocale(locale) || !area) notFound()
  const [figures, extent, day, changes] = await Promise.all([
    figuresAmong(areaSelections(code)),
    recordExtent(),
    today(),
    targetChanges(),
  ])
  const page = introduction(locale, area)
  const { path } = page
  return (
    <SitePage locale={locale} path={path}>
      <AreaPage
        locale={locale}
        catalogue={names}
        area={area}
        figures={await inReadersCurrency(figures, locale)}
        today={day}
        changes={changes}
      />
      <CoverageLines
        locale={locale}
        catalogue={names}
        lines={await coverageLines()}
        of={{ area: code }}
      />
      <AcademiesLink
        locale={locale}
        academies={names.academies.filter(({ area: own }) => own === code)}
        anchor={code}
      />
      <VintageForm locale={locale} path={path} today={day} />
      <LinkedData
        locale={locale}
        page={page}
        crumbs={[{ text: translator(locale, 'subject')('allAreas'), path: '/areas' }]}
        nodes={(site) => {
          const download = { area: [code] }
          const own = figures.filter((figure) => figure.area === code)
          const about = { catalogue: names, extent: extentOf(extent.areas, code) }
          return [datasetNode(site, { ...page, ...about, figures: own, download })]
        }}
      />
    </SitePage>
  )
}

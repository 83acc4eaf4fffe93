import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AcademiesLink } from '@/features/academies/components/public-academies'
import { catalogue } from '@/features/catalogue/cached'
import { findProgramme, programmesUnder } from '@/features/catalogue/rules'
import type { Programme } from '@/features/catalogue/schema'
import { inReadersCurrency } from '@/features/currencies/cached'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { datasetNode } from '@/features/discovery/series'
import { figuresAmong, recordExtent } from '@/features/extents/cached'
import { extentOf } from '@/features/extents/rules'
import { today } from '@/features/figures/cached'
import { coverageLines } from '@/features/reporting/cached'
import { CoverageLines } from '@/features/reporting/components/coverage-lines'
import { SitePage } from '@/features/shell/components/site-page'
import { ProgrammePage } from '@/features/subjects/components/programme-page'
import { targetChanges } from '@/features/targets/cached'
import { VintageForm } from '@/features/vintages/components/vintage-form'
import { inLocale, isLocale, type Locale, translator } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'

export const ensureStatic = 'navigation'

type Props = { params: Promise<{ locale: string; code: string }> }

/** One shows at build time that the page can be prerendered; the others are when first asked for. */
export async function generateStaticParams() {
  const { programmes } = await catalogue()
  return programmes.slice(0, 1).map(({ code }) => ({ code }))
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale, code } = await params
  const programme = findProgramme(await catalogue(), code)
  if (!isLocale(locale) || !programme) return {}
  const { path, title, description } = introduction(locale, programme)
  return pageMetadata(locale, path, title, description)
}

function introduction(locale: Locale, { code, name, description }: Programme) {
  const title = inLocale(name, locale)
  const told = inLocale(description, locale) || title
  return { path: `/programmes/${code}`, title, description: told }
}

export default async function Page({ params }: Props) {
  const { locale, code } = await params
  const names = await catalogue()
  const programme = findProgramme(names, code)
  if (!isLocale(locale) || !programme) notFound()
  const [figures, extent, day, changes] = await Promise.all([
    figuresAmong([[{ programmes: [code] }]]),
    recordExtent(),
    today(),
    targetChanges(),
  ])
  const page = introduction(locale, programme)
  const { path } = page
  return (
    <SitePage locale={locale} path={path}>
      <ProgrammePage
        locale={locale}
        catalogue={names}
        programme={programme}
        figures={await inReadersCurrency(figures, locale)}
        extent={extent}
        today={day}
        changes={changes}
      />
      <CoverageLines
        locale={locale}
        catalogue={names}
        lines={await coverageLines()}
        of={{ programme: code }}
      />
      <AcademiesLink
        locale={locale}
        academies={names.academies.filter(({ programme: own }) =>
          programmesUnder(names, code).includes(own),
        )}
      />
      <VintageForm locale={locale} path={path} today={day} />
      <LinkedData
        locale={locale}
        page={page}
        crumbs={[{ text: translator(locale, 'subject')('allProgrammes'), path: '/programmes' }]}
        nodes={(site) => {
          const download = { programme: [code] }
          const about = { catalogue: names, extent: extentOf(extent.programmes, code) }
          return [datasetNode(site, { ...page, ...about, figures, download })]
        }}
      />
    </SitePage>
  )
}

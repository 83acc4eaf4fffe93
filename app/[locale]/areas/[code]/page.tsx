import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { catalogue } from '@/features/catalogue/cached'
import { findArea } from '@/features/catalogue/rules'
import { allFigures, today } from '@/features/figures/cached'
import { SitePage } from '@/features/shell/components/site-page'
import { AreaPage } from '@/features/subjects/components/area-page'
import { targetChanges } from '@/features/targets/cached'
import { VintageForm } from '@/features/vintages/components/vintage-form'
import { inLocale, isLocale, translator } from '@/lib/i18n'
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
  const name = inLocale(area.name, locale)
  const description = translator(locale, 'subject')('areaDescription', { area: name })
  return pageMetadata(locale, `/areas/${code}`, name, description)
}

export default async function Page({ params }: Props) {
  const { locale, code } = await params
  const names = await catalogue()
  const area = findArea(names, code)
  if (!isLocale(locale) || !area) notFound()
  const [figures, day, changes] = await Promise.all([
    allFigures({ areas: [code, 'PK'] }),
    today(),
    targetChanges(),
  ])
  const path = `/areas/${code}`
  return (
    <SitePage locale={locale} path={path}>
      <AreaPage
        locale={locale}
        catalogue={names}
        area={area}
        figures={figures}
        today={day}
        changes={changes}
      />
      <VintageForm locale={locale} path={path} today={day} />
    </SitePage>
  )
}

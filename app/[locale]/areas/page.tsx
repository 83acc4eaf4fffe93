import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { catalogue } from '@/features/catalogue/cached'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { recordExtent } from '@/features/extents/cached'
import { today } from '@/features/figures/cached'
import { SitePage } from '@/features/shell/components/site-page'
import { AreaList } from '@/features/subjects/components/area-list'
import { VintageForm } from '@/features/vintages/components/vintage-form'
import { isLocale, type Locale, translator } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'

export const ensureStatic = 'navigation'

const path = '/areas'

type Props = { params: Promise<{ locale: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  if (!isLocale(locale)) return {}
  const page = introduction(locale)
  return pageMetadata(locale, path, page.title, page.description)
}

function introduction(locale: Locale) {
  const t = translator(locale, 'subject')
  return { path, title: t('areas'), description: t('areasLead') }
}

export default async function Page({ params }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const [names, extent, day] = await Promise.all([catalogue(), recordExtent(), today()])
  return (
    <SitePage locale={locale} path={path}>
      <AreaList locale={locale} catalogue={names} extent={extent} />
      <VintageForm locale={locale} path={path} today={day} />
      <LinkedData locale={locale} page={introduction(locale)} />
    </SitePage>
  )
}

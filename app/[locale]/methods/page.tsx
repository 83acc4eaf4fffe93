import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { catalogue } from '@/features/catalogue/cached'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { MethodsPage } from '@/features/methods/components/methods-page'
import { SitePage } from '@/features/shell/components/site-page'
import { isLocale, type Locale, translator } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'

export const ensureStatic = 'navigation'

type Props = { params: Promise<{ locale: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  if (!isLocale(locale)) return {}
  const { path, title, description } = introduction(locale)
  return pageMetadata(locale, path, title, description)
}

function introduction(locale: Locale) {
  const t = translator(locale, 'methods')
  return { path: '/methods', title: t('title'), description: t('description') }
}

export default async function MethodsRoute({ params }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  return (
    <SitePage locale={locale} path="/methods">
      <MethodsPage locale={locale} catalogue={await catalogue()} />
      <LinkedData locale={locale} page={introduction(locale)} />
    </SitePage>
  )
}

import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { catalogue } from '@/features/catalogue/cached'
import { MethodsPage } from '@/features/methods/components/methods-page'
import { SitePage } from '@/features/shell/components/site-page'
import { isLocale, translator } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'

export const ensureStatic = 'navigation'

type Props = { params: Promise<{ locale: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  if (!isLocale(locale)) return {}
  const t = translator(locale, 'methods')
  return pageMetadata(locale, '/methods', t('title'), t('description'))
}

export default async function MethodsRoute({ params }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  return (
    <SitePage locale={locale} path="/methods">
      <MethodsPage locale={locale} catalogue={await catalogue()} />
    </SitePage>
  )
}

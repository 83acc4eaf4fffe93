import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AboutPage } from '@/features/about/components/about-page'
import { SitePage } from '@/features/shell/components/site-page'
import { isLocale, translator } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'

export const ensureStatic = 'navigation'

type Props = { params: Promise<{ locale: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  if (!isLocale(locale)) return {}
  const t = translator(locale, 'about')
  return pageMetadata(locale, '/about', t('title'), t('description'))
}

export default async function AboutRoute({ params }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  return (
    <SitePage locale={locale} path="/about">
      <AboutPage locale={locale} />
    </SitePage>
  )
}

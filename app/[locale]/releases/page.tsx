import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { releaseCalendar } from '@/features/releases/cached'
import { Calendar } from '@/features/releases/components/calendar'
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
  const t = translator(locale, 'releases')
  return { path: '/releases', title: t('title'), description: t('lead') }
}

export default async function ReleasesPage({ params }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const { next, past } = await releaseCalendar()
  return (
    <SitePage locale={locale} path="/releases">
      <Calendar locale={locale} next={next} past={past} />
      <LinkedData locale={locale} page={introduction(locale)} />
    </SitePage>
  )
}

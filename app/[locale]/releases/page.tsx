import { notFound } from 'next/navigation'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { releaseCalendar } from '@/features/releases/cached'
import { Calendar } from '@/features/releases/components/calendar'
import { SitePage } from '@/features/shell/components/site-page'
import { isLocale, type Locale, translator } from '@/lib/i18n'
import { metadataBy } from '@/lib/page-metadata'

export const ensureStatic = 'navigation'

type Props = { params: Promise<{ locale: string }> }

export const generateMetadata = metadataBy(introduction)

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

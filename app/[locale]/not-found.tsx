import type { Metadata } from 'next'
import { locale as rootLocale } from 'next/root-params'
import { NotFoundMessage } from '@/features/shell/components/not-found-message'
import { SitePage } from '@/features/shell/components/site-page'
import { defaultLocale, isLocale, type Locale, translator } from '@/lib/i18n'

async function currentLocale(): Promise<Locale> {
  const locale = await rootLocale()
  return locale && isLocale(locale) ? locale : defaultLocale
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: translator(await currentLocale(), 'shell.notFound')('title') }
}

/** For a route that exists and a thing that does not, such as an indicator nobody defined. */
export default async function NotFound() {
  const locale = await currentLocale()
  return (
    <SitePage locale={locale} path={null}>
      <NotFoundMessage locale={locale} />
    </SitePage>
  )
}

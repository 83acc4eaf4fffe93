import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { chartOfToday } from '@/features/images/cached'
import { EmbeddedChart } from '@/features/images/components/embedded-chart'
import { isLocale } from '@/lib/i18n'

export const ensureStatic = 'navigation'

type Props = { params: Promise<{ locale: string; theme: string; place: string[] }> }

/** One chart shows at build time that the page can be prerendered. */
export function generateStaticParams() {
  return [{ place: ['overview', 'exports-by-year'] }]
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale, place } = await params
  const chart = isLocale(locale) ? await chartOfToday(place, locale) : null
  return chart ? { title: chart.model.title } : {}
}

export default async function Page({ params }: Props) {
  const { locale, place } = await params
  const chart = isLocale(locale) ? await chartOfToday(place, locale) : null
  if (!isLocale(locale) || !chart) notFound()
  return <EmbeddedChart chart={chart} place={chart.place} locale={locale} />
}

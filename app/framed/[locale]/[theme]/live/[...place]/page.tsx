import { notFound } from 'next/navigation'
import { EmbeddedChart } from '@/features/images/components/embedded-chart'
import { readChart } from '@/features/images/data'
import { readChartPlace } from '@/features/images/schema'
import { isLocale } from '@/lib/i18n'

// Made when asked for, whole: there is one for every comparison.
export const instant = false

type Props = PageProps<'/framed/[locale]/[theme]/live/[...place]'>

export default async function Page({ params }: Props) {
  const { locale, place: path } = await params
  const place = readChartPlace(path)
  if (!isLocale(locale) || !place) notFound()
  const chart = await readChart(place, {}, locale)
  if (!chart.ok || !chart.value) notFound()
  return <EmbeddedChart chart={chart.value} place={place} locale={locale} />
}

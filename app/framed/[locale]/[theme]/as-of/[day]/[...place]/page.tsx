import { notFound } from 'next/navigation'
import { EmbeddedChart } from '@/features/images/components/embedded-chart'
import { readChart } from '@/features/images/data'
import { readChartPlace } from '@/features/images/schema'
import { readVintageWords } from '@/features/vintages/schema'
import { isLocale } from '@/lib/i18n'

// A past state is made when asked for, whole: there is one for every day and commit.
export const instant = false

type Props = PageProps<'/framed/[locale]/[theme]/as-of/[day]/[...place]'>

export default async function Page({ params, searchParams }: Props) {
  const { locale, day, place: path } = await params
  const place = readChartPlace(path)
  if (!isLocale(locale) || !place) notFound()
  const chart = await readChart(place, readVintageWords(day, await searchParams), locale)
  if (!chart.ok || !chart.value) notFound()
  return <EmbeddedChart chart={chart.value} place={place} locale={locale} />
}

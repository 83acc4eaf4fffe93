import { notFound } from 'next/navigation'
import { IndicatorList } from '@/features/indicators/components/indicator-list'
import { recordAsOf } from '@/features/record/data'
import { VintagePage, VintageProblem } from '@/features/vintages/components/vintage-page'
import { readVintageWords } from '@/features/vintages/schema'
import { isLocale } from '@/lib/i18n'

const path = '/indicators'

export default async function Page({
  params,
  searchParams,
}: PageProps<'/[locale]/as-of/[day]/indicators'>) {
  const { locale, day } = await params
  if (!isLocale(locale)) notFound()
  const record = await recordAsOf(readVintageWords(day, await searchParams))
  if (!record.ok) return <VintageProblem locale={locale} path={path} problem={record.problem} />
  const { catalogue, figures, vintage } = record.value
  return (
    <VintagePage locale={locale} path={path} vintage={vintage}>
      <IndicatorList locale={locale} catalogue={catalogue} figures={figures} vintage={vintage} />
    </VintagePage>
  )
}

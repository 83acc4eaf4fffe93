import { notFound } from 'next/navigation'
import { IndicatorList } from '@/features/indicators/components/indicator-list'
import { recordAsOf } from '@/features/record/data'
import { VintagePage, VintageProblem } from '@/features/vintages/components/vintage-page'
import { readVintageWords } from '@/features/vintages/schema'
import { isLocale } from '@/lib/i18n'
import { searchIn } from '@/lib/search-text'

const path = '/indicators'

export default async function Page({
  params,
  searchParams,
}: PageProps<'/[locale]/as-of/[day]/indicators'>) {
  const { locale, day } = await params
  if (!isLocale(locale)) notFound()
  const words = await searchParams
  const search = searchIn(words.q)
  const record = await recordAsOf(readVintageWords(day, words))
  if (!record.ok) return <VintageProblem locale={locale} path={path} problem={record.problem} />
  const { catalogue, figures, extent, vintage } = record.value
  return (
    <VintagePage
      locale={locale}
      path={search ? `${path}?${new URLSearchParams({ q: search })}` : path}
      vintage={vintage}
    >
      <IndicatorList
        locale={locale}
        catalogue={catalogue}
        figures={figures}
        extent={extent}
        search={search}
        vintage={vintage}
      />
    </VintagePage>
  )
}

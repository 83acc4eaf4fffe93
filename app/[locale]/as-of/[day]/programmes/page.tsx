import { notFound } from 'next/navigation'
import { coveredAsOf } from '@/features/record/data'
import { ProgrammeList } from '@/features/subjects/components/programme-list'
import { VintagePage, VintageProblem } from '@/features/vintages/components/vintage-page'
import { readVintageWords } from '@/features/vintages/schema'
import { isLocale } from '@/lib/i18n'

const path = '/programmes'

export default async function Page({
  params,
  searchParams,
}: PageProps<'/[locale]/as-of/[day]/programmes'>) {
  const { locale, day } = await params
  if (!isLocale(locale)) notFound()
  const record = await coveredAsOf(readVintageWords(day, await searchParams))
  if (!record.ok) return <VintageProblem locale={locale} path={path} problem={record.problem} />
  return (
    <VintagePage locale={locale} path={path} vintage={record.value.vintage}>
      <ProgrammeList locale={locale} {...record.value} />
    </VintagePage>
  )
}

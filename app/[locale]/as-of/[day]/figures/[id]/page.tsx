import { notFound } from 'next/navigation'
import { FigurePage } from '@/features/proofs/components/figure-page'
import { readFigurePage } from '@/features/proofs/data'
import { VintagePage, VintageProblem } from '@/features/vintages/components/vintage-page'
import { readVintageWords } from '@/features/vintages/schema'
import { isLocale } from '@/lib/i18n'

export default async function Page({
  params,
  searchParams,
}: PageProps<'/[locale]/as-of/[day]/figures/[id]'>) {
  const { locale, day, id } = await params
  if (!isLocale(locale)) notFound()
  const path = `/figures/${id}`
  const page = await readFigurePage(id, readVintageWords(day, await searchParams))
  if (!page.ok) return <VintageProblem locale={locale} path={path} problem={page.problem} />
  const vintage = page.value?.proof.vintage
  if (!page.value || !vintage) notFound()
  return (
    <VintagePage locale={locale} path={path} vintage={vintage}>
      <FigurePage locale={locale} {...page.value} />
    </VintagePage>
  )
}

import { notFound } from 'next/navigation'
import { ComputedPage } from '@/features/proofs/components/computed-page'
import { FigurePage } from '@/features/proofs/components/figure-page'
import { isComputedAddress, readComputedPage, readFigurePage } from '@/features/proofs/data'
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
  const words = readVintageWords(day, await searchParams)
  const computed = isComputedAddress(id) ? await readComputedPage(id, words) : null
  if (computed?.ok) {
    const vintage = computed.value?.proof.vintage
    if (!computed.value || !vintage) notFound()
    return (
      <VintagePage locale={locale} path={path} vintage={vintage}>
        <ComputedPage locale={locale} {...computed.value} />
      </VintagePage>
    )
  }
  const page = computed ?? (await readFigurePage(id, words))
  if (!page.ok) return <VintageProblem locale={locale} path={path} problem={page.problem} />
  const vintage = page.value?.proof.vintage
  if (!page.value || !vintage) notFound()
  return (
    <VintagePage locale={locale} path={path} vintage={vintage}>
      <FigurePage locale={locale} {...page.value} />
    </VintagePage>
  )
}

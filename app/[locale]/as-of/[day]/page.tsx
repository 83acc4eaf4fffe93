import { notFound } from 'next/navigation'
import { inCurrencyOf } from '@/features/currencies/data'
import { Overview } from '@/features/overview/components/overview'
import { overviewSelections } from '@/features/overview/rules'
import { countedAsOf, recordAsOf } from '@/features/record/data'
import { readTargetChanges } from '@/features/targets/data'
import { VintagePage, VintageProblem } from '@/features/vintages/components/vintage-page'
import { readVintageWords } from '@/features/vintages/schema'
import { isLocale } from '@/lib/i18n'

export default async function Page({ params, searchParams }: PageProps<'/[locale]/as-of/[day]'>) {
  const { locale, day } = await params
  if (!isLocale(locale)) notFound()
  const record = await recordAsOf(
    readVintageWords(day, await searchParams),
    () => overviewSelections,
  )
  if (!record.ok) return <VintageProblem locale={locale} path="/" problem={record.problem} />
  const { catalogue, figures, vintage } = record.value
  return (
    <VintagePage locale={locale} path="/" vintage={vintage}>
      <Overview
        locale={locale}
        catalogue={catalogue}
        figures={await inCurrencyOf(vintage, figures, locale)}
        counted={await countedAsOf(vintage)}
        today={vintage.asOf}
        changes={await readTargetChanges(vintage)}
        vintage={vintage}
      />
    </VintagePage>
  )
}

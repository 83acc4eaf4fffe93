import { notFound } from 'next/navigation'
import { Briefing } from '@/features/briefing/components/briefing'
import { inCurrencyOf } from '@/features/currencies/data'
import { overviewSelections } from '@/features/overview/rules'
import { recordAsOf } from '@/features/record/data'
import { readTargetChanges } from '@/features/targets/data'
import { VintagePage, VintageProblem } from '@/features/vintages/components/vintage-page'
import { readVintageWords } from '@/features/vintages/schema'
import { isLocale } from '@/lib/i18n'

const path = '/briefing'

export default async function Page({
  params,
  searchParams,
}: PageProps<'/[locale]/as-of/[day]/briefing'>) {
  const { locale, day } = await params
  if (!isLocale(locale)) notFound()
  const record = await recordAsOf(
    readVintageWords(day, await searchParams),
    () => overviewSelections,
  )
  if (!record.ok) return <VintageProblem locale={locale} path={path} problem={record.problem} />
  const { catalogue, figures, vintage } = record.value
  return (
    <VintagePage locale={locale} path={path} vintage={vintage}>
      <Briefing
        locale={locale}
        catalogue={catalogue}
        figures={await inCurrencyOf(vintage, figures, locale)}
        today={vintage.asOf}
        changes={await readTargetChanges(vintage)}
        vintage={vintage}
      />
    </VintagePage>
  )
}

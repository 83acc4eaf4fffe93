import { notFound } from 'next/navigation'
import { findIndicator } from '@/features/catalogue/rules'
import { inCurrencyOf } from '@/features/currencies/data'
import { IndicatorPage } from '@/features/indicators/components/indicator-page'
import { indicatorAsOf, revisionsAsOf } from '@/features/record/data'
import { CoverageLines } from '@/features/reporting/components/coverage-lines'
import { readCoverage } from '@/features/reporting/data'
import { VintagePage, VintageProblem } from '@/features/vintages/components/vintage-page'
import { readVintageWords } from '@/features/vintages/schema'
import { isLocale } from '@/lib/i18n'

export default async function Page({
  params,
  searchParams,
}: PageProps<'/[locale]/as-of/[day]/indicators/[code]'>) {
  const { locale, day, code } = await params
  if (!isLocale(locale)) notFound()
  const path = `/indicators/${code}`
  const record = await indicatorAsOf(code, readVintageWords(day, await searchParams))
  if (!record.ok) return <VintageProblem locale={locale} path={path} problem={record.problem} />
  const { catalogue, figures, vintage } = record.value
  const indicator = findIndicator(catalogue, code)
  if (!indicator) notFound()
  return (
    <VintagePage locale={locale} path={path} vintage={vintage}>
      <IndicatorPage
        locale={locale}
        catalogue={catalogue}
        indicator={indicator}
        figures={await inCurrencyOf(vintage, figures, locale)}
        revisions={await revisionsAsOf(code, vintage)}
        today={vintage.asOf}
        vintage={vintage}
      />
      <CoverageLines
        locale={locale}
        catalogue={catalogue}
        lines={await readCoverage(catalogue, vintage)}
        of={{ indicator: code }}
        vintage={vintage}
      />
    </VintagePage>
  )
}

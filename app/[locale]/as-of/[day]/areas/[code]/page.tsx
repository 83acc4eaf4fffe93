import { notFound } from 'next/navigation'
import { findArea } from '@/features/catalogue/rules'
import { inCurrencyOf } from '@/features/currencies/data'
import { recordAsOf } from '@/features/record/data'
import { CoverageLines } from '@/features/reporting/components/coverage-lines'
import { readCoverage } from '@/features/reporting/data'
import { AreaPage } from '@/features/subjects/components/area-page'
import { areaSelections } from '@/features/subjects/rules'
import { readTargetChanges } from '@/features/targets/data'
import { VintagePage, VintageProblem } from '@/features/vintages/components/vintage-page'
import { readVintageWords } from '@/features/vintages/schema'
import { isLocale } from '@/lib/i18n'

export default async function Page({
  params,
  searchParams,
}: PageProps<'/[locale]/as-of/[day]/areas/[code]'>) {
  const { locale, day, code } = await params
  if (!isLocale(locale)) notFound()
  const path = `/areas/${code}`
  const record = await recordAsOf(readVintageWords(day, await searchParams), () =>
    areaSelections(code),
  )
  if (!record.ok) return <VintageProblem locale={locale} path={path} problem={record.problem} />
  const { catalogue, vintage } = record.value
  const area = findArea(catalogue, code)
  if (!area) notFound()
  return (
    <VintagePage locale={locale} path={path} vintage={vintage}>
      <AreaPage
        locale={locale}
        {...record.value}
        figures={await inCurrencyOf(vintage, record.value.figures, locale)}
        area={area}
        today={vintage.asOf}
        changes={await readTargetChanges(vintage)}
      />
      <CoverageLines
        locale={locale}
        catalogue={catalogue}
        lines={await readCoverage(catalogue, vintage)}
        of={{ area: code }}
        vintage={vintage}
      />
    </VintagePage>
  )
}

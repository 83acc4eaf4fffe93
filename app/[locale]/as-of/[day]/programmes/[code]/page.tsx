import { notFound } from 'next/navigation'
import { findProgramme, programmesUnder } from '@/features/catalogue/rules'
import { inCurrencyOf } from '@/features/currencies/data'
import { recordAsOf } from '@/features/record/data'
import { CoverageLines } from '@/features/reporting/components/coverage-lines'
import { readCoverage } from '@/features/reporting/data'
import { ProgrammePage } from '@/features/subjects/components/programme-page'
import { readTargetChanges } from '@/features/targets/data'
import { VintagePage, VintageProblem } from '@/features/vintages/components/vintage-page'
import { readVintageWords } from '@/features/vintages/schema'
import { isLocale } from '@/lib/i18n'

export default async function Page({
  params,
  searchParams,
}: PageProps<'/[locale]/as-of/[day]/programmes/[code]'>) {
  const { locale, day, code } = await params
  if (!isLocale(locale)) notFound()
  const path = `/programmes/${code}`
  const record = await recordAsOf(readVintageWords(day, await searchParams), (names) => [
    [{ programmes: programmesUnder(names, code) }],
  ])
  if (!record.ok) return <VintageProblem locale={locale} path={path} problem={record.problem} />
  const { catalogue, vintage } = record.value
  const programme = findProgramme(catalogue, code)
  if (!programme) notFound()
  return (
    <VintagePage locale={locale} path={path} vintage={vintage}>
      <ProgrammePage
        locale={locale}
        {...record.value}
        figures={await inCurrencyOf(vintage, record.value.figures, locale)}
        programme={programme}
        today={vintage.asOf}
        changes={await readTargetChanges(vintage)}
      />
      <CoverageLines
        locale={locale}
        catalogue={catalogue}
        lines={await readCoverage(catalogue, vintage)}
        of={{ programme: code }}
        vintage={vintage}
      />
    </VintagePage>
  )
}

import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Notice } from '@/components/ui/notice'
import { catalogue } from '@/features/catalogue/cached'
import { ReportPage } from '@/features/reports/components/report-page'
import { readReport } from '@/features/reports/data'
import { readReportId } from '@/features/reports/schema'
import { SitePage } from '@/features/shell/components/site-page'
import { isLocale, translator } from '@/lib/i18n'

// Its state changes with each step on the desk: made when asked for, whole.
export const instant = false

type Props = PageProps<'/[locale]/reports/[id]'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  if (!isLocale(locale)) return {}
  return { title: translator(locale, 'reports')('title'), robots: { index: false } }
}

export default async function Page({ params, searchParams }: Props) {
  const { locale, id } = await params
  if (!isLocale(locale)) notFound()
  const known = readReportId(id)
  const report = known && (await readReport(known))
  if (!report) notFound()
  const { sent } = await searchParams
  const t = translator(locale, 'reports')
  return (
    <SitePage locale={locale} path={`/reports/${report.id}`}>
      <div className="stack">
        {sent === '1' && (
          <Notice tone="success" title={t('sent')}>
            <p>{t('sentText')}</p>
          </Notice>
        )}
        <ReportPage locale={locale} catalogue={await catalogue()} report={report} />
      </div>
    </SitePage>
  )
}

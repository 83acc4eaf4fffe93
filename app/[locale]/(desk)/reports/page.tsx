import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Follow } from '@/components/ui/follow'
import { Notice } from '@/components/ui/notice'
import { Gate } from '@/features/accounts/components/gate'
import { catalogue } from '@/features/catalogue/cached'
import { DeskPage } from '@/features/desk/components/desk-page'
import { figureWriter } from '@/features/figures/series'
import { DeskReportItem } from '@/features/reports/components/desk-report'
import { countWaiting, waitingReports } from '@/features/reports/data'
import type { StepState } from '@/features/reports/schema'
import { keptAnswer } from '@/lib/form-answer'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/reports'>

const shown = 50

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'reports.desk')('title') } : {}
}

export default async function Page({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const answer = await keptAnswer<StepState>('reportStep')
  return (
    <DeskPage locale={locale} path="/reports">
      <Follow goTo={answer?.goTo ?? null} />
      <div className="stack" style={{ '--stack': '2rem' } as object}>
        <Gate permission="reports.answer" locale={locale} path={localePath(locale, '/reports')}>
          {async () => <Reports locale={locale} answer={answer} done={(await searchParams).done} />}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function Reports({
  locale,
  answer,
  done,
}: {
  locale: Locale
  answer: StepState | undefined
  done: string | string[] | undefined
}) {
  const [names, reports, count] = await Promise.all([
    catalogue(),
    waitingReports(shown),
    countWaiting(),
  ])
  const t = translator(locale, 'reports.desk')
  const outcomes = ['in_hand', 'accepted', 'declined', 'moved'] as const
  const outcome = outcomes.find((one) => one === done)
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">{t('lead')}</p>
      {outcome && (
        <Notice tone={outcome === 'moved' ? 'warning' : 'success'}>
          <p>{t(`done.${outcome}`)}</p>
        </Notice>
      )}
      {reports.length === 0 && <p className="text-muted">{t('none')}</p>}
      {reports.map((report) => (
        <DeskReportItem
          key={report.id}
          locale={locale}
          writer={figureWriter(names, locale)}
          report={report}
          answer={answer?.ticket.id === report.id ? answer : undefined}
        />
      ))}
      {reports.length < count && <p>{t('more', { shown: reports.length, count })}</p>}
    </>
  )
}

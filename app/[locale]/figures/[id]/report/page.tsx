import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumbs } from '@/components/ui/breadcrumbs'
import { figureWriter, subjectText } from '@/features/figures/series'
import { readFigurePage } from '@/features/proofs/data'

import { ReportForm } from '@/features/reports/components/report-form'
import { freshReportId } from '@/features/reports/data'
import type { ReportFormState } from '@/features/reports/schema'
import { SitePage } from '@/features/shell/components/site-page'
import { keptAnswer } from '@/lib/form-answer'
import { isLocale, translator } from '@/lib/i18n'

// Each form has an id of its own: made when asked for, whole.
export const instant = false

type Props = PageProps<'/[locale]/figures/[id]/report'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  if (!isLocale(locale)) return {}
  return {
    title: translator(locale, 'reports.form')('title'),
    robots: { index: false },
    referrer: 'same-origin',
  }
}

export default async function Page({ params }: Props) {
  const { locale, id } = await params
  if (!isLocale(locale)) notFound()
  const answer = await keptAnswer<ReportFormState>('report')
  const page = await readFigurePage(id, {})
  if (!page.ok || !page.value) notFound()
  const { catalogue, history, figure } = page.value.proof
  const t = translator(locale, 'reports.form')
  const writer = figureWriter(catalogue, locale)
  const fresh: ReportFormState = {
    attempt: 0,
    id: freshReportId(),
    values: { wrong: '', instead: '', shownAt: '' },
    problems: [],
    goTo: null,
  }
  return (
    <SitePage locale={locale} path={`/figures/${history.id}/report`}>
      <Breadcrumbs
        label={translator(locale, 'indicator')('way')}
        crumbs={[
          {
            text: writer.names.indicator(history.key.indicator),
            href: writer.indicatorPath(history.key.indicator),
          },
          { text: writer.period(history.key), href: writer.figurePath(history) },
        ]}
        current={t('title')}
      />
      <div className="stack">
        <h1>{t('title')}</h1>
        <p className="lead">
          {subjectText(history.key, writer, locale)}
          <br />
          <strong className="text-text">
            {figure ? writer.value(figure) : translator(locale, 'figures')('withdrawn')}
          </strong>
          {' · '}
          {writer.period(history.key)}
        </p>
        <p className="prose">{t('lead')}</p>
        <ReportForm
          locale={locale}
          figure={history.id}
          initial={answer ?? fresh}
          texts={{
            labels: {
              wrong: t('wrong'),
              instead: t('instead'),
              shownAt: t('shownAt'),
            },
            hints: {
              wrong: t('wrongHint'),
              instead: t('insteadHint'),
              shownAt: t('shownAtHint'),
            },
            trap: t('trap'),
            submit: t('submit'),
            errorTitle: t('errorTitle'),
            errorPrefix: t('errorPrefix'),
          }}
        />
      </div>
    </SitePage>
  )
}

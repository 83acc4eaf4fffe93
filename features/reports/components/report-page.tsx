import type { Catalogue } from '@/features/catalogue/schema'
import { figureWriter } from '@/features/figures/series'
import { formatDay } from '@/features/periods/rules'
import { figureName } from '@/features/proposals/components/words'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { isAnswered } from '../rules'
import type { Report } from '../schema'
import { ReportAnswer } from './report-answer'
import { ReportStateMark } from './report-state'

/** One report as everybody may see it: where it stands, and what it was answered. */
export function ReportPage({
  locale,
  catalogue,
  report,
}: {
  locale: Locale
  catalogue: Catalogue
  report: Report
}) {
  const t = translator(locale, 'reports')
  const writer = figureWriter(catalogue, locale)
  const { key } = report.figure
  const day = formatDay(report.receivedOn, locale)
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">
        <a href={writer.figurePath(report.figure)}>{figureName(locale, writer, key)}</a>
        {' · '}
        {writer.period(key)}
      </p>
      {isAnswered(report.state) ? (
        <ReportAnswer locale={locale} writer={writer} report={report} />
      ) : (
        <>
          <p>
            <ReportStateMark locale={locale} state={report.state} />
          </p>
          <p className="prose">
            {report.inHandOn
              ? t('inHandText', { day, since: formatDay(report.inHandOn, locale) })
              : t('receivedText', { day })}
          </p>
        </>
      )}
      <p className="text-small text-muted">
        {t('number', { id: report.id })}{' '}
        <a href={localePath(locale, '/corrections')}>{t('corrections.all')}</a>
      </p>
    </>
  )
}

import type { FigureWriter } from '@/features/figures/series'
import { figureName } from '@/features/proposals/components/words'
import { type Locale, localePath, translator } from '@/lib/i18n'
import type { Report } from '../schema'
import { ReportAnswer } from './report-answer'

/** What readers reported and what it was answered, the newest answer first. */
export function CorrectionList({
  locale,
  writer,
  reports,
  count,
}: {
  locale: Locale
  writer: FigureWriter
  reports: readonly Report[]
  /** Of all answered reports. */
  count: number
}) {
  const t = translator(locale, 'reports.corrections')
  return (
    <div className="stack" style={{ '--stack': '2rem' } as object}>
      <h1>{t('title')}</h1>
      <p className="lead">{t('lead')}</p>
      {reports.length === 0 && <p className="text-muted">{t('none')}</p>}
      {reports.map((report) => (
        <article
          key={report.id}
          className="card stack"
          style={{ '--stack': '0.75rem' } as object}
          aria-labelledby={`r-${report.id}`}
        >
          <h2 id={`r-${report.id}`} className="text-h3">
            <a href={localePath(locale, `/reports/${report.id}`)}>
              {figureName(locale, writer, report.figure.key)}
            </a>
            <span className="block text-muted">{writer.period(report.figure.key)}</span>
          </h2>
          <ReportAnswer locale={locale} writer={writer} report={report} />
        </article>
      ))}
      {reports.length < count && <p>{t('more', { shown: reports.length, count })}</p>}
    </div>
  )
}

import type { FigureWriter } from '@/features/figures/series'
import { formatDay } from '@/features/periods/rules'
import { type Locale, localePath, translator } from '@/lib/i18n'
import type { Report, ReportWords } from '../schema'
import { ReportStateMark } from './report-state'

/** What a report was answered, with the reader's words where they are shared. */
export function ReportAnswer({
  locale,
  writer,
  report,
}: {
  locale: Locale
  writer: FigureWriter
  report: Report
}) {
  const t = translator(locale, 'reports')
  return (
    <>
      <p>
        <ReportStateMark locale={locale} state={report.state} />
        <span className="text-small text-muted">
          {' · '}
          {t('answeredOn', {
            received: formatDay(report.receivedOn, locale),
            answered: formatDay(report.answeredOn ?? report.receivedOn, locale),
          })}
        </span>
      </p>
      {report.words && <Words locale={locale} words={report.words} />}
      <p className="prose">
        <strong>{t('answer')}:</strong> <bdi>{report.answer}</bdi>
      </p>
      {report.revision !== null && (
        <p>
          <a href={`${writer.figurePath(report.figure)}#r${report.revision}`}>
            {t('correctedBy', { revision: report.revision })}
          </a>
        </p>
      )}
    </>
  )
}

/** The reader's words, each with what it says; empty ones left out. */
export function Words({ locale, words }: { locale: Locale; words: ReportWords }) {
  const t = translator(locale, 'reports')
  return (
    <dl className="definition-list">
      {(['wrong', 'instead', 'shownAt'] as const)
        .filter((name) => words[name] !== '')
        .map((name) => (
          <div key={name}>
            <dt>{t(`words.${name}`)}</dt>
            <dd>
              <bdi>{words[name]}</bdi>
            </dd>
          </div>
        ))}
    </dl>
  )
}

/** Answered reports on one figure, how many wait, and the way to send another. */
export function FigureReportsSection({
  locale,
  writer,
  figure,
  waiting,
  answered,
}: {
  locale: Locale
  writer: FigureWriter
  figure: number
  waiting: number
  answered: readonly Report[]
}) {
  const t = translator(locale, 'reports')
  return (
    <section aria-labelledby="reports" className="section">
      <h2 id="reports">{t('section')}</h2>
      <p>
        {t('waiting', { count: waiting })}{' '}
        <a href={localePath(locale, `/figures/${figure}/report`)} rel="nofollow">
          {t('form.title')}
        </a>
      </p>
      {answered.length > 0 && (
        <ul className="mt-4">
          {answered.map((report) => (
            <li
              key={report.id}
              className="stack border-t border-rule py-4"
              style={{ '--stack': '0.5rem' } as object}
            >
              <ReportAnswer locale={locale} writer={writer} report={report} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

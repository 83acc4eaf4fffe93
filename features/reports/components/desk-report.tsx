import type { FigureWriter } from '@/features/figures/series'
import { formatDay } from '@/features/periods/rules'
import { figureName, signInBeside } from '@/features/proposals/components/words'
import { type Locale, localePath, translator } from '@/lib/i18n'
import type { DeskReport, StepState } from '../schema'
import { AnswerForm } from './answer-form'
import { Words } from './report-answer'
import { ReportStateMark } from './report-state'

/** One report as officers see it: the reader's words, the way to correct the figure, the answer. */
export function DeskReportItem({
  locale,
  writer,
  report,
  answer,
}: {
  locale: Locale
  writer: FigureWriter
  report: DeskReport
  /** What a step on this very report was answered, if this page is part of the answer. */
  answer: StepState | undefined
}) {
  const t = translator(locale, 'reports')
  const { key } = report.figure
  const name = figureName(locale, writer, key)
  const figure = [name, writer.period(key)].join(translator(locale, 'entry')('comma'))
  const { indicator, programme, area, sex, role, kind, unit, period } = key
  const place = new URLSearchParams({ indicator, programme, area, sex, role, kind, unit, period })
  const headingId = `r-${report.id}`
  return (
    <article
      className="card stack"
      style={{ '--stack': '1rem' } as object}
      aria-labelledby={headingId}
    >
      <h2 id={headingId} className="text-h3">
        {name}
        <span className="block text-muted">{writer.period(key)}</span>
      </h2>
      <p>
        <ReportStateMark locale={locale} state={report.state} />
        <span className="text-small text-muted">
          {' · '}
          {t('receivedOn', { day: formatDay(report.receivedOn, locale) })}
        </span>
      </p>
      <Words locale={locale} words={report.words} />
      <p className="flex flex-wrap gap-x-6">
        <a href={writer.figurePath(report.figure)}>{t('desk.figure')}</a>
        <a href={localePath(locale, `/entry/new?${place}`)}>{t('desk.correct')}</a>
        <a href={localePath(locale, `/reports/${report.id}`)}>{t('desk.public')}</a>
      </p>
      <Answer locale={locale} writer={writer} report={report} answer={answer} figure={figure} />
    </article>
  )
}

function Answer({
  locale,
  writer,
  report,
  answer,
  figure,
}: {
  locale: Locale
  writer: FigureWriter
  report: DeskReport
  answer: StepState | undefined
  figure: string
}) {
  const t = translator(locale, 'reports.desk')
  const { unit } = report.figure.key
  const [newest] = report.revisions
  const initial: StepState = answer ?? {
    attempt: 0,
    ticket: { id: report.id, version: String(report.version) },
    values: { answer: '', revision: newest ? String(newest.id) : '', share: false },
    problem: null,
    isSignedOut: false,
    goTo: null,
  }
  const of = (action: string) => t('stepOf', { action, figure })
  return (
    <AnswerForm
      locale={locale}
      initial={initial}
      canTake={report.state === 'received'}
      revisions={report.revisions.map(({ id, value, knownOn }) => ({
        value: String(id),
        text: t('revisionOption', {
          revision: id,
          value: writer.value({ value, unit, precision: 'exact', status: 'A' }),
          day: formatDay(knownOn, locale),
        }),
      }))}
      texts={{
        answer: t('answer'),
        answerHint: t('answerHint'),
        revision: t('revision'),
        revisionHint: t('revisionHint'),
        noRevision: t('noRevision'),
        share: t('share'),
        take: t('take'),
        takeOf: of(t('take')),
        accept: t('accept'),
        acceptOf: of(t('accept')),
        decline: t('decline'),
        declineOf: of(t('decline')),
        errorTitle: t('errorTitle'),
        errorPrefix: t('errorPrefix'),
        signIn: t('signIn'),
      }}
      signInPath={signInBeside(locale)}
    />
  )
}

import { statuses } from '@/features/figures/schema'
import type { FigureWriter } from '@/features/figures/series'
import { isolated, signInBeside } from '@/features/proposals/components/words'
import { inLocale, type Locale, translator } from '@/lib/i18n'
import { lineName } from '../rules'
import { type AcademySheet, type LineFacts, type ReportState, sourceFields } from '../schema'
import { ReportForm } from './report-form'
import { lineText, periodText } from './words'

/** The form for one academy, with its texts. */
export function AcademyReport({
  locale,
  writer,
  sheet,
  step,
  id,
  answer,
}: {
  locale: Locale
  writer: FigureWriter
  sheet: AcademySheet
  /** What sending the form will do. */
  step: 'publish' | 'send'
  /** The set's id, should it come to that. */
  id: string
  answer: ReportState | undefined
}) {
  const t = translator(locale, 'reporting.academy')
  const entry = translator(locale, 'entry')
  const status = translator(locale, 'figures.status')
  const { academy, period, facts } = sheet
  const name = writer.names.academy(academy.code)
  const initial: ReportState = {
    attempt: 0,
    values: {
      id,
      status: 'A',
      publisher: sheet.publisher,
      message: t('messageOf', { academy: name, period: periodText(locale, period) }),
      ...Object.fromEntries(
        facts.map(({ line, known }) => [`base.${lineName(line)}`, String(known?.newest ?? '')]),
      ),
    },
    problems: [],
    news: {},
    question: null,
    isSignedOut: false,
    goTo: null,
  }
  const hints = { publisher: entry('hints.publisher'), sourceDate: entry('hints.sourceDate') }
  return (
    <ReportForm
      initial={answer ?? initial}
      hidden={{ locale, academy: academy.code, period }}
      lines={facts.map((fact) => ({
        name: lineName(fact.line),
        label: lineText(locale, writer, fact.line),
        hint: hintText(locale, writer, fact),
      }))}
      sourceFields={sourceFields.map((field) => ({
        name: field,
        label:
          field === 'publisher'
            ? entry('fields.publisher')
            : entry('form.optional', { label: entry(`fields.${field}`) }),
        ...(field === 'publisher' || field === 'sourceDate' ? { hint: hints[field] } : {}),
      }))}
      publishers={[...new Set([inLocale(academy.name, locale), academy.host].filter(Boolean))]}
      statuses={statuses
        .filter((value) => value === 'A' || value === 'P' || value === 'E')
        .map((value) => ({ value, text: status(value) }))}
      texts={{
        source: t('source'),
        ownSource: t('ownSource'),
        message: t('message'),
        messageHint: t('messageHint'),
        status: entry('fields.status'),
        reason: entry('fields.reason'),
        reasonHint: entry('hints.reason'),
        warnings: entry('question.warnings'),
        submit: t(step),
        submitAnyway: t(`anyway.${step}`),
        sending: entry('form.sending'),
        errorTitle: t('errorTitle'),
        errorPrefix: entry('form.errorPrefix'),
        signIn: entry('form.signIn'),
        note: t(`note.${step}`),
      }}
      signInPath={signInBeside(locale)}
    />
  )
}

/** `persons · public now: 120 · May 2024: 118 · 125 waits for review, by Bilal` */
function hintText(
  locale: Locale,
  writer: FigureWriter,
  { line, known, before, waiting }: LineFacts,
): string {
  const t = translator(locale, 'reporting.academy')
  const parts = [writer.names.unit(line.unit)]
  if (known?.value) {
    parts.push(
      t('now', { value: isolated(writer.number({ value: known.value, unit: line.unit })) }),
    )
  }
  if (before) {
    parts.push(
      t('before', { period: writer.period(before), value: isolated(writer.number(before)) }),
    )
  }
  if (!known?.value && !before) parts.push(t('never'))
  if (waiting?.value) {
    const value = isolated(writer.number({ value: waiting.value, unit: line.unit }))
    parts.push(t('waiting', { value, name: isolated(waiting.by) }))
  }
  return parts.join(' · ')
}

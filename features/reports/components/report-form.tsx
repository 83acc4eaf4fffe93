'use client'

import { useActionState, useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { InputField, TextAreaField } from '@/components/ui/field'
import { useFollow } from '@/features/proposals/components/follow'
import { sendReport } from '../actions'
import type { ReportField, ReportFormState } from '../schema'

export interface ReportFormTexts {
  labels: Record<ReportField, string>
  hints: Record<ReportField, string>
  trap: string
  submit: string
  errorTitle: string
  errorPrefix: string
}

/** What is wrong with a figure, in the reader's words. Works alike without JavaScript. */
export function ReportForm({
  locale,
  figure,
  initial,
  texts,
}: {
  locale: string
  figure: number
  initial: ReportFormState
  texts: ReportFormTexts
}) {
  const [state, submit, isSending] = useActionState(sendReport, initial)
  const summary = useRef<HTMLDivElement>(null)
  useFollow(state.goTo)
  useEffect(() => {
    if (state.problems.length > 0) summary.current?.focus()
  }, [state])

  const control = (name: ReportField) => ({
    id: name,
    name,
    dir: 'auto',
    label: texts.labels[name],
    hint: texts.hints[name],
    error: state.problems.find(({ field }) => field === name)?.text,
    errorPrefix: texts.errorPrefix,
    defaultValue: state.values[name],
  })
  return (
    <form action={submit} noValidate>
      <div key={state.attempt} className="stack" style={{ '--stack': '1.5rem' } as object}>
        <input type="hidden" name="locale" value={locale} />
        <input type="hidden" name="figure" value={figure} />
        <input type="hidden" name="id" value={state.id} />
        <ErrorSummary
          ref={summary}
          title={texts.errorTitle}
          problems={state.problems.map(({ field, text }) =>
            field
              ? { fieldId: field, message: `${texts.labels[field]}: ${text}` }
              : { message: text },
          )}
        />
        <TextAreaField {...control('wrong')} rows={5} required />
        <InputField {...control('instead')} />
        <InputField {...control('shownAt')} />
        <div className="visually-hidden" aria-hidden="true">
          <label htmlFor="website">{texts.trap}</label>
          <input id="website" name="website" tabIndex={-1} autoComplete="off" />
        </div>
        <p>
          <Button aria-disabled={isSending || state.goTo !== null || undefined}>
            {texts.submit}
          </Button>
        </p>
      </div>
    </form>
  )
}

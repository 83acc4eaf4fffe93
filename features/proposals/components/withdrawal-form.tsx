'use client'

import { Fragment, useActionState, useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { InputField, TextAreaField } from '@/components/ui/field'
import { useFollow } from '@/components/ui/follow'
import { labelled } from '@/lib/form-texts'
import { withdraw } from '../actions'
import type { WithdrawalState } from '../schema'

type Name = keyof WithdrawalState['values']

export interface WithdrawalTexts {
  labels: Record<Name, string>
  reasonHint: string
  source: string
  sourceHint: string
  note: string
  submit: string
  sending: string
  errorTitle: string
  errorPrefix: string
  signIn: string
}

/** Why a figure is withdrawn, and where that is said. Works alike without JavaScript. */
export function WithdrawalForm({
  locale,
  initial,
  texts,
  signInPath,
}: {
  locale: string
  initial: WithdrawalState
  texts: WithdrawalTexts
  signInPath: string
}) {
  const [state, submit, isSending] = useActionState(withdraw, initial)
  const isPending = isSending || state.goTo !== null
  const summary = useRef<HTMLDivElement>(null)
  const { values, problems } = state

  useFollow(state.goTo)
  useEffect(() => {
    if (state.attempt > 0) summary.current?.focus()
  }, [state])

  const shared = (name: Name) => ({
    id: name,
    name,
    label: texts.labels[name],
    error: problems.find(({ field }) => field === name)?.text,
    errorPrefix: texts.errorPrefix,
    defaultValue: values[name],
  })
  return (
    <form action={submit} noValidate className="stack max-w-text">
      <Fragment key={state.attempt}>
        <input type="hidden" name="locale" value={locale} />
        {Object.entries(state.ticket).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <ErrorSummary
          ref={summary}
          title={texts.errorTitle}
          problems={problems.map(({ field, text }) => {
            const label = field && texts.labels[field as Name]
            return label ? { fieldId: field, message: labelled(label, text) } : { message: text }
          })}
        />
        {state.isSignedOut && (
          <p>
            <a className="button-secondary" href={signInPath} target="_blank" rel="noreferrer">
              {texts.signIn}
            </a>
          </p>
        )}
        <TextAreaField {...shared('reason')} hint={texts.reasonHint} rows={3} dir="auto" required />
        <fieldset className="stack">
          <legend className="mb-2 text-h3 font-semibold">{texts.source}</legend>
          <p className="field-hint">{texts.sourceHint}</p>
          <InputField {...shared('publisher')} type="text" dir="auto" autoComplete="off" />
          <InputField {...shared('sourceDate')} type="text" dir="auto" autoComplete="off" />
          <InputField {...shared('title')} type="text" dir="auto" autoComplete="off" />
          <InputField {...shared('url')} type="text" inputMode="url" dir="ltr" autoComplete="off" />
        </fieldset>
        <div>
          <p className="mb-3 text-small text-muted">{texts.note}</p>
          <Button aria-disabled={isPending || undefined}>
            {isPending ? texts.sending : texts.submit}
          </Button>
        </div>
      </Fragment>
    </form>
  )
}

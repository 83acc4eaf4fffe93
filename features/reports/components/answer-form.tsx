'use client'

import { useActionState, useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { SelectField, TextAreaField } from '@/components/ui/field'
import { useFollow } from '@/features/proposals/components/follow'
import { answerReport } from '../actions'
import type { StepState } from '../schema'

export interface AnswerTexts {
  answer: string
  answerHint: string
  revision: string
  revisionHint: string
  noRevision: string
  share: string
  take: string
  takeOf: string
  accept: string
  acceptOf: string
  decline: string
  declineOf: string
  errorTitle: string
  errorPrefix: string
  signIn: string
}

/** Takes a report up, or answers it. What is refused keeps what was typed. */
export function AnswerForm({
  locale,
  initial,
  canTake,
  revisions,
  texts,
  signInPath,
}: {
  locale: string
  initial: StepState
  canTake: boolean
  /** Revisions that may have corrected the figure. */
  revisions: readonly { value: string; text: string }[]
  texts: AnswerTexts
  signInPath: string
}) {
  const [state, submit, isSending] = useActionState(answerReport, initial)
  const isPending = isSending || state.goTo !== null
  const summary = useRef<HTMLDivElement>(null)
  const { id } = state.ticket
  const fieldIds = { answer: `answer-${id}`, revision: `revision-${id}` }

  useFollow(state.goTo)
  useEffect(() => {
    if (state.problem) summary.current?.focus()
  }, [state])

  const step = (value: 'take' | 'accept' | 'decline', rank: 'primary' | 'secondary') => (
    <Button
      rank={rank}
      name="step"
      value={value}
      aria-label={texts[`${value}Of`]}
      aria-disabled={isPending || undefined}
    >
      {texts[value]}
    </Button>
  )
  const field = state.problem?.field
  return (
    <form action={submit} noValidate>
      <div key={state.attempt} className="stack">
        <input type="hidden" name="locale" value={locale} />
        <input type="hidden" name="id" value={id} />
        <input type="hidden" name="version" value={state.ticket.version} />
        {state.problem && (
          <ErrorSummary
            ref={summary}
            title={texts.errorTitle}
            problems={[{ ...(field && { fieldId: fieldIds[field] }), message: state.problem.text }]}
          />
        )}
        {state.isSignedOut && (
          <p>
            <a className="button-secondary" href={signInPath} target="_blank" rel="noreferrer">
              {texts.signIn}
            </a>
          </p>
        )}
        <TextAreaField
          id={fieldIds.answer}
          name="answer"
          label={texts.answer}
          hint={texts.answerHint}
          error={field === 'answer' ? state.problem?.text : undefined}
          errorPrefix={texts.errorPrefix}
          defaultValue={state.values.answer}
          rows={3}
          dir="auto"
        />
        <SelectField
          id={fieldIds.revision}
          name="revision"
          label={texts.revision}
          hint={texts.revisionHint}
          error={field === 'revision' ? state.problem?.text : undefined}
          errorPrefix={texts.errorPrefix}
          defaultValue={state.values.revision}
        >
          <option value="">{texts.noRevision}</option>
          {revisions.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </SelectField>
        <p className="field flex items-center gap-3">
          <input
            type="checkbox"
            id={`share-${id}`}
            name="share"
            value="yes"
            defaultChecked={state.values.share}
          />
          <label htmlFor={`share-${id}`}>{texts.share}</label>
        </p>
        <p className="flex flex-wrap gap-3">
          {step('accept', 'primary')}
          {step('decline', 'secondary')}
          {canTake && step('take', 'secondary')}
        </p>
      </div>
    </form>
  )
}

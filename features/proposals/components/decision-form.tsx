'use client'

import { useActionState, useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { TextAreaField } from '@/components/ui/field'
import { useFollow } from '@/components/ui/follow'
import { decide } from '../actions'
import type { DecisionState } from '../schema'

export interface DecisionTexts {
  comment: string
  commentHint: string
  approve: string
  approveOf: string
  return: string
  returnOf: string
  errorTitle: string
  errorPrefix: string
  signIn: string
}

/** Approve, or return with a comment. A refused decision keeps the comment. */
export function DecisionForm({
  locale,
  ticket,
  answer,
  texts,
  signInPath,
}: {
  locale: string
  ticket: DecisionState['ticket']
  /** What the action answered, if this page is part of the answer. */
  answer: DecisionState | undefined
  texts: DecisionTexts
  signInPath: string
}) {
  const undecided: DecisionState = {
    attempt: 0,
    ticket,
    comment: '',
    problem: null,
    isSignedOut: false,
    goTo: null,
  }
  const [state, submit, isSending] = useActionState(decide, answer ?? undecided)
  const isPending = isSending || state.goTo !== null
  const summary = useRef<HTMLDivElement>(null)
  const commentId = `comment-${ticket.id}`

  useFollow(state.goTo)
  useEffect(() => {
    if (state.problem) summary.current?.focus()
  }, [state])

  return (
    <form action={submit} noValidate className="stack">
      <input type="hidden" name="locale" value={locale} />
      {Object.entries(ticket).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {state.problem && (
        <ErrorSummary
          ref={summary}
          title={texts.errorTitle}
          problems={[{ fieldId: commentId, message: state.problem }]}
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
        key={state.attempt}
        id={commentId}
        name="comment"
        label={texts.comment}
        hint={texts.commentHint}
        errorPrefix={texts.errorPrefix}
        defaultValue={state.comment}
        rows={2}
        dir="auto"
      />
      <p className="flex flex-wrap gap-3">
        <Button
          name="step"
          value="approve"
          aria-label={texts.approveOf}
          aria-disabled={isPending || undefined}
        >
          {texts.approve}
        </Button>
        <Button
          rank="secondary"
          name="step"
          value="return"
          aria-label={texts.returnOf}
          aria-disabled={isPending || undefined}
        >
          {texts.return}
        </Button>
      </p>
    </form>
  )
}

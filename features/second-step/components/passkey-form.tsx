'use client'

import { useActionState, useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { InputField } from '@/components/ui/field'
import { useFollow } from '@/components/ui/follow'
import type { SecondStepState } from '../schema'

export interface PasskeyFormTexts {
  name: string
  rename: string
  remove: string
  removeThat: string
  errorTitle: string
  errorPrefix: string
}

/** Calls one passkey otherwise, or removes it; with and without JavaScript. */
export function PasskeyForm({
  action,
  answer,
  locale,
  passkeyId,
  name,
  texts,
}: {
  action: (state: SecondStepState, form: FormData) => Promise<SecondStepState>
  answer: SecondStepState | undefined
  locale: string
  passkeyId: string
  name: string
  texts: PasskeyFormTexts
}) {
  const [state, submit, isPending] = useActionState(action, answer ?? { problems: [] })
  const summary = useRef<HTMLDivElement>(null)
  useFollow(state.goTo ?? null)

  useEffect(() => {
    if (state.problems.length > 0) summary.current?.focus()
  }, [state])

  const fieldId = `name-${passkeyId}`
  const button = { 'aria-disabled': isPending || undefined }
  return (
    <form action={submit} noValidate className="stack">
      <ErrorSummary
        ref={summary}
        title={texts.errorTitle}
        problems={state.problems.map(({ field, text }) => ({
          fieldId: field ? fieldId : undefined,
          message: text,
        }))}
      />
      <input type="hidden" name="locale" value={locale} />
      <input type="hidden" name="passkeyId" value={passkeyId} />
      <InputField
        id={fieldId}
        name="name"
        type="text"
        label={texts.name}
        error={state.problems.find(({ field }) => field === 'name')?.text}
        errorPrefix={texts.errorPrefix}
        defaultValue={name}
        maxLength={60}
        autoComplete="off"
        dir="auto"
        required
      />
      <p className="flex flex-wrap gap-3">
        <Button rank="secondary" name="wish" value="rename" {...button}>
          {texts.rename}
        </Button>
        <Button
          rank="secondary"
          name="wish"
          value="remove"
          aria-label={texts.removeThat}
          {...button}
        >
          {texts.remove}
        </Button>
      </p>
    </form>
  )
}

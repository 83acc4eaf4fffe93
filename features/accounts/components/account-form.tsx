'use client'

import { type ComponentProps, type ReactNode, useActionState, useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { InputField } from '@/components/ui/field'
import { useFollow } from '@/components/ui/follow'
import type { FormState } from '../schema'

export interface AccountField {
  name: string
  type: 'text' | 'email' | 'password'
  label: string
  hint?: string
  autoComplete: string
  value?: string
  readOnly?: boolean
}

export interface AccountFormTexts {
  submit: string
  errorTitle: string
  errorPrefix: string
}

export type FormAction = (state: FormState, form: FormData) => Promise<FormState>

const untouched: FormState = { problems: [], values: {} }

/**
 * A form that works with and without JavaScript: problems above it, each linked to its field, and
 * everything typed kept, except passwords.
 */
export function AccountForm({
  action,
  answer,
  hidden,
  fields,
  texts,
  button,
  children,
  result,
}: {
  action: FormAction
  /** What the action answered, if this page is part of the answer. */
  answer: FormState | undefined
  hidden: Record<string, string>
  fields: readonly AccountField[]
  texts: AccountFormTexts
  button?: Pick<ComponentProps<typeof Button>, 'rank' | 'aria-label'>
  /** Further controls, between the fields and the button. */
  children?: (state: FormState) => ReactNode
  /** Shown above the form after success. */
  result?: (state: FormState) => ReactNode
}) {
  const [state, submit, isPending] = useActionState(action, answer ?? untouched)
  const summary = useRef<HTMLDivElement>(null)
  useFollow(state.goTo ?? null)

  useEffect(() => {
    if (state.problems.length > 0) summary.current?.focus()
  }, [state])

  const problemOf = (name: string) => state.problems.find(({ field }) => field === name)?.text

  return (
    <form action={submit} noValidate className="stack" style={{ '--stack': '1.5rem' } as object}>
      <ErrorSummary
        ref={summary}
        title={texts.errorTitle}
        problems={state.problems.map(({ field, text }) => ({
          fieldId: field ?? undefined,
          message: text,
        }))}
      />
      {result?.(state)}
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {fields.map(({ name, type, label, hint, autoComplete, value, readOnly }) => (
        <InputField
          key={name}
          id={name}
          name={name}
          type={type}
          label={label}
          hint={hint}
          error={problemOf(name)}
          errorPrefix={texts.errorPrefix}
          autoComplete={autoComplete}
          defaultValue={type === 'password' ? undefined : (state.values[name] ?? value)}
          readOnly={readOnly}
          required
          // Addresses, passwords and codes are written from left to right in every language.
          dir={type === 'text' && autoComplete !== 'one-time-code' ? 'auto' : 'ltr'}
          spellCheck={false}
        />
      ))}
      {children?.(state)}
      <Button type="submit" {...button} aria-disabled={isPending || undefined}>
        {texts.submit}
      </Button>
    </form>
  )
}

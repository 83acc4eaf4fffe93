'use client'

import { Fragment, type ReactNode, useActionState, useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { InputField, SelectField, TextAreaField } from '@/components/ui/field'
import { useFollow } from '@/components/ui/follow'
import type { AnswerState } from '../schema'

export interface AnswerField {
  name: string
  label: string
  hint?: string
  type: 'text' | 'url' | 'textarea' | 'select'
  options?: readonly { value: string; text: string }[]
  isRequired?: boolean
}

export interface AnswerButton {
  text: string
  rank?: 'primary' | 'secondary'
  name?: string
  value?: string
}

export interface AnswerTexts {
  errorTitle: string
  errorPrefix: string
  signIn: string
}

// Hints differ in length: side by side, controls stand on one line.
const wide = 'grid gap-x-6 gap-y-5 sm:grid-cols-2 sm:items-end'

/** A form of a few texts and buttons; problems stand above it and all that was typed stays. */
export function AnswerForm({
  id,
  action,
  initial,
  hidden,
  fields,
  buttons,
  texts,
  signInPath,
  children,
}: {
  /** Its own, and what the ids of its fields begin with. */
  id: string
  action: (state: AnswerState, form: FormData) => Promise<AnswerState>
  initial: AnswerState
  hidden: Record<string, string>
  fields: readonly AnswerField[]
  buttons: readonly AnswerButton[]
  texts: AnswerTexts
  signInPath: string
  children?: ReactNode
}) {
  const [state, submit, isSending] = useActionState(action, initial)
  const isPending = isSending || state.goTo !== null
  const summary = useRef<HTMLDivElement>(null)
  useFollow(state.goTo)
  useEffect(() => {
    if (state.problems.length > 0) summary.current?.focus()
  }, [state])
  return (
    <form
      id={id}
      action={submit}
      noValidate
      className="stack max-w-text"
      style={{ '--stack': '1.25rem' } as object}
    >
      <Fragment key={state.attempt}>
        {Object.entries(hidden).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <ErrorSummary
          ref={summary}
          title={texts.errorTitle}
          problems={state.problems.map(({ field, text }) => ({
            message: text,
            ...(field && { fieldId: `${id}-${field}` }),
          }))}
        />
        {state.isSignedOut && (
          <p>
            <a className="button-secondary" href={signInPath} target="_blank" rel="noreferrer">
              {texts.signIn}
            </a>
          </p>
        )}
        {children}
        {fields.length > 0 && (
          <div className={fields.length > 3 ? wide : 'stack'}>
            {fields.map((field) => (
              <Control
                key={field.name}
                id={`${id}-${field.name}`}
                field={field}
                value={state.values[field.name] ?? ''}
                error={state.problems.find((one) => one.field === field.name)?.text}
                errorPrefix={texts.errorPrefix}
              />
            ))}
          </div>
        )}
        <p className="flex flex-wrap gap-3">
          {buttons.map(({ text, rank = 'primary', name, value }) => (
            <Button
              key={text}
              rank={rank}
              name={name}
              value={value}
              aria-disabled={isPending || undefined}
            >
              {text}
            </Button>
          ))}
        </p>
      </Fragment>
    </form>
  )
}

function Control({
  id,
  field: { name, label, hint, type, options, isRequired },
  value,
  error,
  errorPrefix,
}: {
  id: string
  field: AnswerField
  value: string
  error: string | undefined
  errorPrefix: string
}) {
  const shared = {
    id,
    name,
    label,
    hint,
    error,
    errorPrefix,
    defaultValue: value,
    required: isRequired,
  }
  if (type === 'textarea') return <TextAreaField {...shared} rows={2} dir="auto" />
  if (type === 'select') {
    return (
      <SelectField {...shared}>
        {options?.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </SelectField>
    )
  }
  return <InputField {...shared} type="text" dir={type === 'url' ? 'ltr' : 'auto'} />
}

'use client'

import { Fragment, useActionState, useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { InputField, SelectField } from '@/components/ui/field'
import { useFollow } from '@/components/ui/follow'
import { saveRule } from '../actions'
import type { RuleField, RuleFormState } from '../schema'

export interface RuleControl {
  name: RuleField
  label: string
  hint?: string
  /** Of a select; left out for a text box. */
  options?: readonly { value: string; text: string }[]
  isDecimal?: boolean
  isCode?: boolean
}

/** One rule. The server reads and checks; works alike without JavaScript. */
export function RuleForm({
  locale,
  initial,
  hidden,
  controls,
  texts,
}: {
  locale: string
  initial: RuleFormState
  /** Fields that are fixed. */
  hidden: readonly RuleField[]
  controls: readonly RuleControl[]
  texts: { submit: string; sending: string; errorTitle: string; errorPrefix: string }
}) {
  const [state, submit, isSending] = useActionState(saveRule, initial)
  const isPending = isSending || state.goTo !== null
  const summary = useRef<HTMLDivElement>(null)

  useFollow(state.goTo)
  useEffect(() => {
    if (state.attempt > 0) summary.current?.focus()
  }, [state])

  const labels = new Map(controls.map(({ name, label }) => [name, label]))
  return (
    <form action={submit} noValidate>
      <Fragment key={state.attempt}>
        <input type="hidden" name="locale" value={locale} />
        <input type="hidden" name="version" value={state.version} />
        {hidden.map((name) => (
          <input key={name} type="hidden" name={name} value={state.values[name]} />
        ))}
        <div className="stack max-w-text">
          <ErrorSummary
            ref={summary}
            title={texts.errorTitle}
            problems={state.problems.map(({ field, text }) => {
              const label = field && labels.get(field)
              return label ? { fieldId: field, message: `${label}: ${text}` } : { message: text }
            })}
          />
          {controls.map((control) => (
            <Control
              key={control.name}
              control={control}
              value={state.values[control.name]}
              error={state.problems.find(({ field }) => field === control.name)?.text}
              errorPrefix={texts.errorPrefix}
            />
          ))}
          <p>
            <Button aria-disabled={isPending || undefined}>
              {isPending ? texts.sending : texts.submit}
            </Button>
          </p>
        </div>
      </Fragment>
    </form>
  )
}

function Control({
  control: { name, label, hint, options, isDecimal, isCode },
  value,
  error,
  errorPrefix,
}: {
  control: RuleControl
  value: string
  error: string | undefined
  errorPrefix: string
}) {
  const shared = { id: name, name, label, hint, error, errorPrefix, defaultValue: value }
  if (!options) {
    return (
      <InputField
        {...shared}
        type="text"
        dir={isDecimal || isCode ? 'ltr' : 'auto'}
        inputMode={isDecimal ? 'decimal' : undefined}
        autoComplete="off"
      />
    )
  }
  return (
    <SelectField {...shared}>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.text}
        </option>
      ))}
    </SelectField>
  )
}

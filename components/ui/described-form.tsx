'use client'

import { labelled } from '@/lib/form-texts'
import './described-form.css'
import { Fragment, useActionState, useEffect, useRef } from 'react'
import { Button } from './button'
import { ErrorSummary } from './error-summary'
import { InputField, SelectField, TextAreaField } from './field'
import { useFollow } from './follow'

/** A field that is told, not written: what it is called, what it takes, what may be chosen. */
export interface DescribedControl<Name extends string> {
  name: Name
  /** Of what is typed; a text if left out. */
  type?: 'text' | 'long' | 'code' | 'whole' | 'decimal' | 'day'
  label: string
  hint?: string
  /** To choose from, instead of typing. */
  options?: readonly { value: string; text: string }[]
  /** The language a text is in. */
  language?: string
  isFixed?: boolean
}

export interface DescribedGroup<Name extends string> {
  /** Left out where the form has one group. */
  legend?: string
  controls: readonly DescribedControl<Name>[]
}

export interface DescribedTexts {
  submit: string
  sending: string
  errorTitle: string
  errorPrefix: string
}

/** What a form of described fields keeps between answers. */
export interface DescribedState<Name extends string> {
  /** Another one for each answer. */
  attempt: number
  problems: readonly { field: Name | null; text: string }[]
  /** Where the answer leads, once it is done. */
  goTo: string | null
}

/** A form of described fields, with what was wrong when it was last sent. Works without JavaScript. */
export function DescribedForm<Name extends string, State extends DescribedState<Name>>({
  action,
  initial,
  hidden,
  groups,
  typed,
  texts,
}: {
  action: (state: Awaited<State>, form: FormData) => Promise<State>
  initial: Awaited<State>
  hidden: (state: State) => Readonly<Record<string, string>>
  groups: readonly DescribedGroup<Name>[]
  typed: (state: State, name: Name) => string
  texts: DescribedTexts
}) {
  const [state, submit, isSending] = useActionState(action, initial)
  const isPending = isSending || state.goTo !== null
  const summary = useRef<HTMLDivElement>(null)

  useFollow(state.goTo)
  useEffect(() => {
    if (state.problems.length > 0) summary.current?.focus()
  }, [state])

  const labels = new Map(
    groups.flatMap(({ controls }) => controls).map(({ name, label }) => [name, label]),
  )
  const written = ({ controls }: DescribedGroup<Name>) =>
    controls.map((control) => (
      <Control
        key={control.name}
        control={control}
        value={typed(state, control.name)}
        error={state.problems.find(({ field }) => field === control.name)?.text}
        errorPrefix={texts.errorPrefix}
      />
    ))
  return (
    <form action={submit} noValidate>
      {/* React resets a form that was sent; the key makes it show what came back. */}
      <Fragment key={state.attempt}>
        {Object.entries(hidden(state)).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <div className="described-form">
          <ErrorSummary
            ref={summary}
            title={texts.errorTitle}
            problems={state.problems.map(({ field, text }) => {
              const label = field && labels.get(field)
              return label ? { fieldId: field, message: labelled(label, text) } : { message: text }
            })}
          />
          {groups.map((group) =>
            group.legend === undefined ? (
              written(group)
            ) : (
              <fieldset key={group.legend} className="described-group">
                <legend>{group.legend}</legend>
                {written(group)}
              </fieldset>
            ),
          )}
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

function Control<Name extends string>({
  control: { name, type = 'text', label, hint, options, language, isFixed },
  value,
  error,
  errorPrefix,
}: {
  control: DescribedControl<Name>
  value: string
  error: string | undefined
  errorPrefix: string
}) {
  const shared = { id: name, name, label, hint, error, errorPrefix, defaultValue: value }
  if (options) {
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
  const direction = language === 'ur' ? 'rtl' : language || type !== 'text' ? 'ltr' : 'auto'
  const written = { lang: language, dir: direction }
  if (type === 'long') return <TextAreaField {...shared} {...written} rows={5} />
  return (
    <InputField
      {...shared}
      {...written}
      type={type === 'day' ? 'date' : 'text'}
      inputMode={type === 'whole' ? 'numeric' : type === 'decimal' ? 'decimal' : undefined}
      readOnly={isFixed}
      autoComplete="off"
      spellCheck={type === 'text'}
    />
  )
}

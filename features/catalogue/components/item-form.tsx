'use client'

import './catalogue-desk.css'
import { Fragment, useActionState, useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { InputField, SelectField, TextAreaField } from '@/components/ui/field'
import { useFollow } from '@/components/ui/follow'
import { saveItem } from '../actions'
import type { ItemField, ItemFormState } from '../schema'

export interface ItemControl {
  name: ItemField | 'reason'
  type: 'text' | 'long' | 'code' | 'whole' | 'day' | 'select'
  label: string
  hint?: string
  /** Of a select. */
  options?: readonly { value: string; text: string }[]
  /** The language a text is in. */
  language?: string
  isFixed?: boolean
}

export interface ItemGroup {
  legend: string
  controls: readonly ItemControl[]
}

/** One item of the catalogue. The server reads and checks; works alike without JavaScript. */
export function ItemForm({
  locale,
  list,
  item,
  initial,
  groups,
  texts,
}: {
  locale: string
  list: string
  /** Its code; empty for a new one. */
  item: string
  initial: ItemFormState
  groups: readonly ItemGroup[]
  texts: { submit: string; sending: string; errorTitle: string; errorPrefix: string }
}) {
  const [state, submit, isSending] = useActionState(saveItem, initial)
  const isPending = isSending || state.goTo !== null
  const summary = useRef<HTMLDivElement>(null)

  useFollow(state.goTo)
  useEffect(() => {
    if (state.problems.length > 0) summary.current?.focus()
  }, [state])

  const labels = new Map(
    groups.flatMap(({ controls }) => controls).map(({ name, label }) => [name, label]),
  )
  const typed = (name: ItemControl['name']) =>
    name === 'reason' ? state.reason : state.values[name]
  return (
    <form action={submit} noValidate>
      {/* React resets a form that was sent; the key makes it show what came back. */}
      <Fragment key={state.attempt}>
        <input type="hidden" name="locale" value={locale} />
        <input type="hidden" name="list" value={list} />
        <input type="hidden" name="item" value={item} />
        <input type="hidden" name="id" value={state.ticket.id} />
        <input type="hidden" name="seen" value={state.ticket.seen} />
        <div className="stack" style={{ '--stack': '2.5rem' } as object}>
          <ErrorSummary
            ref={summary}
            title={texts.errorTitle}
            problems={state.problems.map(({ field, text }) => {
              const label = field && labels.get(field)
              return label ? { fieldId: field, message: `${label}: ${text}` } : { message: text }
            })}
          />
          {groups.map(({ legend, controls }) => (
            <fieldset key={legend} className="item-group">
              <legend>{legend}</legend>
              {controls.map((control) => (
                <Control
                  key={control.name}
                  control={control}
                  value={typed(control.name) ?? ''}
                  error={state.problems.find(({ field }) => field === control.name)?.text}
                  errorPrefix={texts.errorPrefix}
                />
              ))}
            </fieldset>
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
  control: { name, type, label, hint, options = [], language, isFixed },
  value,
  error,
  errorPrefix,
}: {
  control: ItemControl
  value: string
  error: string | undefined
  errorPrefix: string
}) {
  const shared = { id: name, name, label, hint, error, errorPrefix, defaultValue: value }
  const written = { lang: language, dir: language === 'ur' ? 'rtl' : 'ltr' }
  if (type === 'select') {
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
  if (type === 'long') return <TextAreaField {...shared} {...written} rows={5} />
  return (
    <InputField
      {...shared}
      {...written}
      type={type === 'day' ? 'date' : 'text'}
      inputMode={type === 'whole' ? 'numeric' : undefined}
      readOnly={isFixed}
      autoComplete="off"
      spellCheck={type === 'text'}
    />
  )
}

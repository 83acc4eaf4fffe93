'use client'

import { Fragment, type Ref, useActionState, useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { InputField, SelectField, TextAreaField } from '@/components/ui/field'
import { useFollow } from '@/components/ui/follow'
import { labelled } from '@/lib/form-texts'
import { submitEntry } from '../actions'
import type { EntryField, EntryQuestion, EntryState } from '../schema'

export interface EntryControl {
  name: EntryField
  label: string
  hint?: string
  type: 'text' | 'decimal' | 'url' | 'select' | 'textarea'
  /** Of a select. */
  options?: readonly { value: string; text: string }[]
  /** Offered while typing; anything else may be typed. */
  suggestions?: readonly string[]
  isRequired?: boolean
  isWide?: boolean
}

export interface EntryTexts {
  source: string
  more: string
  moreNow: string
  submit: string
  submitAnyway: string
  submitRevision: string
  submitNote: string
  /** Null where there is no draft to make of it. */
  saveDraft: string | null
  sending: string
  errorTitle: string
  errorPrefix: string
  signIn: string
  signInThen: string
  warnings: string
  existing: string
  existingText: string
  goOn: string
  reason: string
  reasonHint: string
}

// Hints differ in length: side by side, controls stand on one line.
const row = 'grid gap-x-6 gap-y-5 sm:grid-cols-2 sm:items-end'

/**
 * The form for one figure. The server reads, checks and answers; what comes back is this form with
 * everything typed in it. Works alike without JavaScript.
 */
export function EntryForm({
  initial,
  locale,
  hidden,
  controls,
  texts,
  signInPath,
}: {
  initial: EntryState
  locale: string
  /** Fields chosen before the form was opened. */
  hidden: readonly EntryField[]
  controls: Record<'figure' | 'source' | 'release' | 'more', EntryControl[]>
  texts: EntryTexts
  signInPath: string
}) {
  const [state, submit, isSending] = useActionState(submitEntry, initial)
  const isPending = isSending || state.goTo !== null
  const { problems, question, values, ticket } = state
  const summary = useRef<HTMLDivElement>(null)
  const questionPanel = useRef<HTMLElement>(null)

  useFollow(state.goTo)
  useEffect(() => {
    if (state.attempt === 0 || state.goTo) return
    const answer = state.problems.length > 0 ? summary : questionPanel
    answer.current?.focus()
  }, [state])

  const labels: Partial<Record<EntryField, string>> = {
    reason: texts.reason,
    ...Object.fromEntries(
      Object.values(controls)
        .flat()
        .map(({ name, label }) => [name, label]),
    ),
  }
  const problemOf = (name: EntryField) => problems.find(({ field }) => field === name)?.text
  const isOpen = controls.more.some(({ name }) => problemOf(name))
  const submitText = isPending ? texts.sending : submitTextOf(question, texts)
  const control = (one: EntryControl) => (
    <Control
      key={one.name}
      control={one}
      value={values[one.name]}
      problem={problemOf(one.name)}
      errorPrefix={texts.errorPrefix}
    />
  )

  return (
    <form action={submit} noValidate>
      {/* A select keeps the choice of its first rendering: each answer renders the form anew. */}
      <Fragment key={state.attempt}>
        <input type="hidden" name="locale" value={locale} />
        {Object.entries(ticket).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {hidden.map((name) => (
          <input key={name} type="hidden" name={name} value={values[name]} />
        ))}
        <div className="stack" style={{ '--stack': '1.5rem' } as object}>
          <ErrorSummary
            ref={summary}
            title={texts.errorTitle}
            problems={problems.map(({ field, text }) => {
              const label = field && labels[field]
              return label ? { fieldId: field, message: labelled(label, text) } : { message: text }
            })}
          />
          {state.isSignedOut && (
            <p>
              <a className="button-secondary" href={signInPath} target="_blank" rel="noreferrer">
                {texts.signIn}
              </a>{' '}
              {texts.signInThen}
            </p>
          )}
          {question && (
            <Question
              ref={questionPanel}
              question={question}
              texts={texts}
              reason={values.reason}
              problem={problemOf('reason')}
              submitText={submitText}
              isPending={isPending}
            />
          )}
          <div className={row}>{controls.figure.map(control)}</div>
          <fieldset className="stack">
            <legend className="mb-2 text-h3 font-semibold">{texts.source}</legend>
            <div className={row}>{controls.source.map(control)}</div>
          </fieldset>
          {controls.release.length > 0 && (
            <div className={row}>{controls.release.map(control)}</div>
          )}
          <details open={isOpen || undefined}>
            <summary>
              <span className="font-semibold">{texts.more}</span>
              <span className="block text-small text-muted">{texts.moreNow}</span>
            </summary>
            <div className={`${row} mt-4`}>{controls.more.map(control)}</div>
          </details>
          <div>
            <p className="mb-3 text-small text-muted">{texts.submitNote}</p>
            <p className="flex flex-wrap gap-3">
              <Button aria-disabled={isPending || undefined}>{submitText}</Button>
              {texts.saveDraft && (
                <Button
                  rank="secondary"
                  name="intent"
                  value="draft"
                  aria-disabled={isPending || undefined}
                >
                  {texts.saveDraft}
                </Button>
              )}
            </p>
          </div>
        </div>
      </Fragment>
    </form>
  )
}

function submitTextOf(question: EntryQuestion | null, texts: EntryTexts): string {
  if (!question) return texts.submit
  return question.warnings.length > 0 ? texts.submitAnyway : texts.submitRevision
}

function Question({
  ref,
  question,
  texts,
  reason,
  problem,
  submitText,
  isPending,
}: {
  ref: Ref<HTMLElement>
  question: EntryQuestion
  texts: EntryTexts
  reason: string
  problem: string | undefined
  submitText: string
  isPending: boolean
}) {
  const { warnings, existing } = question
  return (
    <section
      ref={ref}
      className="notice stack"
      data-tone="warning"
      role="alert"
      tabIndex={-1}
      // biome-ignore lint/a11y/noAutofocus: the answer to the form is a question, and the reader continues here
      autoFocus
    >
      <h2 className="text-h3">{existing ? texts.existing : texts.warnings}</h2>
      {existing && (
        <>
          <p>{texts.existingText}</p>
          <dl className="definition-list">
            {existing.map(({ term, detail }) => (
              <div key={term}>
                <dt>{term}</dt>
                <dd>{detail}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {warnings.length > 0 && (
        <>
          {existing && <h3>{texts.warnings}</h3>}
          <ul className="list-disc ps-5">
            {warnings.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
          <TextAreaField
            id="reason"
            name="reason"
            label={texts.reason}
            hint={texts.reasonHint}
            error={problem}
            errorPrefix={texts.errorPrefix}
            defaultValue={reason}
            rows={2}
            dir="auto"
            required
          />
        </>
      )}
      {warnings.length === 0 && <input type="hidden" name="reason" value={reason} />}
      <p>{texts.goOn}</p>
      <p>
        <Button aria-disabled={isPending || undefined}>{submitText}</Button>
      </p>
    </section>
  )
}

function Control({
  control,
  value,
  problem,
  errorPrefix,
}: {
  control: EntryControl
  value: string
  problem: string | undefined
  errorPrefix: string
}) {
  const { name, type, label, hint, options, suggestions, isRequired, isWide } = control
  const shared = {
    id: name,
    name,
    label,
    hint,
    error: problem,
    errorPrefix,
    defaultValue: value,
    required: isRequired,
  }
  const listId = suggestions && `${name}-known`
  return (
    <div className={isWide ? 'sm:col-span-2 [&>.field]:max-w-none' : undefined}>
      {type === 'select' && (
        <SelectField {...shared}>
          {options?.map(({ value: code, text }) => (
            <option key={code} value={code}>
              {text}
            </option>
          ))}
        </SelectField>
      )}
      {type === 'textarea' && <TextAreaField {...shared} rows={2} dir="auto" />}
      {(type === 'text' || type === 'decimal' || type === 'url') && (
        <InputField
          {...shared}
          type="text"
          inputMode={type === 'text' ? undefined : type}
          // Numbers and addresses are written from left to right in every language.
          dir={type === 'text' ? 'auto' : 'ltr'}
          list={listId}
          autoComplete="off"
          spellCheck={type === 'text'}
        />
      )}
      {listId && (
        <datalist id={listId}>
          {suggestions.map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
      )}
    </div>
  )
}

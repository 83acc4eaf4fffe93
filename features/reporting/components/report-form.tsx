'use client'

import { labelled } from '@/lib/form-texts'
import './reporting.css'
import { Fragment, type Ref, useActionState, useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { InputField, SelectField, TextAreaField } from '@/components/ui/field'
import { useFollow } from '@/components/ui/follow'
import { report } from '../actions'
import type { ReportState } from '../schema'

export interface ReportLine {
  /** See `lineName`. */
  name: string
  label: string
  /** What is known of it: unit, last value, what waits for review. */
  hint: string
}

export interface ReportField {
  name: string
  label: string
  hint?: string
}

export interface ReportTexts {
  source: string
  ownSource: string
  message: string
  messageHint: string
  status: string
  reason: string
  reasonHint: string
  warnings: string
  submit: string
  submitAnyway: string
  sending: string
  errorTitle: string
  errorPrefix: string
  signIn: string
  note: string
}

/** The same as `fieldId` of report-words.ts, which the browser need not have. */
const idOf = (name: string) => `report-${name.replaceAll('.', '-')}`

/** One academy's figures of a period, one under another. Works alike without JavaScript. */
export function ReportForm({
  initial,
  hidden,
  lines,
  sourceFields,
  publishers,
  statuses,
  texts,
  signInPath,
}: {
  initial: ReportState
  hidden: Readonly<Record<string, string>>
  lines: readonly ReportLine[]
  sourceFields: readonly ReportField[]
  publishers: readonly string[]
  statuses: readonly { value: string; text: string }[]
  texts: ReportTexts
  signInPath: string
}) {
  const [state, submit, isSending] = useActionState(report, initial)
  const isPending = isSending || state.goTo !== null
  const summary = useRef<HTMLDivElement>(null)
  const question = useRef<HTMLElement>(null)
  useFollow(state.goTo)
  useEffect(() => {
    if (state.attempt === 0 || state.goTo) return
    const answer = state.problems.length > 0 ? summary : question
    answer.current?.focus()
  }, [state])

  const { values, problems } = state
  const labels = new Map<string, string>([
    ['message', texts.message],
    ['reason', texts.reason],
    ...sourceFields.map(({ name, label }): [string, string] => [name, label]),
    ...lines.flatMap((line): [string, string][] => [
      [`value.${line.name}`, line.label],
      ...sourceFields.map(({ name, label }): [string, string] => [
        `${name}.${line.name}`,
        `${line.label}, ${label}`,
      ]),
    ]),
  ])
  const errorOf = (name: string) => problems.find(({ field }) => field === name)?.text
  const shared = (name: string) => ({
    id: idOf(name),
    name,
    defaultValue: values[name] ?? '',
    error: errorOf(name),
    errorPrefix: texts.errorPrefix,
  })
  const source = (ending: string) =>
    sourceFields.map(({ name, label, hint }) => (
      <InputField
        key={name}
        {...shared(name + ending)}
        label={label}
        hint={hint}
        type="text"
        inputMode={name === 'url' ? 'url' : undefined}
        dir={name === 'url' ? 'ltr' : 'auto'}
        list={name === 'publisher' ? 'report-publishers' : undefined}
        autoComplete="off"
      />
    ))
  return (
    <form action={submit} noValidate className="report-form max-w-text">
      <Fragment key={state.attempt}>
        {Object.entries(hidden).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <input type="hidden" name="id" value={values.id ?? ''} />
        <input type="hidden" name="confirmed" value={state.question?.confirmed ?? ''} />
        <div className="stack" style={{ '--stack': '1.5rem' } as object}>
          <ErrorSummary
            ref={summary}
            title={texts.errorTitle}
            problems={problems.map(({ field, text }) => {
              const label = field && labels.get(field)
              return label
                ? { fieldId: idOf(field), message: labelled(label, text) }
                : { message: text }
            })}
          />
          {state.isSignedOut && (
            <p>
              <a className="button-secondary" href={signInPath} target="_blank" rel="noreferrer">
                {texts.signIn}
              </a>
            </p>
          )}
          {state.question && (
            <Question
              ref={question}
              warnings={state.question.warnings}
              texts={texts}
              value={values.reason ?? ''}
              error={errorOf('reason')}
            />
          )}
          <div className="report-lines">
            {lines.map((line) => {
              const own = sourceFields.map(({ name }) => `${name}.${line.name}`)
              const isOpen = own.some((name) => values[name] || errorOf(name))
              return (
                <div key={line.name} className="report-line">
                  <input type="hidden" name="line" value={line.name} />
                  <input
                    type="hidden"
                    name={`base.${line.name}`}
                    value={values[`base.${line.name}`] ?? ''}
                  />
                  <InputField
                    {...shared(`value.${line.name}`)}
                    label={line.label}
                    hint={line.hint}
                    type="text"
                    inputMode="decimal"
                    // Numbers are written from left to right in every language.
                    dir="ltr"
                    autoComplete="off"
                    spellCheck={false}
                  />
                  <details open={isOpen || undefined}>
                    <summary aria-label={`${texts.ownSource}: ${line.label}`}>
                      {texts.ownSource}
                    </summary>
                    <div className="stack">{source(`.${line.name}`)}</div>
                  </details>
                </div>
              )
            })}
          </div>
          <fieldset className="stack">
            <legend className="mb-2 text-h3 font-semibold">{texts.source}</legend>
            {source('')}
            <datalist id="report-publishers">
              {publishers.map((text) => (
                <option key={text} value={text} />
              ))}
            </datalist>
          </fieldset>
          <InputField
            {...shared('message')}
            label={texts.message}
            hint={texts.messageHint}
            type="text"
            dir="auto"
            autoComplete="off"
          />
          <SelectField {...shared('status')} label={texts.status}>
            {statuses.map(({ value, text }) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </SelectField>
          <p className="text-small text-muted">{texts.note}</p>
        </div>
        <div className="report-bar">
          <Button aria-disabled={isPending || undefined}>
            {isPending ? texts.sending : state.question ? texts.submitAnyway : texts.submit}
          </Button>
        </div>
      </Fragment>
    </form>
  )
}

function Question({
  ref,
  warnings,
  texts,
  value,
  error,
}: {
  ref: Ref<HTMLElement>
  warnings: readonly string[]
  texts: ReportTexts
  value: string
  error: string | undefined
}) {
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
      <h2 className="text-h3">{texts.warnings}</h2>
      <ul className="list-disc ps-5">
        {warnings.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <TextAreaField
        id={idOf('reason')}
        name="reason"
        label={texts.reason}
        hint={texts.reasonHint}
        error={error}
        errorPrefix={texts.errorPrefix}
        defaultValue={value}
        rows={2}
        dir="auto"
        required
      />
    </section>
  )
}

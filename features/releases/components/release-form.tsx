'use client'

import { Fragment, useActionState, useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { InputField, TextAreaField } from '@/components/ui/field'
import { useFollow } from '@/components/ui/follow'
import { saveRelease } from '../actions'
import type { ReleaseField, ReleaseFormState } from '../schema'

export interface ReleaseFormTexts {
  labels: Record<ReleaseField, string>
  dayHint: string
  timeHint: string
  submit: string
  sending: string
  errorTitle: string
  errorPrefix: string
}

const row = 'grid gap-x-6 gap-y-5 sm:grid-cols-2 sm:items-end'

/** What a release is called and when it is public. Works alike without JavaScript. */
export function ReleaseForm({
  locale,
  initial,
  hidden,
  texts,
}: {
  locale: string
  initial: ReleaseFormState
  /** Of a release there is: its id and slug. */
  hidden: Readonly<Record<string, string>>
  texts: ReleaseFormTexts
}) {
  const [state, submit, isSending] = useActionState(saveRelease, initial)
  const isPending = isSending || state.goTo !== null
  const summary = useRef<HTMLDivElement>(null)

  useFollow(state.goTo)
  useEffect(() => {
    if (state.attempt > 0) summary.current?.focus()
  }, [state])

  const shared = (name: ReleaseField) => ({
    id: name,
    name,
    label: texts.labels[name],
    error: state.problems.find(({ field }) => field === name)?.text,
    errorPrefix: texts.errorPrefix,
    defaultValue: state.values[name],
  })
  return (
    <form action={submit} noValidate className="stack">
      <Fragment key={state.attempt}>
        <input type="hidden" name="locale" value={locale} />
        {Object.entries(hidden).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <ErrorSummary
          ref={summary}
          title={texts.errorTitle}
          problems={state.problems.map(({ field, text }) =>
            field
              ? { fieldId: field, message: `${texts.labels[field]}: ${text}` }
              : { message: text },
          )}
        />
        <div className={row}>
          <InputField {...shared('titleEn')} type="text" lang="en" dir="ltr" required />
          <InputField {...shared('titleUr')} type="text" lang="ur" dir="rtl" required />
          <InputField
            {...shared('day')}
            hint={texts.dayHint}
            type="text"
            dir="auto"
            autoComplete="off"
            required
          />
          <InputField
            {...shared('time')}
            hint={texts.timeHint}
            type="text"
            dir="ltr"
            autoComplete="off"
            required
          />
          <TextAreaField {...shared('noteEn')} lang="en" dir="ltr" rows={2} />
          <TextAreaField {...shared('noteUr')} lang="ur" dir="rtl" rows={2} />
        </div>
        <p>
          <Button aria-disabled={isPending || undefined}>
            {isPending ? texts.sending : texts.submit}
          </Button>
        </p>
      </Fragment>
    </form>
  )
}

'use client'

import { useActionState, useEffect, useId, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { InputField, SelectField } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import {
  type ScopeChoice,
  ScopeFields,
  type ScopeTexts,
} from '@/features/accounts/components/scope-fields'
import { makeToken } from '../actions'
import type { TokenFormState } from '../schema'

export interface TokenFormTexts extends ScopeTexts {
  name: string
  nameHint: string
  lifetime: string
  step: string
  propose: string
  proposeHint: string
  publish: string
  publishHint: string
  password: string
  passwordHint: string
  submit: string
  done: string
  doneText: string
  secret: string
  errorTitle: string
}

const untouched: TokenFormState = { problems: [], values: {} }

/** Makes a token and shows it this once; works with and without JavaScript. */
export function TokenForm({
  locale,
  answer,
  lifetimes,
  programmes,
  academies,
  texts,
}: {
  locale: string
  /** What the action answered, if this page is part of the answer. */
  answer: TokenFormState | undefined
  lifetimes: readonly { value: string; text: string }[]
  programmes: readonly ScopeChoice[]
  academies: readonly ScopeChoice[]
  texts: TokenFormTexts
}) {
  const [state, submit, isPending] = useActionState(makeToken, answer ?? untouched)
  const summary = useRef<HTMLDivElement>(null)
  const { values, problems } = state
  useEffect(() => {
    if (problems.length > 0) summary.current?.focus()
  }, [problems])
  const problemOf = (name: string) => problems.find(({ field }) => field === name)?.text
  const { errorPrefix } = texts
  return (
    <form action={submit} noValidate className="stack" style={{ '--stack': '1.5rem' } as object}>
      <ErrorSummary
        ref={summary}
        title={texts.errorTitle}
        problems={problems.map(({ field, text }) => ({
          fieldId: field === null || field === 'limits' ? (field ?? undefined) : `token-${field}`,
          message: text,
        }))}
      />
      {state.made && <Made {...state.made} texts={texts} />}
      <input type="hidden" name="locale" value={locale} />
      <InputField
        id="token-name"
        name="name"
        label={texts.name}
        hint={texts.nameHint}
        error={problemOf('name')}
        errorPrefix={errorPrefix}
        defaultValue={values.name}
        key={`name ${values.name}`}
        maxLength={80}
        autoComplete="off"
        dir="auto"
        required
      />
      <SelectField
        id="token-lifetime"
        name="lifetime"
        label={texts.lifetime}
        error={problemOf('lifetime')}
        errorPrefix={errorPrefix}
        defaultValue={values.lifetime ?? '90'}
        key={`lifetime ${values.lifetime}`}
      >
        {lifetimes.map(({ value, text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </SelectField>
      {/* React keeps radio buttons as they were; the key makes them follow what came back. */}
      <fieldset key={`step ${values.mayPublish}`} className="field">
        <legend className="font-semibold">{texts.step}</legend>
        {(
          [
            ['no', texts.propose, texts.proposeHint],
            ['yes', texts.publish, texts.publishHint],
          ] as const
        ).map(([value, name, hint]) => (
          <div key={value} className="flex gap-3 py-1">
            <input
              type="radio"
              className="shrink-0"
              id={`token-publish-${value}`}
              name="mayPublish"
              value={value}
              defaultChecked={(values.mayPublish ?? 'no') === value}
              aria-describedby={`token-publish-${value}-hint`}
            />
            <div>
              <label htmlFor={`token-publish-${value}`}>{name}</label>
              <p id={`token-publish-${value}-hint`} className="field-hint">
                {hint}
              </p>
            </div>
          </div>
        ))}
      </fieldset>
      <ScopeFields
        programmes={programmes}
        academies={academies}
        values={values}
        problem={problemOf('limits')}
        texts={texts}
      />
      <InputField
        id="token-current"
        name="current"
        type="password"
        label={texts.password}
        hint={texts.passwordHint}
        error={problemOf('current')}
        errorPrefix={errorPrefix}
        autoComplete="current-password"
        dir="ltr"
        required
      />
      <Button type="submit" aria-disabled={isPending || undefined}>
        {texts.submit}
      </Button>
    </form>
  )
}

function Made({
  name,
  secret,
  texts,
}: {
  name: string
  secret: string
  texts: Pick<TokenFormTexts, 'done' | 'doneText' | 'secret'>
}) {
  const id = useId()
  return (
    <Notice tone="success" title={texts.done} live>
      <div className="stack">
        <p>
          <bdi>{name}</bdi>
        </p>
        <p>{texts.doneText}</p>
        <div className="field">
          <label htmlFor={id}>{texts.secret}</label>
          <input id={id} readOnly value={secret} dir="ltr" autoComplete="off" spellCheck={false} />
        </div>
      </div>
    </Notice>
  )
}

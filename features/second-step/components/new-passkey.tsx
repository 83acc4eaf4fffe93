'use client'

import { type FormEvent, useEffect, useRef, useState, useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { InputField } from '@/components/ui/field'
import type { PasskeyAsked, SecondStepState } from '../schema'
import { askDevice, usePasskeysHere } from './passkey-ceremony'
import { RecoveryCodes, type RecoveryTexts } from './recovery-codes'

export interface NewPasskeyTexts extends RecoveryTexts {
  name: string
  nameHint: string
  add: string
  impossible: string
  declined: string
  known: string
  added: string
  errorTitle: string
  errorPrefix: string
}

/** Makes a passkey on this or another device of the person, where the browser can. */
export function NewPasskey({
  ask,
  action,
  locale,
  suggestion,
  account,
  texts,
}: {
  ask: (form: FormData) => Promise<PasskeyAsked>
  action: (state: SecondStepState, form: FormData) => Promise<SecondStepState>
  locale: string
  /** A name for it, until its owner finds a better one. */
  suggestion: string
  account: string
  texts: NewPasskeyTexts
}) {
  const canHere = usePasskeysHere()
  const [isPending, start] = useTransition()
  const [state, setState] = useState<SecondStepState>({ problems: [] })
  const summary = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (state.problems.length > 0) summary.current?.focus()
  }, [state])

  const say = (text: string) => setState({ problems: [{ field: null, text }] })
  const add = async (form: FormData) => {
    const asked = await ask(form)
    if (asked.problem !== undefined) return say(asked.problem)
    const done = await askDevice(asked)
    if (done.response === undefined) {
      return say(done.because === 'known' ? texts.known : texts.declined)
    }
    form.set('response', done.response)
    const answer = await action({ problems: [] }, form)
    setState(answer)
    if (answer.goTo) window.location.assign(answer.goTo)
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    if (!isPending) start(() => add(form))
  }

  if (state.codes) {
    return (
      <>
        <p>{texts.added}</p>
        <RecoveryCodes codes={state.codes} account={account} texts={texts} />
      </>
    )
  }
  if (!canHere) return <p className="text-muted">{texts.impossible}</p>
  return (
    <form onSubmit={submit} noValidate className="stack">
      <ErrorSummary
        ref={summary}
        title={texts.errorTitle}
        problems={state.problems.map(({ field, text }) => ({
          fieldId: field ? 'new-passkey' : undefined,
          message: text,
        }))}
      />
      <input type="hidden" name="locale" value={locale} />
      <input type="hidden" name="purpose" value="add" />
      <InputField
        id="new-passkey"
        name="name"
        type="text"
        label={texts.name}
        hint={texts.nameHint}
        error={state.problems.find(({ field }) => field === 'name')?.text}
        errorPrefix={texts.errorPrefix}
        defaultValue={suggestion}
        maxLength={60}
        autoComplete="off"
        dir="auto"
        required
      />
      <Button aria-disabled={isPending || undefined}>{texts.add}</Button>
    </form>
  )
}

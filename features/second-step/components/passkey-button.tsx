'use client'

import { useEffect, useRef, useState, useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import type { FormState } from '@/features/accounts/schema'
import type { PasskeyAsked } from '../schema'
import { askDevice, usePasskeysHere } from './passkey-ceremony'

export interface PasskeyButtonTexts {
  button: string
  /** Between this and the form that does the same. */
  or: string
  declined: string
  errorTitle: string
}

/** Uses a passkey and goes on; nothing where the browser cannot. */
export function PasskeyButton({
  ask,
  action,
  hidden,
  texts,
}: {
  ask: (form: FormData) => Promise<PasskeyAsked>
  action: (state: FormState, form: FormData) => Promise<FormState>
  /** Fields for both actions, `purpose` among them. */
  hidden: Record<string, string>
  texts: PasskeyButtonTexts
}) {
  const canHere = usePasskeysHere()
  const [isPending, start] = useTransition()
  const [problems, setProblems] = useState<readonly string[]>([])
  const summary = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (problems.length > 0) summary.current?.focus()
  }, [problems])

  const use = async () => {
    const form = new FormData()
    for (const [name, value] of Object.entries(hidden)) form.set(name, value)
    const asked = await ask(form)
    if (asked.problem !== undefined) return setProblems([asked.problem])
    const done = await askDevice(asked)
    if (done.response === undefined) return setProblems([texts.declined])
    form.set('response', done.response)
    const { problems: found, goTo } = await action({ problems: [], values: {} }, form)
    setProblems(found.map(({ text }) => text))
    if (goTo) window.location.assign(goTo)
  }

  if (!canHere) return null
  return (
    <div className="stack">
      <ErrorSummary
        ref={summary}
        title={texts.errorTitle}
        problems={problems.map((message) => ({ message }))}
      />
      <p>
        <Button
          type="button"
          rank="secondary"
          aria-disabled={isPending || undefined}
          onClick={() => {
            if (!isPending) start(use)
          }}
        >
          {texts.button}
        </Button>
      </p>
      <p className="text-muted">{texts.or}</p>
    </div>
  )
}

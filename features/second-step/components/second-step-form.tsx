'use client'

import './second-step.css'
import { useActionState, useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { InputField } from '@/components/ui/field'
import { useFollow } from '@/components/ui/follow'
import type { SecondStepState, SetUp } from '../schema'
import { RecoveryCodes, type RecoveryTexts } from './recovery-codes'

export interface SecondStepTexts extends RecoveryTexts {
  errorTitle: string
  errorPrefix: string
  take: string
  takeText: string
  picture: string
  open: string
  secret: string
  code: string
  codeHint: string
  turnOn: string
}

/**
 * A button that changes the second step: `beginApp`, which asks for a code next, `turnOffApp`, or
 * `renew`; with and without JavaScript.
 */
export function SecondStepForm({
  action,
  answer,
  locale,
  wish,
  button: label,
  account,
  texts,
}: {
  action: (state: SecondStepState, form: FormData) => Promise<SecondStepState>
  /** What the action answered, if this page is part of the answer. */
  answer: SecondStepState | undefined
  locale: string
  wish: 'beginApp' | 'turnOffApp' | 'renew'
  button: string
  /** Where to go on once the recovery codes are written down. */
  account: string
  texts: SecondStepTexts
}) {
  const [state, submit, isPending] = useActionState(action, answer ?? { problems: [] })
  const top = useRef<HTMLDivElement>(null)
  useFollow(state.goTo ?? null)

  useEffect(() => {
    if (state.problems.length > 0) top.current?.focus()
  }, [state])

  if (state.codes) return <RecoveryCodes codes={state.codes} account={account} texts={texts} />

  const button = { 'aria-disabled': isPending || undefined }
  return (
    <form action={submit} noValidate className="stack" style={{ '--stack': '1.5rem' } as object}>
      <ErrorSummary
        ref={top}
        title={texts.errorTitle}
        problems={state.problems.map(({ field, text }) => ({
          fieldId: field ?? undefined,
          message: text,
        }))}
      />
      <input type="hidden" name="locale" value={locale} />
      <input type="hidden" name="wish" value={state.setUp ? 'turnOnApp' : wish} />
      {state.setUp ? (
        <>
          <Enrolment setUp={state.setUp} texts={texts} />
          <InputField
            id="code"
            name="code"
            type="text"
            label={texts.code}
            hint={texts.codeHint}
            error={state.problems.find(({ field }) => field === 'code')?.text}
            errorPrefix={texts.errorPrefix}
            autoComplete="one-time-code"
            spellCheck={false}
            dir="ltr"
            required
          />
          <Button {...button}>{texts.turnOn}</Button>
        </>
      ) : (
        <Button rank="secondary" {...button}>
          {label}
        </Button>
      )}
    </form>
  )
}

/** A secret for an app to take over: as a picture, a link and a text. */
function Enrolment({ setUp, texts }: { setUp: SetUp; texts: SecondStepTexts }) {
  const { sealed, secret, address, picture } = setUp
  return (
    <section className="stack" aria-labelledby="take">
      <h3 id="take">{texts.take}</h3>
      <p className="max-w-text">{texts.takeText}</p>
      <input type="hidden" name="sealed" value={sealed} />
      <svg
        className="enrolment-picture"
        role="img"
        aria-label={texts.picture}
        viewBox={`0 0 ${picture.size} ${picture.size}`}
        shapeRendering="crispEdges"
      >
        <path d={picture.path} />
      </svg>
      <p>
        <a href={address}>{texts.open}</a>
      </p>
      <div className="field">
        <label htmlFor="secret">{texts.secret}</label>
        {/* On a phone the key needs a second line. */}
        <textarea
          id="secret"
          rows={2}
          readOnly
          value={secret}
          dir="ltr"
          autoComplete="off"
          spellCheck={false}
        />
      </div>
    </section>
  )
}

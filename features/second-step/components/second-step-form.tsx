'use client'

import './second-step.css'
import { type ReactNode, useActionState, useEffect, useRef } from 'react'
import { Button, ButtonLink } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { InputField } from '@/components/ui/field'
import { useFollow } from '@/components/ui/follow'
import { Notice } from '@/components/ui/notice'
import type { SecondStepState, SetUp } from '../schema'

export interface SecondStepTexts {
  errorTitle: string
  errorPrefix: string
  password: string
  begin: string
  take: string
  takeText: string
  picture: string
  open: string
  secret: string
  code: string
  codeHint: string
  turnOn: string
  eitherCode: string
  eitherHint: string
  renew: string
  turnOff: string
  codes: string
  codesText: string
  codesDone: string
}

type Action = (state: SecondStepState, form: FormData) => Promise<SecondStepState>

/**
 * Turns the second step on, in two steps, or off, or makes new recovery codes; with and without
 * JavaScript.
 */
export function SecondStepForm({
  action,
  answer,
  locale,
  isOn,
  account,
  texts,
}: {
  action: Action
  /** What the action answered, if this page is part of the answer. */
  answer: SecondStepState | undefined
  locale: string
  isOn: boolean
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

  const problemOf = (name: string) => state.problems.find(({ field }) => field === name)?.text
  const button = { 'aria-disabled': isPending || undefined }
  const password = <PasswordField problem={problemOf('password')} texts={texts} />
  const stages: Record<'begin' | 'turnOn' | 'change', () => ReactNode> = {
    begin: () => (
      <>
        <input type="hidden" name="wish" value="begin" />
        {password}
        <Button {...button}>{texts.begin}</Button>
      </>
    ),
    turnOn: () => (
      <>
        <input type="hidden" name="wish" value="turnOn" />
        {state.setUp && <Enrolment setUp={state.setUp} texts={texts} />}
        <CodeField
          label={texts.code}
          hint={texts.codeHint}
          problem={problemOf('code')}
          texts={texts}
        />
        <Button {...button}>{texts.turnOn}</Button>
      </>
    ),
    change: () => (
      <>
        {password}
        <CodeField
          label={texts.eitherCode}
          hint={texts.eitherHint}
          problem={problemOf('code')}
          texts={texts}
        />
        <p className="flex flex-wrap gap-3">
          <Button name="wish" value="renew" {...button}>
            {texts.renew}
          </Button>
          <Button rank="secondary" name="wish" value="turnOff" {...button}>
            {texts.turnOff}
          </Button>
        </p>
      </>
    ),
  }
  const stage = isOn ? 'change' : state.setUp ? 'turnOn' : 'begin'
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
      {stages[stage]()}
    </form>
  )
}

function PasswordField({
  problem,
  texts,
}: {
  problem: string | undefined
  texts: SecondStepTexts
}) {
  return (
    <InputField
      id="password"
      name="password"
      type="password"
      label={texts.password}
      error={problem}
      errorPrefix={texts.errorPrefix}
      autoComplete="current-password"
      dir="ltr"
      required
    />
  )
}

function CodeField({
  label,
  hint,
  problem,
  texts,
}: {
  label: string
  hint: string
  problem: string | undefined
  texts: SecondStepTexts
}) {
  return (
    <InputField
      id="code"
      name="code"
      type="text"
      label={label}
      hint={hint}
      error={problem}
      errorPrefix={texts.errorPrefix}
      autoComplete="one-time-code"
      spellCheck={false}
      dir="ltr"
      required
    />
  )
}

/** A secret for an app to take over: as a picture, a link and a text. */
function Enrolment({ setUp, texts }: { setUp: SetUp; texts: SecondStepTexts }) {
  const { sealed, secret, address, picture } = setUp
  return (
    <section className="stack" aria-labelledby="take">
      <h2 id="take">{texts.take}</h2>
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

function RecoveryCodes({
  codes,
  account,
  texts,
}: {
  codes: readonly string[]
  account: string
  texts: SecondStepTexts
}) {
  return (
    <div className="stack" style={{ '--stack': '1.5rem' } as object}>
      <Notice tone="success" title={texts.codes} live>
        <div className="stack">
          <p>{texts.codesText}</p>
          <ul className="recovery-codes" dir="ltr">
            {codes.map((code) => (
              <li key={code}>
                <code>{code}</code>
              </li>
            ))}
          </ul>
        </div>
      </Notice>
      <p>
        <ButtonLink href={account}>{texts.codesDone}</ButtonLink>
      </p>
    </div>
  )
}

'use client'

import { useId } from 'react'
import { Notice } from '@/components/ui/notice'
import { renewInvitation } from '../actions'
import type { FormState } from '../schema'
import { AccountForm, type AccountFormTexts, type FormAction } from './account-form'
import { type ScopeChoice, ScopeFields, type ScopeTexts } from './scope-fields'

/** A one-time link that was just made, shown this once. */
export function OneTimeLink({
  made,
  texts,
}: {
  made: FormState['invitation']
  texts: { done: string; doneText: string; link: string }
}) {
  const id = useId()
  if (!made) return null
  return (
    <Notice tone="success" title={texts.done} live>
      <div className="stack">
        <p>
          <bdi>{made.email}</bdi>
        </p>
        <p>{texts.doneText}</p>
        <div className="field">
          <label htmlFor={id}>{texts.link}</label>
          <input id={id} readOnly value={made.link} dir="ltr" />
        </div>
      </div>
    </Notice>
  )
}

/** Makes a one-time link to a new password. */
export function ResetLinkForm({
  action,
  answer,
  hidden,
  texts,
}: {
  action: FormAction
  answer: FormState | undefined
  hidden: Record<string, string>
  texts: AccountFormTexts & { done: string; doneText: string; link: string }
}) {
  return (
    <AccountForm
      action={action}
      answer={answer}
      hidden={hidden}
      fields={[]}
      texts={texts}
      result={({ invitation }) => <OneTimeLink made={invitation} texts={texts} />}
    />
  )
}

/** A new link for an invitation; the one before stops working. */
export function RenewalForm({
  answer,
  hidden,
  name,
  texts,
}: {
  answer: FormState | undefined
  hidden: Record<string, string>
  /** Of the button, for whoever does not see the row. */
  name: string
  texts: AccountFormTexts & { done: string; doneText: string; link: string }
}) {
  return (
    <AccountForm
      action={renewInvitation}
      answer={answer}
      hidden={hidden}
      fields={[]}
      texts={texts}
      button={{ rank: 'secondary', 'aria-label': name }}
      result={({ invitation }) => <OneTimeLink made={invitation} texts={texts} />}
    />
  )
}

/** Limits somebody to programmes and academies. */
export function ScopesForm({
  action,
  answer,
  hidden,
  programmes,
  academies,
  values,
  texts,
}: {
  action: FormAction
  answer: FormState | undefined
  hidden: Record<string, string>
  programmes: readonly ScopeChoice[]
  academies: readonly ScopeChoice[]
  /** What holds now. */
  values: Readonly<Record<string, string>>
  texts: AccountFormTexts & ScopeTexts
}) {
  return (
    <AccountForm action={action} answer={answer} hidden={hidden} fields={[]} texts={texts}>
      {(state) => (
        <ScopeFields
          programmes={programmes}
          academies={academies}
          values={'programmes' in state.values ? state.values : values}
          problem={state.problems.find(({ field }) => field === 'limits')?.text}
          texts={texts}
        />
      )}
    </AccountForm>
  )
}

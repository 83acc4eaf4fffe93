'use client'

import { invite } from '../actions'
import type { FormState, UserRole } from '../schema'
import { AccountForm, type AccountFormTexts } from './account-form'
import { OneTimeLink } from './person-forms'
import { type ScopeChoice, ScopeFields, type ScopeTexts } from './scope-fields'

export interface RoleChoice {
  role: UserRole
  name: string
  hint: string
}

export interface InvitationFormTexts extends AccountFormTexts, ScopeTexts {
  email: string
  emailHint: string
  role: string
  done: string
  doneText: string
  link: string
}

export function InvitationForm({
  locale,
  answer,
  roles,
  programmes,
  academies,
  texts,
}: {
  locale: string
  answer: FormState | undefined
  roles: readonly RoleChoice[]
  programmes: readonly ScopeChoice[]
  academies: readonly ScopeChoice[]
  texts: InvitationFormTexts
}) {
  return (
    <AccountForm
      action={invite}
      answer={answer}
      hidden={{ locale }}
      fields={[
        {
          name: 'email',
          type: 'email',
          label: texts.email,
          hint: texts.emailHint,
          autoComplete: 'off',
        },
      ]}
      texts={texts}
      result={({ invitation }) => <OneTimeLink made={invitation} texts={texts} />}
    >
      {({ values, problems }) => {
        const problem = problems.find(({ field }) => field === 'role')?.text
        return (
          <>
            {/* React keeps radio buttons as they were; the key makes them follow what came back. */}
            <fieldset
              key={values.role}
              className="field"
              aria-describedby={problem ? 'role-error' : undefined}
            >
              <legend className="font-semibold">{texts.role}</legend>
              {problem && (
                <p id="role-error" className="field-error">
                  <span className="visually-hidden">{texts.errorPrefix} </span>
                  {problem}
                </p>
              )}
              {roles.map(({ role, name, hint }, index) => (
                <div key={role} className="flex gap-3 py-1">
                  <input
                    type="radio"
                    className="shrink-0"
                    // The error summary leads to the first choice.
                    id={index === 0 ? 'role' : `role-${role}`}
                    name="role"
                    value={role}
                    defaultChecked={values.role === role}
                    aria-describedby={`role-${role}-hint`}
                  />
                  <div>
                    <label htmlFor={index === 0 ? 'role' : `role-${role}`}>{name}</label>
                    <p id={`role-${role}-hint`} className="field-hint">
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
              problem={problems.find(({ field }) => field === 'limits')?.text}
              texts={texts}
            />
          </>
        )
      }}
    </AccountForm>
  )
}

import type { ReactNode } from 'react'
import { keptAnswer } from '@/lib/form-answer'
import { type Locale, translator } from '@/lib/i18n'
import { signIn } from '../actions'
import type { FormState } from '../schema'

import { AccountForm } from './account-form'

/** Heading and form to sign in and go on to `next`; `children` say why, `before` is another way. */
export async function SignIn({
  locale,
  next,
  before,
  children,
}: {
  locale: Locale
  next: string
  before?: ReactNode
  children: ReactNode
}) {
  const t = translator(locale, 'accounts')
  return (
    <>
      <h1>{t('signIn.title')}</h1>
      {children}
      {before}
      <AccountForm
        action={signIn}
        answer={await keptAnswer<FormState>('signIn')}
        hidden={{ locale, next }}
        fields={[
          { name: 'email', type: 'email', label: t('signIn.email'), autoComplete: 'username' },
          {
            name: 'password',
            type: 'password',
            label: t('signIn.password'),
            autoComplete: 'current-password',
          },
        ]}
        texts={{
          submit: t('signIn.submit'),
          errorTitle: t('errors.title'),
          errorPrefix: t('errors.prefix'),
        }}
      />
      <p className="text-muted">{t('signIn.forgotten')}</p>
    </>
  )
}

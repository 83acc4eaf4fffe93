import { ButtonLink } from '@/components/ui/button'
import { keptAnswer } from '@/lib/form-answer'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { resetPassword } from '../actions'
import { resetOf } from '../data'
import { passwordMinimum } from '../rules'
import type { FormState } from '../schema'
import { type AccountField, AccountForm } from './account-form'

/** A new password and the same once more. */
export function newPasswordFields(locale: Locale): AccountField[] {
  const t = translator(locale, 'accounts')
  return [
    {
      name: 'password',
      type: 'password',
      label: t('reset.password'),
      hint: t('accept.passwordHint', { minimum: passwordMinimum }),
      autoComplete: 'new-password',
    },
    {
      name: 'passwordAgain',
      type: 'password',
      label: t('reset.passwordAgain'),
      autoComplete: 'new-password',
    },
  ]
}

/** What a one-time link to a new password leads to. A link that does not work tells nothing. */
export async function Reset({ locale, token }: { locale: Locale; token: string }) {
  const t = translator(locale, 'accounts')
  const reset = await resetOf(token)
  if (!reset) {
    return (
      <>
        <h1>{t('closed.title')}</h1>
        <p className="lead">{t('closed.reset')}</p>
        <p>
          <ButtonLink href={localePath(locale, '/sign-in')}>{t('closed.signIn')}</ButtonLink>
        </p>
      </>
    )
  }
  return (
    <>
      <h1>{t('reset.title')}</h1>
      <p className="lead">{t('reset.lead')}</p>
      <AccountForm
        action={resetPassword}
        answer={await keptAnswer<FormState>('resetPassword')}
        hidden={{ locale, token }}
        fields={[
          {
            // Password managers store a password with the address that stands beside it.
            name: 'email',
            type: 'email',
            label: t('accept.email'),
            autoComplete: 'username',
            value: reset.email,
            readOnly: true,
          },
          ...newPasswordFields(locale),
        ]}
        texts={{
          submit: t('reset.submit'),
          errorTitle: t('errors.title'),
          errorPrefix: t('errors.prefix'),
        }}
      />
    </>
  )
}

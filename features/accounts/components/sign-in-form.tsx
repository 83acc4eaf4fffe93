import { type Locale, translator } from '@/lib/i18n'
import { signIn } from '../actions'
import { AccountForm } from './account-form'

export function SignInForm({ locale, next }: { locale: Locale; next: string }) {
  const t = translator(locale, 'accounts')
  return (
    <AccountForm
      action={signIn}
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
  )
}

import type { FormState } from '@/features/accounts/schema'
import { arePasskeysPossible } from '@/features/passkeys/data'
import type { PasskeyPurpose } from '@/features/passkeys/schema'
import { type Locale, translator } from '@/lib/i18n'
import { askPasskey, confirmByPasskey, finishByPasskey, signInByPasskey } from '../actions'
import { PasskeyButton } from './passkey-button'

const actions: Record<
  Exclude<PasskeyPurpose, 'add'>,
  (state: FormState, form: FormData) => Promise<FormState>
> = { signIn: signInByPasskey, secondStep: finishByPasskey, confirm: confirmByPasskey }

/** A button that uses a passkey for something and goes on to `next`, before a form that does so too. */
export function PasskeyUse({
  locale,
  purpose,
  next = '',
}: {
  locale: Locale
  purpose: keyof typeof actions
  next?: string
}) {
  if (!arePasskeysPossible()) return null
  const t = translator(locale, 'secondStep.passkeys')
  return (
    <PasskeyButton
      ask={askPasskey}
      action={actions[purpose]}
      hidden={{ locale, purpose, next }}
      texts={{
        button: t(`use.${purpose}`),
        or: t(`or.${purpose}`),
        declined: t('declined'),
        errorTitle: translator(locale, 'accounts.errors')('title'),
      }}
    />
  )
}

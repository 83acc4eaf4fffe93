import { ButtonLink } from '@/components/ui/button'
import { AccountForm } from '@/features/accounts/components/account-form'
import type { FormState } from '@/features/accounts/schema'
import { passkeysOf } from '@/features/passkeys/data'
import { keptAnswer } from '@/lib/form-answer'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { finishSignIn } from '../actions'
import { PasskeyUse } from './passkey-use'

/** Asks for what comes after a right password; `person` is whose it was. */
export async function CodeForm({
  locale,
  next,
  person,
}: {
  locale: Locale
  next: string
  person: { userId: string } | null
}) {
  const t = translator(locale, 'secondStep')
  const errors = translator(locale, 'accounts.errors')
  if (!person) {
    return (
      <>
        <h1>{t('over.title')}</h1>
        <p className="lead">{t('problems.halfWayOver')}</p>
        <p>
          <ButtonLink href={localePath(locale, `/sign-in?${new URLSearchParams({ next })}`)}>
            {t('over.signIn')}
          </ButtonLink>
        </p>
      </>
    )
  }
  const hasPasskey = (await passkeysOf(person.userId)).length > 0
  return (
    <>
      <h1>{t(hasPasskey ? 'ask.titleEither' : 'ask.title')}</h1>
      <p className="lead">{t(hasPasskey ? 'ask.leadEither' : 'ask.lead')}</p>
      {hasPasskey && <PasskeyUse locale={locale} purpose="secondStep" next={next} />}
      <AccountForm
        action={finishSignIn}
        answer={await keptAnswer<FormState>('finishSignIn')}
        hidden={{ locale, next }}
        fields={[
          {
            name: 'code',
            type: 'text',
            label: t('ask.code'),
            hint: t('eitherHint'),
            autoComplete: 'one-time-code',
          },
        ]}
        texts={{
          submit: t('ask.submit'),
          errorTitle: errors('title'),
          errorPrefix: errors('prefix'),
        }}
      />
      <p className="text-muted">{t('ask.lost')}</p>
    </>
  )
}

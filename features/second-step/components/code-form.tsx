import { ButtonLink } from '@/components/ui/button'
import { AccountForm } from '@/features/accounts/components/account-form'
import type { FormState } from '@/features/accounts/schema'
import { keptAnswer } from '@/lib/form-answer'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { finishSignIn } from '../actions'

/** Asks for the code that comes after a right password; `isHalfWay` is whether there was one. */
export async function CodeForm({
  locale,
  next,
  isHalfWay,
}: {
  locale: Locale
  next: string
  isHalfWay: boolean
}) {
  const t = translator(locale, 'secondStep')
  const errors = translator(locale, 'accounts.errors')
  if (!isHalfWay) {
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
  return (
    <>
      <h1>{t('ask.title')}</h1>
      <p className="lead">{t('ask.lead')}</p>
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

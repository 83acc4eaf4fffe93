import { ButtonLink } from '@/components/ui/button'
import { keptAnswer } from '@/lib/form-answer'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { acceptInvitation } from '../actions'
import { invitationOf } from '../data'
import { passwordMinimum } from '../rules'
import type { FormState, OpenInvitation } from '../schema'
import { AccountForm } from './account-form'

/** What a one-time link leads to: the form that makes the account, or why there is none. */
export async function Acceptance({
  locale,
  kind,
  token,
}: {
  locale: Locale
  kind: OpenInvitation['kind']
  token: string
}) {
  const t = translator(locale, 'accounts')
  const invitation = await invitationOf(token)
  if (invitation?.kind !== kind) {
    return (
      <>
        <h1>{t('closed.title')}</h1>
        <p className="lead">{kind === 'set-up' ? t('closed.setUp') : t('closed.join')}</p>
        <p>
          <ButtonLink href={localePath(locale, '/sign-in')}>{t('closed.signIn')}</ButtonLink>
        </p>
      </>
    )
  }
  const isSetUp = kind === 'set-up'
  return (
    <>
      <h1>{isSetUp ? t('accept.setUpTitle') : t('accept.joinTitle')}</h1>
      <p className="lead">
        {isSetUp ? t('accept.setUpLead') : t('accept.joinLead', { role: invitation.role })}
      </p>
      <AccountForm
        action={acceptInvitation}
        answer={await keptAnswer<FormState>('acceptInvitation')}
        hidden={{ locale, token }}
        fields={[
          {
            name: 'name',
            type: 'text',
            label: t('accept.name'),
            hint: t('accept.nameHint'),
            autoComplete: 'name',
          },
          {
            name: 'email',
            type: 'email',
            label: t('accept.email'),
            hint: invitation.email ? t('accept.emailFixedHint') : t('accept.emailHint'),
            autoComplete: 'username',
            value: invitation.email,
            readOnly: invitation.email !== '',
          },
          {
            name: 'password',
            type: 'password',
            label: t('accept.password'),
            hint: t('accept.passwordHint', { minimum: passwordMinimum }),
            autoComplete: 'new-password',
          },
          {
            name: 'passwordAgain',
            type: 'password',
            label: t('accept.passwordAgain'),
            autoComplete: 'new-password',
          },
        ]}
        texts={{
          submit: t('accept.submit'),
          errorTitle: t('errors.title'),
          errorPrefix: t('errors.prefix'),
        }}
      />
    </>
  )
}

import type { ReactNode } from 'react'
import { ButtonLink } from '@/components/ui/button'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { answersForm, currentActor, requireActor } from '../data'
import { may } from '../rules'
import type { Actor, Permission } from '../schema'
import { SignIn } from './sign-in'

/**
 * Shows what somebody with a permission may see; others are sent to sign in, or told that their
 * role does not do. A page that answers a form says so itself instead: it resumes a prerendered
 * shell, where a thrown redirect is an empty page without JavaScript.
 *
 * @param path the page's own path with its language, to come back to after signing in
 */
export async function Gate({
  permission,
  locale,
  path,
  children,
}: {
  permission: Permission
  locale: Locale
  path: string
  children: (actor: Actor) => ReactNode | Promise<ReactNode>
}) {
  const actor = (await answersForm())
    ? await currentActor()
    : await requireActor(permission, locale, path)
  if (!actor) {
    return (
      <SignIn locale={locale} next={path}>
        <p className="lead">{translator(locale, 'accounts.signIn')('continue')}</p>
      </SignIn>
    )
  }
  if (may(actor.role, permission)) return children(actor)
  return actor.role === 'waiting' ? <Waiting locale={locale} /> : <Refusal locale={locale} />
}

/** For somebody who must set up a second step first. */
function Waiting({ locale }: { locale: Locale }) {
  const t = translator(locale, 'accounts.waiting')
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">{t('text')}</p>
      <p>
        <ButtonLink href={localePath(locale, '/account/second-step')}>{t('setUp')}</ButtonLink>
      </p>
    </>
  )
}

export function Refusal({ locale }: { locale: Locale }) {
  const t = translator(locale, 'accounts.forbidden')
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">{t('text')}</p>
      <p>
        <ButtonLink href={localePath(locale, '/')}>{t('home')}</ButtonLink>
      </p>
    </>
  )
}

import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ButtonLink } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { Refusal } from '@/features/accounts/components/gate'
import { SignIn } from '@/features/accounts/components/sign-in'
import { currentActor } from '@/features/accounts/data'
import { safeNext } from '@/features/accounts/rules'
import { DeskPage } from '@/features/desk/components/desk-page'
import { PasskeyUse } from '@/features/second-step/components/passkey-use'
import { isLocale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/sign-in'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'accounts.signIn')('title') } : {}
}

export default async function SignInPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const { next, joined, reset, refused } = await searchParams
  const asked = safeNext(typeof next === 'string' ? next : undefined, '')
  const onward = asked || localePath(locale, '/entry')
  const actor = await currentActor()
  const t = translator(locale, 'accounts.signIn')
  return (
    <DeskPage locale={locale} path="/sign-in">
      <div className="stack">
        {actor && refused === '1' && <Refusal locale={locale} />}
        {actor && refused !== '1' && (
          <>
            <h1>{t('already', { name: actor.name })}</h1>
            <p>
              <ButtonLink href={onward}>{t('goOn')}</ButtonLink>
            </p>
          </>
        )}
        {!actor && (
          <SignIn
            locale={locale}
            next={onward}
            before={<PasskeyUse locale={locale} purpose="signIn" next={onward} />}
          >
            {joined === '1' && (
              <Notice tone="success">
                <p>{t('joined')}</p>
              </Notice>
            )}
            {reset === '1' && (
              <Notice tone="success">
                <p>{t('reset')}</p>
              </Notice>
            )}
            <p className="lead">{asked ? t('continue') : t('lead')}</p>
          </SignIn>
        )}
      </div>
    </DeskPage>
  )
}

import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { Notice } from '@/components/ui/notice'
import { SignInForm } from '@/features/accounts/components/sign-in-form'
import { currentActor } from '@/features/accounts/data'
import { safeNext } from '@/features/accounts/rules'
import { SitePage } from '@/features/shell/components/site-page'
import { isLocale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/sign-in'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'accounts.signIn')('title') } : {}
}

export default async function SignInPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const { next, joined } = await searchParams
  const asked = safeNext(typeof next === 'string' ? next : undefined, '')
  const onward = asked || localePath(locale, '/entry')
  if (await currentActor()) redirect(onward)
  const t = translator(locale, 'accounts.signIn')
  return (
    <SitePage locale={locale} path="/sign-in">
      <div className="stack">
        <h1>{t('title')}</h1>
        {joined === '1' && (
          <Notice tone="success">
            <p>{t('joined')}</p>
          </Notice>
        )}
        <p className="lead">{asked ? t('continue') : t('lead')}</p>
        <SignInForm locale={locale} next={onward} />
        <p className="text-muted">{t('forgotten')}</p>
      </div>
    </SitePage>
  )
}

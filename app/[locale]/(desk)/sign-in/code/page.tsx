import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ButtonLink } from '@/components/ui/button'
import { currentActor, personHalfWay } from '@/features/accounts/data'
import { safeNext } from '@/features/accounts/rules'
import { DeskPage } from '@/features/desk/components/desk-page'
import { CodeForm } from '@/features/second-step/components/code-form'
import { isLocale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/sign-in/code'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'secondStep')('ask.title') } : {}
}

export default async function CodePage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const { next } = await searchParams
  const asked = typeof next === 'string' ? next : undefined
  const onward = safeNext(asked, localePath(locale, '/entry'))
  const actor = await currentActor()
  const t = translator(locale, 'accounts.signIn')
  return (
    <DeskPage locale={locale} path="/sign-in/code">
      <div className="stack">
        {actor ? (
          <>
            <h1>{t('already', { name: actor.name })}</h1>
            <p>
              <ButtonLink href={onward}>{t('goOn')}</ButtonLink>
            </p>
          </>
        ) : (
          <CodeForm locale={locale} next={onward} person={await personHalfWay()} />
        )}
      </div>
    </DeskPage>
  )
}

import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Follow, type Followed } from '@/components/ui/follow'
import { Notice } from '@/components/ui/notice'
import { readAcademies } from '@/features/academies/data'
import { Gate } from '@/features/accounts/components/gate'
import { OwnAccount } from '@/features/accounts/components/own-account'
import { currentSession, personOf, scopesOf, signedInPlaces } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { catalogue } from '@/features/catalogue/cached'
import { programmesInTree } from '@/features/catalogue/rules'
import { DeskPage } from '@/features/desk/components/desk-page'
import { OwnTokens } from '@/features/tokens/components/tokens'
import { tokensOf } from '@/features/tokens/data'
import { keptAnswer } from '@/lib/form-answer'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/account'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'accounts.own')('title') } : {}
}

export default async function AccountPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const ended =
    (await keptAnswer<Followed>('endSession')) ?? (await keptAnswer<Followed>('revokeToken'))
  return (
    <DeskPage locale={locale} path="/account">
      <Follow goTo={ended?.goTo ?? null} />
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="account.keep" locale={locale} path={localePath(locale, '/account')}>
          {async (actor) => {
            const { done } = await searchParams
            return <Own locale={locale} actor={actor} done={String(done)} />
          }}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function Own({ locale, actor, done }: { locale: Locale; actor: Actor; done: string }) {
  const t = translator(locale, 'accounts.own')
  const signedIn = await currentSession()
  const [person, places, names, academies, tokens, limits] = await Promise.all([
    personOf(actor.userId),
    signedInPlaces(actor.userId, signedIn?.sessionId ?? ''),
    catalogue(),
    readAcademies(),
    tokensOf(actor.userId),
    scopesOf(actor.userId),
  ])
  if (!person) notFound()
  const outcome = new Map([
    ['changed', t('done.changed')],
    ['ended', t('done.ended')],
    ['revoked', translator(locale, 'tokens.done')('revoked')],
    ['notRevoked', translator(locale, 'tokens.done')('notRevoked')],
  ]).get(done)
  const scopeCatalogue = { programmes: programmesInTree(names), academies }
  return (
    <>
      <h1>{t('title')}</h1>
      {outcome && (
        <Notice tone={done === 'notRevoked' ? 'warning' : 'success'}>
          <p>{outcome}</p>
        </Notice>
      )}
      <OwnAccount locale={locale} person={person} places={places} catalogue={scopeCatalogue} />
      <OwnTokens
        locale={locale}
        person={person}
        tokens={tokens}
        catalogue={scopeCatalogue}
        limits={limits}
      />
    </>
  )
}

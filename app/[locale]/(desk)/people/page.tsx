import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { Notice } from '@/components/ui/notice'
import { readAcademies } from '@/features/academies/data'
import { Gate } from '@/features/accounts/components/gate'
import { InvitationForm } from '@/features/accounts/components/invitation-form'
import {
  InvitationsTable,
  PeopleSearch,
  PeopleTable,
} from '@/features/accounts/components/people-tables'
import { scopeNames, scopeParts } from '@/features/accounts/components/person-desk'
import { openInvitations, people } from '@/features/accounts/data'
import { isFound } from '@/features/accounts/rules'
import { type Actor, type FormState, type Scope, userRoles } from '@/features/accounts/schema'
import { catalogue } from '@/features/catalogue/cached'
import { programmesInTree } from '@/features/catalogue/rules'
import { DeskPage } from '@/features/desk/components/desk-page'
import { keptAnswer } from '@/lib/form-answer'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/people'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'accounts.people')('title') } : {}
}

export default async function PeoplePage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  return (
    <DeskPage locale={locale} path="/people">
      <div className="stack">
        <Gate permission="people.manage" locale={locale} path={localePath(locale, '/people')}>
          {async (actor) => {
            const { done, problem, q } = await searchParams
            const search = typeof q === 'string' ? q.trim().slice(0, 200) : ''
            return (
              <Desk locale={locale} actor={actor} search={search}>
                <Outcome locale={locale} done={done} problem={problem} />
              </Desk>
            )
          }}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function Desk({
  locale,
  actor,
  search,
  children,
}: {
  locale: Locale
  actor: Actor
  search: string
  children: ReactNode
}) {
  const [everybody, invitations, names, academies] = await Promise.all([
    people(),
    openInvitations(),
    catalogue(),
    readAcademies(),
  ])
  const t = translator(locale, 'accounts')
  const limitable = { programmes: programmesInTree(names), academies }
  const parts = scopeParts(locale, limitable)
  const limitsOf = (scopes: readonly Scope[]) => scopeNames(locale, limitable, scopes)
  const found = everybody.filter((person) => isFound(person, search))
  return (
    <>
      <h1>{t('people.title')}</h1>
      <p className="lead">{t('people.lead')}</p>
      {children}
      <PeopleSearch locale={locale} search={search} found={found.length} />
      {found.length > 0 && (
        <PeopleTable locale={locale} people={found} selfId={actor.userId} limitsOf={limitsOf} />
      )}
      {invitations.length > 0 && (
        <>
          <h2 className="pt-8">{t('people.invitations.caption')}</h2>
          <InvitationsTable
            locale={locale}
            invitations={invitations}
            limitsOf={limitsOf}
            renewed={await keptAnswer<FormState>('renew')}
          />
        </>
      )}
      <h2 className="pt-8">{t('people.invite.title')}</h2>
      <InvitationForm
        locale={locale}
        answer={await keptAnswer<FormState>('invite')}
        roles={userRoles.map((role) => ({
          role,
          name: t(`roles.${role}`),
          hint: t(`roleHints.${role}`),
        }))}
        programmes={parts.programmes}
        academies={parts.academies}
        texts={{
          ...parts.texts,
          email: t('people.invite.email'),
          emailHint: t('people.invite.emailHint'),
          role: t('people.invite.role'),
          submit: t('people.invite.submit'),
          done: t('people.invite.done'),
          doneText: t('people.invite.doneText'),
          link: t('people.invite.link'),
          errorTitle: t('errors.title'),
          errorPrefix: t('errors.prefix'),
        }}
      />
    </>
  )
}

type Parameter = string | string[] | undefined

/** What the change that led back here did. Anybody can write the address, so only known codes. */
function Outcome({
  locale,
  done,
  problem,
}: {
  locale: Locale
  done: Parameter
  problem: Parameter
}) {
  const t = translator(locale, 'accounts')
  const outcomes = new Map<Parameter, string>([
    ['roleChanged', t('people.done.roleChanged')],
    ['activated', t('people.done.activated')],
    ['deactivated', t('people.done.deactivated')],
    ['withdrawn', t('people.done.withdrawn')],
  ])
  const text = outcomes.get(done)
  if (text) {
    return (
      <Notice tone="success">
        <p>{text}</p>
      </Notice>
    )
  }
  const code = `problems.${String(problem)}` as Parameters<typeof t.has>[0]
  if (!problem || !t.has(code)) return null
  return (
    <Notice tone="warning" title={t('errors.title')}>
      <p>{t(code)}</p>
    </Notice>
  )
}

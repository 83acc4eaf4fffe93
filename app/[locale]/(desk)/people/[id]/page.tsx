import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumbs } from '@/components/ui/breadcrumbs'
import { Notice } from '@/components/ui/notice'
import { readAcademies } from '@/features/academies/data'
import { Gate } from '@/features/accounts/components/gate'
import { PersonDesk } from '@/features/accounts/components/person-desk'
import { personOf } from '@/features/accounts/data'
import { catalogue } from '@/features/catalogue/cached'
import { programmesInTree } from '@/features/catalogue/rules'
import { DeskPage } from '@/features/desk/components/desk-page'
import { TokensOfPerson } from '@/features/tokens/components/tokens'
import { tokensOf } from '@/features/tokens/data'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/people/[id]'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'accounts.person')('title') } : {}
}

export default async function PersonPage({ params, searchParams }: Props) {
  const { locale, id } = await params
  if (!isLocale(locale)) notFound()
  const path = `/people/${id}`
  return (
    <DeskPage locale={locale} path={path}>
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="people.manage" locale={locale} path={localePath(locale, path)}>
          {async () => {
            const { done } = await searchParams
            return <Desk locale={locale} id={id} done={done} />
          }}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function Desk({
  locale,
  id,
  done,
}: {
  locale: Locale
  id: string
  done: string | string[] | undefined
}) {
  const t = translator(locale, 'accounts')
  const [person, names, academies, tokens] = await Promise.all([
    personOf(id),
    catalogue(),
    readAcademies(),
    tokensOf(id),
  ])
  const crumbs = [{ text: t('people.title'), href: localePath(locale, '/people') }]
  if (!person) {
    return (
      <>
        <h1>{t('person.title')}</h1>
        <p className="lead">{t('person.unknown')}</p>
        <p>
          <a href={localePath(locale, '/people')}>{t('people.title')}</a>
        </p>
      </>
    )
  }
  const outcomes = new Map([
    ['renamed', t('person.done.renamed')],
    ['limited', t('person.done.limited')],
    ['secondStepTaken', t('secondStep.taken')],
    ['revoked', translator(locale, 'tokens.done')('revoked')],
    ['notRevoked', translator(locale, 'tokens.done')('notRevoked')],
  ])
  const scopeCatalogue = { programmes: programmesInTree(names), academies }
  const outcome = outcomes.get(String(done))
  return (
    <>
      <Breadcrumbs label={t('person.way')} crumbs={crumbs} current={<bdi>{person.name}</bdi>} />
      <h1>
        <bdi>{person.name}</bdi>
      </h1>
      {outcome && (
        <Notice tone={done === 'notRevoked' ? 'warning' : 'success'}>
          <p>{outcome}</p>
        </Notice>
      )}
      <PersonDesk locale={locale} person={person} catalogue={scopeCatalogue} />
      <TokensOfPerson locale={locale} person={person} tokens={tokens} catalogue={scopeCatalogue} />
    </>
  )
}

import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Notice } from '@/components/ui/notice'
import { Gate } from '@/features/accounts/components/gate'
import { scopesOf } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { catalogue } from '@/features/catalogue/cached'
import { DeskPage } from '@/features/desk/components/desk-page'
import { figureWriter } from '@/features/figures/series'
import { OpenProposals, RecentFigures } from '@/features/proposals/components/my-proposals'
import { PlaceForm } from '@/features/proposals/components/place-form'
import { proposalsBy } from '@/features/proposals/data'
import { readPlace } from '@/features/proposals/schema'
import { OwnAcademies } from '@/features/reporting/components/own-academies'
import { readOwnDuties } from '@/features/reporting/data'
import { SetList } from '@/features/sets/components/set-links'
import { setsBy } from '@/features/sets/data'
import { OldDraftsNotice } from '@/features/sheets/components/old-drafts'
import { readOldDrafts } from '@/features/sheets/data'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/entry'>

const openShown = 50
const recentShown = 10

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'entry')('title') } : {}
}

export default async function EntryPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  return (
    <DeskPage locale={locale} path="/entry">
      <div className="stack">
        <Gate permission="figures.propose" locale={locale} path={localePath(locale, '/entry')}>
          {async (actor) => <Desk locale={locale} actor={actor} query={await searchParams} />}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function Desk({ locale, actor, query }: { locale: Locale; actor: Actor; query: Query }) {
  const names = await catalogue()
  const [own, scopes, drafts, open, recent, sets, old] = await Promise.all([
    readOwnDuties(actor, names),
    scopesOf(actor.userId),
    proposalsBy(actor.userId, ['draft'], openShown),
    proposalsBy(actor.userId, ['returned', 'in_review', 'scheduled'], openShown),
    proposalsBy(actor.userId, ['published'], recentShown),
    setsBy(actor.userId, recentShown),
    readOldDrafts(actor),
  ])
  const t = translator(locale, 'entry')
  const writer = figureWriter(names, locale)
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">{t('lead')}</p>
      <Outcome locale={locale} query={query} />
      <OwnAcademies locale={locale} writer={writer} academies={own} />
      <OldDraftsNotice locale={locale} catalogue={names} {...old} />
      <section className="stack max-w-text pt-4" aria-labelledby="place">
        <h2 id="place">{t('place.title')}</h2>
        <PlaceForm locale={locale} catalogue={names} scopes={scopes} place={readPlace(query)} />
      </section>
      <p>
        <a className="button-secondary" href={localePath(locale, '/entry/grid')}>
          {translator(locale, 'sheets')('open')}
        </a>
      </p>
      {sets.length > 0 && (
        <div className="pt-8">
          <SetList
            id="my-sets"
            title={translator(locale, 'sets.list')('mine')}
            locale={locale}
            sets={sets}
          />
        </div>
      )}
      {drafts.length > 0 && (
        <div className="stack pt-8">
          <h2 id="drafts">{t('mine.drafts')}</h2>
          <OpenProposals locale={locale} writer={writer} proposals={drafts} list="drafts" />
          {drafts.length === openShown && <p>{t('mine.more', { count: openShown })}</p>}
        </div>
      )}
      <div className="stack pt-8">
        <h2 id="open">{t('mine.open')}</h2>
        {open.length > 0 ? (
          <OpenProposals locale={locale} writer={writer} proposals={open} list="open" />
        ) : (
          <p className="text-muted">{t('mine.openNone')}</p>
        )}
        {open.length === openShown && <p>{t('mine.more', { count: openShown })}</p>}
      </div>
      <div className="stack pt-8">
        <h2 id="recent">{t('mine.recent')}</h2>
        {recent.length > 0 ? (
          <RecentFigures locale={locale} writer={writer} proposals={recent} />
        ) : (
          <p className="text-muted">{t('mine.recentNone')}</p>
        )}
      </div>
    </>
  )
}

type Query = Record<string, string | string[] | undefined>

function Outcome({ locale, query }: { locale: Locale; query: Query }) {
  const t = translator(locale, 'entry')
  if (query.discarded === '1' || query.drafted === '1') {
    return (
      <Notice tone="success">
        <p>{query.drafted === '1' ? t('mine.drafted') : t('mine.discarded')}</p>
      </Notice>
    )
  }
  if (query.moved !== '1') return null
  return (
    <Notice tone="warning">
      <p>{t('problems.moved')}</p>
    </Notice>
  )
}

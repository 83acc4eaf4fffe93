import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Notice } from '@/components/ui/notice'
import { requireActor } from '@/features/accounts/data'
import { catalogue } from '@/features/catalogue/cached'
import { figureWriter } from '@/features/figures/series'
import { OpenProposals, RecentFigures } from '@/features/proposals/components/my-proposals'
import { PlaceForm } from '@/features/proposals/components/place-form'
import { proposalsBy } from '@/features/proposals/data'
import { readPlace } from '@/features/proposals/schema'
import { SitePage } from '@/features/shell/components/site-page'
import { isLocale, localePath, translator } from '@/lib/i18n'

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
  const actor = await requireActor('figures.propose', locale, localePath(locale, '/entry'))
  const [names, open, recent, query] = await Promise.all([
    catalogue(),
    proposalsBy(actor.userId, ['returned', 'in_review'], openShown),
    proposalsBy(actor.userId, ['published'], recentShown),
    searchParams,
  ])
  const t = translator(locale, 'entry')
  const writer = figureWriter(names, locale)
  return (
    <SitePage locale={locale} path="/entry">
      <div className="stack">
        <h1>{t('title')}</h1>
        <p className="lead">{t('lead')}</p>
        {query.discarded === '1' && (
          <Notice tone="success">
            <p>{t('mine.discarded')}</p>
          </Notice>
        )}
        {query.moved === '1' && (
          <Notice tone="warning">
            <p>{t('problems.moved')}</p>
          </Notice>
        )}
        {query.unknown === '1' && (
          <Notice tone="warning">
            <p>{t('place.unknown')}</p>
          </Notice>
        )}
        <section className="stack max-w-text" aria-labelledby="place">
          <h2 id="place">{t('place.title')}</h2>
          <PlaceForm locale={locale} catalogue={names} place={readPlace(query)} />
        </section>
        <section className="stack pt-8" aria-labelledby="open">
          <h2 id="open">{t('mine.open')}</h2>
          {open.length > 0 ? (
            <OpenProposals locale={locale} writer={writer} proposals={open} />
          ) : (
            <p className="text-muted">{t('mine.openNone')}</p>
          )}
          {open.length === openShown && <p>{t('mine.more', { count: openShown })}</p>}
        </section>
        <section className="stack pt-8" aria-labelledby="recent">
          <h2 id="recent">{t('mine.recent')}</h2>
          {recent.length > 0 ? (
            <RecentFigures locale={locale} writer={writer} proposals={recent} />
          ) : (
            <p className="text-muted">{t('mine.recentNone')}</p>
          )}
        </section>
      </div>
    </SitePage>
  )
}

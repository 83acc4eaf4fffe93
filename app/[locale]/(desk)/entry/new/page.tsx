import { randomUUID } from 'node:crypto'
import type { Metadata } from 'next'
import { headers } from 'next/headers'
import Link from 'next/link'
import { notFound, redirect } from 'next/navigation'
import { Notice } from '@/components/ui/notice'
import { currentActor, requireActor, signInPath } from '@/features/accounts/data'
import { catalogue } from '@/features/catalogue/cached'
import { findIndicator } from '@/features/catalogue/rules'
import { figureWriter } from '@/features/figures/series'
import { Entry } from '@/features/proposals/components/entry'
import { CurrentFigure, PlaceSeries } from '@/features/proposals/components/place-series'
import { sexName } from '@/features/proposals/components/words'
import { knownPublishers, ownProposal, readCurrent, readSeries } from '@/features/proposals/data'
import {
  editProposal,
  entryStep,
  keyOf,
  likeProposal,
  startEntry,
} from '@/features/proposals/rules'
import { readGiven, readPlace } from '@/features/proposals/schema'
import { SitePage } from '@/features/shell/components/site-page'
import { isLocale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/entry/new'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'entry.form')('title') } : {}
}

/**
 * The page also answers its own form. Then it is shown whoever asks: somebody whose session ended
 * while they typed gets the form back, not the sign-in page.
 */
async function actorOfForm(locale: Parameters<typeof requireActor>[1], path: string) {
  const isAnswer = (await headers()).has('content-type')
  return isAnswer ? currentActor() : requireActor('figures.propose', locale, path)
}

export default async function NewEntryPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const query = await searchParams
  const path = `/entry/new?${new URLSearchParams(readGiven(query))}`
  const actor = await actorOfForm(locale, localePath(locale, path))
  const userId = actor?.userId ?? ''
  const { proposal: proposalId = '', like = '', ...given } = readGiven(query)
  const [names, edited, model] = await Promise.all([
    catalogue(),
    ownProposal(proposalId, userId),
    ownProposal(like, userId),
  ])
  const returned = edited?.state === 'returned' ? edited : null
  const place = returned ?? readPlace(query)
  const indicator = findIndicator(names, place.indicator ?? '')
  const isKnown =
    names.programmes.some(({ code }) => code === place.programme) &&
    names.areas.some(({ code }) => code === place.area)
  if (!indicator || !isKnown) redirect(`${localePath(locale, '/entry')}?unknown=1`)

  const chosen = {
    indicator: indicator.code,
    programme: place.programme ?? '',
    area: place.area ?? '',
    sex: place.sex ?? '_T',
  }
  const values = startEntry(chosen, indicator, {
    ...(model && likeProposal(model)),
    ...given,
    ...(returned && editProposal(returned)),
  })
  const key = keyOf(values)
  const [series, publishers, known] = await Promise.all([
    readSeries(chosen),
    knownPublishers(),
    key && readCurrent(key),
  ])
  const t = translator(locale, 'entry')
  const writer = figureWriter(names, locale)
  return (
    <SitePage locale={locale} path={path}>
      <div className="stack">
        <h1>{returned ? t('form.editTitle') : t('form.title')}</h1>
        <p className="lead">
          <strong>{writer.names.indicator(chosen.indicator)}</strong>
          <br />
          {t('form.where', {
            programme: writer.names.programme(chosen.programme),
            area: writer.names.area(chosen.area),
            sex: sexName(locale, chosen.sex),
          })}
          {!returned && (
            <>
              {' '}
              <Link
                className="text-small"
                href={localePath(locale, `/entry?${new URLSearchParams(chosen)}`)}
              >
                {t('form.change')}
              </Link>
            </>
          )}
        </p>
        {returned?.comment && (
          <Notice tone="warning" title={t('form.returned', { name: returned.comment.by })}>
            <p>
              <bdi>{returned.comment.text}</bdi>
            </p>
          </Notice>
        )}
        <div className="grid gap-x-12 gap-y-10 pt-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <Entry
            locale={locale}
            catalogue={names}
            writer={writer}
            step={(actor && entryStep(actor)) ?? 'send'}
            publishers={publishers}
            signInPath={signInPath(locale, localePath(locale, '/entry'))}
            initial={{
              attempt: 0,
              values,
              ticket: {
                id: returned?.id ?? randomUUID(),
                base: known?.newest ? String(known.newest) : '',
                confirmed: '',
                version: returned ? String(returned.version) : '',
              },
              problems: [],
              question: null,
              isSignedOut: false,
            }}
          />
          <aside className="stack" aria-label={t('series.title')}>
            {key && known?.current && (
              <CurrentFigure
                locale={locale}
                writer={writer}
                figureKey={key}
                current={known.current}
              />
            )}
            <PlaceSeries locale={locale} writer={writer} place={chosen} figures={series} />
          </aside>
        </div>
      </div>
    </SitePage>
  )
}

import { randomUUID } from 'node:crypto'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Notice } from '@/components/ui/notice'
import { Gate } from '@/features/accounts/components/gate'
import { currentActor, scopesOf } from '@/features/accounts/data'
import { inScope } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import { catalogue } from '@/features/catalogue/cached'
import { catalogueNames, findIndicator } from '@/features/catalogue/rules'
import type { Catalogue, Indicator } from '@/features/catalogue/schema'
import { DeskPage } from '@/features/desk/components/desk-page'
import { type FigureWriter, figureWriter } from '@/features/figures/series'
import { Entry } from '@/features/proposals/components/entry'
import { PlaceForm } from '@/features/proposals/components/place-form'
import {
  CurrentFigure,
  HeldFigures,
  PlaceSeries,
} from '@/features/proposals/components/place-series'
import { computedWords, isolated, sexName } from '@/features/proposals/components/words'
import {
  heldFigures,
  knownPublishers,
  ownProposal,
  readCurrent,
  readSeries,
} from '@/features/proposals/data'
import {
  editProposal,
  entryStep,
  isPlace,
  keyOf,
  likeProposal,
  partsOf,
  placeOf,
  startEntry,
} from '@/features/proposals/rules'
import { type EntryState, type Given, type Place, readGiven } from '@/features/proposals/schema'
import { openReleases } from '@/features/releases/data'
import { readSettings } from '@/features/settings/data'
import { keptAnswer } from '@/lib/form-answer'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/entry/new'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'entry.form')('title') } : {}
}

export default async function NewEntryPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const given = readGiven(await searchParams)
  const path = `/entry/new?${new URLSearchParams(given)}`
  const answer = await keptAnswer<EntryState>('entry')
  return (
    <DeskPage locale={locale} path={path}>
      <div className="stack">
        {answer ? (
          // Whoever sent the form gets it back, also when their session ended while they typed.
          <Form locale={locale} given={given} actor={await currentActor()} answer={answer} />
        ) : (
          <Gate permission="figures.propose" locale={locale} path={localePath(locale, path)}>
            {(actor) => <Form locale={locale} given={given} actor={actor} answer={undefined} />}
          </Gate>
        )}
      </div>
    </DeskPage>
  )
}

async function Form({
  locale,
  given: { proposal: proposalId = '', like = '', ...given },
  actor,
  answer,
}: {
  locale: Locale
  given: Given
  actor: Actor | null
  answer: EntryState | undefined
}) {
  const userId = actor?.userId ?? ''
  const [names, scopes, edited, model] = await Promise.all([
    catalogue(),
    scopesOf(userId),
    ownProposal(proposalId, userId),
    ownProposal(like, userId),
  ])
  const returned =
    edited?.purpose === 'publication' && (edited.state === 'returned' || edited.state === 'draft')
      ? edited
      : null
  const isReturned = returned?.state === 'returned'
  const place = { academy: '_T', sex: '_T', ...given, ...(returned && placeOf(returned)) }
  const t = translator(locale, 'entry')
  const indicator = findIndicator(names, place.indicator ?? '')
  const isKnown = isPlace(place, names)
  const isOpen = isKnown && (answer || inScope(scopes, place))
  if (!indicator || !isKnown || !isOpen) {
    return (
      <>
        <h1>{t('form.title')}</h1>
        <p className="lead">{isKnown ? t('problems.outOfScope') : t('place.unknown')}</p>
        <PlaceForm locale={locale} catalogue={names} scopes={scopes} place={place} />
      </>
    )
  }

  if (indicator.method === 'computed') {
    return <ComputedRefusal locale={locale} catalogue={names} indicator={indicator} place={place} />
  }

  const values = startEntry(place, indicator, {
    ...(model && likeProposal(model)),
    ...given,
    ...(returned && editProposal(returned)),
  })
  const key = keyOf(answer?.values ?? values)
  const [series, held, releases, settings, publishers, known] = await Promise.all([
    readSeries(place),
    heldFigures(place),
    openReleases(),
    readSettings(),
    knownPublishers(),
    key && readCurrent(key),
  ])
  const writer = figureWriter(names, locale)
  return (
    <>
      <h1>{isReturned ? t('form.editTitle') : t('form.title')}</h1>
      <EntryPlace locale={locale} writer={writer} place={place} isFixed={returned !== null} />
      {isReturned && returned.comment && (
        <Notice tone="warning" title={t('form.returned', { name: isolated(returned.comment.by) })}>
          <p>
            <bdi>{returned.comment.text}</bdi>
          </p>
        </Notice>
      )}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-10 pt-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Entry
          locale={locale}
          catalogue={names}
          writer={writer}
          step={isReturned ? 'send' : ((actor && entryStep(actor, settings.fourEyes)) ?? 'send')}
          publishers={publishers}
          releases={releases}
          isDraftable={!isReturned}
          initial={
            answer ?? {
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
              goTo: null,
            }
          }
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
          <HeldFigures locale={locale} writer={writer} held={held} />
          <PlaceSeries locale={locale} writer={writer} place={place} figures={series} />
        </aside>
      </div>
    </>
  )
}

/** Why there is no form for a computed rate, and the forms for its parts. */
function ComputedRefusal({
  locale,
  catalogue,
  indicator,
  place,
}: {
  locale: Locale
  catalogue: Catalogue
  indicator: Indicator
  place: Place
}) {
  const t = translator(locale, 'entry')
  const parts = partsOf(indicator)
  const words = computedWords(locale, catalogueNames(catalogue, locale), parts)
  const link = (code: string, sex: string, text: string) => {
    const { programme, area, academy } = place
    const query = new URLSearchParams({ indicator: code, programme, area, academy, sex })
    return <a href={localePath(locale, `/entry/new?${query}`)}>{text}</a>
  }
  return (
    <>
      <h1>{t('form.title')}</h1>
      <Notice tone="warning">
        <p>{t('problems.computed', words)}</p>
        <ul>
          <li>{link(parts.numerator, parts.sex, words.numerator)}</li>
          <li>{link(parts.denominator, '_T', words.denominator)}</li>
        </ul>
      </Notice>
    </>
  )
}

function EntryPlace({
  locale,
  writer,
  place,
  isFixed,
}: {
  locale: Locale
  writer: FigureWriter
  place: Place
  isFixed: boolean
}) {
  const t = translator(locale, 'entry.form')
  const { indicator, programme, area, academy, sex } = place
  const query = new URLSearchParams({ indicator, programme, area, academy, sex })
  return (
    <p className="lead">
      <strong className="text-text">{writer.names.indicator(indicator)}</strong>
      <br />
      {academy !== '_T' && (
        <>
          {writer.names.academy(academy)}
          <br />
        </>
      )}
      {t('where', {
        programme: writer.names.programme(programme),
        area: writer.names.area(area),
        sex: sexName(locale, sex),
      })}
      {!isFixed && (
        <>
          {' '}
          <a className="text-small" href={localePath(locale, `/entry?${query}`)}>
            {t('change')}
          </a>
        </>
      )}
    </p>
  )
}

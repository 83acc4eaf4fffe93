import { DataTable } from '@/components/ui/data-table'
import { dayAt } from '@/features/periods/rules'
import { momentText } from '@/features/proposals/components/words'
import { inLocale, type Locale, languageOf, localePath, translator } from '@/lib/i18n'
import type { Release } from '../schema'
import { announcedText } from './planning'

/** What becomes public next, and what was released before. */
export function Calendar({
  locale,
  next,
  past,
}: {
  locale: Locale
  next: readonly Release[]
  past: readonly Release[]
}) {
  const t = translator(locale, 'releases')
  const feed =
    languageOf(locale) === 'en' ? '/releases.ics' : `/releases.ics?lang=${languageOf(locale)}`
  return (
    <>
      <header className="stack">
        <h1>{t('title')}</h1>
        <p className="lead">{t('lead')}</p>
        <p>
          <a href={feed}>{t('feed')}</a>
        </p>
      </header>
      <section className="section stack" aria-labelledby="next">
        <h2 id="next">{t('next')}</h2>
        {next.length === 0 && <p className="text-muted">{t('nextNone')}</p>}
        {next.map((release) => (
          <article key={release.id} className="card stack" aria-labelledby={`r-${release.id}`}>
            <h3 id={`r-${release.id}`}>
              <a href={releasePath(locale, release)}>{inLocale(release.title, locale)}</a>
            </h3>
            <Times locale={locale} release={release} />
            <Note locale={locale} release={release} />
          </article>
        ))}
      </section>
      <section className="section stack" aria-labelledby="past">
        <h2 id="past">{t('past')}</h2>
        {past.length === 0 ? (
          <p className="text-muted">{t('pastNone')}</p>
        ) : (
          <Past locale={locale} past={past} />
        )}
      </section>
    </>
  )
}

function Past({ locale, past }: { locale: Locale; past: readonly Release[] }) {
  const t = translator(locale, 'releases')
  return (
    <DataTable id="past-releases" caption={t('pastCaption')} captionHidden>
      <thead>
        <tr>
          <th scope="col">{t('release')}</th>
          <th scope="col">{t('when')}</th>
          <th scope="col">{t('outcome')}</th>
        </tr>
      </thead>
      <tbody>
        {past.map((release) => (
          <tr key={release.id}>
            <th scope="row">
              <a href={releasePath(locale, release)}>{inLocale(release.title, locale)}</a>
            </th>
            <td>
              <Times locale={locale} release={release} />
            </td>
            <td>
              <Outcome locale={locale} release={release} />
            </td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

/** The time, each time announced before it, and what became of it. */
export function Times({ locale, release }: { locale: Locale; release: Release }) {
  const t = translator(locale, 'releases')
  const { state, announcedAt, publishedAt, moves, cancelled } = release
  return (
    <>
      <p>
        {cancelled ? (
          <s>{announcedText(locale, announcedAt)}</s>
        ) : (
          <time dateTime={publishedAt ?? announcedAt}>
            <strong>{announcedText(locale, publishedAt ?? announcedAt)}</strong>
          </time>
        )}
      </p>
      {state === 'late' && <p>{t('late')}</p>}
      {cancelled && (
        <p>
          {t('cancelledOn', { at: momentText(locale, cancelled.at) })} <bdi>{cancelled.reason}</bdi>
        </p>
      )}
      {moves.map(({ from, at }) => (
        <p key={at} className="text-small text-muted">
          {t('movedFrom', { from: momentText(locale, from), at: momentText(locale, at) })}
        </p>
      ))}
    </>
  )
}

/** How many figures it brought, where they are listed, and the data as it was then. */
export function Outcome({ locale, release }: { locale: Locale; release: Release }) {
  const t = translator(locale, 'releases')
  const { commit, publishedAt, figures, state } = release
  if (state !== 'published') return <p>{t('cancelled')}</p>
  if (commit === null || !publishedAt) return <p>{t('nothingNew')}</p>
  const query = new URLSearchParams({ asOf: dayAt(new Date(publishedAt)), v: String(commit) })
  return (
    <>
      <p>
        <a href={localePath(locale, `/revisions?commit=${commit}`)}>
          {t('figures', { count: figures })}
        </a>
      </p>
      <p>
        <a href={`/download/figures.csv?${query}`} download>
          {t('csv')}
        </a>
      </p>
    </>
  )
}

export function Note({ locale, release }: { locale: Locale; release: Release }) {
  const note = inLocale(release.note, locale)
  return note ? (
    <p className="prose">
      <bdi>{note}</bdi>
    </p>
  ) : null
}

export const releasePath = (locale: Locale, { slug }: Pick<Release, 'slug'>) =>
  localePath(locale, `/releases/${slug}`)

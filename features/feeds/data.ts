import { siteOrigin } from '@/features/accounts/data'
import { readHeads } from '@/features/audit/data'
import { readCatalogue } from '@/features/catalogue/data'
import { figureWriter } from '@/features/figures/series'
import { dayAt, formatDay } from '@/features/periods/rules'
import { personText } from '@/features/proofs/components/facts'
import { readCommits, readLog } from '@/features/revisions/data'
import { changeLines, commitLines, commitTopic } from '@/features/revisions/series'
import { readSettings } from '@/features/settings/data'
import { dataLicence } from '@/features/settings/schema'
import type { Database } from '@/lib/db/client'
import { publicDatabase } from '@/lib/db/replica'
import { inLocale, type Locale, type LocalText, localePath, translator } from '@/lib/i18n'
import { atomText, type FeedEntry, feedUpdated, newestEntries } from './series'

const mostEntries = 50
/** Revisions named in an entry; the rest of a large commit is a number and a link. */
const mostLines = 20
/** Days of which the feed still gives the audit log's head; a reader who looks weekly misses none. */
const headDays = 14

interface FeedText {
  xml: string
  /** The instant (ISO) of the newest entry. */
  updated: string
}

/** What is new in the record, in one language. */
export async function readFeed(
  locale: Locale,
  database: Database = publicDatabase(),
): Promise<FeedText> {
  const t = translator(locale, 'feed')
  const origin = siteOrigin()
  const entries = await Promise.all([
    commitEntries(locale, origin, database),
    headEntries(locale, origin, database),
  ])
  return feedText(locale, {
    path: '/revisions',
    title: t('title'),
    subtitle: t('subtitle'),
    entries: newestEntries(entries.flat(), mostEntries + headDays),
  })
}

/** What was announced, moved, cancelled and published, in one language. */
export async function readReleaseFeed(
  locale: Locale,
  database: Database = publicDatabase(),
): Promise<FeedText> {
  const t = translator(locale, 'feed.releases')
  const rows = await database.releaseEvent.findMany({
    where: { kind: { not: 'reworded' } },
    orderBy: { id: 'desc' },
    take: mostEntries,
    include: { release: true },
  })
  const entries = rows.map(({ id, kind, toAt, reason, at, release }): FeedEntry => {
    const address = siteOrigin() + localePath(locale, `/releases/${release.slug}`)
    const title = inLocale(release.title as unknown as LocalText, locale)
    const day = formatDay(dayAt(toAt ?? release.announcedAt), locale)
    const said = kind === 'reworded' ? 'created' : kind
    return {
      id: `${address}#event-${id}`,
      title: t(said, { title, day }),
      updated: at.toISOString(),
      lines: [{ text: title, href: address }, ...(reason ? [{ text: reason }] : [])],
    }
  })
  return feedText(locale, {
    path: '/releases',
    title: t('title'),
    subtitle: t('subtitle'),
    entries,
  })
}

/** A feed of what a page shows, as text. */
function feedText(
  locale: Locale,
  {
    path,
    ...said
  }: { path: string; title: string; subtitle: string; entries: readonly FeedEntry[] },
): FeedText {
  const address = (of: string) => siteOrigin() + localePath(locale, of)
  const feed = {
    ...said,
    self: address(`${path}.atom`),
    page: address(path),
    language: locale,
    author: translator(locale, 'shell')('product'),
    licence: dataLicence.url,
    rights: translator(locale, 'feed')('rights'),
  }
  return { xml: atomText(feed), updated: feedUpdated(feed) }
}

async function commitEntries(
  locale: Locale,
  origin: string,
  database: Database,
): Promise<FeedEntry[]> {
  const t = translator(locale, 'revision')
  const [catalogue, settings, commits] = await Promise.all([
    readCatalogue(database),
    readSettings(database),
    readCommits({ limit: mostEntries }, database),
  ])
  const small = commits.filter(({ count }) => count <= mostLines).map(({ no }) => no)
  const log = await readLog(small, { limit: mostEntries * mostLines }, database)
  const writer = figureWriter(catalogue, locale)
  return commits.map((commit) => {
    const id = `${origin}${localePath(locale, `/revisions?commit=${commit.no}`)}`
    const own = log.filter((revision) => revision.commit === commit.no)
    const what = commitTopic(commit, locale)
    const beside = changeLines(commit, catalogue, writer, locale)
    return {
      id,
      title: `${t('oneTitle', { commit: commit.no })}: ${what}`,
      updated: commit.publicAt,
      author: personText(commit.actor, settings, locale),
      lines:
        own.length > 0
          ? commitLines(own, writer, locale).map(({ text, href }) => ({
              text,
              href: origin + href,
            }))
          : beside.length > 0
            ? beside.map(({ text, href }) => ({ text, href: href ? origin + href : id }))
            : [{ text: commit.count > 0 ? t('all', { count: commit.count }) : what, href: id }],
    }
  })
}

/**
 * The head of the audit log at the end of each day. Whoever keeps one can tell later whether the log
 * was cut or written anew.
 */
async function headEntries(
  locale: Locale,
  origin: string,
  database: Database,
): Promise<FeedEntry[]> {
  const t = translator(locale, 'feed')
  const heads = await readHeads(headDays, database)
  return heads.map(({ day, no, hash }) => ({
    id: `${origin}${localePath(locale, '/revisions')}#audit-${day}`,
    title: t('head', { day: formatDay(day, locale) }),
    updated: new Date(`${day}T24:00:00+05:00`).toISOString(),
    lines: [{ text: `${no}:${hash}` }, { text: t('headUse') }],
  }))
}

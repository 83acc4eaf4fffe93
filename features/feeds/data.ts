import { siteOrigin } from '@/features/accounts/data'
import { readHeads } from '@/features/audit/data'
import { readCatalogue } from '@/features/catalogue/data'
import { figureWriter } from '@/features/figures/series'
import { formatDay } from '@/features/periods/rules'
import { personText } from '@/features/proofs/components/facts'
import { readCommits, readLog } from '@/features/revisions/data'
import { changeLines, commitLines, commitTopic } from '@/features/revisions/series'
import { readSettings } from '@/features/settings/data'
import { dataLicence } from '@/features/settings/schema'
import type { Database } from '@/lib/db/client'
import { publicDatabase } from '@/lib/db/replica'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { atomText, type FeedEntry, feedUpdated, newestEntries } from './series'

const mostEntries = 50
/** Revisions named in an entry; the rest of a large commit is a number and a link. */
const mostLines = 20
/** Days of which the feed still gives the audit log's head; a reader who looks weekly misses none. */
const headDays = 14

/** The public feed in one language, and the instant of its newest entry. */
export async function readFeed(
  locale: Locale,
  database: Database = publicDatabase(),
): Promise<{ xml: string; updated: string }> {
  const t = translator(locale, 'feed')
  const origin = siteOrigin()
  const address = (path: string) => origin + localePath(locale, path)
  const entries = await Promise.all([
    commitEntries(locale, origin, database),
    headEntries(locale, origin, database),
  ])
  const feed = {
    self: address('/revisions.atom'),
    page: address('/revisions'),
    title: t('title'),
    subtitle: t('subtitle'),
    language: locale,
    author: translator(locale, 'shell')('product'),
    licence: dataLicence.url,
    rights: t('rights'),
    entries: newestEntries(entries.flat(), mostEntries + headDays),
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

/** One event of the record as feed readers show it. Texts are plain, addresses absolute. */
export interface FeedEntry {
  /** Never changes: the address of the event. */
  id: string
  title: string
  /** ISO instant. */
  updated: string
  /** What happened, a line each; a line may lead somewhere. */
  lines: { text: string; href?: string }[]
  author?: string
}

export interface Feed {
  /** The address of the feed itself. */
  self: string
  /** The page of the same events. */
  page: string
  title: string
  subtitle: string
  /** BCP 47 tag. */
  language: string
  author: string
  /** Address of the licence. */
  licence: string
  rights: string
  entries: readonly FeedEntry[]
}

/** The newest entries first, at most so many. */
export function newestEntries(entries: readonly FeedEntry[], most: number): FeedEntry[] {
  return entries.toSorted((a, b) => (a.updated < b.updated ? 1 : -1)).slice(0, most)
}

/** When a feed last changed; the beginning of time for an empty one. */
export function feedUpdated({ entries }: Pick<Feed, 'entries'>): string {
  return (
    entries
      .map(({ updated }) => updated)
      .sort()
      .at(-1) ?? emptyFeed
  )
}

const emptyFeed = '1970-01-01T00:00:00.000Z'

/** Writes a feed as Atom 1.0 (RFC 4287). */
export function atomText(feed: Feed): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${escaped(feed.language)}">`,
    element('id', feed.self),
    element('title', feed.title),
    element('subtitle', feed.subtitle),
    element('updated', feedUpdated(feed)),
    link('self', feed.self, 'application/atom+xml'),
    link('alternate', feed.page, 'text/html'),
    link('license', feed.licence),
    `<author>${element('name', feed.author)}</author>`,
    element('rights', feed.rights),
    ...feed.entries.map(entryText),
    '</feed>',
    '',
  ].join('\n')
}

function entryText(entry: FeedEntry): string {
  const lines = entry.lines.map(({ text, href }) => {
    const words = escaped(text)
    return `<li>${href ? `<a href="${escaped(href)}">${words}</a>` : words}</li>`
  })
  return [
    '<entry>',
    element('id', entry.id),
    element('title', entry.title),
    element('updated', entry.updated),
    link('alternate', entry.id, 'text/html'),
    ...(entry.author ? [`<author>${element('name', entry.author)}</author>`] : []),
    `<content type="html">${escaped(`<ul>${lines.join('')}</ul>`)}</content>`,
    '</entry>',
  ].join('\n')
}

const element = (name: string, text: string) => `<${name}>${escaped(text)}</${name}>`

const link = (rel: string, href: string, type?: string) =>
  `<link rel="${rel}"${type ? ` type="${type}"` : ''} href="${escaped(href)}"/>`

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Text for XML; what XML 1.0 cannot hold at all (control characters, lone surrogates) is left out. */
const escaped = (text: string) =>
  text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)

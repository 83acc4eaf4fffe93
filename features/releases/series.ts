import { inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import type { Release } from './schema'

/**
 * The calendar as iCalendar (RFC 5545) for the reader's own calendar: releases still to come, past
 * ones and cancelled ones, which a subscribed calendar then strikes out.
 */
export function calendarFeed(
  releases: readonly Release[],
  { locale, origin, now }: { locale: Locale; origin: string; now: string },
): string {
  const t = translator(locale, 'releases')
  const host = new URL(origin).host
  const events = releases.flatMap((release) => [
    'BEGIN:VEVENT',
    `UID:release-${release.id}@${host}`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(release.announcedAt)}`,
    // A calendar takes a change only from a higher number.
    `SEQUENCE:${release.moves.length + (release.cancelled ? 1 : 0)}`,
    `STATUS:${release.cancelled ? 'CANCELLED' : 'CONFIRMED'}`,
    `SUMMARY:${escaped(inLocale(release.title, locale))}`,
    ...noteLines(inLocale(release.note, locale)),
    `URL:${origin}${localePath(locale, `/releases/${release.slug}`)}`,
    'END:VEVENT',
  ])
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Shumar//Releases//EN',
    `X-WR-CALNAME:${escaped(t('feedName'))}`,
    ...events,
    'END:VCALENDAR',
    '',
  ]
    .map(fold)
    .join('\r\n')
}

const noteLines = (note: string) => (note ? [`DESCRIPTION:${escaped(note)}`] : [])

/** `20261201T103000Z` */
const stamp = (instant: string) => `${instant.slice(0, 19).replace(/[-:]/g, '')}Z`

const escaped = (text: string) => text.replace(/[\\;,]/g, '\\$&').replace(/\n/g, '\\n')

const encoder = new TextEncoder()

/** Lines of at most 75 octets, no character cut; what goes on begins with a space. */
function fold(line: string): string {
  let folded = ''
  let width = 0
  for (const character of line) {
    const octets = encoder.encode(character).length
    if (width + octets > 75) {
      folded += '\r\n '
      width = 1
    }
    folded += character
    width += octets
  }
  return folded
}

import { fail, ok, type Result } from '@/lib/result'
import { linkLetters, longestCode, longestPath, shortestCode } from './schema'

/** First parts of the paths of pages that show figures. */
const pages = ['', 'indicators', 'programmes', 'areas', 'compare', 'data', 'figures', 'briefing']
const stateWords = ['asOf', 'v']

/**
 * Reads the path of a page that a link may lead to, and takes the state out of its query. Refuses
 * with `pathTooLong` and `pathUnknown`.
 *
 * @param prefixes of languages, for example `ur`
 */
export function readLinkPath(
  text: string,
  prefixes: readonly string[],
): Result<{ path: string; asOf: string | null; v: string | null }> {
  if (text.length > longestPath) return fail('pathTooLong', { most: longestPath })
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(text)) return fail('pathUnknown')
  const { pathname, searchParams } = new URL(text, 'http://page')
  const parts = pathname.split('/').slice(1)
  const [first = ''] = prefixes.includes(parts[0] ?? '') ? parts.slice(1) : parts
  if (!pages.includes(first)) return fail('pathUnknown')
  const query = new URLSearchParams(
    [...searchParams].filter(([word]) => !stateWords.includes(word)),
  )
  return ok({
    path: `${pathname}${query.size > 0 ? `?${query}` : ''}`,
    asOf: searchParams.get('asOf'),
    v: searchParams.get('v'),
  })
}

/** The code of a link out of a digest of what it leads to: the same page has the same link. */
export function linkCode(digest: Uint8Array, length: number): string {
  const bits = Array.from(digest, (byte) => byte.toString(2).padStart(8, '0')).join('')
  const letters = bits.match(/.{5}/g) ?? []
  return letters
    .slice(0, length)
    .map((five) => linkLetters[Number.parseInt(five, 2)])
    .join('')
}

const code = new RegExp(`^[${linkLetters}]{${shortestCode},${longestCode}}$`)

/** A code as typed, in small letters; null where it is none. */
export function readLinkCode(text: string): string | null {
  const typed = text.toLowerCase()
  return code.test(typed) ? typed : null
}

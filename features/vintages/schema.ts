import { z } from 'zod'
import { fail, ok, type Result } from '@/lib/result'

/**
 * A past state of the record: what was known at the end of a day (Asia/Karachi), out of the
 * commits up to `commit`. Later entries may be back-dated, so only both together never change.
 */
export interface Vintage {
  asOf: string
  commit: number
  /** Whether the address named the commit: a frozen link. */
  isFrozen: boolean
}

const asOfInput = z.iso.date()
const commitInput = z.string().regex(/^[1-9]\d{0,8}$/)

/**
 * Reads `asOf` and `v` of an address against today's day and the newest commit.
 * Refuses with `notADay`, `future`, `notACommit`, `unknownCommit`.
 */
export function readVintage(
  words: { asOf: string; v?: string },
  now: { today: string; commit: number },
): Result<Vintage> {
  const asOf = asOfInput.safeParse(words.asOf)
  if (!asOf.success) return fail('notADay', { value: words.asOf.slice(0, 40) })
  if (asOf.data > now.today) return fail('future', { value: asOf.data, today: now.today })
  if (words.v === undefined) return ok({ asOf: asOf.data, commit: now.commit, isFrozen: false })
  if (!commitInput.safeParse(words.v).success) {
    return fail('notACommit', { value: words.v.slice(0, 40) })
  }
  const commit = Number(words.v)
  if (commit > now.commit) return fail('unknownCommit', { value: commit })
  return ok({ asOf: asOf.data, commit, isFrozen: true })
}

/** The query string that keeps a reader in the same vintage: `?asOf=2023-08-01&v=12`. */
export function vintageQuery(vintage: Vintage | null): string {
  if (!vintage) return ''
  return vintage.isFrozen ? `?asOf=${vintage.asOf}&v=${vintage.commit}` : `?asOf=${vintage.asOf}`
}

/** A path, with a query or without, in a vintage. */
export function inVintage(path: string, vintage: Vintage | null): string {
  const words = vintageQuery(vintage)
  return path.includes('?') ? path + words.replace('?', '&') : path + words
}

/** `asOf` from the rewritten path and `v` from the query; a word given twice counts once. */
export function readVintageWords(
  asOf: string,
  query: Record<string, string | string[] | undefined>,
): { asOf: string; v?: string } {
  const v = Array.isArray(query.v) ? query.v[0] : query.v
  return { asOf: decodeURIComponent(asOf), ...(v !== undefined && { v }) }
}

import { database as sharedDatabase, type Transaction } from '@/lib/db/client'
import { readLinkCode } from './rules'
import type { Permalink } from './schema'

/** The page and state behind a short link; null where there is none of that code. */
export async function readPermalink(
  typed: string,
  database: Transaction = sharedDatabase(),
): Promise<Permalink | null> {
  const code = readLinkCode(typed)
  const row = code && (await database.permalink.findUnique({ where: { code } }))
  if (!row) return null
  const asOf = row.asOf.toISOString().slice(0, 10)
  return { code: row.code, path: row.path, vintage: { asOf, commit: row.commitNo, isFrozen: true } }
}

import { createHash, timingSafeEqual } from 'node:crypto'
import { revalidateTag } from 'next/cache'
import { countAhead } from '@/features/files/data'
import { expectOfReplica, hasReplica } from '@/lib/db/replica'
import { wereExpired } from '@/lib/own-changes'
import { publicTag } from '@/lib/public-tag'

const digest = (text: string) => createHash('sha256').update(text).digest()

/** The secret is new with every process and known to the one that started it alone. */
function mayRefresh(request: Request): boolean {
  const secret = process.env.SHUMAR_INTERNAL_SECRET
  const given = request.headers.get('x-shumar-internal')
  return Boolean(secret && given) && timingSafeEqual(digest(secret ?? ''), digest(given ?? ''))
}

/**
 * Expires everything public, so that no page shows what it did before the server started or before
 * something was changed. `x-shumar-change` is the newest entry of the log that pages must show from
 * now on, `x-shumar-by` names the transactions that changed something: where all are our own, we have
 * done so after each. A replica might not have had them then. Answers 204, or 404 to anybody else.
 */
export function POST(request: Request) {
  if (!mayRefresh(request)) return new Response(null, { status: 404 })
  expectOfReplica(Number(request.headers.get('x-shumar-change') ?? 0))
  const by = (request.headers.get('x-shumar-by') ?? '').split(' ').filter(Boolean)
  if (hasReplica() || !wereExpired(by)) revalidateTag(publicTag, { expire: 0 })
  countAhead()
  return new Response(null, { status: 204 })
}

import { createHash, timingSafeEqual } from 'node:crypto'
import { revalidateTag } from 'next/cache'
import { publicTag } from '@/lib/public-tag'

const digest = (text: string) => createHash('sha256').update(text).digest()

/** The secret is new with every process and known to the one that started it alone. */
function mayRefresh(request: Request): boolean {
  const secret = process.env.SHUMAR_INTERNAL_SECRET
  const given = request.headers.get('x-shumar-internal')
  return Boolean(secret && given) && timingSafeEqual(digest(secret ?? ''), digest(given ?? ''))
}

/**
 * Expires everything public, so that no page shows figures from before the server started or from
 * before a release. Answers 204, or 404 to anybody else.
 */
export function POST(request: Request) {
  if (!mayRefresh(request)) return new Response(null, { status: 404 })
  revalidateTag(publicTag, { expire: 0 })
  return new Response(null, { status: 204 })
}

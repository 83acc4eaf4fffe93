import { createHash } from 'node:crypto'

/**
 * A whole answer with a validator of its bytes; 304 without a body to who has it already
 * (`If-None-Match`, else `If-Modified-Since`, RFC 9110). Caches ask before each use, unless `cache`
 * says otherwise.
 */
export function conditionalResponse(
  request: Request,
  body: string | Uint8Array<ArrayBuffer>,
  {
    type,
    modified,
    headers,
    cache = 'public, no-cache',
  }: { type: string; modified?: Date; headers?: Record<string, string>; cache?: string },
): Response {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`
  const shared = {
    ...headers,
    ETag: etag,
    ...(modified && { 'Last-Modified': modified.toUTCString() }),
    'Cache-Control': cache,
    'X-Content-Type-Options': 'nosniff',
  }
  if (isKnown(request, etag, modified)) return new Response(null, { status: 304, headers: shared })
  // Short ones are not compressed where their length is known, and none is sent in chunks.
  const length = String(Buffer.byteLength(body))
  return new Response(body, {
    headers: { ...shared, 'Content-Type': type, 'Content-Length': length },
  })
}

/** Whether a request says that it has what a validator names (`If-None-Match`). */
export function isKnownTag(request: Request, etag: string): boolean {
  const tags = request.headers.get('if-none-match') ?? ''
  const known = tags.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return known.includes('*') || known.includes(etag)
}

function isKnown(request: Request, etag: string, modified: Date | undefined): boolean {
  if (request.headers.has('if-none-match')) return isKnownTag(request, etag)
  if (!modified) return false
  const since = Date.parse(request.headers.get('if-modified-since') ?? '')
  // The header counts whole seconds.
  return Number.isFinite(since) && Math.floor(modified.getTime() / 1000) * 1000 <= since
}

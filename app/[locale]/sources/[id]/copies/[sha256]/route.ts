import { readCopy } from '@/features/sources/data'
import { attachmentHeader } from '@/features/sources/rules'
import { readSourceId } from '@/features/sources/schema'

/**
 * A stored copy as a file to keep. It is somebody else's page: a browser must neither run it here
 * nor guess that it is anything but what it was found to be.
 */
export async function GET(
  request: Request,
  { params }: RouteContext<'/[locale]/sources/[id]/copies/[sha256]'>,
): Promise<Response> {
  const { id, sha256 } = await params
  const sourceId = readSourceId(id)
  const copy = sourceId && (await readCopy(sourceId, sha256))
  if (!copy) return new Response(null, { status: 404 })
  const etag = `"${copy.sha256}"`
  const headers = {
    ETag: etag,
    'Cache-Control': 'public, max-age=31536000, immutable',
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'X-Content-Type-Options': 'nosniff',
    'X-Robots-Tag': 'noindex',
  }
  if (request.headers.get('if-none-match')?.includes(etag)) {
    return new Response(null, { status: 304, headers })
  }
  return new Response(copy.bytes, {
    headers: {
      ...headers,
      'Content-Type':
        copy.mediaType === 'text/plain' ? 'text/plain; charset=utf-8' : copy.mediaType,
      'Content-Length': String(copy.size),
      'Content-Disposition': attachmentHeader(copy.fileName),
    },
  })
}

import { readPermalink } from '@/features/permalinks/data'
import { inVintage } from '@/features/vintages/schema'

/** Leads a short link to its page, in the state it names. */
export async function GET(_: Request, { params }: RouteContext<'/s/[code]'>): Promise<Response> {
  const link = await readPermalink((await params).code)
  if (!link) return new Response(null, { status: 307, headers: { Location: '/links/unknown' } })
  return new Response(null, {
    status: 308,
    headers: {
      Location: inVintage(link.path, link.vintage),
      'Cache-Control': 'public, max-age=86400',
    },
  })
}

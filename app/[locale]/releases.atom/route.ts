import { readReleaseFeed } from '@/features/feeds/data'
import { conditionalResponse } from '@/lib/conditional-response'
import { isLocale } from '@/lib/i18n'

/** What is released when, for feed readers. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ locale: string }> },
): Promise<Response> {
  const { locale } = await params
  if (!isLocale(locale)) return new Response(null, { status: 404 })
  const { xml, updated } = await readReleaseFeed(locale)
  return conditionalResponse(request, xml, {
    type: 'application/atom+xml; charset=utf-8',
    modified: new Date(updated),
  })
}

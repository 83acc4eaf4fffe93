import { readFeed } from '@/features/feeds/data'
import { conditionalResponse } from '@/lib/conditional-response'
import { isLocale } from '@/lib/i18n'

/** What is new in the record, for feed readers: answers 304 to those who have it already. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ locale: string }> },
): Promise<Response> {
  const { locale } = await params
  if (!isLocale(locale)) return new Response(null, { status: 404 })
  const { xml, updated } = await readFeed(locale)
  return conditionalResponse(request, xml, {
    type: 'application/atom+xml; charset=utf-8',
    modified: new Date(updated),
  })
}

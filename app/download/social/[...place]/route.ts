import { readSocialImage } from '@/features/images/data'
import { readSocialPlace } from '@/features/images/schema'
import { conditionalResponse } from '@/lib/conditional-response'
import { defaultLocale, isLocale } from '@/lib/i18n'
import { paintPng, TooManyImages } from '@/lib/raster'

/** The image for shared links to a page: `/download/social/indicators/ICT_EXPORTS.png?locale=ur`. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ place: string[] }> },
): Promise<Response> {
  const place = readSocialPlace((await params).place)
  const locale = new URL(request.url).searchParams.get('locale') ?? defaultLocale
  const image = place && isLocale(locale) ? await readSocialImage(place, locale) : null
  if (image === null) return new Response(null, { status: 404 })
  try {
    return conditionalResponse(request, await paintPng(image, 1), { type: 'image/png' })
  } catch (error) {
    if (!(error instanceof TooManyImages)) throw error
    return new Response(null, { status: 503, headers: { 'Retry-After': '5' } })
  }
}

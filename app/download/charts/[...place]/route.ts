import { readChartImage } from '@/features/images/data'
import { type ImageFormat, readImagePlace } from '@/features/images/schema'
import { conditionalResponse } from '@/lib/conditional-response'
import { defaultLocale, isLocale, translator } from '@/lib/i18n'
import { paintPng, TooManyImages } from '@/lib/raster'

const types: Record<ImageFormat, string> = {
  svg: 'image/svg+xml; charset=utf-8',
  png: 'image/png',
}

/** A chart as an image: `/download/charts/indicators/ICT_EXPORTS/chart-0.svg?asOf=…&locale=ur`, or `.png`. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ place: string[] }> },
): Promise<Response> {
  const query = new URL(request.url).searchParams
  const named = readImagePlace((await params).place)
  const locale = query.get('locale') ?? defaultLocale
  if (!named || !isLocale(locale)) return plain(404, 'noChart')
  const [asOf, v] = [query.get('asOf') ?? undefined, query.get('v') ?? undefined]
  if (v !== undefined && asOf === undefined) return plain(400, 'commitWithoutDay')
  const { place, format } = named
  const image = await readChartImage(place, { asOf, v }, locale)
  if (!image.ok) return plain(400, image.problem.code, image.problem.params)
  if (image.value === null) return plain(404, 'noChart')
  const body = format === 'svg' ? image.value : await paintedPng(image.value)
  if (body === null) return plain(503, 'tooManyImages')
  return conditionalResponse(request, body, {
    type: types[format],
    headers: {
      'Content-Disposition': `inline; filename="shumar-${place.code || place.page}-${place.chart}.${format}"`,
      // Whoever opens the file sees a picture: nothing in it may run or fetch.
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    },
  })
}

/** Null where too many are asked for at once. */
async function paintedPng(svg: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await paintPng(svg)
  } catch (error) {
    if (error instanceof TooManyImages) return null
    throw error
  }
}

function plain(status: number, code: string, params?: Record<string, string | number>): Response {
  const t = translator(defaultLocale, 'downloads')
  const message = t(`problems.${code}` as Parameters<typeof t>[0], params)
  return new Response(`${message}\n`, {
    status,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
      ...(status === 503 && { 'Retry-After': '5' }),
    },
  })
}

import { readChartImage } from '@/features/images/data'
import { readChartPlace } from '@/features/images/schema'
import { conditionalResponse } from '@/lib/conditional-response'
import { defaultLocale, isLocale, translator } from '@/lib/i18n'

/** A chart as an SVG file: `/download/charts/indicators/ICT_EXPORTS/chart-0.svg?asOf=…&locale=ur`. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ place: string[] }> },
): Promise<Response> {
  const query = new URL(request.url).searchParams
  const place = readChartPlace((await params).place)
  const locale = query.get('locale') ?? defaultLocale
  if (!place || !isLocale(locale)) return plain(404, 'noChart')
  const [asOf, v] = [query.get('asOf') ?? undefined, query.get('v') ?? undefined]
  if (v !== undefined && asOf === undefined) return plain(400, 'commitWithoutDay')
  const image = await readChartImage(place, { asOf, v }, locale)
  if (!image.ok) return plain(400, image.problem.code, image.problem.params)
  if (image.value === null) return plain(404, 'noChart')
  return conditionalResponse(request, image.value, {
    type: 'image/svg+xml; charset=utf-8',
    headers: {
      'Content-Disposition': `inline; filename="shumar-${place.code || place.page}-${place.chart}.svg"`,
      // Whoever opens the file sees a picture: nothing in it may run or fetch.
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    },
  })
}

function plain(status: number, code: string, params?: Record<string, string | number>): Response {
  const t = translator(defaultLocale, 'downloads')
  const message = t(`problems.${code}` as Parameters<typeof t>[0], params)
  return new Response(`${message}\n`, {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  })
}

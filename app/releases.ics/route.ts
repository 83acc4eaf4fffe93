import { releaseCalendar } from '@/features/releases/cached'
import { calendarFeed } from '@/features/releases/series'
import { defaultLocale, isLocale } from '@/lib/i18n'
import { publicOrigin } from '@/lib/public-origin'

/** The calendar of releases for the reader's own calendar; `?lang=ur` for Urdu. */
export async function GET(request: Request): Promise<Response> {
  const lang = new URL(request.url).searchParams.get('lang') ?? ''
  const { next, past } = await releaseCalendar()
  const feed = calendarFeed([...next, ...past], {
    locale: isLocale(lang) ? lang : defaultLocale,
    origin: publicOrigin(),
    now: new Date().toISOString(),
  })
  return new Response(feed, {
    headers: {
      'Content-Type': 'text/calendar; charset=utf-8',
      'Cache-Control': 'no-cache',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}

import { robotsText } from '@/features/discovery/rules'
import { conditionalResponse } from '@/lib/conditional-response'
import { localePath, locales } from '@/lib/i18n'
import { publicOrigin } from '@/lib/public-origin'

export function GET(request: Request): Response {
  const prefixes = locales.map((locale) => localePath(locale, '/').replace(/\/$/, ''))
  return conditionalResponse(request, robotsText({ origin: publicOrigin(), prefixes }), {
    type: 'text/plain; charset=utf-8',
  })
}

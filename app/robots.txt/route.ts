import { siteOrigin } from '@/features/accounts/data'
import { robotsText } from '@/features/discovery/rules'
import { conditionalResponse } from '@/lib/conditional-response'
import { localePath, locales } from '@/lib/i18n'

export function GET(request: Request): Response {
  const prefixes = locales.map((locale) => localePath(locale, '/').replace(/\/$/, ''))
  return conditionalResponse(request, robotsText({ origin: siteOrigin(), prefixes }), {
    type: 'text/plain; charset=utf-8',
  })
}

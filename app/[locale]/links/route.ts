import { keepPermalink } from '@/features/permalinks/actions'
import { defaultLocale, isLocale, localePath } from '@/lib/i18n'
import { fail } from '@/lib/result'
import { readForm } from '@/lib/upload'

const largestForm = 16 * 1024

/** Makes a short link and leads to the page that shows it. */
export async function POST(
  request: Request,
  { params }: RouteContext<'/[locale]/links'>,
): Promise<Response> {
  const { locale: language } = await params
  const locale = isLocale(language) ? language : defaultLocale
  const form = await readForm(request, largestForm)
  const made = form ? await keepPermalink(form) : fail<{ code: string }>('pathTooLong')
  const place = made.ok
    ? `/links/${made.value.code}`
    : `/links/refused?problem=${made.problem.code}`
  return new Response(null, { status: 303, headers: { Location: localePath(locale, place) } })
}

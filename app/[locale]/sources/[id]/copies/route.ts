import { keepCopy } from '@/features/sources/actions'
import { largestCopy, readSourceId } from '@/features/sources/schema'
import { defaultLocale, isLocale, localePath } from '@/lib/i18n'
import { fail } from '@/lib/result'
import { readForm } from '@/lib/upload'

/** The fields beside the file are small. */
const largestForm = largestCopy + 64 * 1024

/** Takes the form of `/sources/[id]/copy` and leads on to where its outcome stands. */
export async function POST(
  request: Request,
  { params }: RouteContext<'/[locale]/sources/[id]/copies'>,
): Promise<Response> {
  const { locale: language, id } = await params
  const locale = isLocale(language) ? language : defaultLocale
  const sourceId = readSourceId(id)
  if (sourceId === null) return new Response(null, { status: 404 })
  const form = await readForm(request, largestForm)
  const kept = form ? await keepCopy(sourceId, form) : fail<{ isNew: boolean }>('fileTooLarge')
  const path = localePath(locale, `/sources/${sourceId}`)
  if (kept.ok) return seeOther(`${path}?stored=${kept.value.isNew ? 'new' : 'known'}`)
  const typed = (name: string) => String(form?.get(name) ?? '').slice(0, 500)
  const query = new URLSearchParams({
    problem: kept.problem.code,
    capturedOn: typed('capturedOn'),
    note: typed('note'),
  })
  return seeOther(`${path}/copy?${query}`)
}

function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { Location: location } })
}

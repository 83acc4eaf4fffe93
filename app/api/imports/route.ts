import { actorFor, siteOrigin } from '@/features/accounts/data'
import { keepUpload } from '@/features/uploads/mutations'
import { largestUpload } from '@/features/uploads/schema'
import { database } from '@/lib/db/client'
import { defaultLocale, direction, isLocale, type Locale, localePath, translator } from '@/lib/i18n'
import { fail, type Result } from '@/lib/result'
import { takeFile, UploadRefused } from '@/lib/upload'

/** The other parts of the form are small. */
const largestForm = largestUpload.csv + 64 * 1024

/**
 * Takes the file of the form at `/entry/import` while it arrives, and leads on to its page. A file
 * over the limit is answered with 413 and a page that says so and leads back.
 */
export async function POST(request: Request): Promise<Response> {
  const language = new URL(request.url).searchParams.get('locale') ?? ''
  const locale = isLocale(language) ? language : defaultLocale
  const kept = await take(request)
  if (kept.ok) return seeOther(localePath(locale, `/entry/import/${kept.value}`))
  const { code, params = {} } = kept.problem
  const query = new URLSearchParams({ problem: code })
  for (const [name, value] of Object.entries(params)) query.append(name, String(value))
  const back = localePath(locale, `/entry/import?${query}`)
  if (code === 'tooLarge') return tooLarge(locale, back, params)
  return seeOther(back)
}

async function take(request: Request): Promise<Result<string>> {
  const actor = await actorFor('figures.propose')
  try {
    return await takeFile(request, largestForm, async (file) => {
      if (actor.ok) return keepUpload(database(), actor.value, file)
      for await (const _ of file.bytes);
      return fail(actor.problem.code, { url: siteOrigin() })
    })
  } catch (error) {
    if (!(error instanceof UploadRefused)) {
      console.error(error)
      return fail('unavailable')
    }
    if (error.reason === 'tooLarge')
      return fail('tooLarge', { most: largestUpload.csv / 1_000_000 })
    return fail(error.reason === 'cutOff' ? 'cutOff' : 'fileMissing')
  }
}

function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { Location: location } })
}

/** A browser goes on to the form at once; everybody else reads why. */
function tooLarge(locale: Locale, back: string, params: { most?: string | number }): Response {
  const t = translator(locale, 'imports')
  const message = t('problems.tooLarge', { most: String(params.most ?? '') })
  const html = `<!doctype html><html lang="${locale}" dir="${direction(locale)}"><head>
<meta charset="utf-8"><title>${t('upload.failed')}</title>
<meta http-equiv="refresh" content="0; url=${back.replaceAll('&', '&amp;')}"></head>
<body><p>${message}</p><p><a href="${back.replaceAll('&', '&amp;')}">${t('upload.back')}</a></p></body></html>`
  return new Response(html, {
    status: 413,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' },
  })
}

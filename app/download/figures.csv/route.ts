import { Readable } from 'node:stream'
import { figuresCsv } from '@/features/downloads/data'
import { readDownloadRequest } from '@/features/downloads/schema'
import { vintageOf } from '@/features/record/data'
import { defaultLocale, translator } from '@/lib/i18n'

/** Public: whoever may see the dashboard may take its figures. */
export async function GET(request: Request): Promise<Response> {
  const wanted = readDownloadRequest(new URL(request.url).searchParams)
  if (!wanted.ok) return refusal(wanted.problem)
  const vintage = wanted.value.vintage && (await vintageOf(wanted.value.vintage))
  if (vintage?.ok === false) return refusal(vintage.problem)
  const csv = await figuresCsv(wanted.value.filter, vintage?.value ?? null)
  return new Response(Readable.toWeb(csv) as ReadableStream, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': 'attachment; filename="shumar-figures.csv"',
      'Cache-Control': 'no-cache',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}

/** A refusal is plain text with status 400, never a line inside a CSV file. */
function refusal(problem: { code: string; params?: Record<string, string | number> }): Response {
  const t = translator(defaultLocale, 'downloads')
  const message = t(`problems.${problem.code}` as Parameters<typeof t>[0], problem.params)
  return new Response(`${message}\n`, {
    status: 400,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  })
}

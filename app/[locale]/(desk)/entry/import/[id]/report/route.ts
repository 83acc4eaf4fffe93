import { Readable } from 'node:stream'
import { currentActor } from '@/features/accounts/data'
import { may } from '@/features/accounts/rules'
import { catalogue } from '@/features/catalogue/cached'
import { figureWriter } from '@/features/figures/series'
import { rowProblemText } from '@/features/uploads/components/words'
import { readUpload, reportCsv } from '@/features/uploads/data'
import { readUploadId } from '@/features/uploads/schema'
import { isLocale, translator } from '@/lib/i18n'

/** A checked file with its errors beside the rows, for whoever may see it. */
export async function GET(
  _: Request,
  { params }: RouteContext<'/[locale]/entry/import/[id]/report'>,
): Promise<Response> {
  const { locale, id: word } = await params
  const id = readUploadId(word)
  const actor = await currentActor()
  const isAllowed = actor && may(actor.role, 'figures.propose')
  const upload = id && isAllowed ? await readUpload(actor, id) : null
  if (!upload || !isLocale(locale)) return new Response(null, { status: 404 })
  const t = translator(locale, 'imports.reportFile')
  const writer = figureWriter(await catalogue(), locale)
  const csv = reportCsv(upload, locale, ({ column, ...problem }) =>
    [column, rowProblemText(locale, writer, problem)].filter(Boolean).join(': '),
  )
  const name = `${upload.fileName.replace(/\.\w+$/, '')}-${t('name')}.csv`
  return new Response(Readable.toWeb(csv) as ReadableStream, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}

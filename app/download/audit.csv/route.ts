import { Readable } from 'node:stream'
import { actorOfRequest } from '@/features/accounts/data'
import { may } from '@/features/accounts/rules'
import { auditCsv } from '@/features/audit/data'
import { readAuditFilter } from '@/features/audit/schema'
import { database } from '@/lib/db/client'
import { defaultLocale, translator } from '@/lib/i18n'

/** For administrators: the log may name people. Anybody else learns only that they are not one. */
export async function GET(request: Request): Promise<Response> {
  const t = translator(defaultLocale, 'audit')
  const actor = await actorOfRequest(database(), request.headers)
  if (!actor || !may(actor.role, 'audit.read')) return plain(t('forbidden'), actor ? 403 : 401)
  const filter = readAuditFilter(new URL(request.url).searchParams)
  if (!filter.ok) {
    const { code, params } = filter.problem
    return plain(t(`problems.${code}` as 'problems.notADay', params), 400)
  }
  const csv = await auditCsv(filter.value)
  return new Response(Readable.toWeb(csv) as ReadableStream, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': 'attachment; filename="shumar-audit.csv"',
      'Cache-Control': 'private, no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}

function plain(text: string, status: number): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  })
}

import { stringify } from 'csv-stringify/sync'
import { currentActor } from '@/features/accounts/data'
import { may } from '@/features/accounts/rules'
import { readCatalogueNow } from '@/features/catalogue/data'
import { catalogueNames } from '@/features/catalogue/rules'
import { readAsked, readReminders } from '@/features/reporting/data'
import { reminderColumns, reminderRows } from '@/features/reporting/series'
import { safeCell } from '@/lib/csv'
import { isLocale } from '@/lib/i18n'

/** Who has not reported, with whom to ask, for officers of those academies. */
export async function GET(
  request: Request,
  { params }: RouteContext<'/[locale]/reporting/reminders/file'>,
): Promise<Response> {
  const { locale } = await params
  const actor = await currentActor()
  const isAllowed = actor && may(actor.role, 'figures.propose')
  if (!isAllowed || !isLocale(locale)) return new Response(null, { status: 404 })
  const words = new URL(request.url).searchParams
  const catalogue = await readCatalogueNow()
  const { asked } = await readAsked(Object.fromEntries(words), catalogue, { one: false })
  if (!asked) return new Response(null, { status: 404 })
  const { duties, contacts } = await readReminders(actor, asked, catalogue)
  const rows = reminderRows(duties, contacts, catalogueNames(catalogue, locale), asked.period)
  const csv = stringify([[...reminderColumns], ...rows], {
    bom: true,
    record_delimiter: '\r\n',
    cast: { string: safeCell },
  })
  const name = `reminders-${asked.programme}-${asked.period.replace(/\W+/g, '-')}.csv`
  return new Response(csv, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'private, no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}

import { stringify } from 'csv-stringify/sync'
import { currentActor } from '@/features/accounts/data'
import { may } from '@/features/accounts/rules'
import { recordState } from '@/features/record/data'
import { readAsked, readRollUp } from '@/features/reporting/data'
import { rollUpColumns, rollUpRows } from '@/features/reporting/series'
import { safeCell } from '@/lib/csv'

/** The table of a roll-up as a file. */
export async function GET(request: Request): Promise<Response> {
  const actor = await currentActor()
  if (!actor || !may(actor.role, 'figures.propose')) return new Response(null, { status: 404 })
  const words = new URL(request.url).searchParams
  const asOf = words.get('asOf') ?? ''
  const state = await recordState(asOf ? { asOf } : {})
  if (!state.ok) return new Response(null, { status: 404 })
  const { catalogue, vintage } = state.value
  const { asked } = await readAsked(Object.fromEntries(words), catalogue, { vintage, one: true })
  const [line] = asked?.lines ?? []
  if (!asked || !line) return new Response(null, { status: 404 })
  const result = await readRollUp({ ...asked, line }, catalogue, vintage)
  const csv = stringify([[...rollUpColumns], ...rollUpRows(result)], {
    bom: true,
    record_delimiter: '\r\n',
    cast: { string: safeCell },
  })
  const name = `academies-${line.indicator}-${asked.programme}-${asked.period.replace(/\W+/g, '-')}.csv`
  return new Response(csv, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}

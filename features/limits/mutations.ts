import { dailyHash } from '@/features/accounts/data'
import type { Transaction } from '@/lib/db/client'
import { fail, ok, type Result } from '@/lib/result'

/** What all readers together, and one network address, may send in an hour. */
export interface HourlyLimits {
  forAddress: number
  ceiling: number
}

/**
 * Counts one more thing that a reader sends in this hour. Refuses with `tooMany` (`minutes` until
 * more are taken); the caller then rolls back, and so it is not counted.
 *
 * @param what a word that keeps counts apart
 * @param address the reader's network address, kept only as a hash of the day; null where unknown
 */
export async function countInHour(
  tx: Transaction,
  what: string,
  address: string | null,
  { forAddress, ceiling }: HourlyLimits,
): Promise<Result<null>> {
  const [clock] = await tx.$queryRaw<{ hour: Date; day: string; minutes: number }[]>`
    SELECT date_trunc('hour', now()) AS hour, to_char(now(), 'YYYY-MM-DD') AS day,
      60 - extract(minute FROM now())::int AS minutes`
  if (!clock) throw new Error('The database did not tell the time.')
  const limits = [
    ...(address === null
      ? []
      : [{ bucket: what + dailyHash(address, clock.day), most: forAddress }]),
    { bucket: `${what}all`, most: ceiling },
  ]
  for (const { bucket, most } of limits) {
    const [row] = await tx.$queryRaw<{ count: number }[]>`
      INSERT INTO report_counts (bucket, starts_at, count) VALUES (${bucket}, ${clock.hour}, 1)
      ON CONFLICT (bucket, starts_at) DO UPDATE SET count = report_counts.count + 1
      RETURNING count`
    if (!row || row.count > most) return fail('tooMany', { minutes: clock.minutes })
  }
  await tx.$executeRaw`DELETE FROM report_counts WHERE starts_at < now() - INTERVAL '1 day'`
  return ok(null)
}

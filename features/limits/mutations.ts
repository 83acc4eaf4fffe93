import { dailyHash } from '@/features/accounts/data'
import type { Database, Transaction } from '@/lib/db/client'
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
    if ((await countOne(tx, bucket, clock.hour)) > most) {
      return fail('tooMany', { minutes: clock.minutes })
    }
  }
  await tx.$executeRaw`DELETE FROM report_counts WHERE starts_at < now() - INTERVAL '1 day'`
  return ok(null)
}

async function countOne(tx: Transaction, bucket: string, startsAt: Date): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: number }[]>`
    INSERT INTO report_counts (bucket, starts_at, count) VALUES (${bucket}, ${startsAt}, 1)
    ON CONFLICT (bucket, starts_at) DO UPDATE SET count = report_counts.count + 1
    RETURNING count`
  if (!row) throw new Error('A count was not returned.')
  return row.count
}

/** How many requests of one kind are taken in a minute; `whose` is kept only as a hash of the day. */
export interface MinuteLimit {
  what: string
  whose: string
  most: number
}

/**
 * Counts a request of a program, under each of several limits. Refuses with `tooMany` (`seconds`
 * until more are taken) and counts it all the same: who goes on is told so until the minute is over.
 */
export async function countInMinute(
  database: Database,
  limits: readonly MinuteLimit[],
): Promise<Result<null>> {
  return database.$transaction(async (tx) => {
    const [clock] = await tx.$queryRaw<{ minute: Date; day: string; seconds: number }[]>`
      SELECT date_trunc('minute', now()) AS minute, to_char(now(), 'YYYY-MM-DD') AS day,
        60 - floor(extract(second FROM now()))::int AS seconds`
    if (!clock) throw new Error('The database did not tell the time.')
    let isOver = false
    for (const { what, whose, most } of limits) {
      const count = await countOne(tx, `${what}:${dailyHash(whose, clock.day)}`, clock.minute)
      isOver ||= count > most
      if (count === 1) {
        await tx.$executeRaw`DELETE FROM report_counts WHERE starts_at < now() - INTERVAL '1 day'`
      }
    }
    return isOver ? fail('tooMany', { seconds: clock.seconds }) : ok(null)
  })
}

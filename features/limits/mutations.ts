import { dailyHash } from '@/features/accounts/data'
import type { Database, Transaction } from '@/lib/db/client'
import { fail, ok, type Result } from '@/lib/result'
import { Together } from '@/lib/together'

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
  if (limits.length === 0) return ok(null)
  const { counts, seconds } = await counterOf(database).ask(limits)
  const isOver = limits.some(({ most }, n) => (counts[n] ?? 0) > most)
  return isOver ? fail('tooMany', { seconds }) : ok(null)
}

type MinuteCounter = Together<readonly MinuteLimit[], Counted>
const counters = new WeakMap<Database, MinuteCounter>()

/** Counts together: many at once would wait one after the other for the row of their common address. */
function counterOf(database: Database): MinuteCounter {
  const known = counters.get(database)
  if (known) return known
  const made: MinuteCounter = new Together((requests) => countTogether(database, requests))
  counters.set(database, made)
  return made
}

/** What a request was counted as: under each of its limits, and how long the minute still lasts. */
interface Counted {
  counts: number[]
  seconds: number
}

/** The day that a database told last, which mostly still is. */
const days = new WeakMap<Database, string>()

async function countTogether(
  database: Database,
  requests: readonly (readonly MinuteLimit[])[],
): Promise<Counted[]> {
  const day = days.get(database) ?? (await readDay(database))
  const counted = await countOnDay(database, requests, day)
  return counted ?? countTogether(database, requests)
}

async function readDay(database: Database): Promise<string> {
  const [clock] = await database.$queryRaw<{ day: string }[]>`
    SELECT to_char(now(), 'YYYY-MM-DD') AS day`
  if (!clock) throw new Error('The database did not tell the time.')
  days.set(database, clock.day)
  return clock.day
}

/** Null where it is another day by now: then nothing was counted. */
async function countOnDay(
  database: Database,
  requests: readonly (readonly MinuteLimit[])[],
  day: string,
): Promise<Counted[] | null> {
  const times = new Map<string, number>()
  // Each is told where it stands among those counted with it.
  const places = requests.map((limits) =>
    limits.map(({ what, whose }) => {
      const bucket = `${what}:${dailyHash(whose, day)}`
      times.set(bucket, (times.get(bucket) ?? 0) + 1)
      return { bucket, place: times.get(bucket) ?? 1 }
    }),
  )
  const rows = await database.$queryRaw<{ bucket: string; count: number; seconds: number }[]>`
    INSERT INTO report_counts (bucket, starts_at, count)
    SELECT b.bucket, date_trunc('minute', now()), b.times
    FROM unnest(${[...times.keys()]}::text[], ${[...times.values()]}::int[]) AS b(bucket, times)
    WHERE to_char(now(), 'YYYY-MM-DD') = ${day}
    ORDER BY b.bucket
    ON CONFLICT (bucket, starts_at) DO UPDATE SET count = report_counts.count + excluded.count
    RETURNING bucket, count, 60 - floor(extract(second FROM now()))::int AS seconds`
  const [row] = rows
  if (!row) {
    days.delete(database)
    return null
  }
  const before = new Map(
    rows.map(({ bucket, count }) => [bucket, count - (times.get(bucket) ?? 0)]),
  )
  if ([...before.values()].includes(0)) {
    await database.$executeRaw`DELETE FROM report_counts WHERE starts_at < now() - INTERVAL '1 day'`
  }
  return places.map((own) => ({
    seconds: row.seconds,
    counts: own.map(({ bucket, place }) => (before.get(bucket) ?? 0) + place),
  }))
}

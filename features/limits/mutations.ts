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
  const counter = counters.get(database) ?? new MinuteCounter(database)
  counters.set(database, counter)
  const { counts, seconds } = await counter.count(limits)
  const isOver = limits.some(({ most }, n) => (counts[n] ?? 0) > most)
  return isOver ? fail('tooMany', { seconds }) : ok(null)
}

const counters = new WeakMap<Database, MinuteCounter>()

/** What a request was counted as: under each of its limits, and how long the minute still lasts. */
interface Counted {
  counts: number[]
  seconds: number
}

interface Asking {
  limits: readonly MinuteLimit[]
  tell: (counted: Promise<Counted>) => void
}

/**
 * Counts requests that come while others are being counted together, in one statement: many at once
 * would wait one after the other for the row of their common address.
 */
class MinuteCounter {
  #asking: Asking[] = []
  #isCounting = false

  constructor(private readonly database: Database) {}

  count(limits: readonly MinuteLimit[]): Promise<Counted> {
    return new Promise((resolve) => {
      this.#asking.push({ limits, tell: resolve })
      if (!this.#isCounting) void this.#countAll()
    })
  }

  async #countAll(): Promise<void> {
    this.#isCounting = true
    while (this.#asking.length > 0) {
      const together = this.#asking
      this.#asking = []
      const counted = countTogether(
        this.database,
        together.map(({ limits }) => limits),
      )
      together.forEach(({ tell }, n) => {
        tell(counted.then((all) => all[n] ?? { counts: [], seconds: 60 }))
      })
      await counted.catch(() => {})
    }
    this.#isCounting = false
  }
}

async function countTogether(
  database: Database,
  requests: readonly (readonly MinuteLimit[])[],
): Promise<Counted[]> {
  const [clock] = await database.$queryRaw<{ minute: Date; day: string; seconds: number }[]>`
    SELECT date_trunc('minute', now()) AS minute, to_char(now(), 'YYYY-MM-DD') AS day,
      60 - floor(extract(second FROM now()))::int AS seconds`
  if (!clock) throw new Error('The database did not tell the time.')
  const { minute, day, seconds } = clock
  const times = new Map<string, number>()
  // Each is told where it stands among those counted with it.
  const places = requests.map((limits) =>
    limits.map(({ what, whose }) => {
      const bucket = `${what}:${dailyHash(whose, day)}`
      times.set(bucket, (times.get(bucket) ?? 0) + 1)
      return { bucket, place: times.get(bucket) ?? 1 }
    }),
  )
  const rows = await database.$queryRaw<{ bucket: string; count: number }[]>`
    INSERT INTO report_counts (bucket, starts_at, count)
    SELECT b.bucket, ${minute}, b.times
    FROM unnest(${[...times.keys()]}::text[], ${[...times.values()]}::int[]) AS b(bucket, times)
    ORDER BY b.bucket
    ON CONFLICT (bucket, starts_at) DO UPDATE SET count = report_counts.count + excluded.count
    RETURNING bucket, count`
  const before = new Map(
    rows.map(({ bucket, count }) => [bucket, count - (times.get(bucket) ?? 0)]),
  )
  if ([...before.values()].includes(0)) {
    await database.$executeRaw`DELETE FROM report_counts WHERE starts_at < now() - INTERVAL '1 day'`
  }
  return places.map((own) => ({
    seconds,
    counts: own.map(({ bucket, place }) => (before.get(bucket) ?? 0) + place),
  }))
}

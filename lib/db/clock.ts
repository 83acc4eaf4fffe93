import type { Database } from './client'

/** The time of the database, by which everything ends that ends at a time. */
export async function readClock(database: Database): Promise<Date> {
  const [clock] = await database.$queryRaw<{ now: Date }[]>`SELECT now() AS now`
  if (!clock) throw new Error('The database did not tell the time.')
  return clock.now
}

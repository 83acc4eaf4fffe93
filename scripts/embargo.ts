import type { Database } from '../lib/db/client'

const interval = 10_000

/**
 * Calls `release` after the end of each embargo, by the database's clock. A failed call, or a
 * database that is away, is tried again. Returns what ends the watch.
 */
export function watchEmbargoes(database: Database, release: () => Promise<void>): () => void {
  let seen: Date | null = null
  let busy = false
  const timer = setInterval(async () => {
    if (busy) return
    busy = true
    try {
      const [clock] = await database.$queryRaw<{ now: Date }[]>`select now()`
      if (!clock) return
      const ended = seen
        ? await database.$queryRaw<unknown[]>`
            select 1 from revisions
            where release_at > ${seen} and release_at <= ${clock.now} and release_at > recorded_at
            limit 1`
        : []
      if (ended.length > 0) await release()
      seen = clock.now
    } catch {
      // The next round covers the same stretch of time.
    } finally {
      busy = false
    }
  }, interval)
  timer.unref()
  return () => clearInterval(timer)
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../lib/db/client'

/** Longest wait between two looks at the database; a release is public within a second. */
const interval = 500
/** How often a failure that goes on is told. */
const reminder = 60_000

interface Work {
  /** What the database knows by now; see `readPulse`. */
  pulse(): Promise<{ dueIn: number | null; newestEvent: number | null }>
  /** Publishes what is due. */
  publish(): Promise<unknown>
  /** Makes public pages anew. */
  refresh(): Promise<void>
  /** Tells the operator. */
  report(line: string): void
}

/**
 * Publishes releases at their time, by the database's clock, and makes public pages anew whenever
 * a release was published, here or by another instance. A failure is told and tried again. `seen`
 * is the newest event that the pages show already. Returns what ends the watch.
 */
export function watchReleases(work: Work, seen: number | null): () => void {
  const ending = new AbortController()
  let shown = seen
  let told = { text: '', at: 0 }

  const look = async (): Promise<number> => {
    const before = await work.pulse()
    const isDue = before.dueIn !== null && before.dueIn <= 0
    // One that fails must not keep the others from the pages.
    const failure = isDue ? await work.publish().catch((error: unknown) => ({ error })) : null
    const { dueIn, newestEvent } = isDue ? await work.pulse() : before
    if (newestEvent !== shown) {
      await work.refresh()
      shown = newestEvent
    }
    if (failure && typeof failure === 'object' && 'error' in failure) throw failure.error
    return dueIn !== null && dueIn > 0 ? Math.min(interval, dueIn) : interval
  }

  const complain = (error: unknown) => {
    const text = reasonOf(error)
    if (text === told.text && Date.now() - told.at < reminder) return
    told = { text, at: Date.now() }
    work.report(`Releases: ${text} It is tried again until it works.`)
  }

  const watch = async () => {
    while (!ending.signal.aborted) {
      const wait = await look().catch((error: unknown) => {
        if (!ending.signal.aborted) complain(error)
        return interval
      })
      await sleep(Math.ceil(wait), undefined, { signal: ending.signal, ref: false }).catch(() => {})
    }
  }
  void watch()
  return () => ending.abort()
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) {
    return `${error.message} ${error.errors.map(reasonOf).join(' ')}`
  }
  return error instanceof Error
    ? error.message.trim().split('\n').at(-1)?.trim() || error.name
    : String(error)
}

/** What a start does about releases: publishes those whose time has passed, then goes on watching. */
export async function openReleases(databaseUrl: string): Promise<{
  publishDue(): Promise<void>
  watch(refresh: () => Promise<void>, report: (line: string) => void): void
  close(): Promise<void>
}> {
  // Their imports lead to the generated client, which may not have existed when we started.
  const { connect } = await import('../lib/db/client')
  const { readPulse } = await import('../features/releases/data')
  const { publishDueReleases } = await import('../features/releases/mutations')
  const database: Database = connect(databaseUrl)
  let seen: number | null = null
  let end = () => {}
  return {
    async publishDue() {
      seen = (await readPulse(database)).newestEvent
      await publishDueReleases(database)
    },
    watch(refresh, report) {
      const work: Work = {
        pulse: () => readPulse(database),
        publish: () => publishDueReleases(database),
        refresh,
        report,
      }
      end = watchReleases(work, seen)
    },
    async close() {
      end()
      await database.$disconnect()
    },
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../lib/db/client'

/** Longest wait between two looks at the database; a release is public within a second. */
const interval = 500
/** How often a failure that goes on is told. */
const reminder = 60_000

interface Work {
  /** Milliseconds to the next announced time; see `readDueIn`. */
  dueIn(): Promise<number | null>
  /** Publishes what is due. */
  publish(): Promise<unknown>
  /** Tells the operator. */
  report(line: string): void
}

/**
 * Publishes releases at their time, by the database's clock. A failure is told and tried again.
 * Returns what ends the watch.
 */
export function watchReleases(work: Work): () => void {
  const ending = new AbortController()
  let told = { text: '', at: 0 }

  const look = async (): Promise<number> => {
    const before = await work.dueIn()
    const isDue = before !== null && before <= 0
    if (isDue) await work.publish()
    const dueIn = isDue ? await work.dueIn() : before
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
  watch(report: (line: string) => void): void
  close(): Promise<void>
}> {
  // Their imports lead to the generated client, which may not have existed when we started.
  const { connect } = await import('../lib/db/client')
  const { readDueIn } = await import('../features/releases/data')
  const { publishDueReleases } = await import('../features/releases/mutations')
  const database: Database = connect(databaseUrl)
  let end = () => {}
  return {
    async publishDue() {
      await publishDueReleases(database)
    },
    watch(report) {
      const dueIn = () => readDueIn(database)
      end = watchReleases({ dueIn, publish: () => publishDueReleases(database), report })
    },
    async close() {
      end()
      await database.$disconnect()
    },
  }
}

import type { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type Database, database } from './client'

/** Milliseconds between looks at a replica that lags, and at one that does not answer. */
const pauses = { behind: 50, away: 1_000 }

interface Replica {
  url: string
  database: Database
  /** It answers, and has all that was announced. */
  isCurrent: boolean
  /** The newest entry of the log that it must have. */
  wanted: number
  isWatched: boolean
}

const shared = globalThis as {
  shumarReplica?: Replica | null
  /** True in requests of people who are signed in and in those that may change something. */
  shumarOwnWrites?: AsyncLocalStorage<boolean>
}

function replica(): Replica | null {
  if (shared.shumarReplica === undefined) {
    const url = process.env.DATABASE_REPLICA_URL
    shared.shumarReplica = url ? open(url) : null
  }
  return shared.shumarReplica
}

function open(url: string): Replica {
  const opened = { url, isCurrent: false, wanted: 0, isWatched: false, database: withPrimary(url) }
  void watch(opened)
  return opened
}

/** Asks the primary whatever the replica cannot answer: it is down, or a change of a row it read came in. */
function withPrimary(url: string): Database {
  const extended = connect(url).$extends({
    query: {
      async $allOperations({ model, operation, args, query }) {
        try {
          return await query(args)
        } catch (error) {
          // What takes too long there would here too.
          if (/statement timeout/.test(String(error))) throw error
          doubtReplica()
          return repeat(database(), model, operation, args)
        }
      },
    },
  })
  return extended as unknown as Database
}

type Call = (...args: unknown[]) => Promise<unknown>

function repeat(primary: Database, model: string | undefined, operation: string, args: unknown) {
  const calls = primary as unknown as Record<string, Record<string, Call> & Call>
  if (model === undefined) {
    return calls[operation]?.call(primary, ...(Array.isArray(args) ? args : [args]))
  }
  const delegate = calls[model.charAt(0).toLowerCase() + model.slice(1)]
  return delegate?.[operation]?.(args)
}

/** Looks at a replica until it has all that was announced. */
async function watch(of: Replica): Promise<void> {
  if (of.isWatched) return
  of.isWatched = true
  // Of its own: one that asked the primary instead would always be told that all is there.
  const direct = connect(of.url, 2_000)
  while (!of.isCurrent) {
    const newest = await direct.auditEntry
      .aggregate({ _max: { no: true } })
      .then(({ _max }) => _max.no ?? 0)
      .catch(() => null)
    if (newest !== null && newest >= of.wanted) of.isCurrent = true
    else await sleep(newest === null ? pauses.away : pauses.behind, undefined, { ref: false })
  }
  of.isWatched = false
  await direct.$disconnect()
}

/** From now on a replica is read only once it has entry `no` of the log; until then the primary is. */
export function expectOfReplica(no: number): void {
  const of = replica()
  if (!of) return
  of.wanted = no
  of.isCurrent = false
  void watch(of)
}

/** Whether there is one, so that what was read just now may be of before a change of our own. */
export const hasReplica = (): boolean => replica() !== null

/** Something failed there: nothing is read from it until it is known to answer. */
export function doubtReplica(): void {
  const of = replica()
  if (!of) return
  of.isCurrent = false
  void watch(of)
}

const ownWrites = () => shared.shumarOwnWrites?.getStore() === true

/**
 * What readers' pages and downloads are read from: the replica in `DATABASE_REPLICA_URL` while it
 * has all that was announced, else the primary. Who is signed in always reads the primary.
 */
export function publicDatabase(): Database {
  const of = ownWrites() ? null : replica()
  return of?.isCurrent ? of.database : database()
}

/** The address behind `publicDatabase`; null where it is the primary's. */
export function publicAddress(): string | null {
  const of = ownWrites() ? null : replica()
  return of?.isCurrent ? of.url : null
}

import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'

/** Looks at the log this often, in milliseconds, whether or not anything was announced. */
const interval = 500
/** A connection that does not answer for so long is given up. */
const patience = 5_000
/** Between tries to connect, at least and at most. */
const pauses = { first: 100, longest: 5_000 }
/** How often a failure that goes on is told. */
const reminder = 60_000

interface Work {
  /** The server itself: a pooler in transaction mode announces nothing, which costs half a second. */
  url: string
  /**
   * Makes public pages anew; they then show all up to entry `no` of the log.
   * @param by the transactions that have changed what readers see; none where that is not known
   */
  refresh(no: number, by: readonly string[]): Promise<void>
  /** Tells the operator. */
  report(line: string): void
}

export interface ChangeWatch {
  /** Resolves when the pages show what the log held when the watch began. */
  caughtUp: Promise<void>
  /** Resolves when the pages show what was committed before the call. */
  catchUp(): Promise<void>
  close(): Promise<void>
}

/** Of more transactions at once nobody asks whose they were. */
const mostTransactions = 100

// An entry is written in the transaction that it tells of, whose number its row bears.
const changesSql = `
  SELECT newest, newest < $1 AS "isOlder", ARRAY(
    SELECT DISTINCT xmin::text FROM audit_entries WHERE no > $1 AND is_public_change(action)
    LIMIT ${mostTransactions + 1}) AS transactions
  FROM (SELECT coalesce(max(no), 0) AS newest FROM audit_entries) AS log`

interface Look {
  newest: number
  /** The log is another one than that which was looked at before. */
  isOlder: boolean
  transactions: string[]
}

/**
 * Makes public pages anew whenever anything that they may show was changed, through whatever
 * instance or by hand. PostgreSQL announces each change as it is committed. The log of changes is
 * looked at besides: entries are numbered in the order of their commits, so whatever was missed
 * while there was no connection is found.
 */
export function watchChanges({ url, refresh, report }: Work): ChangeWatch {
  const ending = new AbortController()
  let seen: number | null = null
  let told = 0
  let wake = () => {}
  let isAnnounced = false
  const waiting = new Set<() => void>()
  let begun = 0

  /** One look at the log. Whoever began to wait before it is told once the pages follow. */
  const look = async (client: Client) => {
    const before = [...waiting]
    isAnnounced = false
    const { rows } = await client.query(changesSql, [seen ?? -1])
    const [{ newest, isOlder, transactions }] = rows as [Look]
    const isKnown = seen !== null && !isOlder && transactions.length <= mostTransactions
    if (!isKnown || transactions.length > 0) await refresh(newest, isKnown ? transactions : [])
    seen = newest
    for (const tell of before) {
      waiting.delete(tell)
      tell()
    }
  }

  const announce = () => {
    isAnnounced = true
    wake()
  }

  const next = () =>
    new Promise<void>((resolve) => {
      if (isAnnounced || waiting.size > 0) return resolve()
      const timer = setTimeout(resolve, interval)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const listen = async () => {
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: patience,
      query_timeout: patience,
      keepAlive: true,
      application_name: 'shumar changes',
    })
    // Heard, so that a cut connection does not end the process; the next query tells of it.
    client.on('error', announce)
    client.on('notification', announce)
    try {
      await client.connect()
      await client.query('LISTEN shumar_changes')
      while (!ending.signal.aborted) {
        await look(client)
        begun = 0
        await next()
      }
    } finally {
      client.end().catch(() => {})
    }
  }

  const complain = (error: unknown) => {
    if (Date.now() - told < reminder) return
    told = Date.now()
    const reason = error instanceof Error ? error.message : String(error)
    report(`Changes of the record: ${reason} Pages are as they were until it works again.`)
  }

  const watch = async () => {
    while (!ending.signal.aborted) {
      await listen().catch((error: unknown) => {
        if (!ending.signal.aborted) complain(error)
      })
      const pause = Math.min(pauses.first * 2 ** begun, pauses.longest)
      begun += 1
      await sleep(pause, undefined, { signal: ending.signal }).catch(() => {})
    }
  }

  const catchUp = () =>
    new Promise<void>((resolve) => {
      waiting.add(resolve)
      wake()
    })
  const caughtUp = catchUp()
  const watched = watch()
  return {
    caughtUp,
    catchUp,
    async close() {
      ending.abort()
      wake()
      await watched
    },
  }
}

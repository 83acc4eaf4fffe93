import { Client, escapeLiteral, type Pool, type PoolClient } from 'pg'
import { to } from 'pg-copy-streams'
import { givingWay } from '../giving-way'
import { openPool } from './pool'

/** Milliseconds for a query that is no COPY. */
const shortest = 30_000

const shared = globalThis as { shumarSnapshots?: Pool }

/** Files are read over connections of their own, so that they never starve pages and forms. */
function pool(): Pool {
  if (!shared.shumarSnapshots) {
    const connectionString = process.env.DATABASE_URL
    if (!connectionString) throw new Error('DATABASE_URL is not set.')
    shared.shumarSnapshots = openPool({
      connectionString,
      max: 6,
      connectionTimeoutMillis: 5_000,
      idleTimeoutMillis: 30_000,
      statement_timeout: shortest,
      application_name: 'shumar files',
    })
  }
  return shared.shumarSnapshots
}

const ignore = () => {}

/** All connections are in use by others: to be asked for later. */
export class TooManyReaders extends Error {}

/** A value as a literal of SQL, for COPY, which takes no parameters. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `ARRAY[${value.map(literal).join(', ')}]::text[]`
  if (value === null || value === undefined) return 'NULL'
  return escapeLiteral(String(value))
}

/**
 * How COPY writes rows: `csv` is RFC 4180 with LF; `lines` is for a single column of text without
 * control characters, which is written as it is, a line for each row.
 */
export const copyFormats = {
  csv: "FORMAT csv, ENCODING 'UTF8'",
  lines: "FORMAT csv, ENCODING 'UTF8', QUOTE E'\\x01', DELIMITER E'\\x02'",
} as const

export type CopyFormat = keyof typeof copyFormats

/** One state of the database, for as long as a file is made of it. */
export interface Snapshot {
  /** The rows of a short query, each an array of texts. */
  rows(sql: string): Promise<(string | null)[][]>
  /**
   * What COPY writes of a query, as it is consumed, and giving way to other requests; returns how
   * many rows that were. Throws where
   * the query fails or the connection is cut: what came until then is not the whole.
   */
  copy(query: string, format: CopyFormat): AsyncGenerator<Buffer, number>
  /** Gives the connection back; ends whatever it still does. */
  close(): void
}

/**
 * Opens a snapshot on a connection of its own. The signal ends what the connection does and gives it
 * up at once, whatever anybody waits for.
 * @throws TooManyReaders
 */
export async function openSnapshot(signal: AbortSignal): Promise<Snapshot> {
  const client = await freeConnection()
  let isOpen = true
  let isBusy = false
  const giveBack = (isWhole: boolean) => {
    if (!isOpen) return
    isOpen = false
    signal.removeEventListener('abort', leave)
    if (isWhole) client.release()
    else abandon(client)
  }
  const leave = () => giveBack(false)
  signal.addEventListener('abort', leave)
  const checked = () => {
    if (!isOpen || signal.aborted) throw new SnapshotClosed()
  }
  const rows: Snapshot['rows'] = async (sql) => {
    checked()
    isBusy = true
    const { rows: found } = await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })
    isBusy = false
    return found
  }
  try {
    if (signal.aborted) throw new SnapshotClosed()
    await rows('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  } catch (error) {
    giveBack(false)
    throw error
  }
  return {
    rows,
    async *copy(query, format) {
      // How long COPY takes is up to whoever reads: the response watches over that.
      await rows('SET LOCAL statement_timeout = 0')
      checked()
      isBusy = true
      const stream = client.query(to(`COPY (${query}) TO STDOUT (${copyFormats[format]})`))
      // Of a connection that is given up, nothing more comes, not even an end.
      const stop = () => stream.destroy(new SnapshotClosed())
      signal.addEventListener('abort', stop)
      try {
        const rest = givingWay()
        for await (const chunk of stream) {
          await rest()
          yield chunk as Buffer
        }
      } finally {
        signal.removeEventListener('abort', stop)
      }
      // Answered after the end of COPY, with which its number of rows comes.
      await rows(`SET LOCAL statement_timeout = ${shortest}`)
      return stream.rowCount
    },
    close() {
      if (!isOpen) return
      if (isBusy) return giveBack(false)
      isBusy = true
      signal.removeEventListener('abort', leave)
      client.query('COMMIT').then(
        () => giveBack(true),
        () => giveBack(false),
      )
    },
  }
}

/** Whoever reads has left. */
export class SnapshotClosed extends Error {}

async function freeConnection(): Promise<PoolClient> {
  try {
    return await pool().connect()
  } catch (error) {
    const isFull =
      error instanceof Error && /timeout exceeded when trying to connect/.test(error.message)
    throw isFull ? new TooManyReaders() : error
  }
}

/** Drops a connection and ends what its query still does: a busy server would not notice. */
async function abandon(client: PoolClient & { processID?: number }) {
  const ended = client.processID
  client.release(true)
  // Not out of the pool, where it would wait behind readers.
  const other = new Client({
    connectionString: process.env.DATABASE_URL,
    connectionTimeoutMillis: 5_000,
    application_name: 'shumar files',
  })
  other.on('error', ignore)
  try {
    await other.connect()
    await other.query('SELECT pg_terminate_backend($1)', [ended])
  } catch {
    // The server is not there: neither is what it did.
  } finally {
    await other.end().catch(ignore)
  }
}

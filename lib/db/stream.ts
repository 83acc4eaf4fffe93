import type { Readable } from 'node:stream'
import type { Pool, PoolClient } from 'pg'
import QueryStream from 'pg-query-stream'
import { openPool } from './pool'
import { doubtReplica, publicAddress } from './replica'

const applicationName = 'shumar downloads'

const shared = globalThis as { shumarStreams?: Map<string, Pool> }

function primaryAddress(): string {
  const url = process.env.DATABASE_URL
  if (!url) throw new Error('DATABASE_URL is not set.')
  return url
}

/** Long reads have connections of their own, so that they never starve pages and forms. */
function poolOf(connectionString: string): Pool {
  shared.shumarStreams ??= new Map()
  let pool = shared.shumarStreams.get(connectionString)
  if (!pool) {
    pool = openPool({
      connectionString,
      max: 4,
      connectionTimeoutMillis: 5_000,
      idleTimeoutMillis: 30_000,
      // For each batch of rows, not for the whole: a slow reader may take longer.
      statement_timeout: 15_000,
      application_name: applicationName,
    })
    shared.shumarStreams.set(connectionString, pool)
  }
  return pool
}

/** A connection to where readers' downloads come from; to the primary where that cannot be reached. */
async function connectForReading(): Promise<{ pool: Pool; client: PoolClient }> {
  const replica = publicAddress()
  if (replica !== null) {
    const pool = poolOf(replica)
    const client = await pool.connect().catch(doubtReplica)
    if (client) return { pool, client }
  }
  const pool = poolOf(primaryAddress())
  return { pool, client: await pool.connect() }
}

const ignore = () => {}

/**
 * Rows of one query as arrays of text, read as they are consumed, from one snapshot. The connection
 * goes back as soon as the last row is read. Destroying the stream ends the query; a failed query or
 * a cut connection destroys the stream.
 */
export async function streamRows(sql: string, values: readonly unknown[]): Promise<Readable> {
  const { pool, client } = await connectForReading()
  return client.query(new RowStream(pool, client, sql, values))
}

class RowStream extends QueryStream {
  readonly #pool: Pool
  #client: PoolClient | null

  constructor(pool: Pool, client: PoolClient, sql: string, values: readonly unknown[]) {
    super(sql, [...values], { batchSize: 500, rowMode: 'array' })
    this.#pool = pool
    this.#client = client
    this.cursor.once('end', () => this.#giveBack())
  }

  #giveBack() {
    this.#client?.release()
    this.#client = null
  }

  /** Does not ask the cursor to close, which a query under way or a lost connection never answers. */
  override _destroy(error: Error, done: (error: Error) => void) {
    const client = this.#client
    this.#client = null
    if (client) abandon(this.#pool, client)
    done(error)
  }
}

/**
 * Drops a connection and ends what its query still does: a busy server would not notice. A pooler
 * gives out numbers of its own, so that only what is surely a download is ended.
 */
function abandon(pool: Pool, client: PoolClient & { processID?: number }) {
  client.release(true)
  const sql = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid = $1 AND application_name = $2 AND usename = current_user`
  pool.query(sql, [client.processID, applicationName]).catch(ignore)
}

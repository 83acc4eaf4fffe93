import type { Readable } from 'node:stream'
import { Pool, type PoolClient } from 'pg'
import QueryStream from 'pg-query-stream'

const shared = globalThis as { shumarStreams?: Pool }

/** Long reads have connections of their own, so that they never starve pages and forms. */
function pool(): Pool {
  if (!shared.shumarStreams) {
    const connectionString = process.env.DATABASE_URL
    if (!connectionString) throw new Error('DATABASE_URL is not set.')
    shared.shumarStreams = new Pool({
      connectionString,
      max: 4,
      connectionTimeoutMillis: 5_000,
      idleTimeoutMillis: 30_000,
      // For each batch of rows, not for the whole: a slow reader may take longer.
      statement_timeout: 15_000,
      application_name: 'shumar downloads',
    })
    // A connection that is cut while it waits is replaced; unheard, it would end the process.
    shared.shumarStreams.on('error', ignore)
  }
  return shared.shumarStreams
}

const ignore = () => {}

/**
 * Rows of one query as arrays of text, read as they are consumed, from one snapshot. The connection
 * goes back as soon as the last row is read. Destroying the stream ends the query; a failed query or
 * a cut connection destroys the stream.
 */
export async function streamRows(sql: string, values: readonly unknown[]): Promise<Readable> {
  const client = await pool().connect()
  return client.query(new RowStream(client, sql, values))
}

class RowStream extends QueryStream {
  #client: PoolClient | null

  constructor(client: PoolClient, sql: string, values: readonly unknown[]) {
    super(sql, [...values], { batchSize: 500, rowMode: 'array' })
    this.#client = client
    // Cut between two batches, nobody else would tell.
    client.on('error', this.#fail)
    this.cursor.once('end', () => this.#giveBack())
  }

  #fail = (error: Error) => this.destroy(error)

  #giveBack() {
    this.#client?.off('error', this.#fail)
    this.#client?.release()
    this.#client = null
  }

  /** Does not ask the cursor to close, which a query under way or a lost connection never answers. */
  override _destroy(error: Error, done: (error: Error) => void) {
    const client = this.#client
    this.#client = null
    if (client) abandon(client)
    done(error)
  }
}

/** Drops a connection and ends what its query still does: a busy server would not notice. */
function abandon(client: PoolClient & { processID?: number }) {
  client.on('error', ignore)
  client.release(true)
  pool().query('SELECT pg_terminate_backend($1)', [client.processID]).catch(ignore)
}

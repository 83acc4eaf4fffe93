import type { Readable } from 'node:stream'
import { Pool } from 'pg'
import QueryStream from 'pg-query-stream'

const shared = globalThis as { shumarStreams?: Pool }

/** Long reads have connections of their own, so that they never starve pages and forms. */
function pool(): Pool {
  if (!shared.shumarStreams) {
    shared.shumarStreams = new Pool({
      connectionString: process.env.DATABASE_URL,
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
 * Rows of one query as arrays of text, read as they are consumed, from one snapshot. Destroying
 * the stream closes the cursor and gives the connection back.
 */
export async function streamRows(sql: string, values: readonly unknown[]): Promise<Readable> {
  const client = await pool().connect()
  // Cut while rows are read, the stream tells of it.
  client.on('error', ignore)
  try {
    const rows = client.query(
      new QueryStream(sql, [...values], { batchSize: 500, rowMode: 'array' }),
    )
    let released = false
    const release = (broken: boolean) => {
      if (released) return
      released = true
      if (!broken) client.off('error', ignore)
      client.release(broken)
    }
    rows.once('error', () => release(true))
    rows.once('close', () => release(!rows.readableEnded))
    return rows
  } catch (error) {
    client.release(true)
    throw error
  }
}

import type { Readable } from 'node:stream'
import { Pool } from 'pg'
import QueryStream from 'pg-query-stream'

const shared = globalThis as { shumarStreams?: Pool }

/** Long reads have connections of their own, so that they never starve pages and forms. */
function pool(): Pool {
  shared.shumarStreams ??= new Pool({
    connectionString: process.env.DATABASE_URL,
    max: 4,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    idle_in_transaction_session_timeout: 15_000,
    application_name: 'shumar downloads',
  })
  return shared.shumarStreams
}

/**
 * Rows of one query as arrays of text, read as they are consumed, from one snapshot. Destroying
 * the stream closes the cursor and gives the connection back.
 */
export async function streamRows(sql: string, values: readonly unknown[]): Promise<Readable> {
  const client = await pool().connect()
  try {
    const rows = client.query(
      new QueryStream(sql, [...values], { batchSize: 500, rowMode: 'array' }),
    )
    let released = false
    const release = (broken: boolean) => {
      if (!released) client.release(broken)
      released = true
    }
    rows.once('error', () => release(true))
    rows.once('close', () => release(!rows.readableEnded))
    return rows
  } catch (error) {
    client.release(true)
    throw error
  }
}

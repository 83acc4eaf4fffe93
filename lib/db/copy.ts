import { Client } from 'pg'
import { from } from 'pg-copy-streams'

/** A value as a line of COPY has it; null is null. */
export function copyCell(value: string | number | null): string {
  if (value === null) return '\\N'
  if (typeof value === 'number') return String(value)
  return /[\\\n\r\t]/.test(value)
    ? value.replace(/[\\\n\r\t]/g, (mark) => escapes[mark] ?? '')
    : value
}

const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

export interface BulkConnection {
  /** Adds lines, each of `copyCell`s with tabs between them and a line feed after them. */
  copy(table: string, columns: readonly string[], lines: string): Promise<void>
}

/** Lends a connection of its own for adding many rows, from `DATABASE_URL`. Each `copy` is committed. */
export async function withBulkConnection<T>(
  use: (connection: BulkConnection) => Promise<T>,
): Promise<T> {
  const client = new Client({
    connectionString: process.env.DATABASE_URL,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 60_000,
    lock_timeout: 5_000,
    idle_in_transaction_session_timeout: 60_000,
    application_name: 'shumar imports',
  })
  // Heard, so that a cut connection does not end the process; the next COPY tells of it.
  client.on('error', () => {})
  await client.connect()
  try {
    return await use({
      copy: (table, columns, lines) => {
        const names = columns.map((column) => `"${column}"`).join(', ')
        const stream = client.query(from(`COPY "${table}" (${names}) FROM STDIN`))
        return new Promise((resolve, reject) => {
          stream.on('error', reject)
          stream.on('finish', resolve)
          stream.end(lines)
        })
      },
    })
  } finally {
    await client.end().catch(() => {})
  }
}

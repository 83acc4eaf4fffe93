import type { Pool } from 'pg'
import { openPool } from './pool'

const shared = globalThis as { shumarBytes?: Map<string, Pool> }

/** Prisma would write a megabyte as text several times over, so large values go past it. */
function pool(): Pool {
  const connectionString = process.env.DATABASE_URL
  if (!connectionString) throw new Error('DATABASE_URL is not set.')
  shared.shumarBytes ??= new Map()
  const known = shared.shumarBytes.get(connectionString)
  if (known) return known
  const made = openPool({
    connectionString,
    max: 3,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 5_000,
    statement_timeout: 15_000,
    lock_timeout: 5_000,
    allowExitOnIdle: true,
    application_name: 'shumar files',
  })
  shared.shumarBytes.set(connectionString, made)
  return made
}

/** Runs a statement of its own, committed at once, whose values may be bytes. */
export async function writeBytes(sql: string, values: readonly unknown[]): Promise<void> {
  await pool().query(sql, [...values])
}

/** The bytes that a query answers in its first column; null where it answers no row. */
export async function readBytes(
  sql: string,
  values: readonly (string | number)[],
): Promise<Uint8Array | null> {
  const query = { text: sql, values: [...values], rowMode: 'array' as const }
  const { rows } = await pool().query<Uint8Array[]>(query)
  return rows[0]?.[0] ?? null
}

import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from './generated/client'
import { openPool } from './pool'

const settings = {
  max: 10,
  connectionTimeoutMillis: 5_000,
  idleTimeoutMillis: 30_000,
  keepAlive: true,
  statement_timeout: 15_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 15_000,
  application_name: 'shumar',
}

/** Milliseconds. Many writers to one key queue up behind its lock. */
const transactionOptions = { maxWait: 10_000, timeout: 20_000 }

/** What a new connection learns of the tables costs its first writer ten times what the writing does. */
const kept = 2

export type Database = PrismaClient
/** What a transaction callback is given. */
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0]

/**
 * A client of its own for one PostgreSQL address; the caller disconnects it.
 * @param patience milliseconds to wait for a free connection; then it throws
 * @param min connections that are kept, however long nobody needs them
 */
export function connect(
  connectionString: string,
  patience: number = settings.connectionTimeoutMillis,
  min = 0,
): Database {
  const pool = openPool({
    ...settings,
    connectionString,
    connectionTimeoutMillis: patience,
    min,
    // They keep no command from ending.
    allowExitOnIdle: min > 0,
  })
  const adapter = new PrismaPg(pool, { disposeExternalPool: true })
  return new PrismaClient({ adapter, transactionOptions })
}

const shared = globalThis as { shumarDatabase?: Database }

/** The application's database, from `DATABASE_URL`. One pool for each process. */
export function database(): Database {
  if (!shared.shumarDatabase) {
    const url = process.env.DATABASE_URL
    if (!url) throw new Error('DATABASE_URL is not set: start the application with npm start.')
    shared.shumarDatabase = connect(url, settings.connectionTimeoutMillis, kept)
  }
  return shared.shumarDatabase
}

import { readFile } from 'node:fs/promises'
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm'
import { Pool } from 'pg'
import { errorCode, OperatorProblem } from '../operator-problem'
import { migrationsFolder, noFilters, readMigrations, schemaEngine } from './schema-engine'

/** "SHUM" in ASCII; Prisma's own lock has another number. */
const turn = 0x5348554d

/** Waits until no other start is migrating this database; the lock ends with the connection. */
async function waitForTurn(pool: Pool): Promise<void> {
  try {
    await pool.query("set lock_timeout = '5min'")
    await pool.query('select pg_advisory_lock($1)', [turn])
    await pool.query("set lock_timeout = '30s'")
  } catch (error) {
    if (errorCode(error) !== '55P03') throw error
    throw new OperatorProblem(
      'Another start has been migrating this database for over five minutes: end it, then start again.',
    )
  }
}

/**
 * The migrations still to apply, oldest first. A database that is newer than the code, or that
 * went through other migrations than the ones in the folder, is an `OperatorProblem`.
 */
async function pendingMigrations(engine: SchemaEngine, list: MigrationList): Promise<string[]> {
  const { history, failedMigrationNames, editedMigrationNames } =
    await engine.diagnoseMigrationHistory({
      migrationsList: list,
      optInToShadowDatabase: false,
      filters: noFilters,
    })
  if (failedMigrationNames.length > 0) {
    throw new OperatorProblem(
      `Migration ${failedMigrationNames[0]} was begun by another tool and failed: repair the database, then mark it with npm run migrate -- --rolled-back ${failedMigrationNames[0]}.`,
    )
  }
  if (editedMigrationNames.length > 0) {
    throw new OperatorProblem(
      `Migration ${editedMigrationNames.join(', ')} was edited after this database had applied it: restore the file as it was, and put the change into a new migration.`,
    )
  }
  if (!history) return []
  if (history.diagnostic === 'databaseIsBehind') return history.unappliedMigrationNames
  throw new OperatorProblem(
    `The database is newer than this code, which does not know its migration ${history.unpersistedMigrationNames.join(', ')}: install the newer version, or restore a backup from before it.`,
  )
}

/** PostgreSQL's own words, without the engine's preamble and traces. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const words = message.match(/ERROR: (.*)/)?.[1] ?? message.split('\n')[0] ?? ''
  return words.includes('permission denied for schema')
    ? `${words}: as its owner, GRANT CREATE ON SCHEMA public to the user in DATABASE_URL`
    : words
}

/**
 * Lets the engine make `_prisma_migrations` where it is missing: inside the transaction of the first
 * migration, its question whether the table is there would end that transaction.
 */
async function prepareRecord(engine: SchemaEngine, list: MigrationList): Promise<void> {
  try {
    await engine.applyMigrations({
      migrationsList: { ...list, migrationDirectories: [] },
      filters: noFilters,
    })
  } catch (error) {
    throw new OperatorProblem(
      errorCode(error) === 'P3005'
        ? 'The database already holds tables of something else: name an empty database in DATABASE_URL.'
        : `The database cannot be migrated: ${reason(error)}.`,
    )
  }
}

/**
 * Runs `apply` inside a transaction of ours, so that a migration's script and its row in
 * `_prisma_migrations` are there both or not at all, whenever the process is killed.
 */
async function inTransaction(pool: Pool, apply: () => Promise<unknown>): Promise<void> {
  await pool.query('begin')
  try {
    await apply()
    await pool.query('commit')
  } catch (error) {
    await pool.query('rollback').catch(() => {})
    throw error
  }
}

/**
 * Lends a pool all of whose queries go through one connection. A pool proper gives up a connection
 * on which a statement failed, and with it our lock and our transaction.
 */
async function withOneConnection<T>(
  connectionString: string,
  use: (pool: Pool) => Promise<T>,
): Promise<T> {
  const pool = new Pool({
    connectionString,
    max: 1,
    connectionTimeoutMillis: 5_000,
    application_name: 'shumar-migrate',
  })
  // Each migration has an engine of its own, and each engine listens to the pool until its end.
  pool.setMaxListeners(0)
  try {
    const client = await pool.connect()
    client.on('error', () => {})
    pool.query = client.query.bind(client) as typeof pool.query
    try {
      return await use(pool)
    } finally {
      client.release(true)
    }
  } finally {
    await pool.end()
  }
}

/** Applies the pending migration `name`, as if those in `later` were not there yet. */
async function applyOne(
  pool: Pool,
  list: MigrationList,
  name: string,
  later: string[],
): Promise<void> {
  let scriptError: unknown
  const engine = await schemaEngine(pool, (error) => {
    scriptError = error
  })
  const migrationDirectories = list.migrationDirectories.filter(({ path }) => !later.includes(path))
  const migrationsList = { ...list, migrationDirectories }
  try {
    await inTransaction(pool, () => engine.applyMigrations({ migrationsList, filters: noFilters }))
  } catch (error) {
    throw new OperatorProblem(
      `Migration ${name} cannot be applied, and nothing of it was: ${reason(scriptError ?? error)}.`,
    )
  }
}

/**
 * Brings the database at `databaseUrl` to the newest migration of `folder` and returns the names of
 * those it applied, oldest first. Starts that run at once take turns. `_prisma_migrations` is as
 * `prisma migrate deploy` leaves it. Throws an `OperatorProblem` for a history that does not fit.
 */
export async function migrate(
  databaseUrl: string,
  folder = migrationsFolder,
): Promise<{ applied: string[] }> {
  return withOneConnection(databaseUrl, async (pool) => {
    await waitForTurn(pool)
    const engine = await schemaEngine(pool)
    const list = await readMigrations(folder)
    const pending = await pendingMigrations(engine, list)
    if (pending.length > 0) await prepareRecord(engine, list)
    for (const [index, name] of pending.entries()) {
      await applyOne(pool, list, name, pending.slice(index + 1))
    }
    return { applied: pending }
  })
}

/** Records that what a failed migration had begun was undone by hand, so that it may run again. */
export async function markRolledBack(databaseUrl: string, migrationName: string): Promise<void> {
  await withOneConnection(databaseUrl, async (pool) => {
    const engine = await schemaEngine(pool)
    await engine.markMigrationRolledBack({ migrationName })
  })
}

/**
 * The SQL that leads from the migrations of `folder` to the Prisma schema in `schemaFile`; empty
 * where they agree. Checks and triggers written by hand are invisible to Prisma and so do not
 * count. Needs a server whose user may create databases: the migrations are run in a scratch one.
 */
export async function schemaDifference(
  serverUrl: string,
  schemaFile: string,
  folder = migrationsFolder,
): Promise<string> {
  const pool = new Pool({ connectionString: serverUrl, max: 2 })
  try {
    const engine = await schemaEngine(pool)
    const { stdout } = await engine.diff({
      from: { tag: 'migrations', ...(await readMigrations(folder)) },
      to: {
        tag: 'schemaDatamodel',
        files: [{ path: schemaFile, content: await readFile(schemaFile, 'utf8') }],
      },
      script: true,
      exitCode: null,
      filters: noFilters,
    })
    const sql = stdout ?? ''
    return sql.startsWith('-- This is an empty migration') ? '' : sql.trim()
  } finally {
    await pool.end()
  }
}

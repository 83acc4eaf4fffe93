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

/** The engine puts PostgreSQL's own words behind a preamble and in front of its traces. */
function migrationProblem(error: unknown, name: string): OperatorProblem {
  if (errorCode(error) === 'P3005') {
    return new OperatorProblem(
      'The database already holds tables of something else: name an empty database in DATABASE_URL.',
    )
  }
  const message = error instanceof Error ? error.message : String(error)
  const reason = message.match(/ERROR: (.*)/)?.[1] ?? message.split('\n')[0]
  const remedy = message.includes('permission denied for schema')
    ? ': as its owner, GRANT CREATE ON SCHEMA public to the user in DATABASE_URL'
    : ''
  return new OperatorProblem(
    `Migration ${name} cannot be applied, and nothing of it was: ${reason}${remedy}.`,
  )
}

/**
 * Lets the engine apply one migration inside a transaction of ours, on the pool's only connection,
 * so that the script and its row in `_prisma_migrations` are there both or not at all, whenever
 * the process is killed.
 */
async function applyOne(pool: Pool, engine: SchemaEngine, list: MigrationList, name: string) {
  await pool.query('begin')
  try {
    await engine.applyMigrations({ migrationsList: list, filters: noFilters })
    await pool.query('commit')
  } catch (error) {
    await pool.query('rollback').catch(() => {})
    throw migrationProblem(error, name)
  }
}

function singleConnection(connectionString: string): Pool {
  const pool = new Pool({
    connectionString,
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: 5_000,
    application_name: 'shumar-migrate',
  })
  pool.on('error', () => {})
  return pool
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
  const pool = singleConnection(databaseUrl)
  try {
    await waitForTurn(pool)
    const engine = await schemaEngine(pool)
    const list = await readMigrations(folder)
    const pending = await pendingMigrations(engine, list)
    for (const [index, name] of pending.entries()) {
      const later = new Set(pending.slice(index + 1))
      const migrationDirectories = list.migrationDirectories.filter(({ path }) => !later.has(path))
      await applyOne(pool, engine, { ...list, migrationDirectories }, name)
    }
    return { applied: pending }
  } finally {
    await pool.end()
  }
}

/** Records that what a failed migration had begun was undone by hand, so that it may run again. */
export async function markRolledBack(databaseUrl: string, migrationName: string): Promise<void> {
  const pool = singleConnection(databaseUrl)
  try {
    const engine = await schemaEngine(pool)
    await engine.markMigrationRolledBack({ migrationName })
  } finally {
    await pool.end()
  }
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

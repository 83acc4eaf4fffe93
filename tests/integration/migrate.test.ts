import { spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Pool } from 'pg'
import { afterAll, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { markRolledBack, migrate, schemaDifference } from '@/lib/db/migrate'
import { migrationsFolder, noFilters, readMigrations, schemaEngine } from '@/lib/db/schema-engine'
import { OperatorProblem } from '@/lib/operator-problem'

const scratch = mkdtempSync(join(tmpdir(), 'shumar-migrate-'))
const databases: string[] = []
let url: string
let folder: string

async function query(address: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: address })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const names = () =>
  query(url, 'select migration_name as name from _prisma_migrations order by started_at').then(
    (rows) => rows.map(({ name }) => name),
  )

/** A migration of the test's own folder; later ones have higher numbers. */
function write(number: number, sql: string): string {
  const name = `2026010${number}000000_step`
  mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, name, 'migration.sql'), sql)
  return name
}

beforeEach(async () => {
  const name = `migrate_${randomUUID().replaceAll('-', '')}`
  databases.push(name)
  await query(inject('postgres'), `create database ${name}`)
  const address = new URL(inject('postgres'))
  address.pathname = `/${name}`
  url = address.href
  folder = join(scratch, name)
  mkdirSync(folder)
  cpSync(join(migrationsFolder, 'migration_lock.toml'), join(folder, 'migration_lock.toml'))
})

afterAll(async () => {
  for (const name of databases)
    await query(inject('postgres'), `drop database ${name} with (force)`)
  rmSync(scratch, { recursive: true })
})

describe('migrating', () => {
  it('applies each migration once, in order', async () => {
    const first = write(1, 'create table a (n int);')
    const second = write(2, 'alter table a add m int;')
    expect(await migrate(url, folder)).toEqual({ applied: [first, second] })
    expect(await migrate(url, folder)).toEqual({ applied: [] })
    const third = write(3, 'drop table a;')
    expect(await migrate(url, folder)).toEqual({ applied: [third] })
  })

  it('lets starts at the same time take turns', async () => {
    const both = [write(1, 'create table a (n int);'), write(2, 'create table b (n int);')]
    const [one, other] = await Promise.all([migrate(url, folder), migrate(url, folder)])
    expect([...one.applied, ...other.applied].sort()).toEqual(both)
    expect(await names()).toEqual(both)
  })

  it("leaves Prisma's record as prisma migrate deploy does, which then finds nothing to do", async () => {
    const sql = 'create table a (n int);'
    const name = write(1, sql)
    await migrate(url, folder)
    const rows = await query(
      url,
      `select checksum, migration_name, logs, rolled_back_at, applied_steps_count,
              finished_at >= started_at as finished from _prisma_migrations`,
    )
    expect(rows).toEqual([
      {
        checksum: createHash('sha256').update(sql).digest('hex'),
        migration_name: name,
        logs: null,
        rolled_back_at: null,
        applied_steps_count: 1,
        finished: true,
      },
    ])
    const pool = new Pool({ connectionString: url })
    try {
      const engine = await schemaEngine(pool)
      const migrationsList = await readMigrations(folder)
      const { appliedMigrationNames } = await engine.applyMigrations({
        migrationsList,
        filters: noFilters,
      })
      expect(appliedMigrationNames).toEqual([])
    } finally {
      await pool.end()
    }
  })

  it('runs scripts whole, with semicolons in functions and texts', async () => {
    write(
      1,
      `create table a (n text check (n <> ';'));
       create function f() returns trigger language plpgsql as $$ begin new.n = 'x;y'; return new; end $$;
       create trigger t before insert on a for each row execute function f();`,
    )
    await migrate(url, folder)
    expect(await query(url, `insert into a values ('z') returning n`)).toEqual([{ n: 'x;y' }])
  })

  it('leaves nothing of a migration that fails, and goes on once it is corrected', async () => {
    const first = write(1, 'create table a (n int);')
    const second = write(2, 'create table b (n int); create table a (n int);')
    await expect(migrate(url, folder)).rejects.toThrow(
      new OperatorProblem(
        `Migration ${second} cannot be applied, and nothing of it was: relation "a" already exists.`,
      ),
    )
    expect(await names()).toEqual([first])
    expect(await query(url, `select to_regclass('b')::text as b`)).toEqual([{ b: null }])
    write(2, 'create table b (n int);')
    expect(await migrate(url, folder)).toEqual({ applied: [second] })
  })

  it('leaves nothing half-done when the process is killed', async () => {
    const name = write(1, 'create table a (n int); select pg_sleep(1);')
    const child = spawn(process.execPath, [
      '--import=tsx',
      '--input-type=module',
      `--eval=const { migrate } = await import('./lib/db/migrate.ts')
       await migrate(${JSON.stringify(url)}, ${JSON.stringify(folder)})`,
    ])
    await vi.waitUntil(
      async () => {
        const asleep = `select 1 from pg_stat_activity
          where wait_event = 'PgSleep' and datname = current_database()`
        return (await query(url, asleep)).length > 0
      },
      { timeout: 20_000, interval: 50 },
    )
    child.kill('SIGKILL')
    expect(await migrate(url, folder)).toEqual({ applied: [name] })
  })

  it('refuses a migration that was edited after it was applied', async () => {
    const name = write(1, 'create table a (n int);')
    await migrate(url, folder)
    appendFileSync(join(folder, name, 'migration.sql'), '-- more')
    await expect(migrate(url, folder)).rejects.toThrow(
      `Migration ${name} was edited after this database had applied it:`,
    )
  })

  it('refuses a database that is newer than the code', async () => {
    write(1, 'create table a (n int);')
    const newer = write(2, 'create table b (n int);')
    await migrate(url, folder)
    rmSync(join(folder, newer), { recursive: true })
    await expect(migrate(url, folder)).rejects.toThrow(
      `The database is newer than this code, which does not know its migration ${newer}:`,
    )
    const own = write(3, 'create table c (n int);')
    await expect(migrate(url, folder)).rejects.toThrow('The database is newer than this code')
    expect(await names()).not.toContain(own)
  })

  it('refuses what another tool left half-done until it is marked as undone', async () => {
    const first = write(1, 'create table a (n int);')
    await migrate(url, folder)
    await query(url, 'update _prisma_migrations set finished_at = null; drop table a')
    await expect(migrate(url, folder)).rejects.toThrow(
      `Migration ${first} was begun by another tool and failed:`,
    )
    await markRolledBack(url, first)
    expect(await migrate(url, folder)).toEqual({ applied: [first] })
  })

  it('refuses a database that holds something else', async () => {
    await query(url, 'create table theirs (n int)')
    write(1, 'create table a (n int);')
    await expect(migrate(url, folder)).rejects.toThrow(
      'The database already holds tables of something else: name an empty database in DATABASE_URL.',
    )
  })

  it('names the missing right of a user who may not create tables', async () => {
    const user = new URL(url).pathname.slice(1)
    await query(url, `create role ${user} login password 'secret'`)
    const limited = new URL(url)
    limited.username = user
    limited.password = 'secret'
    write(1, 'create table a (n int);')
    await expect(migrate(limited.href, folder)).rejects.toThrow('GRANT CREATE ON SCHEMA public')
    await query(url, `drop role ${user}`)
  })
})

describe('the migrations of this repository', () => {
  it('lead from nothing to the Prisma schema', async () => {
    expect(await schemaDifference(url, 'prisma/schema.prisma')).toBe('')
  })

  it('would be told apart from a schema with one more model', async () => {
    const schema = join(folder, 'schema.prisma')
    cpSync('prisma/schema.prisma', schema)
    appendFileSync(schema, '\nmodel Extra {\n  id Int @id\n}\n')
    expect(await schemaDifference(url, schema)).toContain('CREATE TABLE "Extra"')
  })
})

import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import { Pool, type QueryResult } from 'pg'

export const migrationsFolder = fileURLToPath(new URL('../../prisma/migrations', import.meta.url))
/** Nothing in the database is managed by others. */
export const noFilters = { externalTables: [], externalEnums: [] }

const charType = 18
const textType = 25
/** Names of "char" columns met so far: the catalogue's one-letter codes. */
const charColumns = new Set<string>()

/** Prisma's adapter refuses the type "char": it is told that such a column is text. */
function readCharAsText(pool: Pool): void {
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<QueryResult>
  pool.query = (async (...args: unknown[]) => {
    const result = await query(...args)
    for (const field of result.fields ?? []) {
      if (field.dataTypeID !== charType) continue
      field.dataTypeID = textType
      charColumns.add(field.name)
    }
    return result
  }) as typeof pool.query
}

/**
 * The pg adapter for migrations. Prisma's own cuts a script at every semicolon, which breaks the
 * bodies of functions; this one sends it whole.
 */
export class MigrationPg extends PrismaPg {
  constructor(
    private readonly pool: Pool,
    private readonly onScriptError: (error: unknown) => void = () => {},
  ) {
    super(pool)
  }

  override async connect() {
    const adapter = await super.connect()
    adapter.executeScript = async (script) => {
      try {
        await adapter.executeRaw({ sql: script, args: [], argTypes: [] })
      } catch (error) {
        this.onScriptError(error)
        throw error
      }
    }
    readCharAsText(this.pool)
    const queryRaw = adapter.queryRaw.bind(adapter)
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query)
      const columnTypes = result.columnTypes.map((type, index) =>
        charColumns.has(result.columnNames[index] ?? '') ? ColumnTypeEnum.Character : type,
      )
      return { ...result, columnTypes }
    }
    return adapter
  }

  /** A scratch database on the same server, dropped when the engine is done with it. */
  override async connectToShadowDb() {
    const name = `shadow_${crypto.randomUUID()}`
    await this.pool.query(`create database "${name}"`)
    const url = new URL(this.pool.options.connectionString ?? '')
    url.pathname = `/${name}`
    const shadow = new Pool({ connectionString: url.href })
    const adapter = await new MigrationPg(shadow).connect()
    adapter.dispose = async () => {
      await shadow.end()
      await this.pool.query(`drop database "${name}"`)
    }
    return adapter
  }
}

let loaded = false

/** Node.js imports WebAssembly only behind a flag, so the module is instantiated by hand. */
function load(): void {
  if (loaded) return
  const code = createRequire(import.meta.url)
    .resolve('@prisma/schema-engine-wasm/schema_engine_bg')
    .replace(/\.js$/, '.wasm')
  const imports = { './schema_engine_bg.js': bindings } as unknown as WebAssembly.Imports
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(code)), imports)
  bindings.__wbg_set_wasm(instance.exports)
  ;(instance.exports.__wbindgen_start as () => void)()
  loaded = true
}

/**
 * Prisma's schema engine, working through `pool` instead of a native program. `onScriptError` is
 * told why a migration's script failed, which the engine's own error may no longer say.
 */
export async function schemaEngine(
  pool: Pool,
  onScriptError?: (error: unknown) => void,
): Promise<SchemaEngine> {
  load()
  // The engine wants to know the kind of database, and ends the process without a schema.
  const datamodels: [string, string][] = [
    ['schema.prisma', 'datasource db {\n  provider = "postgresql"\n}\n'],
  ]
  const adapter = bindMigrationAwareSqlAdapterFactory(new MigrationPg(pool, onScriptError))
  return bindings.SchemaEngine.new({ datamodels }, () => {}, adapter)
}

/** The migrations of a folder, oldest first, as the engine wants them. */
export async function readMigrations(folder: string): Promise<MigrationList> {
  const path = 'migration_lock.toml'
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return {
    baseDir: folder,
    lockfile: { path, content: await readFile(join(folder, path), 'utf8').catch(() => null) },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.sort().map(async (name) => {
        const value = await readFile(join(folder, name, 'migration.sql'), 'utf8')
        return {
          path: name,
          migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } },
        }
      }),
    ),
  }
}

import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { cp, mkdtemp, open, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { PassThrough, type Readable, Transform, type TransformCallback } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Client, escapeIdentifier } from 'pg'
import { from, to } from 'pg-copy-streams'
import { type Entry, openPromise, type ZipFile as ZipReader } from 'yauzl'
import { ZipFile } from 'yazl'
import { z } from 'zod'
import { OperatorProblem } from '../operator-problem'
import { migrate } from './migrate'
import { migrationsFolder } from './schema-engine'

/**
 * A backup is a zip file of one CSV a table, as PostgreSQL's COPY writes it, all from one snapshot,
 * and `manifest.json`, which comes last and says what must be in it. It holds no schema: a restore
 * brings an empty database to the migrations of the backup, fills it, and applies the later ones.
 */

const manifestSchema = z.object({
  format: z.literal(1),
  /** The database's clock when the snapshot was taken. */
  at: z.iso.datetime(),
  server: z.string(),
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  tables: z.array(
    z.object({
      name: z.string(),
      columns: z.array(z.string()),
      rows: z.number(),
      bytes: z.number(),
      sha256: z.string(),
    }),
  ),
  /** The last number that each gave out; null where it gave none. */
  sequences: z.array(z.object({ name: z.string(), last: z.string().nullable() })),
  /** What the product adds, such as the head of its audit log. */
  about: z.record(z.string(), z.unknown()),
})
export type Manifest = z.infer<typeof manifestSchema>

const manifestName = 'manifest.json'
const entryName = (table: string) => `tables/${table}.csv`
/** The same text for the same value, whatever the server's settings. */
const plainText = [
  "set timezone = 'UTC'",
  "set datestyle = 'ISO'",
  "set intervalstyle = 'postgres'",
  "set bytea_output = 'hex'",
  'set statement_timeout = 0',
  'set idle_in_transaction_session_timeout = 0',
]

/** Counts what passes through. */
class Measured extends Transform {
  readonly #hash = createHash('sha256')
  bytes = 0

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback) {
    this.#hash.update(chunk)
    this.bytes += chunk.length
    done(null, chunk)
  }

  sha256(): string {
    return this.#hash.digest('hex')
  }
}

async function withClient<T>(connectionString: string, use: (client: Client) => Promise<T>) {
  const client = new Client({
    connectionString,
    connectionTimeoutMillis: 5_000,
    application_name: 'shumar backup',
  })
  // Heard, so that a cut connection does not end the process; the next query tells of it.
  client.on('error', () => {})
  await client.connect()
  try {
    for (const setting of plainText) await client.query(setting)
    return await use(client)
  } finally {
    await client.end().catch(() => {})
  }
}

const tablesQuery = `
  select c.relname as name,
         array_agg(a.attname::text order by a.attnum) as columns
  from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> '_prisma_migrations'
    and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  group by c.relname order by c.relname`

const migrationsQuery = `
  select migration_name as name, checksum from _prisma_migrations
  where finished_at is not null and rolled_back_at is null order by migration_name`

const columnList = (columns: readonly string[]) => columns.map(escapeIdentifier).join(', ')

/**
 * Writes a backup of the database to `file`, which appears whole or not at all, readable by its
 * owner only.
 * @param options.withoutRows tables that come back empty
 * @param options.about kept in the manifest; it is asked inside the snapshot
 */
export async function writeBackup(
  databaseUrl: string,
  file: string,
  options: {
    withoutRows: readonly string[]
    about: (client: Client) => Promise<Record<string, unknown>>
  },
): Promise<Manifest> {
  const draft = `${file}.part`
  const zip = new ZipFile()
  const written = pipeline(
    zip.outputStream as Readable,
    createWriteStream(draft, { flags: 'w', mode: 0o600 }),
  )
  // Heard below; a full disk would end the process before that.
  written.catch(() => {})
  try {
    const manifest = await withClient(databaseUrl, async (client) => {
      await client.query('begin isolation level repeatable read read only')
      const { rows: found } = await client.query<{ name: string; columns: string[] }>(tablesQuery)
      // Nobody changes a table's shape under us.
      const names = found.map(({ name }) => escapeIdentifier(name)).join(', ')
      await client.query(`lock table ${names} in access share mode`)
      const { rows: migrations } =
        await client.query<Manifest['migrations'][number]>(migrationsQuery)
      const { rows: moments } = await client.query<{ at: Date; server: string }>(
        "select now() as at, current_setting('server_version') as server",
      )
      const tables: Manifest['tables'] = []
      for (const { name, columns } of found) {
        const isLeftOut = options.withoutRows.includes(name)
        const rows = `select ${columnList(columns)} from ${escapeIdentifier(name)}${isLeftOut ? ' limit 0' : ''}`
        const source = client.query(to(`copy (${rows}) to stdout (format csv, header true)`))
        const measured = new Measured()
        zip.addReadStream(measured.pipe(new PassThrough()), entryName(name))
        await Promise.race([
          pipeline(source, measured),
          written.then(() => Promise.reject(new Error('The backup ended early.'))),
        ])
        const { bytes } = measured
        tables.push({ name, columns, rows: source.rowCount, bytes, sha256: measured.sha256() })
      }
      const about = await options.about(client)
      // Read last: numbers given out since the snapshot must not be given out again.
      const { rows: sequences } = await client.query<{ name: string; last: string | null }>(
        "select sequencename as name, last_value::text as last from pg_sequences where schemaname = 'public' order by 1",
      )
      await client.query('commit')
      const [moment] = moments
      return manifestSchema.parse({
        format: 1,
        at: moment?.at.toISOString(),
        server: moment?.server,
        migrations,
        tables,
        sequences,
        about,
      })
    })
    zip.addBuffer(Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), manifestName)
    zip.end()
    await written
    await flushed(draft)
    await verifyBackup(draft)
    await rename(draft, file)
    return manifest
  } catch (error) {
    ;(zip.outputStream as Readable).destroy()
    await rm(draft, { force: true })
    throw error
  }
}

async function flushed(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  await handle.sync()
  await handle.close()
}

async function entriesOf(zip: ZipReader): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry)
  return entries
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

const broken = (file: string, reason: string) =>
  new OperatorProblem(`${basename(file)} is not a whole backup (${reason}): take another one.`)

interface OpenBackup {
  manifest: Manifest
  /** Streams a table through `into`; throws where it is not what the manifest says. */
  read(table: Manifest['tables'][number], into: NodeJS.WritableStream): Promise<void>
}

async function withBackup<T>(file: string, use: (backup: OpenBackup) => Promise<T>): Promise<T> {
  const zip = await openPromise(file, { autoClose: false }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw broken(file, reason)
  })
  try {
    const entries = await entriesOf(zip).catch((error: unknown) => {
      throw broken(file, String(error))
    })
    const entry = entries.get(manifestName)
    if (!entry) throw broken(file, 'it has no manifest')
    const text = await textOf(await zip.openReadStreamPromise(entry))
    const parsed = manifestSchema.safeParse(JSON.parse(text))
    if (!parsed.success) throw broken(file, 'its manifest is of another version')
    return await use({
      manifest: parsed.data,
      async read(table, into) {
        const found = entries.get(entryName(table.name))
        if (!found) throw broken(file, `${table.name} is missing`)
        const measured = new Measured()
        const check = new Transform({
          transform: (chunk, _, done) => done(null, chunk),
          flush: (done) =>
            measured.sha256() === table.sha256
              ? done()
              : done(broken(file, `${table.name} was changed`)),
        })
        try {
          await pipeline(await zip.openReadStreamPromise(found), measured, check, into)
        } catch (error) {
          if (error instanceof OperatorProblem || errorIsOfDatabase(error)) throw error
          throw broken(file, `${table.name}: ${error instanceof Error ? error.message : error}`)
        }
      },
    })
  } finally {
    zip.close()
  }
}

const errorIsOfDatabase = (error: unknown) =>
  error instanceof Error && 'severity' in error && typeof error.severity === 'string'

/** Reads a backup to its end; throws an `OperatorProblem` where it is not whole. */
export function verifyBackup(file: string): Promise<Manifest> {
  return withBackup(file, async ({ manifest, read }) => {
    for (const table of manifest.tables) await read(table, new PassThrough().resume())
    return manifest
  })
}

/** Brings an empty database to the migrations of a backup, and no further. */
async function migrateAsBackup(databaseUrl: string, migrations: Manifest['migrations']) {
  const folder = await mkdtemp(join(tmpdir(), 'shumar-migrations-'))
  try {
    await cp(join(migrationsFolder, 'migration_lock.toml'), join(folder, 'migration_lock.toml'))
    for (const { name } of migrations) {
      await cp(join(migrationsFolder, name), join(folder, name), { recursive: true }).catch(() => {
        throw new OperatorProblem(
          `The backup is of a newer version, whose migration ${name} this code does not know: install that version, then restore.`,
        )
      })
    }
    await migrate(databaseUrl, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function refuseFilled(client: Client, mustBeEmpty: readonly string[]): Promise<void> {
  for (const name of mustBeEmpty) {
    const { rows } = await client.query<{ there: boolean }>(
      'select to_regclass($1) is not null as there',
      [`public.${escapeIdentifier(name)}`],
    )
    if (!rows[0]?.there) continue
    const { rowCount } = await client.query(`select from ${escapeIdentifier(name)} limit 1`)
    if (rowCount) {
      throw new OperatorProblem(
        'The database is not empty, and a restore overwrites nothing: name an empty one in DATABASE_URL, or, with the embedded one, add --replace, which puts that aside.',
      )
    }
  }
}

interface ForeignKey {
  table: string
  name: string
  definition: string
}

const foreignKeysQuery = `
  select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
  from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`

/**
 * Lets `fill` write rows as they were, in any order: without triggers, and with references checked
 * at the end. An owner of the tables may do this; no superuser is needed.
 */
async function asTheyWere(client: Client, tables: readonly string[], fill: () => Promise<void>) {
  const { rows: references } = await client.query<ForeignKey>(foreignKeysQuery)
  for (const { table, name } of references) {
    await client.query(`alter table ${table} drop constraint ${escapeIdentifier(name)}`)
  }
  const all = tables.map(escapeIdentifier)
  for (const name of all) await client.query(`alter table ${name} disable trigger user`)
  await client.query(`truncate ${all.join(', ')}`)
  await fill()
  for (const { table, name, definition } of references) {
    await client.query(
      `alter table ${table} add constraint ${escapeIdentifier(name)} ${definition}`,
    )
  }
  for (const name of all) await client.query(`alter table ${name} enable trigger user`)
}

/**
 * Fills an empty database from a backup, in one transaction, and brings it to the newest migration.
 * Throws an `OperatorProblem` for a backup that is not whole or not for this code, and for a database
 * in which one of the tables `mustBeEmpty` has a row.
 */
export async function restoreBackup(
  databaseUrl: string,
  file: string,
  mustBeEmpty: readonly string[],
): Promise<Manifest> {
  // Nothing is done for a file that turns out to be broken at its end.
  await verifyBackup(file)
  return withBackup(file, async ({ manifest, read }) => {
    await withClient(databaseUrl, (client) => refuseFilled(client, mustBeEmpty))
    await migrateAsBackup(databaseUrl, manifest.migrations)
    await withClient(databaseUrl, async (client) => {
      const { rows: own } = await client.query<Manifest['migrations'][number]>(migrationsQuery)
      const changed = own.find(
        ({ name, checksum }) =>
          checksum !== manifest.migrations.find((one) => one.name === name)?.checksum,
      )
      if (changed) throw broken(file, `migration ${changed.name} is not the one of this code`)
      await client.query('begin')
      const names = manifest.tables.map(({ name }) => name)
      await asTheyWere(client, names, async () => {
        for (const table of manifest.tables) {
          const target = `${escapeIdentifier(table.name)} (${columnList(table.columns)})`
          const stream = client.query(from(`copy ${target} from stdin (format csv, header true)`))
          await read(table, stream)
        }
        for (const { name, last } of manifest.sequences) {
          if (last === null) continue
          await client.query('select setval($1, $2)', [escapeIdentifier(name), last])
        }
      })
      await client.query('commit')
      await client.query('analyze')
    })
    await migrate(databaseUrl)
    return manifest
  })
}

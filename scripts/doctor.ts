import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import { defaultStateFolder, prepareStateFolder, startEmbedded } from '../lib/db/embedded'
import { migrationsFolder } from '../lib/db/schema-engine'
import { mayWrite, OperatorProblem } from '../lib/operator-problem'
import { backupFolder, backupsIn } from './backups'
import { inCheckout, runCommand } from './checkout'
import {
  checkAddress,
  checkBackupAge,
  checkClocks,
  checkConnections,
  checkMigrations,
  checkNode,
  checkPackages,
  checkProxies,
  checkServerVersion,
  checkSpace,
  doubtful,
  type Finding,
  fine,
  wrong,
} from './checkup'
import { checkDatabase } from './database-address'
import { lockHolder } from './lock'
import { buildIsFresh, builtWithKey } from './page-build'
import { readSecrets } from './secrets'
import { readSettings } from './settings'

const { env } = process

/** What an `OperatorProblem` says, as a finding; the sentence holds its remedy. */
async function orProblem(what: string, check: () => Promise<Finding[]> | Finding[]) {
  try {
    return await check()
  } catch (error) {
    if (!(error instanceof OperatorProblem)) throw error
    const [text = '', remedy = ''] = error.message.split(/: (?=[^:]*$)/)
    return [wrong(what, text, remedy.replace(/\.$/, ''))]
  }
}

function checkSecrets(stateFolder: string): Finding[] {
  const what = 'Secrets'
  const secrets = readSecrets(stateFolder, env)
  const loose = ['session-secret', 'form-key', 'password']
    .map((name) => join(stateFolder, name))
    .filter((file) => existsSync(file) && (statSync(file).mode & 0o077) !== 0)
  if (loose.length > 0) {
    return [wrong(what, `others may read ${loose.join(', ')}`, `chmod 600 ${loose.join(' ')}`)]
  }
  if (new Set(secrets.SHUMAR_SECRET).size < 10) {
    const remedy = 'set another, as openssl rand -base64 32 prints it'
    return [doubtful(what, 'SHUMAR_SECRET can be guessed', remedy)]
  }
  const key = secrets.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY
  if (env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY && buildIsFresh() && !builtWithKey(key)) {
    const text = 'the build was made with another NEXT_SERVER_ACTIONS_ENCRYPTION_KEY'
    return [
      doubtful(what, text, 'the next start builds the pages anew, or set the key of the build'),
    ]
  }
  return [fine(what, 'long enough, and only their owner may read them')]
}

function spaceOf(path: string) {
  const { bavail, blocks, bsize } = statfsSync(path)
  return { free: bavail * bsize, all: blocks * bsize }
}

function checkState(stateFolder: string): Finding[] {
  prepareStateFolder(stateFolder)
  return [
    fine('State folder', stateFolder),
    checkSpace('Disk of the state folder', spaceOf(stateFolder)),
  ]
}

function checkBackups(stateFolder: string, isEmbedded: boolean): Finding[] {
  const folder = backupFolder(stateFolder, env)
  const [newest] = backupsIn(folder)
  const age = checkBackupAge(newest?.at ?? null, folder, new Date())
  const isBeside = newest && isEmbedded && statSync(newest.file).dev === statSync(stateFolder).dev
  if (age.state !== 'ok' || !isBeside) return [age]
  const remedy =
    'copy backups to another machine, or set SHUMAR_BACKUPS to a folder on another disk'
  return [age, doubtful('Backups', 'they lie on the same disk as the database', remedy)]
}

interface ServerFacts {
  version: string
  now: Date
  timezone: string
  most: number
  used: number
  superuser: boolean
  may_create: boolean
  foreign_tables: string | null
  read_only: boolean
  fsync: string
  full_page_writes: string
  synchronous_commit: string
  data_checksums: string
  migrated: boolean
}

const factsQuery = `
  select current_setting('server_version') as version, clock_timestamp() as now,
    current_setting('TimeZone') as timezone,
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most,
    (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
    (select rolsuper from pg_roles where rolname = current_user) as superuser,
    has_schema_privilege('public', 'CREATE') as may_create,
    (select string_agg(tablename, ', ') from pg_tables where schemaname = 'public' and tableowner <> current_user) as foreign_tables,
    pg_is_in_recovery() or current_setting('default_transaction_read_only')::bool as read_only,
    current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
    current_setting('synchronous_commit') as synchronous_commit,
    current_setting('data_checksums') as data_checksums,
    to_regclass('public._prisma_migrations') is not null as migrated`

function checkRights(facts: ServerFacts, isEmbedded: boolean): Finding {
  const what = 'Rights'
  if (facts.read_only) {
    const remedy = 'name the primary, or set default_transaction_read_only to off'
    return wrong(what, 'the database takes no writes', remedy)
  }
  if (!facts.may_create) {
    const remedy = 'as its owner, GRANT CREATE ON SCHEMA public to the user in DATABASE_URL'
    return wrong(what, 'the user may not create tables in the schema public', remedy)
  }
  if (facts.foreign_tables && !facts.superuser) {
    const remedy = 'ALTER TABLE ... OWNER TO the user in DATABASE_URL'
    return wrong(what, `somebody else owns ${facts.foreign_tables}`, remedy)
  }
  if (facts.superuser && !isEmbedded) {
    const remedy = 'use a role that owns the database and is nothing else'
    return doubtful(what, 'the user is a superuser, which it need not be', remedy)
  }
  return fine(what, 'may do what is needed')
}

function checkDurability(facts: ServerFacts): Finding {
  const what = 'Durability'
  if (facts.fsync !== 'on' || facts.full_page_writes !== 'on') {
    const remedy = 'set fsync and full_page_writes to on'
    return wrong(what, 'a power cut can destroy the database', remedy)
  }
  if (facts.synchronous_commit === 'off') {
    const remedy = 'set synchronous_commit to on'
    return wrong(what, 'a power cut loses what was said to be saved', remedy)
  }
  if (facts.data_checksums !== 'on') {
    const remedy = 'stop the server and run pg_checksums --enable'
    return doubtful(what, 'rot of the disk would go unseen', remedy)
  }
  return fine(what, 'on disk before it is said to be saved, with checksums')
}

async function checkRecord(client: Client): Promise<Finding> {
  const what = 'Audit log'
  const { rows } = await client.query<{ no: number; hash: string; behind: number }>(
    `select no, hash, (select count(*)::int from commits c where not exists
       (select from audit_entries a where a.commit_no = c.no)) as behind
     from audit_entries order by no desc limit 1`,
  )
  const [head] = rows
  if (!head) return fine(what, 'empty')
  if (head.behind > 0) {
    return wrong(what, `${head.behind} commits are not in it`, 'npm run audit:verify tells more')
  }
  return fine(what, `head ${head.no}:${head.hash.slice(0, 12)}...; npm run audit:verify proves all`)
}

async function checkServer(url: string, isEmbedded: boolean): Promise<Finding[]> {
  await checkDatabase(url)
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 15_000,
    application_name: 'shumar doctor',
  })
  client.on('error', () => {})
  await client.connect()
  try {
    const asked = Date.now()
    const { rows } = await client.query<ServerFacts>(factsQuery)
    const [facts] = rows
    if (!facts) throw new Error('PostgreSQL told nothing.')
    // The database looked at its clock somewhere between our question and its answer.
    const skew = facts.now.getTime() - (asked + Date.now()) / 2
    const known = readdirSync(migrationsFolder).filter((name) => /^\d/.test(name))
    const applied = facts.migrated
      ? (
          await client.query<{ name: string }>(
            'select migration_name as name from _prisma_migrations where finished_at is not null and rolled_back_at is null',
          )
        ).rows.map(({ name }) => name)
      : []
    return [
      checkServerVersion(facts.version, isEmbedded),
      fine('Encoding', `UTF8, time zone ${facts.timezone} (any will do)`),
      checkClocks(skew),
      checkRights(facts, isEmbedded),
      checkDurability(facts),
      checkConnections(facts.most, facts.most - facts.used),
      checkMigrations(known.sort(), applied),
      ...(applied.includes(known.at(-1) ?? '') ? [await checkRecord(client)] : []),
    ]
  } finally {
    await client.end().catch(() => {})
  }
}

async function checkDatabases(stateFolder: string): Promise<Finding[]> {
  const given = env.DATABASE_URL
  if (!given) {
    if (!existsSync(join(stateFolder, 'data'))) {
      return [doubtful('PostgreSQL', 'there is no database yet', 'npm start makes one')]
    }
    const isRunning = lockHolder(stateFolder) !== null
    const server = await startEmbedded({ stateFolder })
    return checkServer(server.url(), true).finally(() => (isRunning ? undefined : server.stop()))
  }
  const findings = await checkServer(given, false)
  if (env.DATABASE_DIRECT_URL) {
    await checkDatabase(env.DATABASE_DIRECT_URL)
  } else if (new URL(given).port === '6432') {
    const remedy = 'name the server itself in DATABASE_DIRECT_URL'
    findings.push(doubtful('PgBouncer', 'migrations would go through it', remedy))
  }
  return findings
}

async function checkRunning(stateFolder: string, port: number): Promise<Finding> {
  const what = 'Server'
  const holder = lockHolder(stateFolder)
  if (!holder) {
    return buildIsFresh()
      ? fine(what, 'not running; the pages are built')
      : doubtful(what, 'not running; the pages are not built', 'npm run build, or just npm start')
  }
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`, {
    signal: AbortSignal.timeout(5_000),
  }).catch(() => null)
  if (answer?.ok) return fine(what, `running and ready (process ${holder.pid})`)
  const text = answer ? 'running, but not ready' : `running, but silent at port ${port}`
  return wrong(what, text, 'look at its log')
}

function print({ what, state, text, remedy }: Finding): void {
  console.log(`${state.padEnd(4)}  ${what}: ${text}${remedy ? `; ${remedy}` : ''}.`)
}

/** Checks a deployment, a line each, and ends with code 1 where something is wrong. */
await runCommand(async () => {
  if (existsSync(inCheckout('.env'))) process.loadEnvFile(inCheckout('.env'))
  const stateFolder = defaultStateFolder()
  const settings = readSettings(env)
  const canKeep = mayWrite(existsSync(stateFolder) ? stateFolder : dirname(stateFolder))
  const findings = [
    checkNode(process.versions.node),
    checkPackages(inCheckout('node_modules')),
    checkAddress(settings.publicUrl),
    checkProxies(env.SHUMAR_TRUSTED_PROXIES ?? '', settings.publicUrl),
    ...(await orProblem('State folder', () => checkState(stateFolder))),
    ...(canKeep ? await orProblem('Secrets', () => checkSecrets(stateFolder)) : []),
    ...(await orProblem('Database', () => checkDatabases(stateFolder))),
    ...(canKeep ? checkBackups(stateFolder, !env.DATABASE_URL) : []),
    await checkRunning(stateFolder, settings.port),
  ]
  for (const finding of findings) print(finding)
  const count = (state: Finding['state']) => findings.filter((one) => one.state === state).length
  console.log(`${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} wrong`)
  return count('fail') > 0 ? 1 : 0
})

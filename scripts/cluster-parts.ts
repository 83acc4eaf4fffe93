import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { postgresAccount } from '../lib/db/embedded-binaries'
import { OperatorProblem } from '../lib/operator-problem'
import { checkout } from './checkout'

/** Programs of the system that a cluster is made of; see `npm run cluster`. */
export interface Tools {
  nginx: string
  pgbouncer: string
  /** Folder of PostgreSQL's programs. */
  postgres: string
}

export interface Ports {
  nginx: number
  instances: number[]
  primary: number
  replica: number
  pgbouncer: number
}

const readyWithin = 120_000
/** Longer than nginx keeps idle connections to an instance. */
export const drainSeconds = 3
const idleSeconds = 2

/** The first folder that holds all of some programs. */
function findFolder(programs: string[], more: string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...more]
  return folders.find((folder) => programs.every((name) => existsSync(join(folder, name))))
}

// Debian's own places, of which PATH may have none.
const debianPostgres = '/usr/lib/postgresql'
const sbin = ['/usr/sbin', '/usr/local/sbin']

/** The programs, or an `OperatorProblem` that says which are missing and how to install them. */
export function findTools(): Tools {
  const versions = existsSync(debianPostgres) ? readdirSync(debianPostgres) : []
  const folders = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(debianPostgres, version, 'bin'))
  const nginx = findFolder(['nginx'], sbin)
  const pgbouncer = findFolder(['pgbouncer'], sbin)
  const postgres = findFolder(['initdb', 'postgres', 'pg_basebackup'], folders)
  const missing = Object.entries({ nginx, pgbouncer, postgresql: postgres })
    .filter(([, folder]) => folder === undefined)
    .map(([name]) => name)
  if (!nginx || !pgbouncer || !postgres) {
    throw new OperatorProblem(
      `A cluster needs ${missing.join(' and ')} of the system: on Debian, apt-get install ${missing.join(' ')}.`,
    )
  }
  return { nginx: join(nginx, 'nginx'), pgbouncer: join(pgbouncer, 'pgbouncer'), postgres }
}

/** A folder that the account of the databases owns. */
export function ownFolder(path: string, mode = 0o700): string {
  mkdirSync(path, { recursive: true, mode })
  const account = postgresAccount()
  if (account) chownSync(path, account.uid, account.gid)
  return path
}

export interface Part {
  name: string
  child: ChildProcess
  /** Ends it, by SIGTERM or another signal, and waits. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

interface Command {
  name: string
  program: string
  args: string[]
  log: string
  env?: NodeJS.ProcessEnv
  /** Databases refuse to run as root. */
  isDatabase?: boolean
}

export function run({ name, program, args, log, env, isDatabase = false }: Command): Part {
  const file = openSync(log, 'a')
  const child = spawn(program, args, {
    ...(isDatabase ? postgresAccount() : null),
    cwd: isDatabase ? '/' : checkout,
    env: env ?? { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', NODE_ENV: 'production' },
    stdio: ['ignore', file, file],
    // Ctrl-C reaches us alone, and we end the parts in order.
    detached: true,
  })
  const exited = once(child, 'exit')
  return {
    name,
    child,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill(signal)
      await exited
    },
  }
}

function runToEnd(program: string, args: string[], more: Record<string, string>): void {
  const env: NodeJS.ProcessEnv = { LC_ALL: 'C', NODE_ENV: 'production', ...more }
  execFileSync(program, args, {
    ...postgresAccount(),
    cwd: '/',
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

export const addressOf = (port: number, password: string) =>
  `postgresql://shumar:${password}@127.0.0.1:${port}/shumar`

export async function query<Row extends object>(url: string, sql: string, values: unknown[] = []) {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(sql, values)).rows
  } finally {
    await client.end()
  }
}

export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + readyWithin; Date.now() < end; await sleep(100)) {
    if (await isSo().catch(() => false)) return
  }
  throw new Error(`Waited in vain for ${what}.`)
}

const answers = (url: string) => until(url, async () => (await query(url, 'SELECT 1')).length === 1)

/** Settings for a database that may be lost: it is a trial. */
const trial = ['-c', 'fsync=off', '-c', 'unix_socket_directories=', '-c', 'max_connections=100']

const postgres = (tools: Tools, name: string, data: string, port: number, log: string) =>
  run({
    name,
    program: join(tools.postgres, 'postgres'),
    args: ['-D', data, '-p', String(port), '-h', '127.0.0.1', ...trial],
    log,
    isDatabase: true,
  })

/** A primary with an empty database `shumar`. */
export async function startPrimary(tools: Tools, home: string, port: number, password: string) {
  const data = join(ownFolder(join(home, 'primary'), 0o711), 'data')
  const passwordFile = join(ownFolder(join(home, 'secrets')), 'password')
  writeFileSync(passwordFile, password)
  const account = postgresAccount()
  if (account) chownSync(passwordFile, account.uid, account.gid)
  const how = ['--encoding=UTF8', '--locale=C.UTF-8', '--auth=scram-sha-256', '--no-sync']
  const who = ['--username=shumar', `--pwfile=${passwordFile}`]
  runToEnd(join(tools.postgres, 'initdb'), ['-D', data, ...who, ...how], {})
  const part = postgres(tools, 'primary', data, port, join(home, 'primary.log'))
  const maintenance = addressOf(port, password).replace(/shumar$/, 'postgres')
  await answers(maintenance)
  await query(maintenance, 'CREATE DATABASE shumar')
  return part
}

/** A streaming replica of the primary: a copy of its files that follows its log. */
export function copyPrimary(tools: Tools, home: string, ports: Ports, password: string): void {
  const data = join(ownFolder(join(home, 'replica'), 0o711), 'data')
  const from = ['-h', '127.0.0.1', '-p', String(ports.primary), '-U', 'shumar']
  runToEnd(
    join(tools.postgres, 'pg_basebackup'),
    [...from, '-D', data, '--write-recovery-conf', '--checkpoint=fast', '--no-sync'],
    { PGPASSWORD: password },
  )
}

export async function startReplica(tools: Tools, home: string, port: number, password: string) {
  const data = join(home, 'replica', 'data')
  const part = postgres(tools, 'replica', data, port, join(home, 'replica.log'))
  await answers(addressOf(port, password))
  return part
}

/**
 * In transaction mode nothing of a session holds, so the limits that the product asks for as it
 * connects are set by PgBouncer instead.
 */
export async function startPgBouncer(tools: Tools, home: string, ports: Ports, password: string) {
  const folder = ownFolder(join(home, 'pgbouncer'))
  const limits = [
    'SET statement_timeout=15000',
    'SET lock_timeout=5000',
    'SET idle_in_transaction_session_timeout=15000',
  ].join('; ')
  const config = `[databases]
shumar = host=127.0.0.1 port=${ports.primary} dbname=shumar connect_query='${limits}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${ports.pgbouncer}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${folder}/users.txt
pool_mode = transaction
default_pool_size = 20
max_client_conn = 500
ignore_startup_parameters = statement_timeout,lock_timeout,idle_in_transaction_session_timeout
`
  const account = postgresAccount()
  for (const [name, content] of [
    ['pgbouncer.ini', config],
    ['users.txt', `"shumar" "${password}"\n`],
  ] as const) {
    const file = join(folder, name)
    writeFileSync(file, content, { mode: 0o600 })
    if (account) chownSync(file, account.uid, account.gid)
  }
  const part = run({
    name: 'pgbouncer',
    program: tools.pgbouncer,
    args: [join(folder, 'pgbouncer.ini')],
    log: join(home, 'pgbouncer.log'),
    isDatabase: true,
  })
  await answers(addressOf(ports.pgbouncer, password))
  return part
}

const nginxConfig = (home: string, ports: Ports) => `daemon off;
pid ${home}/nginx.pid;
error_log ${home}/nginx-error.log warn;
worker_processes 1;
events { worker_connections 2048; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${home}/nginx-${name};`).join('\n  ')}
  client_max_body_size 21m;
  upstream shumar {
    least_conn;
    ${ports.instances.map((port) => `server 127.0.0.1:${port} max_fails=1 fail_timeout=1s;`).join('\n    ')}
    keepalive 64;
    keepalive_timeout ${idleSeconds}s;
  }
  server {
    listen 127.0.0.1:${ports.nginx};
    location / {
      proxy_pass http://shumar;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_connect_timeout 1s;
      proxy_next_upstream error timeout;
      proxy_next_upstream_tries 3;
    }
  }
}
`

export async function startNginx(tools: Tools, home: string, ports: Ports): Promise<Part> {
  const file = join(home, 'nginx.conf')
  writeFileSync(file, nginxConfig(home, ports))
  return run({
    name: 'nginx',
    program: tools.nginx,
    args: ['-c', file, '-e', join(home, 'nginx-error.log')],
    log: join(home, 'nginx.log'),
  })
}

export interface InstanceSettings {
  home: string
  ports: Ports
  password: string
  secret: string
}

export function startInstance(index: number, { home, ports, password, secret }: InstanceSettings) {
  const port = ports.instances[index] ?? 0
  const name = `instance ${index + 1}`
  return run({
    name,
    program: process.execPath,
    args: ['--import', 'tsx', 'scripts/start.ts'],
    log: join(home, `instance-${index + 1}.log`),
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: String(port),
      HOST: '127.0.0.1',
      SHUMAR_URL: `http://127.0.0.1:${ports.nginx}`,
      SHUMAR_STATE: join(home, `state-${index + 1}`),
      SHUMAR_SECRET: secret,
      SHUMAR_TRUSTED_PROXIES: '127.0.0.1',
      SHUMAR_DRAIN_SECONDS: String(drainSeconds),
      DATABASE_URL: addressOf(ports.pgbouncer, password),
      DATABASE_DIRECT_URL: addressOf(ports.primary, password),
      DATABASE_REPLICA_URL: addressOf(ports.replica, password),
    },
  })
}

export const isReady = (port: number) =>
  until(`http://127.0.0.1:${port}/readyz`, async () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(({ ok }) => ok),
  )

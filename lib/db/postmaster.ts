import { spawn } from 'node:child_process'
import { closeSync, fstatSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { errorCode, OperatorProblem } from '../operator-problem'
import { isAlive, processCommand, waitForExit } from '../process'
import type { Account } from './embedded-binaries'

export type Cluster = {
  /** Folder with PostgreSQL's programs. */
  binaries: string
  dataFolder: string
  logFile: string
  account: Account | null
  url(port: number): string
}
export type Postmaster = { pid: number; port: number }

const readyWithin = 120_000
const logLimit = 5_000_000
/** Nothing of our own environment, which holds secrets, reaches the other account. */
export const postgresEnvironment: NodeJS.ProcessEnv = {
  NODE_ENV: 'production',
  PATH: process.env.PATH,
  TZ: 'UTC',
  LC_MESSAGES: 'C',
}

/** What `postmaster.pid` says, whether or not that process still runs. */
function recordedPostmaster(dataFolder: string): Postmaster | null {
  try {
    const [pid, , , port] = readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(pid), port: Number(port) }
  } catch {
    return null
  }
}

/**
 * The server that runs on the data folder, if any. PostgreSQL outlives a killed parent; after a
 * restart of the system its process id may belong to a stranger, so the command line must agree.
 */
export function runningPostmaster(dataFolder: string): Postmaster | null {
  const recorded = recordedPostmaster(dataFolder)
  if (!recorded || !isAlive(recorded.pid)) return null
  if (processCommand(recorded.pid).includes(`-D ${dataFolder} `)) return recorded
  // PostgreSQL would take the stranger for itself and refuse to start.
  rmSync(join(dataFolder, 'postmaster.pid'), { force: true })
  return null
}

/** Whether the running server was started from these programs rather than an older copy. */
export function runsFrom(cluster: Cluster, pid: number): boolean {
  return processCommand(pid).startsWith(`${cluster.binaries}/`)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** Opens the log for appending and says where this start's lines begin. */
function openLog(logFile: string): { file: number; from: number } {
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > logLimit) {
    renameSync(logFile, `${logFile}.1`)
  }
  const file = openSync(logFile, 'a', 0o600)
  return { file, from: fstatSync(file).size }
}

type Connection = 'ready' | 'not yet' | 'refused'

async function tryConnection(url: string): Promise<Connection> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return 'ready'
  } catch (error) {
    // Password and database errors do not pass with time; all others come from a start or recovery.
    return ['28P01', '28000', '3D000'].includes(errorCode(error)) ? 'refused' : 'not yet'
  } finally {
    await client.end().catch(() => {})
  }
}

/** Waits through start-up and crash recovery until the server lets us in. */
export async function letsUsIn(cluster: Cluster, server: Postmaster): Promise<boolean> {
  const deadline = Date.now() + readyWithin
  while (isAlive(server.pid) && Date.now() < deadline) {
    const connection = await tryConnection(cluster.url(server.port))
    if (connection !== 'not yet') return connection === 'ready'
    await sleep(100)
  }
  return false
}

function spawnPostgres(cluster: Cluster, port: number, logFile: number): Promise<number> {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return new Promise((resolve, reject) => {
    const child = spawn(
      join(cluster.binaries, 'bin', 'postgres'),
      ['-D', cluster.dataFolder, ...flags],
      {
        ...cluster.account,
        cwd: '/',
        env: postgresEnvironment,
        // A session of its own: Ctrl-C reaches the web server first, and PostgreSQL only through us.
        detached: true,
        stdio: ['ignore', logFile, logFile],
      },
    )
    child.once('error', reject)
    child.once('spawn', () => {
      child.unref()
      resolve(child.pid ?? 0)
    })
  })
}

/** Starts the server on `port`, or on a free one, and waits until it takes connections. */
export async function launch(cluster: Cluster, port?: number): Promise<Postmaster> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const chosen = port ?? (await freePort())
    const { file, from } = openLog(cluster.logFile)
    const pid = await spawnPostgres(cluster, chosen, file).finally(() => closeSync(file))
    if (await letsUsIn(cluster, { pid, port: chosen })) return { pid, port: chosen }
    await stopPostmaster(pid)
    const said = readFileSync(cluster.logFile).subarray(from).toString()
    // The port was taken meanwhile, or children of a killed server are still on their way out.
    const passes = /Address already in use|pre-existing shared memory block|lock file/.test(said)
    if (passes && Date.now() < deadline) {
      await sleep(500)
      continue
    }
    const reason = said.match(/(?:FATAL|PANIC): {2}(.*)/)?.[1] ?? 'it did not answer in time'
    throw new OperatorProblem(
      `The embedded PostgreSQL did not start: ${reason}; its log is ${cluster.logFile}.`,
    )
  }
}

/** PostgreSQL's fast shutdown; immediate shutdown, which loses nothing committed, if that hangs. */
export async function stopPostmaster(pid: number): Promise<void> {
  for (const [signal, patience] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 10_000],
    ['SIGKILL', 5_000],
  ] as const) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if (errorCode(error) === 'ESRCH') return
      throw error
    }
    if (await waitForExit(pid, patience)) return
  }
}

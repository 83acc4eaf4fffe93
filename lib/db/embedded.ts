import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client, escapeIdentifier } from 'pg'
import { keptText } from '../kept-file'
import { errorCode, OperatorProblem, writeProblem } from '../operator-problem'
import { isAlive } from '../process'
import { type Account, copyBinaries, postgresAccount } from './embedded-binaries'
import {
  type Cluster,
  launch,
  letsUsIn,
  type Postmaster,
  postgresEnvironment,
  runningPostmaster,
  runsFrom,
  stopPostmaster,
} from './postmaster'

const user = 'shumar'
const checkout = realpathSync(fileURLToPath(new URL('../..', import.meta.url)))

export type Embedded = {
  /** Address of a database of this server; without a name, of the application's own. */
  url(database?: string): string
  port: number
  dataFolder: string
  /** Fast shutdown: open transactions are rolled back, what is committed stays. */
  stop(): Promise<void>
}

export type EmbeddedOptions = {
  stateFolder?: string
  /** Told each step that takes a moment, as a line for people. */
  log?: (line: string) => void
  /** Start the server again, on the same port, if it dies. */
  revive?: boolean
}

/**
 * Where this checkout keeps its data and secrets: `.data` inside it. Root's lies in the system's
 * state folder, because PostgreSQL runs under an account that may be unable to enter the checkout.
 */
export function defaultStateFolder(): string {
  if (process.env.SHUMAR_STATE) return process.env.SHUMAR_STATE
  if (process.getuid?.() !== 0) return join(checkout, '.data')
  return join('/var/lib/shumar', createHash('sha256').update(checkout).digest('hex').slice(0, 16))
}

/** Makes the state folder, or says in one sentence why it cannot be written. */
export function prepareStateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o711 })
    // Root's must let PostgreSQL's account pass, though not look around.
    chmodSync(folder, process.getuid?.() === 0 ? 0o711 : 0o700)
    rmSync(join(folder, 'write-test'), { force: true })
    writeFileSync(join(folder, 'write-test'), '')
    rmSync(join(folder, 'write-test'))
  } catch (error) {
    throw writeProblem(
      error,
      folder,
      'put that right, or name another folder in the environment variable SHUMAR_STATE',
    )
  }
}

const marker = 'initialised'

/**
 * Whether the first initialisation was finished. A folder a server has ever run on (it leaves
 * `postmaster.opts`) counts as finished even if the marker was lost: such data is never wiped.
 */
function isInitialised(dataFolder: string): boolean {
  return existsSync(join(dataFolder, marker)) || existsSync(join(dataFolder, 'postmaster.opts'))
}

function runInitdb(binaries: string, args: string[], account: Account | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(binaries, 'bin', 'initdb'), args, {
      ...account,
      cwd: '/',
      env: postgresEnvironment,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    child.once('error', (error) => {
      const reason =
        errorCode(error) === 'ENOENT'
          ? 'its programs need a system with glibc'
          : errorCode(error) === 'EPERM'
            ? 'root may not run it under another account here'
            : `the account nobody cannot enter ${binaries}`
      reject(
        new OperatorProblem(
          `The embedded PostgreSQL cannot run here, as ${reason}: set DATABASE_URL to a PostgreSQL server, version 14 to 18.`,
        ),
      )
    })
    child.once('close', (code) => {
      if (code === 0) return resolve()
      const reason = said.match(/error: (.*)/)?.[1] ?? said.trim().split('\n').at(-1)
      reject(new OperatorProblem(`The embedded PostgreSQL cannot be set up: ${reason}.`))
    })
  })
}

/**
 * Initialises beside the data folder and moves the result into place with its marker, so that a
 * first start killed at any moment leaves either nothing or a whole cluster.
 */
async function initialise(cluster: Cluster, stateFolder: string, password: string): Promise<void> {
  for (const name of readdirSync(stateFolder)) {
    if (name.startsWith('data.')) rmSync(join(stateFolder, name), { recursive: true })
  }
  rmSync(cluster.dataFolder, { recursive: true, force: true })
  const draft = join(stateFolder, `data.${randomBytes(4).toString('hex')}`)
  const passwordFile = `${draft}.password`
  mkdirSync(draft, { mode: 0o700 })
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  const give = (path: string) =>
    cluster.account && chownSync(path, cluster.account.uid, cluster.account.gid)
  give(draft)
  give(passwordFile)
  const locale =
    process.platform === 'linux'
      ? ['--locale=C.UTF-8']
      : ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  try {
    await runInitdb(
      cluster.binaries,
      [
        `--pgdata=${draft}`,
        `--username=${user}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        ...locale,
      ],
      cluster.account,
    )
  } finally {
    rmSync(passwordFile, { force: true })
  }
  writeFileSync(join(draft, marker), `${new Date().toISOString()}\n`, { mode: 0o600, flush: true })
  give(join(draft, marker))
  renameSync(draft, cluster.dataFolder)
}

/** The server left running by a killed parent, if it lets us in; one that does not is stopped. */
async function adopt(cluster: Cluster): Promise<Postmaster | null> {
  const running = runningPostmaster(cluster.dataFolder)
  if (!running) return null
  if (runsFrom(cluster, running.pid) && (await letsUsIn(cluster, running))) return running
  await stopPostmaster(running.pid)
  return null
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  // Heard, so that a cut connection does not end the process.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(`create database ${escapeIdentifier(user)}`)
  } catch (error) {
    if (errorCode(error) !== '42P04') throw error
  } finally {
    await client.end()
  }
}

/** Puts a new server on the old port whenever the old one is gone; returns what ends the watch. */
function keepAlive(cluster: Cluster, server: Postmaster, log: (line: string) => void): () => void {
  let busy = false
  const timer = setInterval(async () => {
    if (busy || isAlive(server.pid)) return
    busy = true
    log('PostgreSQL has stopped unexpectedly; starting it again.')
    try {
      server.pid = (await launch(cluster, server.port)).pid
      log('PostgreSQL is back.')
    } catch (error) {
      log(error instanceof Error ? error.message : String(error))
      await sleep(5_000)
    }
    busy = false
  }, 250)
  timer.unref()
  return () => clearInterval(timer)
}

/**
 * Starts the PostgreSQL 18 that comes from npm on a free port of 127.0.0.1, over a data folder that
 * survives restarts and crashes, or adopts the one a killed parent has left on that folder. Throws
 * an `OperatorProblem` where the platform, the rights or the disk do not allow it.
 */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<Embedded> {
  const stateFolder = options.stateFolder ?? defaultStateFolder()
  const log = options.log ?? (() => {})
  prepareStateFolder(stateFolder)
  const home = realpathSync(stateFolder)
  const password = keptText(join(home, 'password'), () => randomBytes(24).toString('base64url'))
  const address = (port: number, database: string) =>
    `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`
  const cluster: Cluster = {
    binaries: await copyBinaries(home),
    dataFolder: join(home, 'data'),
    logFile: join(home, 'postgresql.log'),
    account: postgresAccount(),
    url: (port) => address(port, 'postgres'),
  }

  if (!isInitialised(cluster.dataFolder)) {
    log('Setting up PostgreSQL for the first time.')
    await initialise(cluster, home, password)
  }
  const adopted = await adopt(cluster)
  if (adopted) log('PostgreSQL is still running since last time; going on with it.')
  else log('Starting PostgreSQL.')
  const server = adopted ?? (await launch(cluster))
  await ensureDatabase(cluster.url(server.port))
  const endWatch = options.revive ? keepAlive(cluster, server, log) : () => {}

  return {
    url: (database = user) => address(server.port, database),
    port: server.port,
    dataFolder: cluster.dataFolder,
    stop: async () => {
      endWatch()
      await stopPostmaster(server.pid)
    },
  }
}

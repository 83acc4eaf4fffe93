import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { startEmbedded } from '@/lib/db/embedded'
import { copyBinaries, postgresAccount } from '@/lib/db/embedded-binaries'
import { launch, stopPostmaster } from '@/lib/db/postmaster'
import { waitForExit } from '@/lib/process'

/** A PostgreSQL of a test's own, which it may kill, hold and start again on the same port. */
export interface OwnPostgres {
  url: string
  pid(): number
  /** Ends it and all its children as a power cut does. */
  kill(): Promise<void>
  /** Starts it again, with all its recovery. */
  start(): Promise<void>
  /** Lets it and its children do nothing until `resume`. */
  hold(): void
  resume(): void
  query(sql: string): Promise<Record<string, unknown>[]>
  discard(): Promise<void>
}

/** @param parent the folder for its data; a small file system, for instance */
export async function ownPostgres(parent = tmpdir()): Promise<OwnPostgres> {
  const folder = await realpath(await mkdtemp(join(parent, 'shumar-faults-')))
  // Run as root, PostgreSQL is another user, who must be able to pass through here.
  await chmod(folder, 0o711)
  const embedded = await startEmbedded({ stateFolder: folder })
  const { port, dataFolder } = embedded
  const password = readFileSync(join(folder, 'password'), 'utf8').trim()
  const address = (at: number, database: string) =>
    `postgresql://shumar:${password}@127.0.0.1:${at}/${database}`
  const cluster = {
    binaries: await copyBinaries(folder),
    dataFolder,
    logFile: join(folder, 'postgresql.log'),
    account: postgresAccount(),
    url: (at: number) => address(at, 'postgres'),
  }
  const pid = () => Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0])
  const children = () =>
    readFileSync(`/proc/${pid()}/task/${pid()}/children`, 'utf8').trim().split(' ').map(Number)
  const signal = (name: NodeJS.Signals) => {
    for (const one of [pid(), ...children()]) {
      try {
        process.kill(one, name)
      } catch {
        // It has just ended.
      }
    }
  }
  const url = address(port, 'shumar')
  return {
    url,
    pid,
    async kill() {
      const leader = pid()
      process.kill(-leader, 'SIGKILL')
      await waitForExit(leader, 5_000)
    },
    async start() {
      for (let tries = 0; ; tries++) {
        try {
          await launch(cluster, port)
          return
        } catch (error) {
          if (tries > 5) throw error
          await sleep(500)
        }
      }
    },
    hold: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    async query(sql) {
      const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
      client.on('error', () => {})
      await client.connect()
      try {
        return (await client.query(sql)).rows
      } finally {
        await client.end().catch(() => {})
      }
    },
    async discard() {
      try {
        signal('SIGCONT')
      } catch {
        // It was killed, and nobody started it again.
      }
      await stopPostmaster(pid()).catch(() => {})
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

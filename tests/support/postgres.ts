import { existsSync, readFileSync, rmSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../../lib/db/embedded'
import { migrate } from '../../lib/db/migrate'

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL for this run; the address is that of its `postgres` database. */
    postgres: string
    /** The migrated, empty database that tests clone. */
    template: string
  }
}

/** Vitest leaves at once when it is interrupted, and PostgreSQL would outlive it. */
function stopOnExit(dataFolder: string, stateFolder: string) {
  const pidFile = join(dataFolder, 'postmaster.pid')
  const clock = new Int32Array(new SharedArrayBuffer(4))
  const stop = () => {
    if (existsSync(pidFile))
      process.kill(Number.parseInt(readFileSync(pidFile, 'utf8'), 10), 'SIGINT')
    for (let tenth = 0; tenth < 50 && existsSync(pidFile); tenth++) Atomics.wait(clock, 0, 0, 100)
    rmSync(stateFolder, { recursive: true, force: true })
  }
  process.once('exit', stop)
  return () => process.off('exit', stop)
}

/** One embedded PostgreSQL for all integration tests, with a template that is migrated once. */
export default async function setup(project: TestProject) {
  const stateFolder = await mkdtemp(join(tmpdir(), 'shumar-postgres-'))
  // Run as root, PostgreSQL is another user, who must be able to pass through here.
  await chmod(stateFolder, 0o711)
  const log: string[] = []
  const server = await startEmbedded({ stateFolder, log: (line: string) => log.push(line) }).catch(
    (error: unknown) => {
      console.log(log.join('\n'))
      throw error
    },
  )
  const forget = stopOnExit(server.dataFolder, stateFolder)
  const template = 'shumar_template'
  const client = new Client({ connectionString: server.url('postgres') })
  await client.connect()
  // Nothing in it need outlive a power cut.
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes'])
    await client.query(`ALTER SYSTEM SET ${setting} = off`)
  await client.query('SELECT pg_reload_conf()')
  await client.query(`CREATE DATABASE ${template}`)
  await client.end()
  await migrate(server.url(template))
  project.provide('postgres', server.url('postgres'))
  project.provide('template', template)

  return async () => {
    await server.stop()
    forget()
    await rm(stateFolder, { recursive: true, force: true })
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Embedded, startEmbedded } from '@/lib/db/embedded'
import { copyBinaries } from '@/lib/db/embedded-binaries'
import { isAlive, waitForExit } from '@/lib/process'

const stateFolder = mkdtempSync(join(tmpdir(), 'shumar-embedded-'))
const dataFolder = join(stateFolder, 'data')
const started = new Set<Embedded>()

async function start(options: { log?: (line: string) => void; revive?: boolean } = {}) {
  const server = await startEmbedded({ stateFolder, ...options })
  started.add(server)
  return server
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

function postmasterPid(): number {
  return Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0])
}

/** PostgreSQL leads a process group of its own: this kills its children too. */
async function killPostgres(): Promise<number> {
  const pid = postmasterPid()
  process.kill(-pid, 'SIGKILL')
  await waitForExit(pid, 5_000)
  return pid
}

afterAll(async () => {
  for (const server of started) await server.stop()
  rmSync(stateFolder, { recursive: true, force: true })
})

describe('the embedded PostgreSQL', () => {
  it('redoes a first initialisation that was broken off', async () => {
    mkdirSync(join(stateFolder, 'data.1a2b3c4d'), { recursive: true })
    mkdirSync(dataFolder)
    writeFileSync(join(dataFolder, 'PG_VERSION'), '18\n')
    const server = await start()
    expect(await query(server.url(), 'select 1 as one')).toEqual([{ one: 1 }])
    expect(existsSync(join(stateFolder, 'data.1a2b3c4d'))).toBe(false)
  })

  it('is PostgreSQL 18 in UTF-8, durable, on this machine only', async () => {
    const server = await start()
    const [settings] = await query(
      server.url(),
      `select current_setting('server_version_num')::int / 10000 as version,
              current_setting('server_encoding') as encoding,
              current_setting('listen_addresses') as addresses,
              current_setting('unix_socket_directories') as sockets,
              current_setting('fsync') as fsync,
              (select datcollate from pg_database where datname = current_database()) as locale`,
    )
    expect(settings).toEqual({
      version: 18,
      encoding: 'UTF8',
      addresses: '127.0.0.1',
      sockets: '',
      fsync: 'on',
      locale: 'C.UTF-8',
    })
  })

  it('asks for the password, which only its owner may read', async () => {
    const server = await start()
    const guess = new URL(server.url())
    guess.password = 'guess'
    await expect(query(guess.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
    expect(statSync(join(stateFolder, 'password')).mode & 0o777).toBe(0o600)
  })

  it('has every committed row after it and all its children were killed', async () => {
    const server = await start()
    await query(server.url(), 'create table kept (n int)')
    await query(server.url(), 'insert into kept select generate_series(1, 1000)')
    await killPostgres()
    const again = await start()
    expect(await query(again.url(), 'select count(*)::int as rows from kept')).toEqual([
      { rows: 1000 },
    ])
  })

  it('never wipes a finished initialisation, even when its marker is lost', async () => {
    const server = await start()
    await server.stop()
    rmSync(join(dataFolder, 'initialised'))
    const again = await start()
    expect(await query(again.url(), 'select count(*)::int as rows from kept')).toEqual([
      { rows: 1000 },
    ])
  })

  it('goes on with the server that a killed parent has left running', async () => {
    await (await start()).stop()
    const parent = spawn(
      process.execPath,
      [
        '--import=tsx',
        '--input-type=module',
        `--eval=const { startEmbedded } = await import('./lib/db/embedded.ts')
         console.log((await startEmbedded({ stateFolder: ${JSON.stringify(stateFolder)} })).port)
         setInterval(() => {}, 1000)`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const [port] = await once(parent.stdout, 'data')
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    const pid = postmasterPid()

    const lines: string[] = []
    const server = await start({ log: (line) => lines.push(line) })
    expect(server.port).toBe(Number(port))
    expect(lines).toEqual(['PostgreSQL is still running since last time; going on with it.'])

    await server.stop()
    expect(isAlive(pid)).toBe(false)
  })

  it('starts although the process id in its pid file now belongs to another program', async () => {
    await (await start()).stop()
    const stranger = spawn('sleep', ['60'])
    onTestFinished(() => void stranger.kill())
    writeFileSync(
      join(dataFolder, 'postmaster.pid'),
      `${stranger.pid}\n${dataFolder}\n1\n5432\n\n127.0.0.1\n`,
    )
    const server = await start()
    expect(await query(server.url(), 'select 1 as one')).toEqual([{ one: 1 }])
    expect(stranger.exitCode).toBeNull()
  })

  it('comes back on the same port when it dies under a server that uses it', async () => {
    await (await start()).stop()
    const lines: string[] = []
    const server = await start({ log: (line) => lines.push(line), revive: true })
    const killed = await killPostgres()
    await vi.waitUntil(() => lines.includes('PostgreSQL is back.'), { timeout: 20_000 })
    expect(postmasterPid()).not.toBe(killed)
    expect(await query(server.url(), 'select 1 as one')).toEqual([{ one: 1 }])
    await server.stop()
    await sleep(600)
    expect(existsSync(join(dataFolder, 'postmaster.pid'))).toBe(false)
  })

  it('says in one sentence where it cannot run or write', async () => {
    const { arch } = process
    Object.defineProperty(process, 'arch', { value: 'riscv64' })
    try {
      await expect(copyBinaries(stateFolder)).rejects.toThrow(
        `There is no embedded PostgreSQL for ${process.platform} riscv64: set DATABASE_URL to a PostgreSQL server, version 14 to 18.`,
      )
    } finally {
      Object.defineProperty(process, 'arch', { value: arch })
    }
    await expect(startEmbedded({ stateFolder: '/dev/null/state' })).rejects.toThrow(
      'Cannot write to /dev/null/state: a part of its path is a file;',
    )
  })

  it.runIf(process.getuid?.() === 0)('says when its account cannot enter the folder', async () => {
    const closed = mkdtempSync(join(tmpdir(), 'shumar-closed-'))
    chmodSync(closed, 0o700)
    try {
      await expect(startEmbedded({ stateFolder: join(closed, 'state') })).rejects.toThrow(
        'the account nobody cannot enter',
      )
    } finally {
      rmSync(closed, { recursive: true })
    }
  })
})

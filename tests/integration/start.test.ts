import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Client } from 'pg'
import { afterAll, afterEach, describe, expect, inject, it } from 'vitest'
import { processStart } from '@/lib/process'
import { checkDatabase } from '@/scripts/database-address'
import { takeLock } from '@/scripts/lock'
import { checkPort } from '@/scripts/port'
import { localUrl, readSettings } from '@/scripts/settings'
import { testDatabase } from '../support/database'

const stateFolder = mkdtempSync(join(tmpdir(), 'shumar-start-'))
const servers: Server[] = []

async function listen(server: Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** What `npm start` says and with which code it ends, for settings it cannot start with. */
async function start(settings: Record<string, string>) {
  const child = spawn(process.execPath, ['--import=tsx', 'scripts/start.ts'], {
    env: { PATH: process.env.PATH, NODE_ENV: 'test', SHUMAR_STATE: stateFolder, ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  return { said: said.trim(), code }
}

function databaseUrl(change: (url: URL) => void): string {
  const url = new URL(inject('postgres'))
  change(url)
  return url.href
}

const environment = (settings: Record<string, string>): NodeJS.ProcessEnv => ({
  NODE_ENV: 'test',
  ...settings,
})

/** A message of PostgreSQL's protocol: its letter, its length, its content. */
function message(letter: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(content.length + 4)
  return Buffer.concat([Buffer.from(letter), length, content])
}

function counted(parts: Buffer[]): Buffer {
  const count = Buffer.alloc(2)
  count.writeInt16BE(parts.length)
  return Buffer.concat([count, ...parts])
}

/** A column of type text (25). */
function column(name: string): Buffer {
  const form = Buffer.alloc(18)
  form.writeInt32BE(25, 6)
  return Buffer.concat([Buffer.from(`${name}\0`), form])
}

function cell(content: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(content.length)
  return Buffer.concat([length, Buffer.from(content)])
}

/** Greets like a PostgreSQL and answers every query with one row. */
function pretendPostgres(row: Record<string, string>): Server {
  const ready = message('Z', Buffer.from('I'))
  const welcome = Buffer.concat([message('R', Buffer.alloc(4)), ready])
  const answer = Buffer.concat([
    message('T', counted(Object.keys(row).map(column))),
    message('D', counted(Object.values(row).map(cell))),
    message('C', Buffer.from('SELECT 1\0')),
    ready,
  ])
  return createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write(welcome)
      socket.on('data', ([letter]) => (letter === 0x51 ? socket.write(answer) : socket.end()))
    })
  })
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

afterAll(() => rmSync(stateFolder, { recursive: true, force: true }))

describe('the settings', () => {
  it('default to port 3000 on every address of the machine', () => {
    expect(readSettings(environment({}))).toEqual({
      port: 3000,
      host: null,
      publicUrl: 'http://localhost:3000',
      drainSeconds: 0,
    })
  })

  it('take the host from HOST or HOSTNAME, but not the name a container sets', () => {
    expect(readSettings(environment({ HOSTNAME: hostname() })).host).toBeNull()
    expect(readSettings(environment({ HOSTNAME: '127.0.0.1' })).host).toBe('127.0.0.1')
    expect(readSettings(environment({ HOST: '::1', HOSTNAME: '127.0.0.1' })).host).toBe('::1')
  })

  it('tell where the server answers on this machine', () => {
    const at = (host: string | null) => localUrl({ port: 80, host })
    expect([null, '0.0.0.0', '::1', 'a.example'].map(at)).toEqual([
      'http://127.0.0.1:80',
      'http://127.0.0.1:80',
      'http://[::1]:80',
      'http://a.example:80',
    ])
  })

  it.each(['0', '65536', '3000x', '-1', '1e3'])('refuse PORT=%s', (port) => {
    expect(() => readSettings(environment({ PORT: port }))).toThrow(
      `PORT is "${port}": set it to a whole number from 1 to 65535.`,
    )
  })

  it.each(['statistics.example.org', 'ftp://example.org', 'https://example.org/shumar'])(
    'refuse SHUMAR_URL=%s',
    (url) => {
      expect(() => readSettings(environment({ SHUMAR_URL: url }))).toThrow(
        `SHUMAR_URL is "${url}":`,
      )
    },
  )

  it.each(['-1', '1.5', '301', 'ten'])('refuse SHUMAR_DRAIN_SECONDS=%s', (seconds) => {
    expect(() => readSettings(environment({ SHUMAR_DRAIN_SECONDS: seconds }))).toThrow(
      `SHUMAR_DRAIN_SECONDS is "${seconds}": set it to a whole number from 0 to 300.`,
    )
  })

  it('name the remedy for a port that is taken and a host that is not ours', async () => {
    const port = await listen(createServer())
    const settings = { port, host: '127.0.0.1', publicUrl: '', drainSeconds: 0 }
    await expect(checkPort(settings)).rejects.toThrow(
      `Port ${port} is taken by another program: stop that program, or choose another port, as in PORT=${port + 1} npm start.`,
    )
    await expect(checkPort({ ...settings, host: '192.0.2.1' })).rejects.toThrow(
      'HOST is "192.0.2.1", which is not an address of this machine.',
    )
  })
})

describe('the address of the database', () => {
  it('is fine when it leads to a database of a supported server', async () => {
    await expect(checkDatabase(inject('postgres'))).resolves.toBeUndefined()
  })

  it.each([
    'localhost:5432/shumar',
    'mysql://root@localhost/shumar',
    'postgresql://u:p@localhost',
    'postgresql://u:p#w@localhost/shumar',
  ])('must be one: %s', async (url) => {
    await expect(checkDatabase(url)).rejects.toThrow(
      'DATABASE_URL is not the address of a PostgreSQL database:',
    )
  })

  it('names what is wrong with it, and never the password', async () => {
    const port = await listen(createServer())
    servers.pop()?.close()
    const cases: [string, RegExp][] = [
      [
        databaseUrl((url) => {
          url.hostname = 'database.invalid'
        }),
        /^DATABASE_URL names the host database\.invalid, which /,
      ],
      [
        databaseUrl((url) => {
          url.port = String(port)
        }),
        /^No PostgreSQL answers at 127\.0\.0\.1:\d+, which DATABASE_URL names:/,
      ],
      [
        databaseUrl((url) => {
          url.password = 'geheim'
        }),
        /refuses user "shumar" with the password in DATABASE_URL: correct them\.$/,
      ],
      [
        databaseUrl((url) => {
          url.pathname = '/nowhere'
        }),
        /has no database "nowhere": create it, or correct DATABASE_URL\.$/,
      ],
    ]
    for (const [url, sentence] of cases) {
      const problem = await checkDatabase(url).catch((error: Error) => error.message)
      expect(problem).toMatch(sentence)
      expect(problem).not.toContain(new URL(url).password)
    }
  })

  it('must not lead to a server older than PostgreSQL 14', async () => {
    const port = await listen(pretendPostgres({ version: '13.22', number: '130022' }))
    await expect(checkDatabase(`postgresql://u@127.0.0.1:${port}/d`)).rejects.toThrow(
      'The server in DATABASE_URL is PostgreSQL 13.22: upgrade it to version 14 or later (18 is best).',
    )
  })

  it('must lead to a database in UTF-8', async () => {
    const port = await listen(pretendPostgres({ number: '170002', encoding: 'SQL_ASCII' }))
    await expect(checkDatabase(`postgresql://u@127.0.0.1:${port}/d`)).rejects.toThrow(
      "The database in DATABASE_URL is encoded in SQL_ASCII: create one with ENCODING 'UTF8'.",
    )
  })
})

describe('the lock', () => {
  const lock = join(stateFolder, 'running.json')
  const write = (holder: object) => writeFileSync(lock, JSON.stringify(holder))
  const url = 'http://localhost:3000'

  it('is free again once it is released', () => {
    takeLock(stateFolder, url)()
    takeLock(stateFolder, url)()
  })

  it('tells the second where the first one is', () => {
    const release = takeLock(stateFolder, url)
    expect(() => takeLock(stateFolder, 'http://localhost:4000')).toThrow(
      `Shumar is running here already, at ${url} (process ${process.pid}): open that, or stop it first.`,
    )
    release()
  })

  it.each([
    ['a process that is gone', { pid: 2 ** 22 + 1, started: 'boot:1', url }],
    ['a process whose id another one has now', { pid: process.pid, started: 'boot:1', url }],
  ])('of %s is taken over', (_, holder) => {
    write(holder)
    const release = takeLock(stateFolder, url)
    expect(JSON.parse(readFileSync(lock, 'utf8'))).toMatchObject({
      pid: process.pid,
      started: processStart(process.pid),
    })
    release()
  })
})

describe('npm start', () => {
  it('says in one sentence, with exit code 1, that it runs already', async () => {
    const release = takeLock(stateFolder, 'http://localhost:3000')
    try {
      expect(await start({})).toEqual({
        said: `Shumar is running here already, at http://localhost:3000 (process ${process.pid}): open that, or stop it first.`,
        code: 1,
      })
    } finally {
      release()
    }
  })

  it('says so when it may not write', async () => {
    expect(await start({ SHUMAR_STATE: '/dev/null/state' })).toEqual({
      said: 'Cannot write to /dev/null/state: a part of its path is a file; put that right, or name another folder in the environment variable SHUMAR_STATE.',
      code: 1,
    })
  })

  it('says so when the database is newer than the code, and lets its lock go', async () => {
    const test = await testDatabase()
    const client = new Client({ connectionString: test.url })
    await client.connect()
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       values ('x', 'x', '20990101000000_later', now(), 1)`,
    )
    await client.end()
    const port = await listen(createServer())
    servers.pop()?.close()
    try {
      expect(await start({ DATABASE_URL: test.url, PORT: String(port) })).toEqual({
        said: 'The database is newer than this code, which does not know its migration 20990101000000_later: install the newer version, or restore a backup from before it.',
        code: 1,
      })
    } finally {
      await test.drop()
    }
    takeLock(stateFolder, '')()
  })
})

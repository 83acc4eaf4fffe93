import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Line,
  lineTo,
  type Product,
  startProduct,
  stateFolder,
} from '../support/fault-product'
import { type OwnPostgres, ownPostgres } from '../support/own-postgres'

/** The "faults" of docs/reliability.md, each on the whole product over a PostgreSQL of its own. */

let server: OwnPostgres
let line: Line
let state: Awaited<ReturnType<typeof stateFolder>>
let product: Product

const seen = ['/', '/ur', '/indicators', '/figures/1', '/sources']
const isCopy = (text: string) => text.includes('id="page-copy"')

/** Makes a short link by a form: the smallest write that anybody may do. */
async function writeTo(one: Product, path: string) {
  const answer = await one.ask('/links', {
    method: 'POST',
    headers: { origin: one.address },
    body: new URLSearchParams({ locale: 'en', page: path }),
  })
  const place = answer.headers.get('location') ?? ''
  return { ...answer, code: /\/links\/(?!refused)([^?]+)$/.exec(place)?.[1] ?? null }
}

const write = (n: number) => writeTo(product, `/indicators?q=${n}`)

const countLinks = async () =>
  Number((await server.query('SELECT count(*)::int AS n FROM permalinks'))[0]?.n)

async function allSeen() {
  for (const path of seen) await product.until(path, 200)
  // Copies are written after the answer.
  await sleep(500)
}

beforeAll(async () => {
  server = await ownPostgres()
  line = await lineTo(server.url)
  state = await stateFolder()
})

afterAll(async () => {
  await product?.stop()
  line?.close()
  await server?.discard()
  await state?.discard()
})

describe('a database that is down', () => {
  it('at the start: lives, is not ready, and comes up unaided', async () => {
    await server.kill()
    product = await startProduct(line.url, state.path)
    await product.until('/healthz', 200, 15 * 60_000)
    await product.until('/readyz', 503)
    expect((await product.ask('/')).status).toBe(503)
    await server.start()
    await product.until('/readyz', 200, 120_000)
    await allSeen()
    expect((await product.ask('/')).text).not.toMatch(/id="page-copy"/)
  })

  it('for a minute: pages from their copies, writes refused, then all as before', async () => {
    const links = await countLinks()
    await server.kill()
    await product.until('/readyz', 503, 10_000)
    for (const end = Date.now() + 60_000; Date.now() < end; await sleep(5_000)) {
      for (const path of seen) {
        const { status, text, headers } = await product.ask(path)
        expect([path, status, isCopy(text)]).toEqual([path, 200, true])
        expect(headers.get('warning')).toContain('110')
      }
      expect((await product.ask('/healthz')).status).toBe(200)
      const refused = await write(1)
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
      expect(refused.text).toContain('Nothing was saved')
    }
    await server.start()
    const recovery = await product.until('/readyz', 200, 30_000)
    console.log(`ready ${Math.round(recovery)} ms after PostgreSQL was`)
    expect(await countLinks()).toBe(links)
    expect((await write(2)).code).not.toBeNull()
    expect(isCopy((await product.ask('/')).text)).toBe(false)
  })

  it('through a restart of the product: the copies outlive it', async () => {
    await server.kill()
    await product.kill()
    product = await startProduct(line.url, state.path)
    await product.until('/healthz', 200, 120_000)
    for (const path of seen) {
      const { status, text } = await product.ask(path)
      expect([path, status, isCopy(text)]).toEqual([path, 200, true])
    }
    await server.start()
    await product.until('/readyz', 200, 120_000)
    await allSeen()
  })
})

const slow = (on: boolean) => {
  line.delay = on ? 5_000 : 0
}
const silence = (on: boolean) => {
  line.isSilent = on
}
const stop = (on: boolean) => (on ? server.hold() : server.resume())

describe('a database that is there and does not answer', () => {
  it.each([
    ['5 s slow', slow],
    ['silent', silence],
    ['stopped', stop],
  ])('%s: not ready within 10 s, pages whole, no write hangs', async (_, set) => {
    set(true)
    try {
      await product.until('/readyz', 503, 15_000)
      for (const path of seen) {
        const { status, text, ms } = await product.ask(path)
        expect([path, status]).toEqual([path, 200])
        expect(text).toContain('<h1')
        expect(ms).toBeLessThan(10_000)
      }
      const refused = await write(3)
      expect(refused.status).toBe(503)
      expect(refused.ms).toBeLessThan(10_000)
    } finally {
      set(false)
      line.cut()
    }
    await product.until('/readyz', 200, 60_000)
    expect((await write(4)).code).not.toBeNull()
  })
})

describe('a database that refuses', () => {
  it('connections, as it has none left: public pages stay, and all is well when some are free', async () => {
    await allSeen()
    const hogs: Client[] = []
    // Those of the product are given back first.
    line.cut()
    for (;;) {
      const hog = new Client({ connectionString: server.url })
      hog.on('error', () => {})
      try {
        await hog.connect()
        hogs.push(hog)
      } catch {
        break
      }
    }
    for (const path of seen) expect([path, (await product.ask(path)).status]).toEqual([path, 200])
    expect((await write(5)).code).toBeNull()
    expect((await product.ask('/healthz')).status).toBe(200)
    await Promise.all(hogs.map((hog) => hog.end()))
    await product.until('/readyz', 200, 60_000)
    expect((await write(6)).code).not.toBeNull()
  })

  it('writes, as it is read-only: pages as ever, and no write is said to be done', async () => {
    const links = await countLinks()
    await server.query('ALTER DATABASE shumar SET default_transaction_read_only = on')
    line.cut()
    await product.until('/readyz', 200, 30_000)
    for (const path of seen) expect([path, (await product.ask(path)).status]).toEqual([path, 200])
    expect((await write(7)).code).toBeNull()
    await server.query(
      'SET transaction_read_only = off; ALTER DATABASE shumar RESET default_transaction_read_only',
    )
    line.cut()
    await product.until('/readyz', 200, 30_000)
    expect(await countLinks()).toBe(links)
    expect((await write(8)).code).not.toBeNull()
  })
})

describe('clients that leave', () => {
  it('in the middle of a download: its query ends within a second, and memory stays', async () => {
    // Enough figures that the download is under way when they leave.
    const running = async () =>
      Number(
        (
          await server.query(
            "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'shumar downloads' AND state <> 'idle'",
          )
        )[0]?.n,
      )
    const memory = async () =>
      Number(
        /^process_resident_memory_bytes (\S+)/m.exec((await product.ask('/metrics')).text)?.[1],
      )
    const leave = async () => {
      const asked = request({ port: product.port, path: '/download/figures.csv', agent: false })
      asked.on('error', () => {})
      asked.end()
      const [answer] = await once(asked, 'response')
      answer.on('error', () => {})
      asked.destroy()
    }
    for (let n = 0; n < 50; n++) await leave()
    const before = await memory()
    for (let n = 0; n < 300; n++) await leave()
    await sleep(1_000)
    expect(await running()).toBe(0)
    const grown = ((await memory()) - before) / 1e6
    console.log(`300 left: ${grown.toFixed(1)} MB more`)
    expect(grown).toBeLessThan(50)
  })

  it('in the middle of an upload: nothing of it is kept, and others are served', async () => {
    for (let n = 0; n < 20; n++) {
      const socket = connect(product.port, '127.0.0.1')
      socket.on('error', () => {})
      socket.write(
        `POST /api/imports HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000\r\n\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nindicator,programme\r\n`,
      )
      await sleep(20)
      socket.destroy()
    }
    expect((await product.ask('/')).status).toBe(200)
    expect(await server.query('SELECT count(*)::int AS n FROM uploads')).toEqual([{ n: 0 }])
  })

  it('and never finish their head: they are cut off, and others are served', async () => {
    const sockets = Array.from({ length: 100 }, () => {
      const socket = connect(product.port, '127.0.0.1')
      socket.on('error', () => {})
      // Unread, the last word of the server would keep it open.
      socket.resume()
      socket.write('GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ')
      return socket
    })
    expect((await product.ask('/')).status).toBe(200)
    const closed = await Promise.all(
      sockets.map((socket) =>
        Promise.race([once(socket, 'close').then(() => 1), sleep(40_000, 0)]),
      ),
    )
    expect(closed.reduce((sum, one) => sum + Number(one), 0)).toBe(100)
  })
})

describe('deploys', () => {
  it('two at once of an empty database: both come up, and it is filled once', async () => {
    await server.query('CREATE DATABASE deployed')
    const url = new URL(server.url)
    url.pathname = '/deployed'
    const states = await Promise.all([stateFolder(), stateFolder()])
    const both = await Promise.all(states.map(({ path }) => startProduct(url.href, path)))
    await Promise.all(both.map((one) => one.until('/readyz', 200, 5 * 60_000)))
    const client = new Client({ connectionString: url.href })
    await client.connect()
    const { rows } = await client.query(
      `SELECT (SELECT count(*)::int FROM _prisma_migrations WHERE finished_at IS NULL) AS unfinished,
              (SELECT count(*)::int FROM commits WHERE kind = 'import') AS loads`,
    )
    await client.end()
    expect(rows).toEqual([{ unfinished: 0, loads: 1 }])
    await Promise.all(both.map((one) => one.stop()))
    await Promise.all(states.map(({ discard }) => discard()))
  })

  it('SIGTERM under load: no request is cut, and it is gone in 30 s', async () => {
    let cut = 0
    let answered = 0
    let stopping = false
    const visitor = async () => {
      while (!stopping) {
        const { status } = await product.ask('/data?area=PK').catch(() => ({ status: 0 }))
        if (stopping) return
        if (status === 200) answered += 1
        else cut += 1
      }
    }
    const visitors = Array.from({ length: 8 }, visitor)
    await sleep(3_000)
    const last = Array.from({ length: 8 }, () => product.ask('/compare'))
    await sleep(50)
    stopping = true
    const began = performance.now()
    const code = await product.stop()
    const took = performance.now() - began
    const whole = await Promise.allSettled(last)
    await Promise.all(visitors)
    product = await startProduct(line.url, state.path)
    await product.until('/readyz', 200, 120_000)
    expect(whole.filter(({ status }) => status === 'rejected')).toEqual([])
    expect(cut).toBe(0)
    expect(answered).toBeGreaterThan(0)
    expect(code).toBe(0)
    expect(took).toBeLessThan(30_000)
  })
})

it('more than it can bear is refused with Retry-After, and health answers', async () => {
  const asked = Array.from({ length: 400 }, (_, n) =>
    product.ask(`/data?area=PK&q=${n}`).catch(() => null),
  )
  await sleep(200)
  const health = await product.ask('/healthz')
  const answers = (await Promise.all(asked)).filter((one) => one !== null)
  const refused = answers.filter(({ status }) => status === 503)
  console.log(`400 at once: ${refused.length} refused, health in ${Math.round(health.ms)} ms`)
  expect(health.status).toBe(200)
  expect(answers.length).toBe(400)
  expect(answers.every(({ status }) => [200, 503].includes(status))).toBe(true)
  for (const { headers } of refused) expect(headers.get('retry-after')).toBe('2')
})

describe.runIf(process.getuid?.() === 0)('a full disk', () => {
  it('stops writes and not pages, and every acknowledged row is there when space returns', async () => {
    const mount = mkdtempSync(join(tmpdir(), 'shumar-small-disk-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m,mode=0711', 'tmpfs', mount])
    let small: OwnPostgres | undefined
    let own: Product | undefined
    const folder = await stateFolder()
    try {
      small = await ownPostgres(mount)
      own = await startProduct(small.url, folder.path)
      await own.until('/readyz', 200, 120_000)
      await own.until('/indicators', 200)
      await sleep(500)
      const filler = join(mount, 'filler')
      const { size, used } = JSON.parse(
        execFileSync('df', ['--output=size,used', '-B1', mount])
          .toString()
          .replace(/[\s\S]*?(\d+)\s+(\d+)\s*$/, '{"size":$1,"used":$2}'),
      )
      writeFileSync(filler, Buffer.alloc(size - used - 3_000_000))
      const early = await writeTo(own, '/indicators?q=before')
      expect(early.code).not.toBeNull()
      const acknowledged: string[] = []
      let refusals = 0
      for (let n = 0; n < 2_000 && refusals < 5; n++) {
        const title = `${n} ${'x'.repeat(2_000)}`
        const sql = `INSERT INTO sources (publisher, title) SELECT 'Full', '${title}' || g FROM generate_series(1, 20) g`
        await small.query(sql).then(
          () => acknowledged.push(String(n)),
          () => {
            refusals += 1
          },
        )
        if (n % 20 === 0) expect((await own.ask('/indicators')).status).toBe(200)
      }
      expect(refusals).toBe(5)
      expect((await own.ask('/indicators')).status).toBe(200)
      expect((await own.ask('/healthz')).status).toBe(200)
      const during = await writeTo(own, '/indicators?q=during')
      rmSync(filler)
      const isUp = await small.query('SELECT 1').catch(() => null)
      if (!isUp) await small.start()
      await own.until('/readyz', 200, 60_000)
      const rows = await small.query(
        "SELECT split_part(title, ' ', 1) AS n FROM sources WHERE publisher = 'Full' GROUP BY 1 HAVING count(*) = 20",
      )
      const stored = new Set(rows.map(({ n }) => String(n)))
      expect(acknowledged.filter((n) => !stored.has(n))).toEqual([])
      const codes = (await small.query('SELECT code FROM permalinks')).map(({ code }) => code)
      expect(codes).toContain(early.code)
      if (during.code) expect(codes).toContain(during.code)
      console.log(
        `full after ${acknowledged.length * 20} rows; PostgreSQL ${isUp ? 'stayed' : 'stopped'}`,
      )
    } finally {
      await own?.stop()
      await small?.discard()
      execFileSync('umount', ['-l', mount])
      rmSync(mount, { recursive: true })
      await folder.discard()
    }
  })
})

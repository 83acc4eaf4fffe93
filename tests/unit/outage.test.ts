import { EventEmitter, once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { watchDatabase } from '@/scripts/database-watch.mjs'
import { withFinishedPages } from '@/scripts/finished-pages.mjs'
import { keepPages } from '@/scripts/kept-pages.mjs'
import { withBodyLimits, withRoom } from '@/scripts/limits.mjs'
import { makeLog, mayReadCounts, observed, routeOf } from '@/scripts/observed.mjs'

const servers: Server[] = []
const folders: string[] = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

async function serve(listener: RequestListener) {
  const server = createServer(listener)
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const page = { accept: 'text/html' }
  return {
    port,
    get: (path: string, init: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, { headers: page, ...init }),
  }
}

const folder = () => {
  const path = mkdtempSync(join(tmpdir(), 'shumar-pages-'))
  folders.push(path)
  return path
}

/** A product whose pages show `figure`, and fail while `isBroken`. */
function product(pages = folder()) {
  const state = {
    isDown: false,
    wasUp: true,
    isBroken: false,
    figure: '40,000',
    asked: 0,
    waits: null as null | Promise<void>,
  }
  const next: RequestListener = async (request, response) => {
    state.asked += 1
    await state.waits
    const status = state.isBroken ? 500 : 200
    response.writeHead(status, { 'content-type': 'text/html', 'x-nextjs-prerender': '1' })
    response.end(
      `<html><head><title>T</title></head><body><main id="m"><h1>${state.figure}</h1><div class="chart-plot"></div></main></body></html>`,
    )
    request.resume()
  }
  const down = new EventEmitter()
  const listener = (known = Promise.resolve()) =>
    withFinishedPages(next, {
      isDown: () => state.isDown,
      wasUp: () => state.wasUp,
      known,
      onDown: (tell) => {
        down.on('down', tell)
        return () => down.off('down', tell)
      },
      copies: keepPages(pages),
    })
  return { state, listener, pages, down }
}

const kept = (pages: string, count: number) =>
  vi.waitUntil(() => readdirSync(pages).filter((name) => name.endsWith('.page')).length >= count)

describe('while the database is down', () => {
  it('public pages come from their last good copy, which says so in both languages', async () => {
    const { state, listener, pages } = product()
    const { get } = await serve(listener())
    await get('/indicators')
    await get('/figures/12')
    await kept(pages, 2)
    state.isDown = true
    // Also after a restart, and in any process.
    const again = await serve(listener())
    const { asked } = state
    for (const path of ['/indicators', '/figures/12']) {
      const answer = await again.get(path)
      const html = await answer.text()
      expect(answer.status).toBe(200)
      expect(answer.headers.get('warning')).toMatch(/^110 - "Response is Stale"/)
      expect(Number(answer.headers.get('age'))).toBeGreaterThanOrEqual(0)
      expect(html).toContain('<h1>40,000</h1>')
      expect(html).toMatch(/<main id="m"><div class="notice"[^>]*><div lang="en" dir="ltr">/)
      expect(html).toContain('<div lang="ur" dir="rtl">')
      expect(html).toMatch(/<time datetime="20\d\d-/)
      expect(html).not.toContain('enliven.js')
    }
    expect(state.asked).toBe(asked)
    const urdu = await (await again.get('/ur/indicators')).text()
    expect(urdu).not.toContain('page-copy')
  })

  it('pages are as ever once it is back', async () => {
    const { state, listener, pages } = product()
    const { get } = await serve(listener())
    await get('/areas')
    await kept(pages, 1)
    state.isDown = true
    await get('/areas')
    Object.assign(state, { isDown: false, figure: '41,000' })
    await get('/', { method: 'POST' })
    const answer = await get('/areas')
    expect(answer.headers.get('warning')).toBeNull()
    expect(await answer.text()).not.toContain('page-copy')
  })

  it('what was never seen, the desk and downloads say so with 503', async () => {
    const { state, listener } = product()
    const { get } = await serve(listener())
    Object.assign(state, { isDown: true, isBroken: true })
    for (const path of ['/programmes', '/ur/figures/99', '/entry', '/download/figures.csv']) {
      const answer = await get(path)
      const html = await answer.text()
      expect([path, answer.status]).toEqual([path, 503])
      expect(answer.headers.get('retry-after')).toBe('5')
      expect(html).toContain('<h1>')
      expect(html.indexOf('lang="ur"') < html.indexOf('lang="en"')).toBe(path.startsWith('/ur'))
    }
    const api = await get('/api/v1/observations')
    expect(api.headers.get('content-type')).toBe('application/problem+json')
    expect(await api.json()).toMatchObject({ status: 503 })
  })

  it('a page that was being made when it went comes from its copy, and does not wait for Next', async () => {
    const { state, listener, pages, down } = product()
    const { get } = await serve(listener())
    for (const path of ['/indicators', '/compare?of=a']) await get(path)
    await kept(pages, 2)
    await get('/', { method: 'POST' })
    let goOn = () => {}
    state.waits = new Promise((resolve) => (goOn = resolve))
    const { asked } = state
    const waiting = ['/indicators', '/compare?of=a'].map((path) => get(path))
    await vi.waitUntil(() => state.asked === asked + 2)
    state.isDown = true
    down.emit('down')
    for (const answer of await Promise.all(waiting)) {
      expect([answer.status, answer.headers.get('warning')?.slice(0, 3)]).toEqual([200, '110'])
      expect(answer.headers.get('content-encoding')).toBe('gzip')
      expect(await answer.text()).toContain('<h1>40,000</h1>')
    }
    expect(down.listenerCount('down')).toBe(0)
    // What Next says at last is heard by nobody, and breaks nothing.
    goOn()
    state.waits = null
    Object.assign(state, { isDown: false, figure: '41,000' })
    expect(await (await get('/indicators')).text()).toContain('<h1>41,000</h1>')
  })

  it('at the start no page is taken from the build, which may be of another record', async () => {
    const { state, listener } = product()
    let know = () => {}
    const known = new Promise<void>((resolve) => (know = resolve))
    const { get } = await serve(listener(known))
    Object.assign(state, { isDown: false, wasUp: false })
    // Asked before anybody knows how the database is.
    const early = get('/')
    expect((await get('/healthz')).status).toBe(200)
    const { asked } = state
    state.isDown = true
    know()
    expect((await early).status).toBe(503)
    expect((await get('/')).status).toBe(503)
    expect(state.asked).toBe(asked)
    state.wasUp = true
    expect((await get('/')).status).toBe(200)
  })

  it('which is known soon after the start, also of one that refuses', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const { port } = closed.address() as AddressInfo
    closed.close()
    const watch = watchDatabase(`postgresql://a@127.0.0.1:${port}/a`)
    await watch.known
    expect(watch.state()).toMatchObject({ isUp: false, wasUp: false })
    let told = 0
    const stop = watch.onDown(() => {
      told += 1
    })
    stop()
    expect(told).toBe(1)
    watch.end()
  })

  it('a form is told that nothing was saved, and does not reach the product', async () => {
    const { state, listener } = product()
    const { get } = await serve(listener())
    state.isDown = true
    const answer = await get('/entry/new', { method: 'POST', body: 'value=1' })
    expect(answer.status).toBe(503)
    expect(await answer.text()).toContain('Nothing was saved')
    const action = await get('/entry/new', { method: 'POST', headers: { 'next-action': 'a' } })
    expect(action.headers.get('x-shumar-not-done')).toBe('unsaved')
    expect(state.asked).toBe(0)
  })

  it('files and what says how we are need no database', async () => {
    const { state, listener } = product()
    const { get } = await serve(listener())
    state.isDown = true
    for (const path of ['/theme.js', '/_next/static/a.css', '/healthz', '/fonts/a.woff2']) {
      expect((await get(path)).status).toBe(200)
    }
  })
})

describe('a page that fails', () => {
  it('is answered with its last good copy', async () => {
    const { state, listener, pages } = product()
    const { get } = await serve(listener())
    await get('/sources')
    await get('/briefing')
    await kept(pages, 2)
    state.isBroken = true
    await get('/', { method: 'POST' })
    for (const path of ['/sources', '/briefing']) {
      const answer = await get(path)
      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain('page-copy')
    }
  })

  it('tells whoever posted a form that it may not have been saved', async () => {
    const { state, listener } = product()
    const { get } = await serve(listener())
    state.isBroken = true
    const answer = await get('/entry/new', { method: 'POST', body: 'value=1' })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('x-shumar-not-done')).toBeNull()
    expect(await answer.text()).toContain('It may not have been saved')
  })
})

describe('copies of pages', () => {
  it('are never made for somebody signed in', async () => {
    const { listener, pages } = product()
    const { get } = await serve(listener())
    await get('/sources', { headers: { accept: 'text/html', cookie: 'session=1' } })
    await get('/releases/a')
    await kept(pages, 1)
    expect(readdirSync(pages)).toHaveLength(1)
  })

  it('that are broken or cannot be written do no harm', async () => {
    const { state, listener, pages } = product()
    const { get } = await serve(listener())
    await get('/areas')
    await kept(pages, 1)
    const [name = ''] = readdirSync(pages)
    writeFileSync(join(pages, name), 'half')
    Object.assign(state, { isDown: true, isBroken: true })
    expect((await get('/areas')).status).toBe(503)
    const complaints: unknown[] = []
    const gone = keepPages(join(pages, 'gone'), (error) => complaints.push(error))
    rmSync(join(pages, 'gone'), { recursive: true })
    await gone.keep('/', 'tag', () => Buffer.from('x'), {})
    expect(complaints).toHaveLength(1)
  })
})

describe('limits', () => {
  const ok: RequestListener = async (request, response) => {
    response.end(String((await text(request)).length))
  }

  it('refuse a body larger than it may be, also one that does not say its size', async () => {
    const { get, port } = await serve(withBodyLimits(ok, { form: 1000, silence: 5_000 }))
    expect(await (await get('/entry', { method: 'POST', body: 'a'.repeat(1000) })).text()).toBe(
      '1000',
    )
    expect((await get('/entry', { method: 'POST', body: 'a'.repeat(1001) })).status).toBe(413)
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write('POST /entry HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
    await new Promise((resolve) => setTimeout(resolve, 50))
    for (let n = 0; n < 3; n++) socket.write(`3e8\r\n${'a'.repeat(1000)}\r\n`)
    expect(await text(socket)).toContain('413 Payload Too Large')
  })

  it('end a request that falls silent', async () => {
    const { port } = await serve(withBodyLimits(ok, { silence: 200 }))
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write('POST /entry HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc')
    expect(await text(socket)).toContain('408 Request Timeout')
  })

  it.each(['TRACE', 'PUT', 'DELETE'])('answer %s of a page with 405', async (method) => {
    const { port } = await serve(withBodyLimits(ok))
    const socket = connect(port, '127.0.0.1')
    socket.write(`${method} / HTTP/1.1\r\nHost: a\r\n\r\n`)
    const answer = await text(socket)
    expect(answer).toContain('405 Method Not Allowed')
    expect(answer).toContain('Allow: GET, HEAD, POST, OPTIONS')
  })

  it('refuse what cannot be done in time, and never what asks how we are', async () => {
    const waiting: (() => void)[] = []
    const slow: RequestListener = ({ url }, response) => {
      if (url === '/healthz') response.end()
      else waiting.push(() => response.end())
    }
    const { get } = await serve(withRoom(slow, 2))
    const under = [get('/entry'), get('/entry')]
    await vi.waitUntil(() => waiting.length === 2)
    const third = await get('/entry')
    expect([third.status, third.headers.get('retry-after')]).toEqual([503, '2'])
    expect((await get('/healthz')).status).toBe(200)
    for (const end of waiting.splice(0)) end()
    await Promise.all(under)
    const fourth = get('/entry')
    await vi.waitUntil(() => waiting.length === 1)
    waiting[0]?.()
    expect((await fourth).status).toBe(200)
  })

  it('lets batches of programs wait apart, so that they leave readers their room', async () => {
    const waiting: (() => void)[] = []
    const { get, port } = await serve(
      withRoom((_, response) => waiting.push(() => response.end()), 1, 2),
    )
    const send = () =>
      fetch(`http://127.0.0.1:${port}/api/v1/observations`, { method: 'POST', body: '{}' })
    const under = [send(), send()]
    await vi.waitUntil(() => waiting.length === 2)
    expect((await send()).status).toBe(503)
    const reader = get('/')
    await vi.waitUntil(() => waiting.length === 3)
    for (const end of waiting.splice(0)) end()
    expect((await reader).status).toBe(200)
    await Promise.all(under)
  })
})

describe('what operators see', () => {
  const headers = (more: object = {}) => ({ host: '127.0.0.1:3000', ...more })
  const from = (remoteAddress: string, more = {}) =>
    ({ socket: { remoteAddress }, headers: headers(more) }) as never

  it('counts are for whoever has the token, or is on this machine and comes by no proxy', () => {
    expect(mayReadCounts(from('127.0.0.1'), undefined)).toBe(true)
    expect(mayReadCounts(from('::ffff:127.0.0.1'), undefined)).toBe(true)
    expect(mayReadCounts(from('192.0.2.1'), undefined)).toBe(false)
    expect(mayReadCounts(from('127.0.0.1', { 'x-forwarded-for': '192.0.2.1' }), undefined)).toBe(
      false,
    )
    expect(mayReadCounts(from('127.0.0.1', { host: 'example.org' }), undefined)).toBe(false)
    expect(mayReadCounts(from('127.0.0.1'), 'secret')).toBe(false)
    const known = { authorization: 'Bearer secret' }
    expect(mayReadCounts(from('192.0.2.1', known), 'secret')).toBe(true)
  })

  it('a request has a number, and neither its address, its query nor its person is told', async () => {
    const lines: string[] = []
    const log = makeLog('info')
    const write = (fields: unknown) => {
      lines.push(JSON.stringify(fields))
    }
    vi.spyOn(log, 'info').mockImplementation(write)
    vi.spyOn(log, 'error').mockImplementation(write)
    const listener = observed((_, response) => response.end('x'), { log, watch: null })
    const { get } = await serve(listener)
    const answer = await get('/join?token=geheim', {
      headers: { 'x-request-id': 'abc-12345', cookie: 'session=geheim', 'user-agent': 'geheim' },
    })
    expect(answer.headers.get('x-request-id')).toBe('abc-12345')
    const other = await get('/people/person-7', { headers: { 'x-request-id': 'a b' } })
    expect(other.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
    await vi.waitUntil(() => lines.length === 2)
    expect(lines.join()).not.toMatch(/geheim|person-7|127\.0\.0\.1/)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      requestId: 'abc-12345',
      method: 'GET',
      status: 200,
    })
    const counts = await (await get('/metrics')).text()
    expect(counts).toContain('shumar_http_request_duration_seconds_count')
  })

  it('an address without a route is one of many others', () => {
    expect(routeOf('/_next/static/a.js')).toBe('files')
    expect(routeOf('/no/such/page?a=1')).toBe('other')
  })
})

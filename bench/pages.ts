import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, createServer, get, type IncomingHttpHeaders } from 'node:http'
import { loadavg } from 'node:os'
import { promisify } from 'node:util'
import { brotliCompress } from 'node:zlib'
import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test'
import { findChromium } from '../tests/support/chromium'
import { barePage } from './bare-page'
import { type Blocked, blockedIn, type TraceEvent, traced } from './tasks'

/**
 * How heavy public pages are and how soon they are read, on a slow phone and a slow link, beside a
 * bare server that sends the same bytes from memory. `npm run bench:pages [-- http://localhost:3000]`
 * measures a product that is running; docs/performance.md says how to read it.
 */
const address = process.argv[2] ?? 'http://localhost:3000'
const pages = ['/', '/ur', '/indicators/ICT_EXPORTS', '/areas/PK-PB', '/data']
/** The yardstick, of the bare server alone: what the machine makes of a page with nothing to spare. */
const barePath = '/bare'
const runs = 5
const slowedBy = 4
const connections = 32
const seconds = 5

/** Bits a second and milliseconds there and back; the processor is four times slower in both. */
const links = {
  '8.1 Mbit/s, 165 ms': { rate: 8_100_000, latency: 165 },
  '1.6 Mbit/s, 165 ms': { rate: 1_600_000, latency: 165 },
}

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  /** Milliseconds to the last byte. */
  took: number
}

const agent = new Agent({ keepAlive: true, maxSockets: connections })

function ask(url: string): Promise<Answer> {
  const begin = performance.now()
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { 'Accept-Encoding': 'br' } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
          took: performance.now() - begin,
        }),
      )
    }).once('error', reject)
  })
}

async function bareAnswer(): Promise<Answer> {
  const body = await promisify(brotliCompress)(barePage())
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-encoding': 'br' }
  return { status: 200, headers, body, took: 0 }
}

/** The bare server: whatever it is asked for a second time it sends from memory, as it first came. */
async function serveTheLimit(): Promise<void> {
  const known = new Map<string, Answer>([[barePath, await bareAnswer()]])
  const server = createServer(async (request, response) => {
    const url = request.url ?? '/'
    const answer = known.get(url) ?? (await ask(address + url))
    known.set(url, answer)
    const kept = ['content-type', 'content-encoding', 'cache-control', 'etag'] as const
    for (const name of kept) {
      const value = answer.headers[name]
      if (value !== undefined) response.setHeader(name, value)
    }
    response.writeHead(answer.status, { 'Content-Length': answer.body.length })
    response.end(answer.body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const place = server.address()
  process.send?.(typeof place === 'object' ? `http://127.0.0.1:${place?.port}` : '')
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

interface Paint {
  firstPaint: number
  largestPaint: number
  firstChart: number
  shift: number
  blocked: number
  script: number
  bytes: number
}

interface Seen {
  largest: number
  shift: number
  /** When the first frame with the first chart in it began, and the one after. */
  chart: number
  after: number
  /** Long frames: when they were begun, painted, and on the screen. */
  frames: [number, number, number][]
  /** When tasks of more than 50 ms began, and what they took. */
  tasks: [number, number][]
}

type PaintTimes = PerformanceEntry & { paintTime: number; presentationTime: number }

/** Runs in the page before anything else does; the compiler of this file names functions by a helper. */
function observe(): void {
  const seen: Seen = { largest: 0, shift: 0, chart: 0, after: 0, frames: [], tasks: [] }
  Object.assign(window, { seen })
  const on = (type: string, take: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
      type,
      buffered: true,
    })
  on('largest-contentful-paint', ({ startTime }) => {
    seen.largest = startTime
  })
  on('layout-shift', (entry) => {
    seen.shift += (entry as PerformanceEntry & { value: number }).value
  })
  on('longtask', ({ startTime, duration }) => {
    seen.tasks.push([startTime, duration])
  })
  on('long-animation-frame', (entry) => {
    const { startTime, paintTime, presentationTime } = entry as PaintTimes
    seen.frames.push([startTime, paintTime, presentationTime])
  })
  // Not frame by frame: to be asked for a frame makes the browser lay out what it has of the page.
  const charts = '.chart-svg path, .chart-sparkline path, .chart-rows, .chart-tiles, td'
  const found = () => document.querySelector(charts)
  const watch = new MutationObserver(() => {
    if (!found()) return
    watch.disconnect()
    requestAnimationFrame(() => {
      seen.chart = performance.now()
      requestAnimationFrame((now) => {
        seen.after = now
      })
    })
  })
  watch.observe(document, { childList: true, subtree: true })
}

async function slowDown(page: Page, link: { rate: number; latency: number }): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: link.latency,
    downloadThroughput: link.rate / 8,
    uploadThroughput: link.rate / 8,
  })
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowedBy })
  return session
}

async function open(
  browser: Browser,
  url: string,
  link: { rate: number; latency: number },
): Promise<Paint> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  try {
    const page = await context.newPage()
    await page.addInitScript({ content: `globalThis.__name = (it) => it; (${observe})()` })
    const session = await slowDown(page, link)
    const sizes = { script: 0, all: 0 }
    const kinds = new Map<string, string>()
    session.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type))
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      sizes.all += encodedDataLength
      if (kinds.get(requestId) === 'Script') sizes.script += encodedDataLength
    })
    await page.goto(url, { waitUntil: 'networkidle' })
    await page.waitForFunction(() => (window as unknown as { seen: Seen }).seen.after > 0)
    const seen = await page.evaluate(() => {
      const {
        largest,
        shift,
        chart: begun,
        after,
        frames,
        tasks,
      } = (window as unknown as { seen: Seen }).seen
      const paint = performance.getEntriesByName('first-contentful-paint')[0] as PaintTimes
      const first = paint.startTime
      // On the screen with the frame that it was painted in; of a short one only the next is known.
      const painted: [number, number, number] = [0, paint.paintTime, paint.presentationTime]
      const frame = [painted, ...frames].find(([begin, end]) => begin <= begun && begun <= end)
      const chart = frame?.[2] || after
      // Total blocking time: of tasks after the first paint, what is over 50 ms.
      const over = tasks.map(([begin, took]) => begin + took - Math.max(begin, first) - 50)
      const blocked = over.reduce((sum, one) => sum + Math.max(0, one), 0)
      return { largest, shift, chart, first, blocked }
    })
    return {
      firstPaint: seen.first,
      largestPaint: seen.largest,
      firstChart: seen.chart,
      shift: seen.shift,
      blocked: seen.blocked,
      script: sizes.script,
      bytes: sizes.all,
    }
  } finally {
    await context.close()
  }
}

/** Opens pages by turns, so that what else the machine does meets all of them alike. */
async function byTurns<Found>(
  urls: readonly string[],
  open: (url: string) => Promise<Found>,
): Promise<Found[][]> {
  const found: Found[][] = urls.map(() => [])
  for (let run = 0; run < runs; run += 1) {
    for (const [n, url] of urls.entries()) found[n]?.push(await open(url))
  }
  return found
}

async function paints(browser: Browser, [ours, limit]: readonly [string, string]): Promise<void> {
  for (const [name, link] of Object.entries(links)) {
    console.log(
      `\n== ${name}, processor four times slower: ours / the bare server's / its bare page`,
    )
    for (const path of pages) {
      const urls = [ours + path, limit + path, limit + barePath]
      const found = await byTurns(urls, (url) => open(browser, url, link))
      const of = (n: number, what: keyof Paint) => median((found[n] ?? []).map((one) => one[what]))
      const all = (what: keyof Paint) =>
        `${urls.map((_, n) => of(n, what).toFixed(0)).join(' / ')} ms`
      console.log(
        [
          path.padEnd(26),
          `first paint ${all('firstPaint')}`,
          `largest ${all('largestPaint')}`,
          `first chart ${all('firstChart')}`,
          `blocked ${all('blocked')}`,
          `shift ${of(0, 'shift').toFixed(3)}`,
          `script ${(of(0, 'script') / 1000).toFixed(1)} kB`,
          `all ${(of(0, 'bytes') / 1000).toFixed(0)} kB`,
        ].join(', '),
      )
    }
  }
}

/** What the tasks of a page's main thread take of the processor, at full speed on an open link. */
async function tasksOf(browser: Browser, url: string): Promise<Blocked> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  try {
    const page = await context.newPage()
    const events: TraceEvent[] = await traced(browser, () =>
      page.goto(url, { waitUntil: 'networkidle' }),
    )
    return blockedIn(events, slowedBy)
  } finally {
    await context.close()
  }
}

/**
 * Other programs of a busy machine stretch tasks by the clock, and so the time blocked by it; the
 * processor time of the same tasks they hardly touch.
 */
async function tasks(browser: Browser, [ours, limit]: readonly [string, string]): Promise<void> {
  console.log('\n== processor time of the main thread, four times')
  for (const path of [...pages, barePath]) {
    const url = path === barePath ? limit + path : ours + path
    const [found = []] = await byTurns([url], (one) => tasksOf(browser, one))
    const of = (what: keyof Blocked) =>
      `${median(found.map((one) => one[what])).toFixed(0)} ms (least ${Math.min(...found.map((one) => one[what])).toFixed(0)})`
    console.log(
      [
        path.padEnd(26),
        `all ${of('all')}`,
        `longest ${of('longest')}`,
        `blocked after the first paint ${of('blocked')}`,
      ].join(', '),
    )
  }
}

async function weights(): Promise<void> {
  console.log('== weight of the HTML, Brotli')
  for (const path of pages) {
    const { body } = await ask(address + path)
    console.log(`${path.padEnd(26)} ${(body.length / 1000).toFixed(1)} kB`)
  }
}

/** Answers a second, and the time within which 99 of 100 came. */
async function load(origin: string, path: string): Promise<{ rate: number; slowest: number }> {
  const took: number[] = []
  const until = performance.now() + seconds * 1000
  const client = async () => {
    while (performance.now() < until) took.push((await ask(origin + path)).took)
  }
  await Promise.all(Array.from({ length: connections }, client))
  took.sort((a, b) => a - b)
  return { rate: took.length / seconds, slowest: took[Math.floor(took.length * 0.99)] ?? 0 }
}

async function loads(origins: readonly [string, string]): Promise<void> {
  console.log(`\n== ${connections} connections: answers a second, 99 % within`)
  for (const path of pages) {
    const [ours, limit] = [await load(origins[0], path), await load(origins[1], path)]
    console.log(
      `${path.padEnd(26)} ours ${ours.rate.toFixed(0)}, ${ours.slowest.toFixed(0)} ms; ` +
        `bare server ${limit.rate.toFixed(0)}, ${limit.slowest.toFixed(0)} ms; ` +
        `ratio ${(ours.rate / limit.rate).toFixed(2)}`,
    )
  }
}

if (process.argv[3] === 'limit') await serveTheLimit()
else {
  const child = fork(import.meta.filename, [address, 'limit'])
  const [limit] = (await once(child, 'message')) as [string]
  const { executablePath, env } = await findChromium()
  const browser = await chromium.launch({ executablePath, env })
  const load = () =>
    console.log(
      `load of the machine: ${loadavg()
        .map((one) => one.toFixed(1))
        .join(', ')}`,
    )
  try {
    load()
    await weights()
    await tasks(browser, [address, limit])
    await loads([address, limit])
    await paints(browser, [address, limit])
    load()
  } finally {
    await browser.close()
    child.kill()
    agent.destroy()
  }
}

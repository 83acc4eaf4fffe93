import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, createServer, get, type IncomingHttpHeaders } from 'node:http'
import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test'
import { findChromium } from '../tests/support/chromium'

/**
 * How heavy public pages are and how soon they are read, on a slow phone and a slow link, beside a
 * bare server that sends the same bytes from memory. `npm run bench:pages [-- http://localhost:3000]`
 * measures a product that is running; docs/performance.md says how to read it.
 */
const address = process.argv[2] ?? 'http://localhost:3000'
const pages = ['/', '/ur', '/indicators/ICT_EXPORTS', '/areas/PK-PB', '/data']
const runs = 5
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

/** The bare server: whatever it is asked for a second time it sends from memory, as it first came. */
async function serveTheLimit(): Promise<void> {
  const known = new Map<string, Answer>()
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
  chart: number
  /** When tasks of more than 50 ms began, and what they took. */
  tasks: [number, number][]
}

/** Runs in the page before anything else does; the compiler of this file names functions by a helper. */
function observe(): void {
  const seen: Seen = { largest: 0, shift: 0, chart: 0, tasks: [] }
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
  const look = () => {
    const mark = document.querySelector('.chart-svg path, .chart-rows, .chart-tiles, td')
    if (!mark) requestAnimationFrame(look)
    // The frame that found it paints it: when the next one begins, it is there.
    else
      requestAnimationFrame((now) => {
        seen.chart = now
      })
  }
  requestAnimationFrame(look)
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
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
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
    await page.waitForFunction(() => (window as unknown as { seen: Seen }).seen.chart > 0)
    const seen = await page.evaluate(() => {
      const { largest, shift, chart, tasks } = (window as unknown as { seen: Seen }).seen
      const first = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0
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

async function paints(browser: Browser, origins: readonly [string, string]): Promise<void> {
  for (const [name, link] of Object.entries(links)) {
    console.log(`\n== ${name}, processor four times slower: ours / the bare server's`)
    for (const path of pages) {
      const found: Paint[][] = [[], []]
      for (let run = 0; run < runs; run += 1) {
        for (const [n, origin] of origins.entries()) {
          found[n]?.push(await open(browser, origin + path, link))
        }
      }
      const of = (n: number, what: keyof Paint) => median((found[n] ?? []).map((one) => one[what]))
      const pair = (what: keyof Paint) => `${of(0, what).toFixed(0)} / ${of(1, what).toFixed(0)} ms`
      console.log(
        [
          path.padEnd(26),
          `first paint ${pair('firstPaint')}`,
          `largest ${pair('largestPaint')}`,
          `first chart ${pair('firstChart')}`,
          `blocked ${pair('blocked')}`,
          `shift ${of(0, 'shift').toFixed(3)}`,
          `script ${(of(0, 'script') / 1000).toFixed(1)} kB`,
          `all ${(of(0, 'bytes') / 1000).toFixed(0)} kB`,
        ].join(', '),
      )
    }
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
  try {
    await weights()
    await loads([address, limit])
    await paints(browser, [address, limit])
  } finally {
    await browser.close()
    child.kill()
    agent.destroy()
  }
}

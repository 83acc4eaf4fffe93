import { availableParallelism, loadavg } from 'node:os'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import { findChromium } from '../tests/support/chromium'
import { serveGrid } from '../tests/support/grid-harness'

/**
 * How soon a keystroke is painted in a grid of 5,022 figures, beside a bare page with one field of
 * the same size, in one run, at full speed and on a processor four times slower. `npm run bench:grid`;
 * docs/performance.md says how to read it.
 */
const rows = 93
const columns = 54
const limit = 50
/** `npm run bench:grid -- quick` leaves the slower processor out. */
const isQuick = process.argv.includes('quick')

/** Milliseconds from the event to the paint, one a keystroke. */
type Times = number[]

interface Seen {
  painted: number[]
  entries: number[]
}

/**
 * Runs in the page. A keystroke is painted when the task after the next frame runs: the frame has
 * been handed over by then. The browser's own Event Timing stands beside it, in steps of 8 ms.
 */
function observe(): void {
  const seen: Seen = { painted: [], entries: [] }
  Object.assign(window, { seen })
  const channel = new MessageChannel()
  const waiting: number[] = []
  channel.port1.onmessage = () => {
    const now = performance.now()
    for (const begun of waiting.splice(0)) seen.painted.push(now - begun)
  }
  window.addEventListener(
    'keydown',
    (event) => {
      if (['Control', 'Shift'].includes(event.key)) return
      requestAnimationFrame(() => {
        waiting.push(event.timeStamp)
        channel.port2.postMessage(null)
      })
    },
    true,
  )
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (entry.name === 'keydown') seen.entries.push(entry.duration)
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit)
}

interface Task {
  name: string
  /** Keys that are measured. */
  keys: readonly string[]
  /** What comes before each round of them, and is not. */
  before?(page: Page, round: number): Promise<void>
  rounds: number
  /** A single cell or move, for which the limit counts; else it is about hundreds of cells. */
  isKeystroke?: boolean
}

const digits = (round: number) => [...String(1000 + ((round * 37) % 9000))]
const cellAt = (page: Page, row: number, column: number) =>
  page.locator(`[role="gridcell"][data-row="${row}"][data-column="${column}"]`)

const toStart = async (page: Page) => {
  await page.keyboard.press('Control+Home')
}

const block = (round: number) =>
  Array.from({ length: rows }, (_, row) =>
    [1, 2, 3, 4].map((n) => round * 1000 + row * 4 + n).join('\t'),
  ).join('\n')

/** What an officer does all day, and the three things that touch hundreds of cells at once. */
const tasks: readonly Task[] = [
  { name: 'first digit in a cell', keys: ['7'], before: goDown, rounds: 60, isKeystroke: true },
  {
    name: 'further digits',
    keys: ['1', '2', '3', '4'],
    before: openCell,
    rounds: 20,
    isKeystroke: true,
  },
  {
    name: 'Enter after a figure',
    keys: ['Enter'],
    before: typeFigure,
    rounds: 60,
    isKeystroke: true,
  },
  { name: 'Tab after a figure', keys: ['Tab'], before: typeFigure, rounds: 30, isKeystroke: true },
  {
    name: 'arrow down',
    keys: Array(80).fill('ArrowDown'),
    before: toStart,
    rounds: 1,
    isKeystroke: true,
  },
  {
    name: 'arrow along',
    keys: Array(50).fill('ArrowRight'),
    before: toStart,
    rounds: 1,
    isKeystroke: true,
  },
  {
    name: 'page down',
    keys: Array(8).fill('PageDown'),
    before: toStart,
    rounds: 4,
    isKeystroke: true,
  },
  { name: 'fill down 92 cells', keys: ['Control+d'], before: selectColumn, rounds: 20 },
  { name: 'paste 372 figures', keys: ['Control+v'], before: copyBlock, rounds: 20 },
  { name: 'undo 372 figures', keys: ['Control+z', 'Control+y'], rounds: 20 },
]

async function goDown(page: Page, round: number): Promise<void> {
  if (round === 0) await toStart(page)
  else await page.keyboard.press('Enter')
}

async function openCell(page: Page, round: number): Promise<void> {
  await goDown(page, round)
  await page.keyboard.press('7')
}

async function typeFigure(page: Page, round: number): Promise<void> {
  if (round === 0) await toStart(page)
  for (const digit of digits(round)) await page.keyboard.press(digit)
}

async function selectColumn(page: Page, round: number): Promise<void> {
  await toStart(page)
  await page.keyboard.press('Escape')
  await page.keyboard.type(String(500 + round))
  await page.keyboard.press('Enter')
  await toStart(page)
  await page.keyboard.press('Control+Shift+ArrowDown')
}

async function copyBlock(page: Page, round: number): Promise<void> {
  await toStart(page)
  await page.evaluate((text) => navigator.clipboard.writeText(text), block(round + 1))
}

const settle = (page: Page) =>
  page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  )

async function clear(page: Page): Promise<void> {
  await settle(page)
  await page.evaluate(() => {
    const { seen } = window as unknown as { seen: Seen }
    seen.painted = []
    seen.entries = []
  })
}

interface Measured {
  painted: Times
  /** By Event Timing; what it does not name took less than 16 ms. */
  entries: Times
  /**
   * Processor time of the main thread, one a keystroke, what drives the browser included: other work
   * on the machine does not count, so this is what a quiet one would need beside the frame.
   */
  processor: Times
}

/** Milliseconds of processor time that the main thread of a page has used; noise does not count. */
async function processorOf(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000
  }
}

async function measure(page: Page, task: Task): Promise<Measured> {
  const found: Measured = { painted: [], entries: [], processor: [] }
  const used = await processorOf(page)
  for (let round = 0; round < task.rounds; round += 1) {
    await task.before?.(page, round)
    await clear(page)
    for (const key of task.keys) {
      const before = await used()
      await page.keyboard.press(key)
      await settle(page)
      found.processor.push((await used()) - before)
    }
    await page.waitForFunction(
      (count) => (window as unknown as { seen: Seen }).seen.painted.length >= count,
      task.keys.length,
    )
    const { painted, entries } = await page.evaluate(
      () => (window as unknown as { seen: Seen }).seen,
    )
    found.painted.push(...painted)
    found.entries.push(...entries)
  }
  return found
}

const sorted = (times: Times) => [...times].sort((a, b) => a - b)
const at = (times: Times, share: number) =>
  sorted(times)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN

const bare =
  '<!doctype html><title>Bare</title><link rel="icon" href="data:,"><input aria-label="Figure" style="width: 8.5rem; height: 3.25rem">'

/** A page that holds one field: what the browser itself needs to paint a digit. */
async function measureBare(
  context: BrowserContext,
  address: string,
  rate: number,
): Promise<Measured> {
  const page = await context.newPage()
  await slow(page, rate)
  await page.route('**/bare', (route) => route.fulfill({ contentType: 'text/html', body: bare }))
  await page.goto(`${address}/bare`)
  await page.locator('input').click()
  const measured = await measure(page, {
    name: 'bare',
    keys: Array(100).fill('7'),
    rounds: 1,
  })
  await page.close()
  return measured
}

async function openGrid(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${address}/?rows=${rows}&columns=${columns}&filled=1`)
  await cellAt(page, 0, 0).click()
  return page
}

async function slow(page: Page, rate: number): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate })
}

const line = (name: string, { painted, entries, processor }: Measured, reference: number) =>
  [
    name.padEnd(24),
    `${at(painted, 0.5).toFixed(1)} / ${at(painted, 0.95).toFixed(1)} / ${at(painted, 1).toFixed(1)} ms`,
    `${(at(painted, 0.95) / reference).toFixed(1)} x bare`,
    `Event Timing p95 ${entries.length * 20 < painted.length ? '< 16' : at([...Array(Math.max(0, painted.length - entries.length)).fill(8), ...entries], 0.95)} ms`,
    `processor ${at(processor, 0.5).toFixed(1)} / ${at(processor, 0.95).toFixed(1)} ms`,
    `(${painted.length})`,
  ].join('  ')

async function run(
  context: BrowserContext,
  address: string,
  rate: number,
): Promise<readonly string[]> {
  console.log(`\n== processor ${rate} times slower: p50 / p95 / max from the key to the paint`)
  const reference = await measureBare(context, address, rate)
  const p95 = at(reference.painted, 0.95)
  console.log(line('bare field', reference, p95))
  const page = await openGrid(context, address)
  await slow(page, rate)
  const all: Times = []
  const late: string[] = []
  const processor: Times = []
  for (const task of tasks) {
    const measured = await measure(page, task)
    all.push(...measured.painted)
    processor.push(...measured.processor)
    if (task.isKeystroke && at(measured.painted, 0.95) >= limit) late.push(task.name)
    console.log(line(task.name, measured, p95))
  }
  console.log(line('all of them', { painted: all, entries: [], processor }, p95))
  await page.close()
  return late
}

const { executablePath, env } = await findChromium()
const { address, stop } = await serveGrid()
const browser = await chromium.launch({ executablePath, env })
try {
  console.log(`${browser.version()}, ${availableParallelism()} cores, load ${loadavg()[0]}`)
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  await context.addInitScript({ content: `globalThis.__name = (it) => it; (${observe})()` })
  const late = await run(context, address, 1)
  console.log(`load ${loadavg()[0]}`)
  if (!isQuick) await run(context, address, 4)
  if (late.length > 0) {
    console.log(`Over ${limit} ms at the 95th percentile: ${late.join(', ')}`)
    process.exitCode = 1
  }
} finally {
  await browser.close()
  stop()
}

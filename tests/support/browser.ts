import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  expect,
  type Page,
} from '@playwright/test'
import type { AxeResults, RunOptions } from 'axe-core'
import { Client } from 'pg'

export { expect }

/**
 * The link to the first account, as the product of the tests that change something printed it when
 * it started. It works once.
 */
export function setupLink(): string {
  const link = process.env.SHUMAR_TEST_SETUP_LINK
  if (!link) throw new Error('The product is not running: start the tests with npm test.')
  return link
}

async function connectToProduct(): Promise<Client> {
  const state = process.env.SHUMAR_TEST_STATE
  if (!state) throw new Error('The product is not running: start the tests with npm test.')
  const client = new Client({
    host: '127.0.0.1',
    port: Number(readFileSync(join(state, 'data', 'postmaster.pid'), 'utf8').split('\n')[3]),
    user: 'shumar',
    database: 'shumar',
    password: readFileSync(join(state, 'password'), 'utf8').trim(),
  })
  await client.connect()
  return client
}

/** Keeps everybody else away from a table of the product, until the answer is called. */
export async function holdTable(table: string): Promise<() => Promise<void>> {
  const client = await connectToProduct()
  await client.query(`BEGIN; LOCK TABLE "${table}" IN ACCESS EXCLUSIVE MODE`)
  return () => client.end()
}

/** The database of the product whose figures may change, for what only time could do otherwise. */
export async function queryProduct(sql: string): Promise<unknown[][]> {
  const client = await connectToProduct()
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows
  } finally {
    await client.end()
  }
}

interface Problems {
  /**
   * Says that the test causes a problem on purpose, e.g. `/^404 GET .*\/nowhere/`. It fails when
   * the problem does not happen, like one that happens unannounced.
   */
  expect(pattern: RegExp): void
}

interface Fixtures {
  problems: Problems & { watch(context: BrowserContext): void }
  /** Somebody else with a browser of their own (no cookies), watched like the first. */
  visitor(options?: BrowserContextOptions): Promise<Page>
  /** Expects that axe finds nothing wrong, with every rule it knows switched on. */
  axe(page?: Page): Promise<void>
  /**
   * Keeps a picture of the whole page in test-results/browser/pictures, for people to look at, where
   * SHUMAR_TEST_PICTURES is set.
   */
  picture(name: string, page?: Page): Promise<void>
}

/** Reports what a reader would never see: errors in the console, failed requests, third parties. */
function watch(context: BrowserContext, origin: string, report: (problem: string) => void) {
  context.on('console', (message) => {
    // A refused request is reported below, with its status.
    if (message.type() !== 'error' || message.text().startsWith('Failed to load resource')) return
    report(`console: ${message.text()} (${message.location().url})`)
  })
  context.on('weberror', (error) => report(`uncaught: ${error.error().stack ?? error.error()}`))
  context.on('request', (request) => {
    const url = new URL(request.url())
    if (/^https?:$|^wss?:$/.test(url.protocol) && url.origin !== origin)
      report(`third party: ${request.method()} ${request.url()}`)
  })
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText
    // Downloads end in the first, and what is under way when the reader goes on. Scripts end in the
    // second where JavaScript is off; where it is on, the console names the breach too.
    if (reason === 'net::ERR_ABORTED' || reason === 'csp') return
    report(`failed: ${request.method()} ${request.url()} ${reason}`)
  })
  context.on('response', (response) => {
    if (response.status() < 400) return
    report(`${response.status()} ${response.request().method()} ${response.url()}`)
  })
}

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)

type Violations = AxeResults['violations']

/** Lays out what is far from the screen: until it comes near it has no place, and nothing to measure. */
export async function layOut(page: Page): Promise<void> {
  await page.addStyleTag({ content: 'main * { content-visibility: visible !important }' })
}

async function runAxe(page: Page): Promise<Violations> {
  if (!(await page.evaluate(() => 'axe' in window))) {
    await page.evaluate(axeSource)
    await layOut(page)
  }
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') }
    const rules: RunOptions['rules'] = {}
    for (const { ruleId } of axe.getRules()) rules[ruleId] = { enabled: true }
    const runOnly = { type: 'rule' as const, values: Object.keys(rules) }
    const { violations } = await axe.run(document, { rules, runOnly, resultTypes: ['violations'] })
    return violations
  })
}

/** axe cannot run where scripts cannot: it looks at what such a reader sees, in a page of its own. */
async function runAxeWithoutScripts(page: Page, browser: Browser): Promise<Violations> {
  // A page that looks again by itself would do so while it is looked at.
  const body = (await page.content()).replace(
    /<script\b[\s\S]*?<\/script>|<\/?noscript>|<meta http-equiv="refresh"[^>]*>/g,
    '',
  )
  const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
  const context = await browser.newContext({
    javaScriptEnabled: true,
    viewport: page.viewportSize(),
    colorScheme: isDark ? 'dark' : 'light',
  })
  try {
    const copy = await context.newPage()
    await copy.route(page.url(), (route) => route.fulfill({ contentType: 'text/html', body }))
    await copy.goto(page.url())
    return await runAxe(copy)
  } finally {
    await context.close()
  }
}

const runsScripts = (page: Page) =>
  page.evaluate(() => window.matchMedia('(scripting: enabled)').matches)

/** One line for the rule and one for each place, without axe's headings. */
function explain({ id, help, nodes }: Violations[number]): string {
  const places = nodes.map(({ target, failureSummary = '' }) => {
    const reasons = failureSummary.split('\n').slice(1, 2).join().trim()
    return `\n  ${target.join(' ')}: ${reasons}`
  })
  const more = places.length > 8 ? `\n  and ${places.length - 8} more` : ''
  return `${id}: ${help}${places.slice(0, 8).join('')}${more}`
}

export const test = base.extend<Fixtures>({
  problems: async ({ baseURL }, use) => {
    const origin = new URL(baseURL ?? '').origin
    const happened: string[] = []
    const announced: RegExp[] = []
    await use({
      watch: (context) => watch(context, origin, (problem) => happened.push(problem)),
      expect: (pattern) => announced.push(pattern),
    })
    const surprises = happened.filter((problem) => !announced.some((one) => one.test(problem)))
    expect(surprises, 'problems that nobody expected').toEqual([])
    const missing = announced.filter((pattern) => !happened.some((one) => pattern.test(one)))
    expect(missing, 'problems that were expected and did not happen').toEqual([])
  },

  context: async ({ context, problems }, use) => {
    problems.watch(context)
    await use(context)
  },

  visitor: async ({ browser, problems }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (options) => {
      const context = await browser.newContext(options)
      contexts.push(context)
      problems.watch(context)
      return context.newPage()
    })
    for (const context of contexts) await context.close()
  },

  axe: async ({ page: own, browser }, use) => {
    await use(async (page = own) => {
      const violations = (await runsScripts(page))
        ? await runAxe(page)
        : await runAxeWithoutScripts(page, browser)
      expect(violations.map(explain), `axe on ${page.url()}`).toEqual([])
    })
  },

  picture: async ({ page: own }, use, { project }) => {
    await use(async (name, page = own) => {
      if (!process.env.SHUMAR_TEST_PICTURES) return
      const path = `${project.outputDir}/pictures/${name}.png`
      await page.screenshot({ path, fullPage: true, animations: 'disabled' })
    })
  },
})

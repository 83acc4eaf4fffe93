import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expect, layOut, test } from '../support/browser'

const messagesOf = (lang: string) =>
  JSON.parse(
    readFileSync(`messages/${lang}.json`, 'utf8'),
  ) as typeof import('../../messages/en.json')

const languages = [
  {
    lang: 'en',
    path: (page: string) => page,
    headline: [
      ['93 academies', '11 May 2022', '≈ 90 academies', '21 Sep 2022'],
      ['≈ 40,000 persons', '11 May 2022', 'Nothing newer is known.'],
      ['≈ 1,000 persons', '1 May 2021 – 11 May 2022', 'Nothing newer is known.'],
      [
        'US$ 2,619 million',
        'FY2021-22',
        'The article’s claim',
        'US$ 1,500 million a year',
        '11 May 2022',
        'US$ 3,810 million',
        'FY2024-25',
      ],
    ],
  },
  {
    lang: 'ur',
    path: (page: string) => (page === '/' ? '/ur' : `/ur${page}`),
    headline: [
      ['93', '11 مئی 2022', '90', '21 ستمبر 2022'],
      ['40,000', '11 مئی 2022', messagesOf('ur').overview.headline.nothing],
      ['1,000', '11 مئی 2022', messagesOf('ur').overview.headline.nothing],
      ['2,619', messagesOf('ur').overview.headline.claim, '1,500', '11 مئی 2022', '3,810'],
    ],
  },
] as const

const pages = ['/', '/indicators', '/indicators/ICT_EXPORTS'] as const

/** What a reader without scripts, or a machine, gets: no script, and none of its data. */
const withoutScripts = (html: string) => html.replace(/<script\b[\s\S]*?<\/script>/g, '')
const textOf = (html: string) =>
  html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&#x27;', "'")
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll('&amp;', '&')
    .replace(/[\u200e\u200f\u2066-\u2069]/g, '')
const elements = (html: string, start: string, end: string) =>
  html
    .split(start)
    .slice(1)
    .map((part) => part.split(end)[0] ?? '')

for (const { lang, path, headline } of languages) {
  const { charts } = messagesOf(lang)
  const labels = [charts.source, charts.dataDate].map((text) => text.split('{')[0] ?? '')

  test.describe(`the first HTML in ${lang}`, () => {
    test('of the overview has the four figures, each with its day and what came since', async ({
      request,
    }) => {
      const html = withoutScripts(await (await request.get(path('/'))).text())
      const cards = elements(html, '<article class="card headline-card"', '</article>').map(textOf)
      expect(cards).toHaveLength(4)
      for (const [n, texts] of headline.entries()) {
        for (const text of texts) expect(cards[n]).toContain(text)
      }
    })

    for (const page of pages) {
      test(`of ${page} is whole, and nothing waits for a script`, async ({ request }) => {
        const response = await request.get(path(page))
        expect(response.status()).toBe(200)
        const html = await response.text()
        // Next puts what came late into a hidden place, for a script to move.
        expect(html.match(/<template|<div hidden="" id=|\$RC\(/)?.[0]).toBeUndefined()
        const body = withoutScripts(html)
        expect(body.match(/<main[\s\S]*<h1[\s\S]*<\/main>/)).not.toBeNull()
        expect(body.trimEnd().endsWith('</html>')).toBe(true)
      })
    }

    for (const { page, atLeast } of [
      { page: '/', atLeast: 6 },
      { page: '/indicators/ICT_EXPORTS', atLeast: 2 },
    ]) {
      test(`of ${page} has its charts, each with title, unit, source, date and table`, async ({
        request,
      }) => {
        const html = withoutScripts(await (await request.get(path(page))).text())
        const figures = elements(html, '<figure class="chart"', '</figure>')
        expect(figures.length).toBeGreaterThanOrEqual(atLeast)
        for (const figure of figures) {
          expect(figure).toMatch(/<h3 class="chart-title"[^>]*>[^<]+<\/h3>/)
          expect(figure).toMatch(/<p class="chart-unit">[^<]+<\/p>/)
          for (const label of labels) expect(textOf(figure)).toMatch(new RegExp(`${label}\\S`))
          const rows = elements(figure, '<tr', '</tr>')
          expect(rows.length).toBeGreaterThan(2)
          expect(figure).toMatch(/<table class="chart-table"><caption>[^<]+/)
        }
      })
    }

    test('of an indicator has every figure with its source, and every revision', async ({
      request,
    }) => {
      const html = withoutScripts(await (await request.get(path('/indicators/ICT_EXPORTS'))).text())
      const [figures = ''] = elements(html, 'id="all-figures"', '</table>')
      const [revisions = ''] = elements(html, 'id="all-revisions"', '</table>')
      const csv = await (await request.get('/download/figures.csv?indicator=ICT_EXPORTS')).text()
      const records = csv.trim().split('\n').slice(1)
      const rows = elements(figures, '<tr', '</tr>').slice(1)
      expect(rows).toHaveLength(records.length)
      expect(rows.filter((row) => !/<a [^>]*href="https?:/.test(row))).toEqual([])
      for (const value of ['2,605', '2,593', '2,597', '2,596']) {
        expect(textOf(revisions)).toContain(value)
      }
    })
  })

  for (const javaScriptEnabled of [true, false]) {
    const state = javaScriptEnabled ? 'on' : 'off'

    test.describe(`${lang}, JavaScript ${state}`, () => {
      test.use({ javaScriptEnabled })

      test('the overview shows the four figures and its charts', async ({ page, picture }) => {
        await page.goto(path('/'))
        const cards = page.locator('.headline-card')
        await expect(cards).toHaveCount(4)
        for (const [n, [value = '']] of headline.entries()) {
          await expect(cards.nth(n).locator('.card-value')).toContainText(
            value.match(/[\d,]+/)?.[0] ?? '',
          )
          await expect(cards.nth(n)).toBeVisible()
        }
        for (const chart of await page.locator('figure.chart').all()) {
          await expect(chart.locator('.chart-box')).toBeVisible()
          const box = await chart.locator('.chart-box').boundingBox()
          expect(box?.height).toBeGreaterThan(60)
        }
        await picture(`overview-${lang}-javascript-${state}`)
      })

      test('a chart opens its table, and a figure of it leads to its proof', async ({ page }) => {
        await page.goto(path('/indicators/ICT_EXPORTS'))
        const chart = page.locator('figure.chart').first()
        await expect(chart.locator('table')).toBeHidden()
        await chart.locator('.chart-details > summary').click()
        await expect(chart.locator('table')).toBeVisible()
        const link = chart.locator('tbody a').last()
        const value = ((await link.textContent()) ?? '').match(/[\d,]+/)?.[0] ?? ''
        expect(value).not.toBe('')
        await link.click()
        await expect(page.locator('main')).toContainText(value)
      })
    })
  }
}

test.describe('a plot', () => {
  const loadedPainter = (page: Page) =>
    page.evaluate(async () => {
      const scripts = performance
        .getEntriesByType('resource')
        .map(({ name }) => name)
        .filter((name) => new URL(name).pathname.endsWith('.js'))
      const texts = await Promise.all(scripts.map(async (url) => (await fetch(url)).text()))
      return texts.some((text) => text.includes('recharts-wrapper'))
    })

  test('is read without its second painter until somebody points at it', async ({ page }) => {
    await page.goto('/')
    await page.waitForLoadState('networkidle')
    expect(await page.locator('script[src*="/_next/"]').count()).toBe(0)
    expect(await loadedPainter(page)).toBe(false)
    const chart = page.locator('#exports-by-year')
    await expect(page.locator('.recharts-wrapper')).toHaveCount(0)
    await layOut(page)
    await chart.scrollIntoViewIfNeeded()
    const before = await chart.boundingBox()

    await chart.locator('.chart-plot').hover()
    await expect(chart.locator('.recharts-wrapper')).toBeVisible()
    await expect(chart.locator('.chart-tooltip')).toBeVisible()
    await expect(chart.locator('.chart-tooltip')).toContainText(/FY20\d\d-\d\d/)
    expect(await loadedPainter(page)).toBe(true)
    expect(await chart.boundingBox()).toEqual(before)
  })

  test('tells the figure of each period to the keyboard, and that there is none', async ({
    page,
  }) => {
    await page.goto('/')
    const chart = page.locator('#exports-by-year')
    await expect(chart.locator('.chart-reader')).toHaveCount(0)
    // The first key brings the charts to life.
    await page.keyboard.press('Tab')
    await chart.getByRole('slider').focus()
    const tooltip = chart.locator('.chart-tooltip')
    await page.keyboard.press('End')
    await expect(tooltip).toContainText('US$ 3,810 million')
    await page.keyboard.press('ArrowLeft')
    await expect(tooltip).toContainText('US$ 3,223 million')
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    await expect(tooltip).toContainText('No figure')
    // What readers of screens say at each step; only of a slider do all of them hand the arrows on.
    const walker = chart.getByRole('slider')
    await expect(walker).toHaveAttribute('aria-valuetext', /: No figure$/)
    await expect(walker).toHaveAttribute('aria-valuenow', '2')
    await page.keyboard.press('Escape')
    await expect(tooltip).toHaveCount(0)
  })
})

test('the list leads to every indicator, and says whose figure it shows', async ({ page }) => {
  await page.goto('/indicators')
  const items = page.locator('.indicator-list > li')
  await expect(items).toHaveCount(62)
  const exports = items.filter({ has: page.locator('a[href$="/indicators/ICT_EXPORTS"]') })
  await expect(exports).toContainText('US$ 366 million')
  await expect(exports).toContainText('Sep 2025')
  const share = items.filter({ has: page.locator('a[href$="/indicators/OUTCOME_SELFEMP_SHARE"]') })
  await expect(share).toContainText('(KPITB) · Khyber Pakhtunkhwa')
  await exports.getByRole('link', { name: 'ICT exports', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'ICT exports' })).toBeVisible()
})

test('an indicator that is not there is not found', async ({ page, problems }) => {
  problems.expect(/^404 GET .*\/indicators\/NOTHING$/)
  const response = await page.goto('/indicators/NOTHING')
  expect(response?.status()).toBe(404)
})

test('an address without a route is answered by a page that looks like the others', async ({
  page,
  problems,
}) => {
  problems.expect(/^404 GET .*\/nowhere$/)
  const size = (path: string) =>
    page
      .goto(path)
      .then(() =>
        page
          .locator('.site-header')
          .evaluate((header) => getComputedStyle(header).paddingBlockStart),
      )
  expect(await size('/nowhere')).toBe(await size('/about'))
})

test('public pages leave ready-made, and pages made at the request have their status', async ({
  request,
}) => {
  for (const path of [
    '/',
    '/ur',
    '/indicators',
    '/indicators/ICT_EXPORTS',
    '/areas/PK-PB',
    '/data',
    '/ur/methods',
    '/about',
  ]) {
    const answer = await request.get(path)
    expect(answer.headers()['x-nextjs-prerender'], path).toBe('1')
  }
  expect((await request.get('/figures/999999')).status()).toBe(404)
  const past = await request.get('/?asOf=2023-01-01')
  expect(await past.text()).not.toContain('hidden id="S:')
})

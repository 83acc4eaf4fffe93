import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect, test } from '../support/browser'

const rows = (page: Page) => page.locator('#explorer-table tbody tr')
const count = (page: Page) => page.locator('#explorer-count')

for (const javaScriptEnabled of [true, false]) {
  test.describe(`the explorer, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    test.use({ javaScriptEnabled })

    test('filters, sorts, and gives as a file what it shows', async ({ page }) => {
      await page.goto('/data')
      await expect(count(page)).toHaveText(/^2\d\d figures$/)
      await expect(rows(page)).toHaveCount(25)

      await page.locator('#summary-indicator').click()
      await page.getByRole('checkbox', { name: /^ICT exports \d/ }).check()
      await page.locator('#explorer-from').fill('FY2020-21')
      await page.getByRole('button', { name: 'Show figures' }).click()
      await expect(page).toHaveURL(/\/data\?.*indicator=ICT_EXPORTS/)
      await expect(page.locator('.explorer-chip')).toHaveText([/ICT exports/, /FY2020-21/])
      await page.getByRole('link', { name: 'Value' }).click()
      await expect(page).toHaveURL(/sort=-value/)
      await expect(page.locator('th[aria-sort="descending"]')).toHaveText(/Value/)
      const first = await rows(page).first().locator('td.numeric').textContent()
      expect(first).toContain('US$')

      const told = Number((await count(page).textContent())?.match(/\d+/)?.[0])
      const link = page.locator('.file-list a[href*="figures.csv"]')
      await expect(link).toHaveText(new RegExp(`CSV for analysis, ${told} rows, about \\d+ kB`))
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
      const file = await readFile(await download.path(), 'utf8')
      expect(file.trimEnd().split('\n')).toHaveLength(told + 1)

      await page.getByRole('link', { name: 'A link that never changes' }).click()
      await expect(page).toHaveURL(/asOf=\d{4}-\d\d-\d\d&v=\d+/)
      await expect(count(page)).toHaveText(`${told} figures`)
    })
  })
}

test('a choice is answered in place, with back and forward', async ({ page }) => {
  await page.goto('/data?area=PK')
  await page.evaluate(() => Object.assign(window, { isSameDocument: true }))
  const before = await count(page).textContent()

  await page.locator('#summary-kind').click()
  const box = page.locator('#facet-kind').getByLabel(/^rate/)
  await box.check()
  await expect(page).toHaveURL(/kind=ratio/)
  await expect(box).toBeFocused()
  await expect(page.locator('#summary-kind')).toContainText('1 chosen')
  const after = await count(page).textContent()
  expect(after).not.toBe(before)
  await expect(page.locator('main [role="status"]')).toHaveText(after ?? '')

  await page.locator('.explorer-chip').first().click()
  await expect(page).not.toHaveURL(/area=PK/)
  await page.goBack()
  await page.goBack()
  await expect(count(page)).toHaveText(before ?? '')
  await expect(box).not.toBeChecked()
  await page.goForward()
  await expect(count(page)).toHaveText(after ?? '')
  await expect(box).toBeChecked()
  expect(await page.evaluate(() => 'isSameDocument' in window)).toBe(true)
})

test('what a choice brings has its style', async ({ page }) => {
  await page.goto('/data')
  await page.locator('#summary-kind').click()
  await page.locator('#facet-kind').getByLabel(/^rate/).check()
  await expect(page.locator('.explorer-chip').first()).toHaveCSS('border-top-width', '1px')
})

test('a lost connection is told, and the button still asks', async ({ page, problems }) => {
  problems.expect(/^failed: GET .*\/data\?/)
  await page.goto('/data')
  await page.route('**/data?*', (route) => route.abort('internetdisconnected'))
  await page.locator('#explorer-size').selectOption('25')
  await expect(page.getByRole('alert').filter({ hasText: 'Check your connection' })).toBeVisible()
  await page.unroute('**/data?*')
  await page.getByRole('button', { name: 'Show figures' }).click()
  await expect(rows(page)).toHaveCount(25)
})

test('what an address says wrongly is named, and nothing found leads on', async ({ page }) => {
  const response = await page.goto('/data?sex=all&colour=red&q=zzzz')
  expect(response?.status()).toBe(200)
  await expect(page.locator('#explorer-problems')).toContainText('“all”')
  await expect(page.locator('#explorer-problems')).toContainText('“colour”')
  await expect(count(page)).toHaveText('No figure')
  await page.getByRole('link', { name: 'Show all figures' }).click()
  await expect(count(page)).toHaveText(/^2\d\d figures$/)
})

test('the cross table says where there is no figure', async ({ page, picture }) => {
  await page.goto('/ur/data?indicator=TRAINED&view=pivot&rows=area&columns=year')
  const table = page.locator('#explorer-pivot')
  expect(await table.locator('tbody a[href*="/figures/"]').count()).toBeGreaterThan(20)
  await expect(table.locator('.explorer-none').first()).toBeVisible()
  await picture('pivot-ur')
})

test('the catalogue is searched without a script', async ({ visitor }) => {
  const page = await visitor({ javaScriptEnabled: false })
  await page.goto('/indicators')
  await page.getByRole('searchbox').fill('خواتین')
  await page.getByRole('button', { name: 'Search' }).click()
  await expect(page.locator('.indicator-list > li')).not.toHaveCount(0)
  await page.getByRole('searchbox').fill('zzzz')
  await page.getByRole('button', { name: 'Search' }).click()
  await expect(page.getByText('No indicator for “zzzz”.')).toBeVisible()
  await page.getByRole('link', { name: 'Search the figures' }).click()
  await expect(page).toHaveURL(/\/data\?q=zzzz/)
})

test('a phone has the sections in a menu, without a script', async ({ visitor }) => {
  const page = await visitor({
    javaScriptEnabled: false,
    viewport: { width: 320, height: 640 },
  })
  await page.goto('/ur/indicators')
  const link = page.locator('.site-menu').getByRole('link', { name: 'ڈیٹا' })
  await expect(link).toBeHidden()
  await page.locator('.site-menu > summary').click()
  await link.click()
  await expect(page).toHaveURL(/\/ur\/data$/)
})

test('methods explain the terms that they use', async ({ page }) => {
  await page.goto('/methods')
  const links = page.locator('.term-link')
  const targets = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')))
  expect(targets.length).toBeGreaterThan(20)
  for (const target of new Set(targets)) await expect(page.locator(target ?? '')).toHaveCount(1)
})

test('before its first figure the record says so, on every page', async ({ page }) => {
  for (const path of ['/', '/indicators', '/programmes', '/areas', '/data']) {
    await page.goto(`${path}?asOf=1990-01-01`)
    await expect(page.locator('#no-record'), path).toBeVisible()
  }
})

test('a page that is not there offers a search', async ({ page, problems }) => {
  problems.expect(/^404 GET .*\/indicators\/NOTHING$/)
  await page.goto('/indicators/NOTHING')
  await page.getByRole('searchbox').fill('exports')
  await page.getByRole('searchbox').press('Enter')
  await expect(page.locator('.indicator-list > li')).not.toHaveCount(0)
})

test('an indicator under an earlier or other code leads to its page for good', async ({
  request,
}) => {
  for (const prefix of ['', '/ur']) {
    const answer = await request.get(`${prefix}/indicators/ACADEMIES_TARGET`, { maxRedirects: 0 })
    expect(answer.status()).toBe(308)
    expect(answer.headers().location).toBe(`${prefix}/indicators/ACADEMIES`)
  }
})

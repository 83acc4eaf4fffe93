import { expect, test } from '../support/browser'

test('the overview explains its marks, and says what is overdue', async ({ page }) => {
  await page.goto('/')
  const legend = page.getByRole('region', { name: 'What the marks mean' })
  for (const name of [
    'Provisional',
    'Rounded',
    'Publishers differ',
    'Break in series',
    'Computed here',
  ]) {
    await expect(legend.getByText(name, { exact: false }).first()).toBeVisible()
  }
  const monthly = page.locator('.latest-card', { hasText: 'Sep 2025' })
  await expect(monthly).toContainText('next was due 20 Nov 2025')
  await expect(monthly.locator('.status-mark', { hasText: 'overdue' })).toContainText('!')
  await expect(page.locator('.latest-card', { hasText: '31 May 2025' })).toContainText(
    'no schedule announced',
  )
  await expect(page.locator('.latest-card', { hasText: '20,315' })).toContainText(
    '6.8% of the target of 300,000 persons, for which no date was set',
  )
})

test('a computed rate leads to its parts, in both languages and on a past day', async ({
  page,
}) => {
  await page.goto('/indicators/COMPLETION_RATE')
  await page.getByRole('table').getByRole('link', { name: '75.0%' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('75.0%')
  await expect(page.getByText('Computed here').first()).toBeVisible()
  await expect(page.locator('dl.proof-facts')).toContainText('30 ÷ 40 × 100 = 75.0')
  const parts = page.getByRole('table', { name: 'Numerator and denominator' })
  await expect(parts.getByRole('row')).toHaveCount(3)
  const address = new URL(page.url()).pathname
  await page.goto(`/ur${address}`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('75.0')
  await page.goto(`${address}?asOf=2022-12-31`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('75.0%')
  await page.goto(address)
  await page.getByRole('table').getByRole('link', { name: '30 persons' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('30')
})

test('two figures that make no rate have no page', async ({ page, problems }) => {
  problems.expect(/^404 GET .*\/figures\/2-1$/)
  const response = await page.goto('/figures/2-1')
  expect(response?.status()).toBe(404)
})

test('targets stand on the page of their indicator, in both languages', async ({ page }) => {
  await page.goto('/indicators/TRAINED')
  const targets = page.getByRole('region', { name: 'Targets', exact: true })
  await expect(targets).toContainText('279,685 persons to go')
  await expect(targets).toContainText('its day has passed')
  await page.goto('/ur/indicators/TRAINED')
})

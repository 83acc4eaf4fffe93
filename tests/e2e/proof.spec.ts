import { expect, test } from '../support/browser'

const exportsPage = '/indicators/ICT_EXPORTS'

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('a figure leads to its proof, and that to a fixed link', async ({ page }) => {
      await page.goto(exportsPage)
      const figures = page.getByRole('table', { name: /All figures of ICT exports/ })
      await figures.getByRole('link', { name: 'US$ 2,596 million' }).click()
      await expect(page).toHaveURL(/\/figures\/\d+$/)
      await expect(page.getByRole('heading', { level: 1 })).toContainText('2,596')
      const history = page.getByRole('table', { name: /Revisions of this figure/ })
      for (const value of ['2,605', '2,593', '2,597']) await expect(history).toContainText(value)
      await page.getByRole('link', { name: 'A link that never changes' }).click()
      await expect(page).toHaveURL(/asOf=\d{4}-\d{2}-\d{2}&v=\d+$/)
      await expect(page.getByText(/This page is fixed/)).toBeVisible()
    })

    test('pages show what was known on a past day, and lead back', async ({ page }) => {
      await page.goto('/?asOf=2023-08-01')
      await expect(page.getByText('As known on 1 August 2023')).toBeVisible()
      await page.goto(`${exportsPage}?asOf=2023-08-01`)
      await expect(page.getByRole('table', { name: /All figures of/ })).toContainText('2,605')
      await page.getByRole('link', { name: 'Show today’s figures' }).click()
      await expect(page.getByRole('table', { name: /All figures of/ })).toContainText('2,596')
    })
  })
}

test('the download of a past day holds what was known then', async ({ request }) => {
  const csv = await request.get('/download/figures.csv?asOf=2023-08-01&indicator=ICT_EXPORTS')
  const row = (await csv.text()).split('\n').find((line) => line.includes(',2022-A1,'))
  expect(row).toContain(',2605,P,')
})

test('a day that cannot be shown is refused in words', async ({ page, request }) => {
  await page.goto('/ur?asOf=2999-01-01')
  await expect(page.locator('.notice')).toContainText('2999-01-01')
  const csv = await request.get('/download/figures.csv?asOf=2999-01-01')
  expect(csv.status()).toBe(400)
  expect(await csv.text()).toContain('still to come')
})

test('a figure that does not exist is not found', async ({ request }) => {
  expect((await request.get('/figures/999999')).status()).toBe(404)
})

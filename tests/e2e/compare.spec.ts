import { expect, test } from '../support/browser'

for (const javaScriptEnabled of [true, false]) {
  test.describe(`comparing, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    test.use({ javaScriptEnabled })

    test('series are chosen, drawn, taken out, and kept by a short link', async ({ page }) => {
      await page.goto('/compare')
      await page.getByLabel('Indicator', { exact: true }).selectOption('ICT_EXPORTS')
      await page.getByRole('button', { name: 'Offer its series' }).click()
      await page.getByRole('checkbox', { name: /^ICT exports · Pakistan by fiscal year/ }).check()
      await page.getByLabel('Indicator', { exact: true }).selectOption('FREELANCE_REMIT')
      await page.getByRole('button', { name: 'Offer its series' }).click()

      await page.locator('.compare-choose > summary').click()
      await page.getByRole('checkbox', { name: /remittances · Pakistan by fiscal year/ }).check()
      await page.getByRole('radio', { name: /^Index/ }).check()
      await page.getByRole('button', { name: 'Compare', exact: true }).click()
      await expect(page.getByRole('heading', { name: '2 series compared' })).toBeVisible()
      await expect(page.locator('figure.chart')).toHaveCount(1)
      await expect(page.locator('.chart-unit')).toHaveText(/^Index, FY\d{4}-\d\d = 100$/)
      const compared = page.url()

      await page.getByRole('button', { name: 'Make a short link' }).click()
      const address = await page.getByLabel('Short link').inputValue()
      expect(new URL(address).pathname).toMatch(/^\/s\/[0-9a-z]{8}$/)
      await page.goto(address)
      await expect(page).toHaveURL(/\/compare\?.*view=index.*asOf=\d{4}-\d\d-\d\d&v=\d+$/)
      await expect(page.getByRole('heading', { name: '2 series compared' })).toBeVisible()

      await page.goto(compared)
      await page
        .locator('#compared-table')
        .getByRole('link', { name: /^Take out/ })
        .first()
        .click()
      await expect(page.getByRole('heading', { name: '1 series compared' })).toBeVisible()
    })
  })
}

test('a compared chart is taken as an image and as a frame, as it is shown', async ({
  page,
  request,
}) => {
  const series = 'ICT_EXPORTS._Z.PK._T.flow.USD_MILLION.fiscal'
  await page.goto(`/ur/compare?series=${series}&form=columns`)
  const image = page.locator('.chart-downloads a[href$=".svg?locale=ur"]')
  const answer = await request.get((await image.getAttribute('href')) ?? '')
  expect(answer.status()).toBe(200)
  expect(await answer.text()).toContain('<svg')
  const code = await page.locator('.chart-downloads .take-away-code').textContent()
  const [, frame = ''] = /src="([^"]+)"/.exec(code ?? '') ?? []
  await page.goto(frame)
  await expect(page.locator('figure.chart')).toHaveCount(1)
  await expect(page.locator('.embedded-from a').last()).toHaveAttribute(
    'href',
    /^\/ur\/compare\?series=ICT_EXPORTS.*&form=columns#compared-0$/,
  )
})

test('a reader chooses how numbers are written, and every link keeps it', async ({ visitor }) => {
  const page = await visitor({ javaScriptEnabled: false })
  await page.goto('/ur/indicators/ICT_EXPORTS?asOf=2025-09-01')
  await page.locator('.reading > summary').click()
  await page.locator('.reading select[name="digits"]').selectOption('urdu')
  await page.locator('.reading select[name="scale"]').selectOption('lakh')
  await page.locator('.reading button').click()
  await expect(page).toHaveURL(/asOf=2025-09-01.*digits=urdu.*scale=lakh/)
  await expect(page.locator('.indicator-newest')).toContainText('کروڑ')
  const text = (await page.locator('.indicator-newest').textContent()) ?? ''
  expect(text).toMatch(/[۰-۹]/)
  expect(text).not.toMatch(/[0-9]/)
  await page.locator('.indicator-newest a').click()
  await expect(page).toHaveURL(/\/ur\/figures\/\d+\?.*digits=urdu&scale=lakh/)
})

test('a short link that nobody made says so', async ({ page }) => {
  await page.goto('/s/00000000')
  await expect(page.getByRole('heading', { name: 'There is no such link' })).toBeVisible()
})

import { expect, test } from '../support/browser'

const languages = [
  { path: '/', lang: 'en', dir: 'ltr' },
  { path: '/ur', lang: 'ur', dir: 'rtl' },
]

for (const { path, lang, dir } of languages) {
  test(`${path} answers in its language and direction`, async ({ page }) => {
    const response = await page.goto(path)
    expect(response?.status()).toBe(200)
    await expect(page.locator('html')).toHaveAttribute('lang', lang)
    await expect(page.locator('html')).toHaveAttribute('dir', dir)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  })
}

import { expect, test } from '../support/browser'

// The state of the first content as of a day: it looks the same for ever.
const state = 'asOf=2026-01-31&v=2'
const compared = ['ICT_EXPORTS', 'FREELANCE_REMIT']
  .map((code) => `series=${code}._Z.PK._T.flow.USD_MILLION.fiscal`)
  .join('&')

const views = [
  { name: 'overview', path: `/?${state}`, width: 1280 },
  { name: 'overview-narrow', path: `/?${state}`, width: 390 },
  { name: 'indicator', path: `/indicators/ICT_EXPORTS?${state}`, width: 1280 },
  { name: 'compare-narrow', path: `/compare?${compared}&form=columns&${state}`, width: 390 },
  { name: 'data', path: `/data?indicator=TRAINED&view=pivot&${state}`, width: 1280 },
]

for (const { name, path, width } of views) {
  for (const language of ['en', 'ur']) {
    for (const colorScheme of ['light', 'dark'] as const) {
      test(`${name} looks as it did, in ${language}, ${colorScheme}`, async ({ page }) => {
        await page.setViewportSize({ width, height: 1000 })
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.goto(language === 'en' ? path : `/ur${path.replace(/^\/(?=\?)/, '')}`)
        await page.evaluate(() => document.fonts.ready)
        await expect(page).toHaveScreenshot(`${name}-${language}-${colorScheme}.png`, {
          maxDiffPixelRatio: 0.01,
        })
      })
    }
  }
}

import { expectNoBarriers } from '../support/barriers'
import { expect, test } from '../support/browser'

const compared = ['ICT_EXPORTS', 'FREELANCE_REMIT']
  .map((code) => `series=${code}._Z.PK._T.flow.USD_MILLION.fiscal`)
  .join('&')

/** Every public page, and every state of one that looks different. */
const pages = [
  '/',
  '/?asOf=1990-01-01',
  '/?asOf=yesterday',
  '/indicators',
  '/indicators?q=women',
  '/indicators?q=zzzz',
  '/indicators/ACADEMIES',
  '/indicators/ACADEMIES?digits=urdu&scale=lakh&calendar=calendar',
  '/indicators/FREELANCE_REMIT/vintages?from=2023-08-01&to=2026-01-01',
  '/programmes',
  '/programmes/HUAWEI_ICTA',
  '/areas',
  '/areas/PK-PB',
  '/areas/PK-PB?asOf=2025-08-01',
  '/compare',
  `/compare?${compared}`,
  `/compare?${compared}&view=index&form=multiples&indicator=ACADEMIES`,
  '/compare?series=NOTHING&view=sideways',
  '/data',
  '/data?indicator=ACADEMIES&view=pivot',
  '/data?q=zzzz&sex=all',
  '/methods',
  '/about',
  '/briefing',
  '/releases',
  '/revisions',
  '/sources',
  '/sources/1',
  '/corrections',
  '/figures/1',
  '/figures/1/report',
  '/links/unknown',
  '/embed/overview/exports-by-year',
  '/nothing',
]

for (const path of pages) {
  test(`${path} has no barriers, in both languages and themes, and at 400 %`, async ({
    page,
    axe,
    problems,
  }) => {
    if (path === '/nothing') problems.expect(/^404 GET .*\/nothing$/)
    await expectNoBarriers(page, path, { axe })
  })
}

test('whatever has the focus shows it, also in colours of the system', async ({ page }) => {
  for (const forcedColors of ['none', 'active'] as const) {
    await page.emulateMedia({ forcedColors, reducedMotion: 'reduce' })
    for (const address of ['/', '/ur/data', `/compare?${compared}`]) {
      await page.goto(address)
      for (let n = 0; n < 25; n += 1) {
        await page.keyboard.press('Tab')
        const shown = await page.evaluate(() => {
          const focused = document.activeElement
          if (!focused || focused === document.body) return 'nothing'
          const seen = [focused, ...(focused.closest('label') ? [focused.closest('label')] : [])]
          const isSeen = seen.some((one) => {
            const { outlineStyle, outlineWidth } = getComputedStyle(one as Element)
            return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
          })
          return isSeen ? 'seen' : focused.outerHTML.slice(0, 200)
        })
        expect(shown, `${address}, Tab ${n + 1}`).toMatch(/^(seen|nothing)$/)
      }
    }
  }
})

test('marks keep apart where the system chooses the colours', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' })
  await page.goto(`/compare?${compared}`)
  const strokes = await page.locator('.chart-svg :is(.chart-line, .chart-dot)').evaluateAll((all) =>
    all.map((path) => {
      const { stroke, fill } = getComputedStyle(path)
      return stroke === 'none' ? fill : stroke
    }),
  )
  const back = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  expect(strokes.length).toBeGreaterThan(1)
  for (const stroke of strokes) expect(stroke).not.toBe(back)
})

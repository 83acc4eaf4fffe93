import type { Locator } from '@playwright/test'
import { expect, test } from '../support/browser'

const programme = '/programmes/DIGISKILLS'
const area = '/areas/PK-PB'
const compared = '/indicators/ICT_EXPORTS/vintages?from=2023-08-01&to=2024-11-19'

/**
 * A field for a day is text until somebody comes near (`public/days.js`), as every reader does first.
 * One that becomes another while it is filled in would lose the day.
 */
async function fillDay(field: Locator, day: string) {
  await field.page().waitForLoadState()
  await field.hover()
  await field.fill(day)
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('the list of programmes leads to one, and its figures to their proof', async ({
      page,
      picture,
    }) => {
      await page.goto('/programmes')
      await page.getByRole('link', { name: 'DigiSkills.pk', exact: true }).click()
      await expect(page).toHaveURL(programme)
      await picture(`programme-javascript-${javaScriptEnabled}`)
      const card = page.locator('.latest-card').first()
      const value =
        ((await card.locator('.card-value a').textContent()) ?? '').match(/[\d,]+/)?.[0] ?? ''
      await card.locator('.card-value a').click()
      await expect(page).toHaveURL(/\/figures\/\d+$/)
      await expect(page.getByRole('heading', { level: 1 })).toContainText(value)
      await page.getByRole('link', { name: 'DigiSkills.pk', exact: true }).first().click()
      await expect(page).toHaveURL(programme)
    })

    test('an area stands beside the country, today and as known on a past day', async ({
      page,
      picture,
    }) => {
      await page.goto('/areas')
      await page.getByRole('link', { name: 'Punjab', exact: true }).click()
      const table = page.getByRole('table', { name: /Figures of Punjab and of the country/ })
      await expect(table.getByRole('link', { name: '10,745 companies' })).toBeVisible()
      await picture(`area-javascript-${javaScriptEnabled}`)
      await fillDay(page.getByLabel('As known on'), '2024-01-01')
      await page.getByRole('button', { name: 'Show' }).click()
      await expect(page).toHaveURL(`${area}?asOf=2024-01-01`)
      await expect(page.getByText('As known on 1 January 2024')).toBeVisible()
      await expect(page.getByRole('link', { name: '10,745 companies' })).toHaveCount(0)
      await page.getByRole('link', { name: 'Show today’s figures' }).click()
      await expect(table).toBeVisible()
    })

    test('two days of an indicator are laid over each other', async ({ page, picture }) => {
      await page.goto('/indicators/ICT_EXPORTS')
      await fillDay(page.getByLabel('From'), '2023-08-01')
      await fillDay(page.getByLabel('To', { exact: true }), '2024-11-19')
      await page.getByRole('button', { name: 'Compare' }).click()
      await expect(page).toHaveURL(compared)
      const row = page
        .getByRole('row')
        .filter({ hasText: 'FY2022-23' })
        .filter({ hasText: '2,605' })
      await expect(row.last()).toContainText('2,596')
      await expect(row.last()).toContainText('−9')
      const chart = page.locator('figure.chart').first()
      await expect(chart.locator('.chart-keys')).toContainText('As known on 1 Aug 2023')
      await expect(chart.locator('.chart-svg .chart-earlier .chart-line').first()).toHaveCSS(
        'stroke-dasharray',
        /5px, 4px/,
      )
      await picture(`compare-javascript-${javaScriptEnabled}`)
    })

    test('days that cannot be compared are said so beside the form', async ({ page }) => {
      await page.goto('/indicators/ICT_EXPORTS/vintages?from=soon&to=2999-01-01')
      await expect(page.getByText('“soon” is not a day')).toBeVisible()
      await expect(page.getByText('2999-01-01 is still to come')).toBeVisible()
      await page.goto('/indicators/ICT_EXPORTS/vintages?from=2023-08-02&to=2023-08-03')
      await expect(page.getByText('Nothing changed from 2 Aug 2023 to 3 Aug 2023')).toBeVisible()
    })

    test('the log of revisions leads through a large commit', async ({ page, picture }) => {
      await page.goto('/revisions')
      await picture(`revisions-javascript-${javaScriptEnabled}`)
      await page.getByRole('link', { name: /^See all 2\d\d revisions/ }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Commit \d+$/)
      const first = await page.locator('tbody tr').first().getAttribute('id')
      await page.getByRole('link', { name: 'More of this commit' }).click()
      await expect(page.locator(`#${first}`)).toHaveCount(0)
      await page.locator('tbody td.numeric a').first().click()
      await expect(page).toHaveURL(/\/figures\/\d+#r\d+$/)
    })
  })
}

test('a mark of a chart leads to its proof after the second painter has taken over', async ({
  page,
}) => {
  await page.goto(compared)
  const chart = page.locator('figure.chart').first()
  await page.keyboard.press('Tab')
  await chart.getByRole('slider').focus()
  await expect(chart.locator('.recharts-wrapper')).toBeVisible()
  await expect(chart.locator('.chart-earlier .recharts-line-curve').first()).toHaveCSS(
    'stroke-dasharray',
    /5px, 4px/,
  )
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/figures\/\d+/)
})

test('codes that are not there are not found', async ({ request }) => {
  for (const path of [
    '/programmes/NOTHING',
    '/programmes/_Z',
    '/areas/XX',
    '/areas/XX?asOf=2023-01-01',
    '/indicators/NOTHING/vintages',
    '/revisions?commit=99999',
    '/download/charts/indicators/NOTHING/chart-0.svg',
  ]) {
    expect((await request.get(path)).status(), path).toBe(404)
  }
})

test('the feed is well-formed, tells its pages, and is not sent twice', async ({
  page,
  request,
}) => {
  for (const path of ['/revisions.atom', '/ur/revisions.atom']) {
    const feed = await request.get(path)
    expect(feed.status()).toBe(200)
    expect(feed.headers()['content-type']).toContain('application/atom+xml')
    const { etag = '', 'last-modified': modified = '' } = feed.headers()
    for (const [name, value] of [
      ['If-None-Match', etag],
      ['If-Modified-Since', modified],
    ] as const) {
      expect((await request.get(path, { headers: { [name]: value } })).status()).toBe(304)
    }
    await page.goto(path === '/revisions.atom' ? '/' : '/ur')
    await expect(page.locator('link[type="application/atom+xml"]')).toHaveAttribute(
      'href',
      new RegExp(`${path}$`),
    )
    const read = await page.evaluate(
      (xml) => {
        const document = new DOMParser().parseFromString(xml, 'application/xml')
        const entries = [...document.querySelectorAll('entry')]
        return {
          broken: document.querySelector('parsererror')?.textContent,
          entries: entries.length,
          incomplete: entries.filter((entry) =>
            ['id', 'title', 'updated', 'content', 'author > name'].some(
              (name) => !entry.querySelector(name)?.textContent,
            ),
          ).length,
        }
      },
      await feed.text(),
    )
    expect(read).toMatchObject({ incomplete: 0 })
    expect(read.broken).toBeUndefined()
    expect(read.entries).toBeGreaterThan(0)
  }
})

test('a chart is to be had as an image that stands alone, of the vintage it is beside', async ({
  page,
  request,
}) => {
  await page.goto('/ur/indicators/ICT_EXPORTS?asOf=2023-08-01&v=2')
  const address = await page
    .locator('a[href*="/download/charts/"][href*=".svg"]')
    .last()
    .getAttribute('href')
  expect(address).toBe(
    '/download/charts/indicators/ICT_EXPORTS/chart-1.svg?asOf=2023-08-01&v=2&locale=ur',
  )
  const image = await request.get(address ?? '')
  expect(image.headers()).toMatchObject({
    'content-type': 'image/svg+xml; charset=utf-8',
    'x-content-type-options': 'nosniff',
  })
  expect(image.headers()['content-security-policy']).toContain('sandbox')
  const svg = await image.text()
  expect(svg).toContain('2,605')
  expect(svg).not.toContain('2,596')
  expect(svg).toContain('text-anchor="end">\u2067')
  const drawn = await page.evaluate(async (src) => {
    const picture = new Image()
    picture.src = src
    await picture.decode()
    return [picture.naturalWidth, picture.naturalHeight]
  }, address ?? '')
  expect(drawn[0]).toBeGreaterThan(1000)
})

test('the API gives the same figures as the pages, and names a wrong parameter', async ({
  request,
}) => {
  const answer = await request.get(
    '/api/v1/observations?indicator=ICT_EXPORTS&asOf=2023-08-01&limit=1000',
  )
  expect(answer.headers()['access-control-allow-origin']).toBe('*')
  const { observations, asOf } = await answer.json()
  expect(asOf).toBe('2023-08-01')
  expect(observations).toContainEqual(
    expect.objectContaining({ period: '2022-A1', value: '2605', unit: 'USD_MILLION' }),
  )
  const revisions = await (await request.get('/api/v1/revisions?limit=3')).json()
  expect(revisions.revisions).toHaveLength(3)
  expect((await request.get(revisions.next)).status()).toBe(200)
  const refused = await request.get('/api/v1/observations?limit=many')
  expect(refused.status()).toBe(400)
  expect(await refused.json()).toMatchObject({ parameter: 'limit' })
})

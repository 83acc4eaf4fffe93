import type { Page } from '@playwright/test'
import { expect, holdTable, queryProduct, test } from '../support/browser'
import { signInAsAdministrator } from '../support/people'

const header = 'Indicator,Programme,Region,Date,Value,Newspaper,Link'

const fileOf = (...rows: string[]) => ({
  name: 'figures.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(['Scholarships of the year', header, ...rows, ''].join('\r\n')),
})

const row = (date: string, value: string) =>
  `SCHOLARSHIPS_OFFERED,PSEB,Balochistan,${date},${value},Dawn,https://example.org/${value}`

async function upload(page: Page, file: ReturnType<typeof fileOf>): Promise<void> {
  await page.goto('/entry/import')
  await page.locator('#file').setInputFiles(file)
  await page.getByRole('button', { name: 'Upload' }).click()
  await expect(page.getByRole('heading', { name: 'What the columns hold' })).toBeVisible()
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(`JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    test.use({ javaScriptEnabled })
    const year = javaScriptEnabled ? 2019 : 2020
    const state = javaScriptEnabled ? 'on' : 'off'

    test.beforeEach(({ page }) => signInAsAdministrator(page))

    test('a file is mapped, checked, shown and published', async ({
      page,
      visitor,
      axe,
      picture,
    }) => {
      await page.goto('/entry/import')
      await axe()
      await upload(page, fileOf(row(`2 May ${year}`, '71'), row(`3 May ${year}`, '72')))
      await expect(page.locator('[id="column.source_url"]')).toHaveValue('6')
      await expect(page.locator('#headerLine')).toHaveValue('2')
      await expect(
        page.getByText('The row above the names of the columns is a title'),
      ).toBeVisible()
      await picture(`import-columns-javascript-${state}`)
      await axe()
      await page.locator('[id="column.publisher"]').selectOption('')
      // The columns of an earlier file with this header are remembered.
      await page.locator('[id="text.publisher"]').fill('')
      await page.getByRole('button', { name: 'Check the file' }).click()
      await expect(page.locator('.error-summary')).toContainText('Publisher: choose a column')
      await axe()
      await page.locator('[id="text.publisher"]').fill('Dawn')
      await page.getByRole('button', { name: 'Check the file' }).click()
      await expect(page.getByRole('heading', { name: 'What would change' })).toBeVisible()
      await expect(page.getByRole('link', { name: 'New figures (2)' })).toBeVisible()
      await picture(`import-check-javascript-${state}`)
      await axe()
      await page.getByRole('button', { name: 'Publish 2 figures' }).click()
      await expect(page.getByRole('heading', { name: 'Published', exact: true })).toBeVisible()
      await axe()
      const reader = await visitor()
      const answer = await reader.request.get(
        '/download/figures.csv?indicator=SCHOLARSHIPS_OFFERED&area=PK-BA',
      )
      expect(await answer.text()).toContain(`${year}-05-03,${year}-05-03,${year}-05-03,D,72`)

      await upload(page, fileOf(row(`2 May ${year}`, '71'), row(`3 May ${year}`, '72')))
      await page.getByRole('button', { name: 'Check the file' }).click()
      await expect(page.getByText('The file adds nothing')).toBeVisible()
      await page.getByRole('button', { name: 'Throw the file away' }).click()
      await expect(page).toHaveURL(/\/entry\/import$/)
    })

    test('what is wrong is named, and downloaded beside the rows', async ({ page, axe }) => {
      await upload(page, fileOf(row('01/02/2019', '5'), row('3 June 2019', '12 people')))
      await page.getByRole('button', { name: 'Check the file' }).click()
      await expect(page.getByText('Nothing can be published yet')).toBeVisible()
      await expect(page.getByText('Day and month of “01/02/2019” could be mixed up')).toBeVisible()
      await expect(page.getByRole('button', { name: /^Publish/ })).toHaveCount(0)
      await axe()
      const report = await page.request.get(`${page.url().split('?')[0]}/report`)
      expect(await report.text()).toContain('“12 people” is not a number')
      await page.goto(page.url().replace('/entry/', '/ur/entry/'))
      await expect(page.getByText('ابھی کچھ شائع نہیں ہو سکتا')).toBeVisible()
      await axe()
    })
  })
}

test.describe('step by step, without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a check is stopped while it runs; no step is amiss in Urdu, in the dark, on a phone', async ({
    page,
    axe,
    picture,
  }) => {
    await signInAsAdministrator(page)
    const look = async (name: string) => {
      const address = page.url()
      await page.setViewportSize({ width: 390, height: 844 })
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
      await page.goto(address.replace('/entry/', '/ur/entry/'))
      await axe()
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width, `${name} is not wider than the screen`).toBeLessThanOrEqual(390)
      await picture(`import-${name}-phone`)
      await page.emulateMedia({ colorScheme: 'light' })
      await page.setViewportSize({ width: 1440, height: 900 })
      await page.goto(address)
      await picture(`import-${name}`)
    }
    await upload(page, fileOf(row('2 May 2017', '1'), row('3 May 2017', '900')))
    await look('columns')
    const release = await holdTable('rule_versions')
    try {
      await page.getByRole('button', { name: 'Check the file' }).click()
      await expect(page.getByRole('heading', { name: 'The file is being checked' })).toBeVisible()
      // The page looks again every few seconds, also while it is looked at.
      await page.route(/\/entry\/import\/[^/]+$/, async (route) => {
        if (route.request().method() !== 'GET') return route.continue()
        const response = await route.fetch()
        const body = (await response.text()).replace(/<meta http-equiv="refresh"[^>]*>/gi, '')
        await route.fulfill({ response, body })
      })
      await look('progress')
      await page.unroute(/\/entry\/import\/[^/]+$/)
      await page.getByRole('button', { name: 'Stop' }).click()
      await expect(page.getByText('You stopped it. Nothing was published.')).toBeVisible()
    } finally {
      await release()
    }
    const id = page.url().split('?')[0]?.split('/').at(-1)
    expect(
      await queryProduct(`SELECT count(*)::int FROM staged_figures WHERE upload_id = '${id}'`),
    ).toEqual([[0]])
    await look('stopped')
    await page.getByRole('button', { name: 'Check the file' }).click()
    await expect(
      page.getByRole('heading', { name: 'Look at these figures once more' }),
    ).toBeVisible()
    await look('check')
    await page.getByLabel('Why are the figures right?').fill('A new programme.')
    await page.getByRole('button', { name: 'Publish 2 figures' }).click()
    await expect(page.getByRole('heading', { name: 'Published', exact: true })).toBeVisible()
    await look('done')
  })
})

test('a file over the limit is answered with 413, and says so on the form', async ({
  page,
  problems,
  axe,
  picture,
}) => {
  await signInAsAdministrator(page)
  problems.expect(/^413 POST .*\/api\/imports/)
  await page.goto('/entry/import')
  const buffer = Buffer.alloc(50_100_000)
  buffer.write('PK\x03\x04', 'latin1')
  await page.locator('#file').setInputFiles({ name: 'big.xlsx', mimeType: '', buffer })
  await page.getByRole('button', { name: 'Upload' }).click()
  await expect(page.locator('.error-summary')).toContainText('larger than 50 MB')
  await axe()
  await picture('import-too-large')
  expect(
    await queryProduct("SELECT count(*)::int FROM uploads WHERE file_name = 'big.xlsx'"),
  ).toEqual([[0]])
})

test('others may not look at a file', async ({ page, visitor }) => {
  await signInAsAdministrator(page)
  await upload(page, fileOf(row('2 May 2018', '1')))
  const path = new URL(page.url()).pathname
  const stranger = await visitor()
  expect((await stranger.request.get(`${path}/report`)).status()).toBe(404)
  await stranger.goto(path)
  await expect(stranger).toHaveURL(/\/sign-in/)
})

import type { Page } from '@playwright/test'
import { expect, test } from '../support/browser'
import { signInAsAdministrator } from '../support/people'

const header = 'Indicator,Programme,Region,Date,Value,Newspaper,Link'

const fileOf = (...rows: string[]) => ({
  name: 'figures.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from([header, ...rows, ''].join('\r\n')),
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

test('others may not look at a file', async ({ page, visitor }) => {
  await signInAsAdministrator(page)
  await upload(page, fileOf(row('2 May 2018', '1')))
  const path = new URL(page.url()).pathname
  const stranger = await visitor()
  expect((await stranger.request.get(`${path}/report`)).status()).toBe(404)
  await stranger.goto(path)
  await expect(stranger).toHaveURL(/\/sign-in/)
})

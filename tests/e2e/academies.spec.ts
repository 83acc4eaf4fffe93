import type { Page } from '@playwright/test'
import { expectNoBarriers } from '../support/barriers'
import { expect, queryProduct, test } from '../support/browser'
import { signInAsAdministrator } from '../support/people'

const table = [
  'code,programme,area,name_en,name_ur,city,host,opened_on',
  'E2E_RAVI,HUAWEI_ICTA,PK-PB,Ravi ICT Academy,راوی آئی سی ٹی اکیڈمی,Lahore,University of the Ravi,2020-03-01',
  'E2E_MEHRAN,HUAWEI_ICTA,PK-SD,Mehran ICT Academy,مہران آئی سی ٹی اکیڈمی,Jamshoro,,2021-09-01',
].join('\n')

/** Whichever test comes first brings the academies that all of them look at. */
async function bringAcademies(page: Page): Promise<void> {
  await signInAsAdministrator(page)
  const known = await queryProduct("SELECT code FROM academies WHERE code LIKE 'E2E_%'")
  if (known.length > 0) return
  await page.goto('/registry/import')
  await page.getByLabel('Or paste the table here').fill(table)
  await page.getByRole('button', { name: 'Check, without storing' }).click()
  await expect(page.getByText('2 new academies')).toBeVisible()
  await page.getByRole('button', { name: 'Store all of it' }).click()
  await expect(page).toHaveURL(/imported=2/)
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('academies come from a table, one is added, closed and merged, and readers see it', async ({
    page,
    visitor,
  }) => {
    await bringAcademies(page)
    await expect(page.getByRole('link', { name: 'Ravi ICT Academy' })).toBeVisible()

    await page.goto('/registry/new')
    await page.getByLabel('Code', { exact: true }).fill('E2E_CHENAB')
    await page.getByLabel('Name in English').fill('Chenab ICT Academy')
    await page.getByLabel('Programme').selectOption('HUAWEI_ICTA')
    await page.getByLabel('Contact').fill('Saba Gul, 0300 7654321')
    await page.getByRole('button', { name: 'Add the academy' }).click()
    // Two fields were forgotten; the others are as they were typed.
    await expect(page.locator('.error-summary a')).toHaveText([/^Name in Urdu/, /^Area/])
    await expect(page.getByLabel('Name in English')).toHaveValue('Chenab ICT Academy')
    await expect(page.getByLabel('Programme')).toHaveValue('HUAWEI_ICTA')
    await page.getByLabel('Name in Urdu').fill('چناب آئی سی ٹی اکیڈمی')
    await page.getByLabel('Area').selectOption('PK-PB')
    await page.getByRole('button', { name: 'Add the academy' }).click()
    await expect(page).toHaveURL(/saved=E2E_CHENAB/)

    const reader = await visitor()
    await reader.goto('/academies')
    await expect(reader.getByRole('link', { name: 'Chenab ICT Academy' })).toBeVisible()
    expect(await reader.content()).not.toContain('7654321')

    await page.goto('/registry?q=چناب')
    await page.getByRole('link', { name: 'Chenab ICT Academy' }).click()
    await page.getByLabel('Last day', { exact: true }).fill('2024-06-30')
    await page.getByRole('button', { name: 'Close this academy' }).click()
    await expect(page.locator('.error-summary a')).toHaveText(/^Why is it closed\?/)
    await page.getByLabel('Why is it closed?').fill('Its building was needed.')
    await page.getByRole('button', { name: 'Close this academy' }).click()
    await expect(page.getByText('The academy is closed.')).toBeVisible()
    await expect(page.getByText('Its building was needed.')).toBeVisible()

    await page.getByLabel('Became a part of').selectOption('E2E_RAVI')
    await page.getByLabel('Why are they merged?').fill('One campus.')
    await page.getByRole('button', { name: 'Merge it into another one' }).click()
    await expect(page.getByText('The academies are merged.')).toBeVisible()
    await reader.goto('/academies/E2E_CHENAB')
    await expect(reader).toHaveURL(/\/academies\/E2E_RAVI$/)
    await expect(reader.getByText('Chenab ICT Academy')).toBeVisible()

    await page.getByLabel('Why is the merger undone?').fill('Two campuses after all.')
    await page.getByRole('button', { name: 'Undo the merger' }).click()
    await expect(page.getByText('The merger is undone.')).toBeVisible()
    await reader.goto('/academies/E2E_CHENAB')
    await expect(reader.getByRole('heading', { level: 1 })).toHaveText('Chenab ICT Academy')
  })

  test('a file that is wrong is told row by row, and nothing of it is stored', async ({
    page,
    axe,
    picture,
  }) => {
    await bringAcademies(page)
    await page.goto('/registry/import')
    await page.getByLabel('File').setInputFiles({
      name: 'academies.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('\ufeffcode,area,city\r\nE2E_RAVI,PK-XX,Kasur\r\nE2E_MEHRAN,,Kotri\r\n'),
    })
    await page.getByRole('button', { name: 'Check, without storing' }).click()
    await expect(page.locator('#problems tbody tr')).toHaveCount(2)
    await expect(page.locator('#problems tbody tr').first()).toContainText(
      /2\s*area\s*PK-XX\s*This is not one of the choices/,
    )
    await expect(page.getByRole('button', { name: 'Store all of it' })).toHaveCount(0)
    await axe()
    await picture('academies-file')
    const cities = await queryProduct("SELECT city FROM academies WHERE code = 'E2E_MEHRAN'")
    expect(cities).toEqual([['Jamshoro']])
  })
})

test('somebody else’s change stands beside what was typed', async ({ page }) => {
  await bringAcademies(page)
  await page.goto('/registry/E2E_MEHRAN')
  await queryProduct(
    "UPDATE academies SET host = 'Mehran Trust', version = version + 1 WHERE code = 'E2E_MEHRAN'",
  )
  await page.getByLabel('Host').fill('Mehran Board')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.locator('.error-summary')).toContainText('Mehran Trust')
  await expect(page.getByLabel('Host')).toHaveValue('Mehran Board')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page).toHaveURL(/saved=E2E_MEHRAN/)
})

test('with JavaScript too, what was done to an academy is said', async ({ page }) => {
  await bringAcademies(page)
  await page.goto('/registry/E2E_MEHRAN')
  await page.getByLabel('Last day', { exact: true }).fill('2024-06-30')
  await page.getByLabel('Why is it closed?').fill('Its building was needed.')
  await page.getByRole('button', { name: 'Close this academy' }).click()
  // The form is gone from the page that comes with the answer.
  await expect(page.getByText('The academy is closed.')).toBeVisible()
  await page.getByLabel('Why is it open again?').fill('It has another building.')
  await page.getByRole('button', { name: 'Open it again' }).click()
  await expect(page.getByText('The academy is open again.')).toBeVisible()
})

const pages = [
  '/registry',
  '/registry/new',
  '/registry/import',
  '/registry/E2E_RAVI',
  '/academies',
  '/academies/E2E_RAVI',
]

for (const path of pages) {
  test(`${path} has no barriers, in both languages and themes, and is narrow`, async ({
    page,
    axe,
    picture,
  }) => {
    await bringAcademies(page)
    await expectNoBarriers(page, path, { axe, picture })
  })
}

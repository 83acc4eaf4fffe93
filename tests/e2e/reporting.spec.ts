import type { Page } from '@playwright/test'
import { expectNoBarriers } from '../support/barriers'
import { expect, queryProduct, test } from '../support/browser'
import { join, type Person, signInAsAdministrator } from '../support/people'

const officer: Person = {
  name: 'Gul Zaman',
  email: 'gul.zaman@example.org',
  password: 'nine patient herons at Tarbela',
}

const registry = `code,name_en,name_ur,programme,area
TEST_PEW,Test academy of Peshawar,پشاور کی آزمائشی اکیڈمی,KPITB,PK-KP
TEST_SWAT,Test academy of Swat,سوات کی آزمائشی اکیڈمی,KPITB,PK-KP
`
const words = 'programme=KPITB&indicator=TRAINED&period=2024-05'

async function registerAcademies(page: Page): Promise<void> {
  await page.goto('/registry/import')
  await page.getByLabel('Or paste the table here').fill(registry)
  await page.getByRole('button', { name: 'Check, without storing' }).click()
  await page.getByRole('button', { name: 'Store all of it' }).click()
  await expect(page.getByText('2 academies were stored.')).toBeVisible()
  await page.goto('/registry/TEST_SWAT')
  await page.getByLabel('Contact').fill('Ms Spogmai <spogmai@example.org>')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page).toHaveURL(/saved/)
}

test('an officer reports for one academy on a phone without JavaScript; the coverage follows', async ({
  page,
  visitor,
  axe,
  picture,
}) => {
  await signInAsAdministrator(page)
  await page.goto('/programmes/KPITB')
  await expect(page.getByText('What academies reported')).toHaveCount(0)
  await registerAcademies(page)
  await page.goto(`/reporting?${words}`)
  await expect(page.getByText('0 of 2 academies have reported.')).toBeVisible()

  const phone = await visitor({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } })
  await join(page, phone, officer, 'Editor')
  await queryProduct(`INSERT INTO user_scopes (user_id, academy_code)
    SELECT u.id, a.code FROM users u, academies a
    WHERE u.email = '${officer.email}' AND a.code LIKE 'TEST\\_%'`)
  await phone.goto('/entry')
  await expect(phone.getByRole('heading', { name: 'My academies' })).toBeVisible()
  await phone.getByRole('link', { name: 'Test academy of Peshawar' }).click()

  await phone.getByLabel('Period').fill('May 2024')
  await phone.getByText('Choose which figures').click()
  await phone.getByLabel('People trained', { exact: true }).check()
  await phone.getByRole('button', { name: 'Show the form' }).click()
  const value = phone.getByLabel('People trained', { exact: true }).last()
  await expect(value).toHaveAttribute('inputmode', 'decimal')
  await value.fill('twelve')
  await phone.getByRole('button', { name: 'Send for review' }).click()
  const summary = phone.locator('.error-summary')
  await expect(summary).toContainText('People trained: “twelve” is not a number')
  await picture('report-errors', phone)
  await axe(phone)

  await value.fill('۱٬۲۰۰')
  await phone.getByLabel('Publisher', { exact: true }).last().fill('Test academy of Peshawar')
  // The bar at the bottom stays clear of what has the focus.
  await phone.getByLabel('Message', { exact: true }).focus()
  const [field, bar] = await Promise.all([
    phone.getByLabel('Message', { exact: true }).boundingBox(),
    phone.locator('.report-bar').boundingBox(),
  ])
  expect((field?.y ?? 0) + (field?.height ?? 0)).toBeLessThanOrEqual(bar?.y ?? 0)
  expect(bar?.height).toBeGreaterThanOrEqual(44)
  await phone.getByRole('button', { name: 'Send for review' }).click()
  await expect(phone.getByText('1 figure was sent for review.')).toBeVisible()
  await expect(phone.getByText(/1,200\W? waits for review/)).toBeVisible()
  await picture('report-sent', phone)
  await axe(phone)
  const set =
    (await phone.getByRole('link', { name: 'See what was entered' }).getAttribute('href')) ?? ''

  await page.goto(set)
  await page.getByRole('button', { name: 'Approve' }).click()
  await expect(page).toHaveURL(/decided=1/)
  await page.goto(`/reporting?${words}`)
  await expect(page.getByText(/^1 of 2 academies have reported\. Together/)).toBeVisible()
  await picture('reporting')
  const file = await page.request.get(`/reporting/file?${words}`)
  expect(await file.text()).toContain(
    'TRAINED,KPITB,PK,_T,cumulative,PERSONS,2024-05,computed,2,1,0,1200',
  )

  await page.getByRole('link', { name: 'Remind those who have not reported' }).click()
  await expect(page.getByRole('link', { name: /Write an e-mail to .*Swat/ })).toHaveAttribute(
    'href',
    /^mailto:spogmai@example\.org\?subject=/,
  )
  await picture('reminders')
  const reader = await visitor()
  expect((await reader.request.get(`/reporting/reminders/file?${words}`)).status()).toBe(404)
  await reader.goto('/programmes/KPITB')
  await expect(reader.getByText('Together that makes 1,200 persons.')).toBeVisible()

  await phone.goto('/entry')
  await expect(phone.getByText('May 2024: reported')).toBeVisible()
  for (const path of [
    `/reporting?${words}`,
    `/reporting/reminders?${words}`,
    '/entry/academy/TEST_SWAT?period=2024-05',
  ]) {
    await expectNoBarriers(page, path, { axe })
  }
})

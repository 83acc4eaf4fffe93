import { expectNoBarriers } from '../support/barriers'
import { expect, queryProduct, test } from '../support/browser'
import { join, type Person, signIn, signInAsAdministrator } from '../support/people'

const officer: Person = {
  name: 'Hamid Raza',
  email: 'hamid.raza@example.org',
  password: 'twelve grey herons over Haleji',
}

const pages = [
  '/admin',
  '/catalogue/indicators',
  '/catalogue/programmes',
  '/catalogue/areas',
  '/catalogue/units',
  '/catalogue/indicators/ACADEMIES',
  '/catalogue/indicators/new',
  '/catalogue/programmes/HUAWEI_ICTA',
  '/catalogue/areas/PK-PB',
  '/rules',
  '/people',
  '/settings',
  '/account',
]

for (const path of pages) {
  test(`${path} has no barriers, in both languages and themes, and is narrow`, async ({
    page,
    axe,
    picture,
  }) => {
    await signInAsAdministrator(page)
    await expectNoBarriers(page, path, { axe, picture })
  })
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a name that is edited stands on the public page at once', async ({ page, visitor }) => {
    await signInAsAdministrator(page)
    for (const name of ['Academies that teach', 'ICT academies']) {
      await page.goto('/catalogue/indicators/ACADEMIES')
      const field = page.getByLabel('Name in English')
      await field.fill(name)
      await page.getByRole('button', { name: 'Save' }).click()
      const reader = await visitor()
      await reader.goto('/indicators/ACADEMIES')
      await expect(reader.getByRole('heading', { level: 1 })).toHaveText(name)
    }
    const versions = await queryProduct(
      "SELECT count(*) FROM indicator_versions WHERE indicator_code = 'ACADEMIES'",
    )
    expect(Number(versions[0]?.[0])).toBeGreaterThanOrEqual(3)
  })

  test('an officer is limited, renamed and given a new password, and a round of faults is told', async ({
    page,
    visitor,
    axe,
    picture,
  }) => {
    await signInAsAdministrator(page)
    const other = await visitor({ javaScriptEnabled: false })
    await join(page, other, officer, 'Editor')
    await page.goto('/people')
    await page.getByRole('link', { name: officer.name }).click()
    await page.locator('summary', { hasText: 'Programmes' }).click()
    await page.locator('input[name="programmes"][value="NAVTTC"]').check()
    await page.getByRole('button', { name: 'Save the limits' }).click()
    await expect(page.getByText('The limits are saved.')).toBeVisible()
    await page.getByLabel('Name', { exact: true }).fill('Hamid Ali Raza')
    await page.getByRole('button', { name: 'Save the name' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Hamid Ali Raza' })).toBeVisible()
    await page.getByRole('button', { name: 'Make a link to a new password' }).click()
    const link = await page.getByLabel('One-time link').inputValue()
    const path = new URL(page.url()).pathname

    await other.goto(link)
    const password = 'thirteen white cranes over Zangi Nawar'
    const retype = async (again: string) => {
      await other.getByLabel('New password', { exact: true }).fill(password)
      await other.getByLabel('New password, once more').fill(again)
      await other.getByRole('button', { name: 'Save the password' }).click()
    }
    await retype(`${password}!`)
    await expect(other.locator('.error-summary')).toBeVisible()
    // The look needs scripts of its own in the page.
    const eye = await visitor({ javaScriptEnabled: true })
    await signInAsAdministrator(eye)
    await expectNoBarriers(eye, path, { axe, picture })
    const { pathname, search } = new URL(link)
    await eye.context().clearCookies()
    await expectNoBarriers(eye, pathname + search, { axe, picture })
    await other.goto(link)
    await retype(password)
    await expect(other).toHaveURL(/\/sign-in/)
    await signIn(other, { ...officer, password })
  })

  test('a rule is written, refused with what was typed, and stored; a setting is changed', async ({
    page,
    axe,
  }) => {
    await signInAsAdministrator(page)
    await page.goto('/rules')
    await page.getByLabel('Kind of rule').selectOption({ label: 'Range' })
    await page.getByRole('button', { name: 'Open the form' }).click()
    await page.getByLabel('Code').fill('TRAINING_SLOTS_MOST')
    await page.getByLabel('Indicator').selectOption('TRAINING_SLOTS')
    await page.getByLabel('At most').fill('many')
    await page.getByLabel('Why').fill('No more places than people.')
    await page.getByRole('button', { name: 'Save the rule' }).click()
    await expect(page.locator('.error-summary')).toContainText('many')
    await expect(page.getByLabel('Why')).toHaveValue('No more places than people.')
    await axe()
    await page.getByLabel('At most').fill('۲۵۰٬۰۰۰٬۰۰۰')
    await page.getByRole('button', { name: 'Save the rule' }).click()
    await expect(page.getByText('The rule is stored.')).toBeVisible()
    await expect(page.getByText('Values are at most 250,000,000.')).toBeVisible()
    await page.getByRole('link', { name: 'Values are at most 250,000,000.' }).click()
    await expect(page.getByRole('table', { name: 'Versions of this rule' })).toContainText('1')

    for (const choice of ['Roles', 'Names']) {
      await page.goto('/settings')
      await page.getByRole('radio', { name: choice }).check()
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('The settings are saved.')).toBeVisible()
      await expect(page.getByRole('radio', { name: choice })).toBeChecked()
    }
    await axe()
  })
})

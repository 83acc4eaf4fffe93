import type { Page } from '@playwright/test'
import { expect, queryProduct, test } from '../support/browser'
import { join, type Person, signIn, signInAsAdministrator } from '../support/people'

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
  '/catalogue/sources',
  '/catalogue/sources/1',
  '/rules',
  '/rules/TENFOLD',
  '/rules/new?kind=part_of',
  '/people',
  '/account',
  '/settings',
]

const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

for (const path of pages) {
  test(`${path} has no barriers, in both languages and themes, and is narrow`, async ({
    page,
    axe,
    picture,
  }) => {
    await signInAsAdministrator(page)
    for (const address of [path, `/ur${path}`]) {
      await page.setViewportSize({ width: 1280, height: 900 })
      await page.emulateMedia({ colorScheme: 'light' })
      const answer = await page.goto(address)
      expect(answer?.status(), address).toBe(200)
      await axe()
      await picture(`admin${address.replaceAll(/\W/g, '-')}`)
      await page.emulateMedia({ colorScheme: 'dark' })
      await axe(page, 'colours')
      await page.setViewportSize({ width: 390, height: 844 })
      await picture(`admin${address.replaceAll(/\W/g, '-')}-390`)
      await page.setViewportSize({ width: 320, height: 640 })
      expect(await sideways(page), `${address} at 320 px`).toBeLessThanOrEqual(0)
    }
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

  const sana: Person = {
    name: 'Sana Mirza',
    email: 'sana.admin@example.org',
    password: 'four brass clocks in Skardu',
  }

  test('a person is limited, given a new password, and signed out when deactivated', async ({
    page,
    visitor,
    axe,
    picture,
  }) => {
    await signInAsAdministrator(page)
    const person = await visitor({ javaScriptEnabled: false })
    await join(page, person, sana, 'Editor')
    await page.goto('/people?q=sana.admin')
    await expect(page.locator('#people tbody tr')).toHaveCount(1)
    await page.getByRole('link', { name: sana.name }).click()
    await axe()
    await page.getByLabel('PSEB').first().check()
    await page.getByRole('button', { name: 'Save the limits' }).click()
    await expect(page.getByText('The limits are saved.')).toBeVisible()
    await picture('admin-person')
    await person.goto('/entry')
    await expect(person).toHaveURL(/\/sign-in/)

    const makeLink = async () => {
      await page.getByRole('button', { name: 'Make a link to a new password' }).click()
      return page.getByLabel('One-time link').inputValue()
    }
    const expired = await makeLink()
    await queryProduct("UPDATE password_resets SET expires_at = now() - interval '1 second'")
    await person.goto(expired)
    await expect(person.getByRole('heading', { level: 1 })).toHaveText('This link does not work')
    const link = await makeLink()
    await person.goto(link)
    await axe(person)
    const renewed = { ...sana, password: 'nine copper kettles of Gwadar' }
    await person.getByLabel('New password', { exact: true }).fill(renewed.password)
    await person.getByLabel('New password, once more').fill(renewed.password)
    await person.getByRole('button', { name: 'Save the password' }).click()
    await expect(person).toHaveURL(/\/sign-in/)
    await signIn(person, renewed)
    await person.goto(link)
    await expect(person.getByRole('heading', { level: 1 })).toHaveText('This link does not work')

    await page.goto('/people?q=sana.admin')
    await page.getByRole('button', { name: `Deactivate ${sana.name}` }).click()
    await expect(page.getByText('signed out everywhere')).toBeVisible()
    await person.goto('/entry')
    await expect(person).toHaveURL(/\/sign-in/)
    // And the one who did it is the last who can: they stay.
    await page.goto('/people?q=ayesha')
    await page.getByRole('button', { name: 'Deactivate Ayesha Khan' }).click()
    await expect(page.getByText('This is the last active administrator.')).toBeVisible()
  })

  test('a rule of each kind is made, and a changed one holds for the next figure', async ({
    page,
  }) => {
    await signInAsAdministrator(page)
    const kinds: Record<string, Record<string, string>> = {
      range: { 'At most': '5' },
      jump: { Factor: '20' },
      never_falls: {},
      part_of: {},
      areas_sum: { Tolerance: '1' },
      sexes_sum: { Tolerance: '1' },
      source: {},
    }
    for (const [kind, fields] of Object.entries(kinds)) {
      await page.goto(`/rules/new?kind=${kind}`)
      await page.getByLabel('Code').fill(`NEW_${kind.toUpperCase()}`)
      for (const [label, text] of Object.entries(fields)) await page.getByLabel(label).fill(text)
      if (kind === 'part_of') await page.getByLabel('Part').selectOption('TRAINED')
      else await page.getByLabel('Indicator').selectOption('CENTRES')
      await page.getByLabel('Why').fill('A test of the form.')
      await page.getByRole('button', { name: 'Save the rule' }).click()
      await expect(page.getByText('The rule is stored.'), kind).toBeVisible()
    }

    const enter = async () => {
      await page.goto('/entry/new?indicator=CENTRES&programme=NAVTTC&area=PK-GB')
      await page.getByLabel('Period').fill('3 March 2019')
      await page.getByLabel('Value', { exact: true }).fill('7')
      await page.getByLabel('Publisher').fill('Dawn')
      await page.getByRole('button', { name: 'Publish' }).click()
    }
    const above = 'The value is above 5, the most that is expected.'
    await enter()
    await expect(page.getByText(above).first()).toBeVisible()
    await expect(page.getByLabel('Why is the figure right?')).toBeVisible()
    for (const change of ['error', 'off'] as const) {
      await page.goto('/rules/NEW_RANGE')
      if (change === 'error') await page.getByLabel('Severity').selectOption('error')
      else await page.getByLabel('Active').selectOption('no')
      await page.getByLabel('Why').fill(`Now ${change}.`)
      await page.getByRole('button', { name: 'Save the rule' }).click()
      await expect(page.getByText('The rule is stored.')).toBeVisible()
      await enter()
      if (change === 'error') {
        await expect(page.locator('.error-summary')).toContainText(above)
        await expect(page.getByLabel('Why is the figure right?')).toHaveCount(0)
      } else await expect(page.getByText(above)).toHaveCount(0)
    }
    await page.goto('/rules/NEW_RANGE')
    await expect(page.locator('#versions tbody tr')).toHaveCount(3)
    for (const kind of Object.keys(kinds)) {
      await page.goto(`/rules/NEW_${kind.toUpperCase()}`)
      await page.getByLabel('Active').selectOption('no')
      await page.getByLabel('Why').fill('The test is over.')
      await page.getByRole('button', { name: 'Save the rule' }).click()
    }
  })

  test('a corrected source stands in the proof beside what was cited, and that can be taken back', async ({
    page,
    visitor,
    axe,
    picture,
  }) => {
    await signInAsAdministrator(page)
    const [[figure, source] = []] = await queryProduct(`
      SELECT o.id, r.source_id FROM observations o JOIN revisions r ON r.id = o.current_revision_id
      JOIN sources s ON s.id = r.source_id WHERE s.title <> '' ORDER BY o.id LIMIT 1`)
    const cited = (await queryProduct(`SELECT title FROM sources WHERE id = ${source}`))[0]?.[0]
    await page.goto(`/catalogue/sources/${source}`)
    await page.getByLabel('Title').fill('A title without the slip')
    await page.getByLabel('Why?').first().fill('The title had a slip.')
    await page.getByRole('button', { name: 'Save the correction' }).click()
    await expect(page.getByText('The correction is saved.')).toBeVisible()
    await axe()
    await picture('admin-source-corrected')
    const reader = await visitor()
    await reader.goto(`/figures/${figure}`)
    await expect(reader.getByText('This citation was corrected on')).toBeVisible()
    await expect(reader.locator('.proof-facts')).toContainText(String(cited))
    await picture('admin-source-proof', reader)
    await reader.getByRole('link', { name: /A title without the slip/ }).click()
    await expect(reader.getByRole('heading', { name: 'Earlier citations' })).toBeVisible()
    await axe(reader)
    await picture('admin-source-page', reader)
    await reader.goto('/revisions')
    await expect(reader.locator('.commit').first()).toContainText(
      `Title: ${cited} → A title without the slip (The title had a slip.)`,
    )
    await picture('admin-revisions', reader)
    await page.getByLabel('Why?').fill('It was no slip.')
    await page.getByRole('button', { name: 'Take the correction back' }).click()
    await expect(page.getByText('The source stands for itself again.').first()).toBeVisible()
    await reader.goto(`/figures/${figure}`)
    await expect(reader.getByText('This citation was corrected on')).toHaveCount(0)
  })

  test('a change of settings alone says what it changed', async ({ page, visitor }) => {
    await signInAsAdministrator(page)
    await page.goto('/catalogue/indicators/COUNTRIES')
    const field = page.getByLabel('Decimal places')
    const before = await field.inputValue()
    const reader = await visitor()
    for (const [was, is] of [
      [before, '3'],
      ['3', before],
    ]) {
      await page.goto('/catalogue/indicators/COUNTRIES')
      await field.fill(String(is))
      await page.getByRole('button', { name: 'Save' }).click()
      await reader.goto('/revisions')
      await expect(reader.locator('.commit').first()).toContainText(
        `Decimal places: ${was} → ${is}`,
      )
    }
  })
})

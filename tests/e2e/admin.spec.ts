import { expectNoBarriers } from '../support/barriers'
import { expect, queryProduct, test } from '../support/browser'
import { signInAsAdministrator } from '../support/people'

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
})

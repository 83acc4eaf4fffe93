import type { Page } from '@playwright/test'
import { expect, test } from '../support/browser'
import { join, type Person, signInAsAdministrator } from '../support/people'

const editor: Person = {
  name: 'Bilal Ahmed',
  email: 'bilal@example.org',
  password: 'eleven slow kites over Multan',
}

const csv = async (page: Page, indicator: string) =>
  (await page.request.get(`/download/figures.csv?indicator=${indicator}`)).text()

/** From the desk to the form, by the choices a person makes. */
async function openForm(
  page: Page,
  indicator: string,
  programme = 'HUAWEI_ICTA',
  area = 'PK',
): Promise<void> {
  await page.goto('/entry')
  await page.getByLabel('Indicator', { exact: true }).selectOption(indicator)
  await page.getByLabel('Programme', { exact: true }).selectOption(programme)
  await page.getByLabel('Area', { exact: true }).selectOption(area)
  await page.getByRole('button', { name: 'Open the form' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Enter a figure' })).toBeVisible()
}

async function fillIn(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [label, text] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).fill(text)
}

const source = {
  Publisher: 'Radio Pakistan',
  'Date (if shown)': '3 March 2024',
  'Title (if shown)': 'Academies counted again',
  'Web address (if shown)': 'https://www.radio.gov.pk/news/1',
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(`JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    test.use({ javaScriptEnabled })
    // Two runs in one record: each has years of its own.
    const year = javaScriptEnabled ? 2021 : 2022
    const state = javaScriptEnabled ? 'on' : 'off'

    test.beforeEach(({ page }) => signInAsAdministrator(page))

    test('a figure is public on the very next request', async ({ page, visitor, axe, picture }) => {
      const reader = await visitor()
      await reader.goto('/indicators/TRAINING_SLOTS')
      await expect(reader.getByText(`43,2${year - 2000}`)).toHaveCount(0)

      await openForm(page, 'TRAINING_SLOTS', 'PSEB', 'PK-BA')
      await picture(`entry-form-javascript-${state}`)
      await axe()
      await fillIn(page, {
        Period: `FY${year}-${(year + 1) % 100}`,
        Value: `۴۳٬۲${javaScriptEnabled ? '۲۱' : '۲۲'}`,
        ...source,
      })
      await page.getByRole('button', { name: 'Publish' }).click()
      await expect(page.getByRole('heading', { level: 1, name: 'Published' })).toBeVisible()
      await picture(`entry-done-javascript-${state}`)
      await axe()

      await reader.goto('/indicators/TRAINING_SLOTS')
      await expect(reader.getByText(`43,2${year - 2000}`).first()).toBeVisible()
      expect(await csv(reader, 'TRAINING_SLOTS')).toContain(
        `PSEB,PK-BA,_T,_T,flow,PLACES_PER_YEAR,${year}-A1`,
      )
      await reader.goto('/')
      await expect(reader.getByRole('heading', { level: 1 })).toBeVisible()
    })

    test('wrong input is named with its remedy, and everything typed stays', async ({
      page,
      axe,
      picture,
    }) => {
      await openForm(page, 'ACADEMIES')
      const typed = {
        Period: '01/02/2026',
        Value: '1.5bn',
        ...source,
        'Web address (if shown)': 'javascript:alert(1)',
      }
      await fillIn(page, typed)
      await page.getByRole('button', { name: 'Publish' }).click()

      const summary = page.locator('.error-summary')
      await expect(summary).toContainText('Period: Day and month of “01/02/2026” could be mixed up')
      await expect(summary).toContainText('Value: “1.5bn” is shortened with “bn”')
      await expect(summary).toContainText('Web address (if shown): This is not a web address')
      if (javaScriptEnabled) await expect(summary).toBeFocused()
      for (const [label, text] of Object.entries(typed)) {
        await expect(page.getByLabel(label, { exact: true })).toHaveValue(text)
      }
      await expect(page.getByLabel('Value', { exact: true })).toHaveAttribute(
        'aria-invalid',
        'true',
      )
      await picture(`entry-errors-javascript-${state}`)
      await axe()
      await summary.getByRole('link', { name: /Value/ }).click()
      await expect(page).toHaveURL(/#value$/)
    })

    test('an unusual figure is asked about, and published with the reason', async ({
      page,
      visitor,
      axe,
      picture,
    }) => {
      await openForm(page, 'COUNTRIES', 'HUAWEI_ICTA', 'PK-GB')
      await fillIn(page, { Period: `${year}-05-01`, Value: '-7', ...source })
      await page.getByText('Role, kind, unit, status and note').click()
      await page.getByLabel('Status', { exact: true }).selectOption('P')
      await page.getByRole('button', { name: 'Publish' }).click()

      await expect(page.getByText('The value is negative.')).toBeVisible()
      await picture(`entry-question-javascript-${state}`)
      await axe()
      await page.getByRole('button', { name: 'Publish anyway' }).first().click()
      await expect(page.locator('.error-summary')).toContainText('No reason was given')
      await expect(page.getByLabel('Status', { exact: true })).toHaveValue('P')

      await page.getByLabel('Why is the figure right?').fill('A correction of an earlier count.')
      await page.getByRole('button', { name: 'Publish anyway' }).first().click()
      await expect(page.getByRole('heading', { level: 1, name: 'Published' })).toBeVisible()
      const reader = await visitor()
      await expect(async () => expect(await csv(reader, 'COUNTRIES')).toContain(',-7,P,')).toPass()
    })

    test('an existing figure is shown before it is revised', async ({ page, visitor, picture }) => {
      const enter = async (value: string, title: string) => {
        await openForm(page, 'CENTRES', 'PSEB', javaScriptEnabled ? 'PK-SD' : 'PK-KP')
        await fillIn(page, {
          Period: '5 May 2021',
          Value: value,
          ...source,
          'Title (if shown)': title,
        })
        await page.getByRole('button', { name: 'Publish' }).click()
      }
      await enter('21', 'First count')
      await expect(page.getByRole('heading', { level: 1, name: 'Published' })).toBeVisible()
      await enter('22', 'Second count')
      await expect(page.getByText('This figure exists already')).toBeVisible()
      await expect(page.getByText('+1 (+4.8%)')).toBeVisible()
      await picture(`entry-existing-javascript-${state}`)
      await page.getByRole('button', { name: 'Publish as a revision' }).first().click()
      await expect(page.getByRole('heading', { level: 1, name: 'Published' })).toBeVisible()
      const reader = await visitor()
      await reader.goto('/indicators/CENTRES')
      await expect(reader.getByText('22').first()).toBeVisible()
    })

    test('a session that ends while somebody types loses nothing', async ({ page, context }) => {
      await openForm(page, 'CENTRES', 'NAVTTC', 'PK-JK')
      const typed = { Period: `${year}`, Value: '31', ...source }
      await fillIn(page, typed)
      const kept = await context.cookies()
      await context.clearCookies()
      await page.getByRole('button', { name: 'Publish' }).click()
      await expect(page.getByText('You are no longer signed in.')).toBeVisible()
      for (const [label, text] of Object.entries(typed)) {
        await expect(page.getByLabel(label, { exact: true })).toHaveValue(text)
      }
      // Signed in again, in another tab.
      await context.addCookies(kept)
      await page.getByRole('button', { name: /Publish|Send for review/ }).click()
      await expect(page.getByRole('heading', { level: 1, name: 'Published' })).toBeVisible()
    })
  })
}

test('a form sent again from the history has one effect', async ({ page }) => {
  await signInAsAdministrator(page)
  await openForm(page, 'CENTRES', 'NAVTTC', 'PK-TA')
  await fillIn(page, { Period: '2 February 2020', Value: '41', ...source })
  await page.getByRole('button', { name: 'Publish' }).dblclick()
  await expect(page.getByRole('heading', { level: 1, name: 'Published' })).toBeVisible()
  const rows = (await csv(page, 'CENTRES')).split('\n').filter((row) => row.includes('PK-TA'))
  expect(rows).toHaveLength(1)
})

for (const [fault, headers, day] of [
  ['renewed', { 'x-nextjs-action-not-found': '1' }, '3 February 2020'],
  ['broken', {}, '4 February 2020'],
] as const) {
  test(`a form that a ${fault} product does not answer has all that was typed again`, async ({
    page,
    problems,
  }) => {
    await signInAsAdministrator(page)
    await openForm(page, 'CENTRES', 'NAVTTC', 'PK-GB')
    const typed = { Period: day, Value: '42', ...source }
    await fillIn(page, typed)
    problems.expect(/^404 POST /)
    problems.expect(fault === 'renewed' ? /^console: UnrecognizedActionError/ : /^console: Error\n/)
    await page.route('**/entry/new**', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({ status: 404, headers, contentType: 'text/plain', body: '' })
        : route.fallback(),
    )
    await page.getByRole('button', { name: 'Publish' }).click()
    const alert = page.getByRole('alert').filter({ hasText: 'What you typed is kept' })
    await expect(alert).toBeVisible()
    if (fault === 'renewed') await expect(alert).toContainText('The product was renewed meanwhile')
    await page.unrouteAll()
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect(page.getByText('What you had typed is in the form again.')).toBeVisible()
    for (const [label, text] of Object.entries(typed)) {
      await expect(page.getByLabel(label, { exact: true })).toHaveValue(text)
    }
    await page.getByRole('button', { name: 'Publish' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Published' })).toBeVisible()
  })
}

test('an editor proposes, and somebody else approves', async ({ page, visitor, axe, picture }) => {
  await signInAsAdministrator(page)
  const desk = await visitor()
  await join(page, desk, editor, 'Editor')

  await openForm(desk, 'REGISTERED', 'DIGISKILLS', 'PK-IS')
  await fillIn(desk, { Period: 'May 2021', Value: '51,234', ...source })
  await desk.getByRole('button', { name: 'Send for review' }).click()
  await expect(desk.getByRole('heading', { level: 1, name: 'Sent for review' })).toBeVisible()
  expect(await csv(desk, 'REGISTERED')).not.toContain('51234')

  await page.goto('/review')
  await picture('review')
  await axe()
  const proposal = page.getByRole('article').filter({ hasText: '51,234' })
  await proposal.getByRole('button', { name: /^Return to the author/ }).click()
  await expect(page.locator('.error-summary')).toContainText('Tell the author what to correct')
  await proposal.getByLabel('Comment').fill('The page says 51,243.')
  await proposal.getByRole('button', { name: /^Return to the author/ }).click()
  await expect(page.getByText('The figure is back with its author.')).toBeVisible()

  await desk.goto('/entry')
  await expect(desk.getByText('The page says 51,243.').first()).toBeVisible()
  await axe(desk)
  await picture('entry-returned', desk)
  await desk.getByRole('link', { name: /^Edit and send again/ }).click()
  await expect(desk.getByLabel('Value', { exact: true })).toHaveValue('51234')
  await desk.getByLabel('Value', { exact: true }).fill('51,243')
  await desk.getByRole('button', { name: 'Send for review' }).click()
  await expect(desk.getByRole('heading', { level: 1, name: 'Sent for review' })).toBeVisible()

  await page.goto('/review')
  await page
    .getByRole('article')
    .filter({ hasText: '51,243' })
    .getByRole('button', { name: /^Approve and publish/ })
    .click()
  await expect(page.getByText('One change is public now.')).toBeVisible()
  expect(await csv(desk, 'REGISTERED')).toContain('51243')
  const reader = await visitor({ javaScriptEnabled: false })
  await reader.goto('/indicators/REGISTERED')
  await expect(reader.getByText('51,243').first()).toBeVisible()

  for (const value of ['61,001', '61,002']) {
    await openForm(desk, 'REGISTERED', 'DIGISKILLS', value === '61,001' ? 'PK-PB' : 'PK-SD')
    await fillIn(desk, { Period: 'May 2021', Value: value, ...source })
    await desk.getByRole('button', { name: 'Send for review' }).click()
    await expect(desk.getByRole('heading', { level: 1, name: 'Sent for review' })).toBeVisible()
  }
  await page.goto('/review')
  for (const box of await page.getByRole('checkbox').all()) await box.check()
  await page.getByRole('button', { name: 'Approve the chosen ones' }).click()
  await expect(page.getByText('2 changes are public now.')).toBeVisible()
  await axe()
  expect(await csv(reader, 'REGISTERED')).toContain('61002')
})

test('the form speaks Urdu', async ({ page, axe, picture }) => {
  await signInAsAdministrator(page)
  await page.goto('/ur/entry/new?indicator=ACADEMIES&programme=HUAWEI_ICTA&area=PK&sex=_T')
  await page.getByRole('button', { name: 'شائع کریں' }).click()
  await expect(page.locator('.error-summary')).toContainText('قدر:')
  await picture('entry-urdu')
  await axe()
})

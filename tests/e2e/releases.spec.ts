import type { Page } from '@playwright/test'
import { expect, queryProduct, test } from '../support/browser'
import { join, type Person, signInAsAdministrator } from '../support/people'

const source = {
  Publisher: 'Radio Pakistan',
  'Web address (if shown)': 'https://www.radio.gov.pk/',
}

const formOf = (indicator: string, programme: string, area: string) =>
  `/entry/new?${new URLSearchParams({ indicator, programme, area, sex: '_T' })}`

async function fillIn(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [label, text] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).fill(text)
}

const title = (page: Page, name: string) => page.getByRole('heading', { level: 1, name })

test('a release stays secret to its moment, and is public everywhere after it', async ({
  page,
  visitor,
  axe,
  picture,
}) => {
  await signInAsAdministrator(page)
  await page.goto('/plan')
  await fillIn(page, {
    'Title in English': 'Centres counted',
    'Title in Urdu': 'مراکز کی گنتی',
    Day: '1 January 2020',
    Time: '15:30',
  })
  await page.getByRole('button', { name: 'Announce the release' }).click()
  await expect(page.locator('.error-summary')).toContainText('Day: This time has passed.')
  await expect(page.getByLabel('Time', { exact: true })).toHaveValue('15:30')
  await axe()
  await fillIn(page, { Day: '1 January 2099' })
  await page.getByRole('button', { name: 'Announce the release' }).click()
  await expect(title(page, 'Centres counted')).toBeVisible()
  await expect(page.getByText('No approved figure is in this release.')).toBeVisible()

  for (const [area, value] of [
    ['PK-GB', '918273645'],
    ['PK-JK', '546372819'],
  ] as const) {
    await page.goto(formOf('CENTRES', 'GOOGLE_GCC', area))
    await fillIn(page, { Period: '3 March 2021', Value: value, ...source })
    await page.getByLabel('In release').selectOption({ index: 1 })
    await page.getByRole('button', { name: 'Publish' }).click()
    await expect(title(page, 'Approved and held')).toBeVisible()
  }
  await page.goto(formOf('CENTRES', 'GOOGLE_GCC', 'PK-GB'))
  await expect(page.getByText(/held by .Centres counted/)).toBeVisible()
  await page.goto('/plan/centres-counted')
  await expect(page.getByText('Nothing stands in the way.')).toBeVisible()
  await picture('release-desk')
  await axe()

  const reader = await visitor({ javaScriptEnabled: false })
  await reader.goto('/releases')
  await expect(reader.getByText('1 Jan 2099, 15:30, Pakistan time')).toBeVisible()
  await picture('releases', reader)
  await axe(reader)

  const [last] = await queryProduct('SELECT max(id) FROM observations')
  const next = Number(last?.[0]) + 1
  const surfaces = [
    '/',
    '/ur',
    '/indicators',
    '/indicators/CENTRES',
    '/ur/indicators/CENTRES',
    '/indicators/CENTRES?asOf=2026-01-01',
    `/figures/${next}`,
    '/releases',
    '/releases/centres-counted',
    '/releases.ics',
    '/download/figures.csv',
    '/download/figures.csv?indicator=CENTRES&asOf=2026-01-01',
  ]
  const secret = /918[,٬]?273[,٬]?645|546[,٬]?372[,٬]?819/
  const read = async (path: string, headers = {}) =>
    (await reader.request.get(path, { headers })).text()
  for (const path of surfaces) {
    expect(await read(path), path).not.toMatch(secret)
    expect(await read(path, { RSC: '1' }), `RSC of ${path}`).not.toMatch(secret)
  }

  await queryProduct(
    `UPDATE releases SET announced_at = clock_timestamp() + interval '3 seconds'
     WHERE slug = 'centres-counted'`,
  )
  const [row] = await queryProduct(
    `SELECT extract(epoch FROM announced_at)::float8 * 1000 FROM releases
     WHERE slug = 'centres-counted'`,
  )
  const moment = Number(row?.[0])
  const csv = '/download/figures.csv?indicator=CENTRES'
  while (Date.now() < moment - 200) {
    expect(await read(csv)).not.toMatch(secret)
    await new Promise((done) => setTimeout(done, 100))
  }
  await expect.poll(() => read(csv), { intervals: [25], timeout: 15_000 }).toMatch(secret)
  // Half a second where nothing else is to be done; other browsers may be at work beside this one.
  expect(Date.now() - moment, 'milliseconds after the announced time').toBeLessThan(10_000)
  await expect
    .poll(() => read('/indicators/CENTRES'), { intervals: [25], timeout: 10_000 })
    .toMatch(secret)

  const both = [/918[,٬]?273[,٬]?645/, /546[,٬]?372[,٬]?819/]
  for (const path of [
    '/indicators/CENTRES',
    '/ur/indicators/CENTRES',
    '/releases/centres-counted',
    csv,
  ])
    for (const value of both) expect(await read(path), path).toMatch(value)
  await reader.goto('/releases')
  await expect(reader.getByRole('link', { name: '2 figures' })).toBeVisible()
  await axe(reader)
  await reader.goto('/releases/centres-counted')
  await axe(reader)
  await reader.locator('#released-figures a').first().click()
  await expect(reader).toHaveURL(/\/figures\/\d+$/)
})

const editor: Person = {
  name: 'Danish Ali',
  email: 'danish@example.org',
  password: 'fourteen calm boats on Keenjhar',
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a draft keeps what was typed; a withdrawal is reviewed; the page says why', async ({
    page,
    visitor,
    axe,
    picture,
  }) => {
    await signInAsAdministrator(page)
    const desk = await visitor({ javaScriptEnabled: false })
    await join(page, desk, editor, 'Editor')

    await desk.goto(formOf('COUNTRIES', 'NAVTTC', 'PK-TA'))
    await fillIn(desk, { Period: 'soon', Value: '1.5bn', ...source })
    await desk.getByRole('button', { name: 'Save draft' }).click()
    await expect(desk.getByText('The draft is kept. Only you see it.')).toBeVisible()
    await axe(desk)
    await desk.getByRole('link', { name: /^Continue the draft/ }).click()
    await expect(desk.getByLabel('Period', { exact: true })).toHaveValue('soon')
    await expect(desk.getByLabel('Value', { exact: true })).toHaveValue('1.5bn')
    await fillIn(desk, { Period: '4 April 2021', Value: '17' })
    await desk.getByRole('button', { name: 'Send for review' }).click()
    await expect(title(desk, 'Sent for review')).toBeVisible()
    await page.goto('/review')
    await page
      .getByRole('article')
      .filter({ hasText: '4 Apr 2021' })
      .getByRole('button', { name: /^Approve and publish/ })
      .click()
    await expect(page.getByText('One change is public now.')).toBeVisible()

    const [row] = await queryProduct(
      `SELECT id FROM observations WHERE indicator_code = 'COUNTRIES' AND area_code = 'PK-TA'`,
    )
    const figure = `/figures/${row?.[0]}`
    await desk.goto(figure)
    await desk.getByRole('link', { name: 'Withdraw this figure' }).click()
    await expect(title(desk, 'Withdraw a figure')).toBeVisible()
    await desk.getByRole('button', { name: 'Send the withdrawal for review' }).click()
    await expect(desk.locator('.error-summary')).toContainText('No reason was given.')
    await axe(desk)
    await desk.getByLabel('Why is it withdrawn?').fill('The list was taken back.')
    await desk.getByRole('button', { name: 'Send the withdrawal for review' }).click()
    await expect(title(desk, 'Sent for review')).toBeVisible()

    await desk.goto(formOf('COUNTRIES', 'NAVTTC', 'PK-TA'))
    await fillIn(desk, { Period: '5 May 2021', Value: '18', ...source })
    await desk.getByRole('button', { name: 'Send for review' }).click()
    await page.goto('/review')
    await picture('review-withdrawal')
    await axe()
    for (const box of await page.getByRole('checkbox').all()) await box.check()
    await page.getByRole('button', { name: 'Return the chosen ones' }).click()
    await expect(page.getByText('No comment was given.').first()).toBeVisible()
    for (const box of await page.getByRole('checkbox').all()) await expect(box).toBeChecked()
    await page.getByRole('button', { name: 'Approve the chosen ones' }).click()
    await expect(page.getByText('2 changes are public now.')).toBeVisible()

    const reader = await visitor({ javaScriptEnabled: false })
    await reader.goto(figure)
    await expect(reader.getByText(/^Withdrawn on/)).toBeVisible()
    await expect(reader.getByText('The list was taken back.').first()).toBeVisible()
    await expect(reader.getByRole('link', { name: /this figure/ })).toHaveCount(0)
    await axe(reader)
    await picture('withdrawn', reader)
  })

  test('four eyes for everyone send an administrator to review', async ({ page, axe, picture }) => {
    await signInAsAdministrator(page)
    await page.goto('/settings')
    await expect(page.getByLabel('For editors and reviewers')).toBeChecked()
    await axe()
    await picture('settings')
    await page.getByLabel('For everyone').check()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('The settings are saved.')).toBeVisible()
    await expect(page.getByLabel('For everyone')).toBeChecked()
    await page.goto(formOf('COUNTRIES', 'NAVTTC', 'PK-TA'))
    await expect(page.getByRole('button', { name: 'Send for review' })).toBeVisible()
    await page.goto('/settings')
    await page.getByLabel('For editors and reviewers').check()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('The settings are saved.')).toBeVisible()
  })
})

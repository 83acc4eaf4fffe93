import { createHash } from 'node:crypto'
import type { Page } from '@playwright/test'
import { expect, test } from '../support/browser'
import { join, type Person, signInAsAdministrator } from '../support/people'

const reviewer: Person = {
  name: 'Sana Iqbal',
  email: 'sana@example.org',
  password: 'nine green boats off Gwadar',
}

/** The page of a figure of ICT exports, by the words of its value. */
async function openFigure(page: Page, value: string): Promise<void> {
  await page.goto('/indicators/ICT_EXPORTS')
  const figures = page.getByRole('table', { name: /All figures of ICT exports/ })
  await figures.getByRole('link', { name: value }).first().click()
  await expect(page).toHaveURL(/\/figures\/\d+$/)
}

test.describe('a reader without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('finds every source, with its link and the figures that rest on it', async ({
    page,
    axe,
    picture,
  }) => {
    await page.goto('/sources')
    await expect(page.getByRole('heading', { level: 1, name: 'Sources' })).toBeVisible()
    await picture('sources')
    await axe()
    await page.getByLabel('Search publisher, title or address').fill('state bank')
    await page.getByRole('button', { name: 'Search' }).click()
    await expect(page.getByText(/sources? with “state bank”/)).toBeVisible()
    await expect(page.getByRole('link', { name: 'Show all sources' })).toBeVisible()

    await openFigure(page, 'US$ 2,596 million')
    await page
      .getByRole('link', { name: /about this source/ })
      .first()
      .click()
    await expect(page).toHaveURL(/\/sources\/\d+$/)
    await expect(page.getByRole('table', { name: /Figures from this source/ })).toContainText(
      '2,596',
    )
    await picture('source')
    await axe()
    await page.goto(`/ur${new URL(page.url()).pathname}`)
    await axe()
  })

  test('reports an error, and reads the answer of a reviewer in public', async ({
    page,
    visitor,
    axe,
    picture,
  }) => {
    await openFigure(page, 'US$ 2,596 million')
    const figure = page.url()
    await page.getByRole('link', { name: 'Report an error' }).click()
    await axe()
    await page.getByRole('button', { name: 'Send the report' }).click()
    await expect(page.locator('.error-summary')).toContainText('too short to look into')
    await axe()
    await page.getByLabel('What is wrong?').fill('The year is FY2022-23, I think.')
    await page.getByLabel('What should it be?').fill('FY2022-23')
    await page.getByRole('button', { name: 'Send the report' }).click()
    await expect(page.getByText('The report has arrived.')).toBeVisible()
    await picture('report-sent')
    await axe()
    const report = new URL(page.url()).pathname
    await page.goto(figure)
    await expect(page.getByText('1 report waits for an answer.')).toBeVisible()
    expect(await page.content()).not.toContain('I think')

    const admin = await visitor()
    await signInAsAdministrator(admin)
    const desk = await visitor({ javaScriptEnabled: false })
    await join(admin, desk, reviewer, 'Reviewer')
    await desk.getByRole('link', { name: 'Error reports (1)' }).click()
    await expect(desk.getByText('The year is FY2022-23, I think.')).toBeVisible()
    await picture('reports-desk', desk)
    await axe(desk)
    await desk.getByRole('button', { name: /^Take up/ }).click()
    await expect(desk.getByText('The report is marked as being looked at.')).toBeVisible()
    await page.goto(report)
    await expect(page.getByText('Being looked at')).toBeVisible()

    await desk.getByRole('button', { name: /^Do not accept/ }).click()
    await expect(desk.locator('.error-summary')).toContainText('No answer was given')
    await axe(desk)
    await desk.getByLabel('Answer', { exact: true }).fill('The page of the bank says so.')
    await desk.getByLabel(/Show the reader’s text/).check()
    await desk.getByRole('button', { name: /^Do not accept/ }).click()
    await expect(desk.getByText('answered and not accepted')).toBeVisible()
    await expect(desk.getByText('No report waits for an answer.')).toBeVisible()

    for (const address of [report, `/ur${report}`, '/corrections', '/ur/corrections', figure]) {
      await page.goto(address)
      await expect(page.getByText('The page of the bank says so.')).toBeVisible()
      await expect(page.getByText('The year is FY2022-23, I think.')).toBeVisible()
      await axe()
    }
    await picture('figure-with-answer')
  })
})

test('a report is sent and answered with JavaScript, in Urdu', async ({ page, visitor, axe }) => {
  await page.goto('/ur/indicators/ICT_EXPORTS')
  await page.locator('#all-figures tbody td.numeric a').first().click()
  await page.getByRole('link', { name: 'غلطی کی اطلاع دیں' }).click()
  await page.waitForLoadState('networkidle')
  await page.getByRole('button', { name: 'اطلاع بھیجیں' }).click()
  await expect(page.locator('.error-summary')).toBeFocused()
  await axe()
  await page.getByLabel('کیا غلط ہے؟').fill('یہ عدد پچھلے سال کا ہے۔')
  await page.getByRole('button', { name: 'اطلاع بھیجیں' }).click()
  await expect(page).toHaveURL(/\/ur\/reports\/[0-9a-z]{10}\?sent=1$/)
  await axe()

  const desk = await visitor()
  await signInAsAdministrator(desk)
  await desk.goto('/ur/reports')
  await axe(desk)
  await desk.getByLabel('جواب', { exact: true }).fill('درست ہے۔')
  await desk.getByRole('button', { name: /^درست مانیں/ }).click()
  await expect(desk.getByText('اطلاع کا جواب دے دیا گیا اور وہ درست مانی گئی۔')).toBeVisible()
  await page.reload()
  await expect(page.getByText('درست ہے۔')).toBeVisible()
  expect(await page.content()).not.toContain('پچھلے سال')
})

test('a copy is stored, shown with its hash, and served as a file', async ({
  page,
  visitor,
  axe,
  picture,
  request,
}) => {
  await signInAsAdministrator(page)
  await openFigure(page, 'US$ 2,596 million')
  await page
    .getByRole('link', { name: /about this source/ })
    .first()
    .click()
  const source = new URL(page.url()).pathname
  await page.getByRole('link', { name: /Store a copy/ }).click()
  await axe()
  const html = Buffer.from('<!doctype html><script>alert(1)</script><p>US$ 2,596 million')
  const store = async (name: string, buffer: Buffer) => {
    await page.goto(`${source}/copy`)
    await page.getByLabel('File').setInputFiles({ name, mimeType: 'image/png', buffer })
    await page.getByRole('button', { name: 'Store the copy' }).click()
  }
  await store('page.pdf', Buffer.from('PK\x03\x04'))
  await expect(page.locator('.error-summary')).toContainText('none of the types that are kept')
  await axe()
  await store('too large.txt', Buffer.alloc(21 * 1024 * 1024, 'x'))
  await expect(page.locator('.error-summary')).toContainText('larger than 20 MB')
  await store('Saved page.png', html)
  await expect(page.getByText('The copy is stored.')).toBeVisible()
  await store('Saved page.png', html)
  await expect(page.getByText('stored already')).toBeVisible()

  const reader = await visitor({ javaScriptEnabled: false })
  await reader.goto(source)
  const sha256 = createHash('sha256').update(html).digest('hex')
  await expect(reader.getByText(sha256)).toBeVisible()
  await picture('source-with-copy', reader)
  await axe(reader)
  const file = await request.get(`${source}/copies/${sha256}`)
  expect(await file.body()).toEqual(html)
  expect(file.headers()).toMatchObject({
    'content-type': 'text/html',
    'content-disposition': expect.stringMatching(/^attachment; filename="Saved page.html"/),
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    etag: `"${sha256}"`,
  })
  const stranger = await request.post(`${source}/copies`, { multipart: { note: 'x' } })
  expect(new URL(stranger.url()).pathname).toMatch(/sign-in/)
  expect((await request.get(`${source}/copies/${'0'.repeat(64)}`)).status()).toBe(404)
})

test('the licence stands on every page and in the header of every file', async ({ request }) => {
  for (const address of ['/', '/ur', '/sources', '/sign-in', '/corrections']) {
    const html = await (await request.get(address)).text()
    expect(html, address).toContain(
      '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/"',
    )
    expect(html, address).toMatch(/rel="license">CC BY 4\.0<\/a>/)
  }
  for (const address of [
    '/download/figures.csv?indicator=ACADEMIES',
    '/api/v1/observations?indicator=ACADEMIES',
    '/revisions.atom',
    '/ur/revisions.atom',
  ]) {
    expect((await request.get(address)).headers().link, address).toContain('rel="license"')
  }
})

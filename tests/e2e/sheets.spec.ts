import type { Page } from '@playwright/test'
import { expect, queryProduct, test } from '../support/browser'
import { administrator, join, type Person, signInAsAdministrator } from '../support/people'
import { crashProduct } from '../support/product'

const officer: Person = {
  name: 'Sana Malik',
  email: 'sana.malik@example.org',
  password: 'nine tall poplars near Gilgit',
}

const address = (period: string) =>
  `/entry/grid?programme=PSEB&rows=areas&indicator=TRAINING_SLOTS&indicator=CENTRES&period=${period}`

const cellAt = (page: Page, row: number, column: number) =>
  page.getByRole('row').nth(row).getByRole('gridcell').nth(column)

/** Types into a cell, first rows and columns first, and waits until the server has it. */
async function type(page: Page, row: number, column: number, text: string): Promise<void> {
  const saved = page.waitForResponse(
    (response) =>
      response.url().endsWith('/entry/grid/cells') &&
      (response.request().postData() ?? '').includes(`"text":"${text}"`),
  )
  await cellAt(page, row, column).click()
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
  expect((await saved).status()).toBe(200)
}

async function cite(page: Page): Promise<void> {
  const summary = page.getByText('Source of all cells:')
  if (!(await page.locator('#block-publisher').isVisible())) await summary.click()
  await page.locator('#block-publisher').fill('Radio Pakistan')
  await page.locator('#block-sourceDate').fill('3 March 2024')
  await page.getByRole('button', { name: 'Keep this source' }).click()
  await expect(page.getByText('The source is kept')).toBeVisible()
}

test('a grid is chosen without JavaScript, and its faults are named', async ({
  browser,
  axe,
  page: desk,
  problems,
}) => {
  await signInAsAdministrator(desk)
  const context = await browser.newContext({ javaScriptEnabled: false })
  problems.watch(context)
  await context.addCookies(await desk.context().cookies())
  const page = await context.newPage()
  await page.goto('/entry/grid')
  await axe(page)
  await page.getByRole('button', { name: 'Open the grid' }).click()
  await expect(page.locator('.error-summary')).toContainText('No indicator is chosen')
  await page.getByLabel('Programme', { exact: true }).selectOption('PSEB')
  await page.locator('#indicator-CENTRES').check()
  await page.getByLabel('Periods').fill('FY2011-12\nMay 2012')
  await page.getByRole('button', { name: 'Open the grid' }).click()
  await expect(page.getByRole('heading', { level: 1, name: /^Grid: / })).toBeVisible()
  await context.close()
})

test('typed, checked, published in one commit, and undone', async ({ page, axe, picture }) => {
  await signInAsAdministrator(page)
  await page.goto(address('2011-05'))
  await cite(page)
  await picture('grid')
  await axe()
  await type(page, 2, 0, '1,200')
  await type(page, 3, 0, 'many')
  await page.reload()
  await expect(cellAt(page, 2, 0)).toContainText('1,200')
  await expect(cellAt(page, 3, 0)).toContainText('many')

  await page.getByRole('link', { name: 'Check and submit' }).click()
  await expect(page.getByText('1 cell has to be mended first')).toBeVisible()
  await axe()
  await page.getByRole('link', { name: 'Back to the grid' }).click()
  await type(page, 3, 0, '1300')
  await page.getByRole('link', { name: 'Check and submit' }).click()
  await expect(page.getByRole('heading', { name: 'Check and submit' })).toBeVisible()
  const reason = page.getByLabel('Why are the figures right?')
  if (await reason.isVisible()) await reason.fill('Counted twice.')
  await page.getByLabel('Message').fill('May 2011')
  await picture('grid-check')
  await page.getByRole('button', { name: 'Publish 2 figures' }).click()
  await expect(page.getByText('Published. All figures are public now.')).toBeVisible()
  await picture('grid-set')
  await axe()

  await page.getByRole('link', { name: 'Undo this commit' }).click()
  await expect(page.getByRole('heading', { level: 1, name: /Undo commit/ })).toBeVisible()
  await picture('grid-undo')
  await axe()
  await page.getByRole('button', { name: 'Undo 2 figures' }).click()
  await expect(page.getByText('Published. All figures are public now.')).toBeVisible()
  const [[withdrawn] = []] = await queryProduct(
    `SELECT count(*)::int FROM observations WHERE period = '2011-05' AND value IS NULL`,
  )
  expect(withdrawn).toBe(2)
})

test('two officers in one grid see each other, and nobody is overwritten', async ({
  page,
  visitor,
  axe,
  picture,
}) => {
  await signInAsAdministrator(page)
  const other = await visitor()
  await join(page, other, officer, 'Editor')
  await Promise.all([page, other].map((one) => one.goto(address('2011-06'))))
  await expect(page.getByText('Also in this grid: Sana Malik')).toBeVisible({ timeout: 20_000 })
  await expect(other.getByText(`Also in this grid: ${administrator.name}`)).toBeVisible({
    timeout: 20_000,
  })

  await type(page, 2, 0, '41')
  await type(other, 2, 0, '42')
  await cellAt(other, 2, 0).click()
  await expect(
    other.getByText(`${administrator.name} is typing this figure too.`).first(),
  ).toBeVisible()
  await picture('grid-conflict', other)
  await axe(other)
  await other.getByRole('button', { name: /Keep mine/i }).click()
  await expect(other.getByText(`${administrator.name} is typing this figure too.`)).toHaveCount(0)
  await other.reload()
  await expect(cellAt(other, 2, 0)).toContainText('42')

  // What an editor submits goes to review as one set, and is approved as one.
  await cite(other)
  await type(other, 3, 0, '43')
  await other.getByRole('link', { name: 'Check and submit' }).click()
  await other.getByLabel('Message').fill('June 2011')
  const reason = other.getByLabel('Why are the figures right?')
  if (await reason.isVisible()) await reason.fill('Counted.')
  await other.getByRole('button', { name: 'Send 2 figures for review' }).click()
  await expect(other.getByText('Sent for review. Nothing is public yet.')).toBeVisible()
  await page.goto('/review')
  await page.getByRole('link', { name: 'June 2011' }).click()
  await picture('grid-review')
  await axe()
  await page.getByRole('button', { name: 'Approve all 2 figures' }).click()
  await expect(page).toHaveURL(/decided=1/)
  await expect(page.getByText('Published', { exact: true })).toBeVisible()
  await page.goto(address('2011-06'))
  await cellAt(page, 2, 0).click()
  await expect(
    page.getByText(`${officer.name} has published this figure since.`).first(),
  ).toBeVisible()
})

test('in Urdu, in the dark and on a phone nothing is amiss', async ({ page, axe, picture }) => {
  await signInAsAdministrator(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 390, height: 844 })
  for (const [name, path] of Object.entries({
    choose: '/ur/entry/grid',
    sheet: `/ur${address('2011-08')}`,
    check: `/ur${address('2011-08').replace('grid?', 'grid/check?')}`,
  })) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await picture(`grid-ur-${name}`)
    await axe()
    const isWide = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    )
    expect(isWide, `${path} scrolls sideways`).toBe(false)
  }
})

test('a session that ends is taken up again in place, and nothing typed is lost', async ({
  page,
  context,
  problems,
}) => {
  await signInAsAdministrator(page)
  await page.goto(address('2011-07'))
  problems.expect(/^401 POST .*\/entry\/grid\/cells/)
  await context.clearCookies()
  await cellAt(page, 2, 0).click()
  await page.keyboard.type('51')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Sign in again' })
  await expect(dialog).toBeVisible()
  await dialog.getByLabel('E-mail address').fill(administrator.email)
  await dialog.getByLabel('Password').fill(administrator.password)
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(dialog).toBeHidden({ timeout: 30_000 })
  await expect(async () => {
    const rows = await queryProduct(`SELECT typed FROM sheet_cells WHERE period = '2011-07'`)
    expect(rows).toEqual([['51']])
  }).toPass()
})

test('the server crashes and comes back while somebody types: nothing is lost', async ({
  page,
  problems,
}) => {
  await signInAsAdministrator(page)
  await page.goto(address('2011-09'))
  await type(page, 2, 0, '-61')
  await expect(cellAt(page, 2, 0)).toHaveAttribute('data-state', 'warning')
  problems.expect(/^failed: POST .*\/entry\/grid\/cells net::ERR_/)
  await crashProduct(async () => {
    for (const text of ['62', '63']) {
      await page.keyboard.type(text)
      await page.keyboard.press('Enter')
    }
    await expect(page.locator('.grid-status')).toContainText(/Kept in this browser: 2\b/, {
      timeout: 20_000,
    })
  })
  await expect(async () => {
    const rows = await queryProduct(
      `SELECT typed FROM sheet_cells WHERE period = '2011-09' ORDER BY typed::int`,
    )
    expect(rows).toEqual([['-61'], ['62'], ['63']])
  }).toPass({ timeout: 60_000 })
  await page.reload()
  for (const [n, text] of ['-61', '62', '63'].entries()) {
    await expect(cellAt(page, 2 + n, 0)).toContainText(text)
  }
})

test('93 academies and four figures each: pasted, checked and sent within a minute', async ({
  page,
  axe,
  picture,
}) => {
  await signInAsAdministrator(page)
  await queryProduct(`
    INSERT INTO academies (code, programme_code, area_code)
    SELECT 'GRID-' || lpad(n::text, 3, '0'), 'HUAWEI_ICTA', 'PK' FROM generate_series(1, 93) n
    ON CONFLICT DO NOTHING`)
  const begun = Date.now()
  await page.goto(
    '/entry/grid?programme=HUAWEI_ICTA&rows=academies&indicator=CENTRES&indicator=TRAINING_SLOTS&period=2011-05;2011-06',
  )
  await cite(page)
  const lines = Array.from({ length: 93 }, (_, row) =>
    [1, 2, 3, 4].map((n) => 100 + row + n).join('\t'),
  )
  await cellAt(page, 2, 0).click()
  const stored = page.waitForResponse((response) =>
    (response.request().postData() ?? '').includes('"text":"196"'),
  )
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', text)
    document.activeElement?.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    )
  }, lines.join('\n'))
  expect((await stored).status()).toBe(200)
  await page.getByRole('link', { name: 'Check and submit' }).click()
  await expect(page.getByText('372 changes')).toBeVisible({ timeout: 30_000 })
  await page.getByLabel('Message').fill('Returns of the academies')
  const reason = page.getByLabel('Why are the figures right?')
  if (await reason.isVisible()) await reason.fill('As they were sent in.')
  await page.getByRole('button', { name: 'Publish 372 figures' }).click()
  await expect(page.getByText('Published. All figures are public now.')).toBeVisible({
    timeout: 30_000,
  })
  const seconds = (Date.now() - begun) / 1000
  test.info().annotations.push({ type: 'seconds', description: String(seconds) })
  expect(seconds).toBeLessThan(60)
  await picture('grid-academies')
  await axe()
})

import type { Page } from '@playwright/test'
import { TOTP } from 'otpauth'
import { expect, queryProduct, test } from '../support/browser'
import { join, type Person, signInAsAdministrator } from '../support/people'

const officer: Person = {
  name: 'Rabia Noor',
  email: 'rabia.noor@example.org',
  password: 'nine slow ferries over Keenjhar',
}

/** The code that an app shows so many steps from now. */
const codeAt = (secret: string, steps: number) =>
  new TOTP({ secret: secret.replaceAll(' ', '') }).generate({
    timestamp: Date.now() + steps * 30_000,
  })

async function givePassword(page: Page): Promise<void> {
  await page.getByLabel('E-mail address').fill(officer.email)
  await page.getByLabel('Password').fill(officer.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Enter your code')
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).first().click()
  await page.goto('/entry')
  await expect(page).toHaveURL(/\/sign-in\?next=/)
}

test('without JavaScript, a second step is turned on, asked for, and taken away', async ({
  page: desk,
  visitor,
  axe,
  picture,
  problems,
}) => {
  await signInAsAdministrator(desk)
  const page = await visitor({ javaScriptEnabled: false })
  // With scripts, as axe runs in the page; it shares who is signed in.
  const eye = await visitor({ javaScriptEnabled: true })
  await join(desk, page, officer, 'Reviewer')

  await page.goto('/account')
  await page.getByRole('link', { name: 'Set up a second step' }).click()
  await page.getByLabel('Current password').fill('not the password at all')
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(page.locator('.error-summary')).toContainText('The current password is not right.')
  await page.getByLabel('Current password').fill(officer.password)
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(page.getByText('To add one takes a browser')).toBeVisible()
  await page.getByRole('button', { name: 'Set up an app' }).click()
  const secret = await page.getByLabel('Key', { exact: true }).inputValue()
  await expect(page.getByRole('img', { name: 'QR code' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Open in the authenticator' })).toHaveAttribute(
    'href',
    new RegExp(`^otpauth://totp/.*secret=${secret.replaceAll(' ', '')}`),
  )
  await axe(page)
  await picture('second-step-begun', page)
  await page.getByLabel('Code from the app').fill('12345')
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expect(page.locator('.error-summary')).toContainText('This code is not right')
  await expect(page.getByLabel('Key', { exact: true })).toHaveValue(secret)
  const first = codeAt(secret, 0)
  await page.getByLabel('Code from the app').fill(first)
  await page.getByRole('button', { name: 'Turn on' }).click()
  const codes = page.locator('.recovery-codes li')
  await expect(codes).toHaveCount(10)
  const [recovery = '', spare = ''] = await codes.allTextContents()
  await axe(page)
  await picture('second-step-on', page)
  await page.getByRole('link', { name: 'I have kept them' }).click()
  await expect(page.getByText('It is on: after your password')).toBeVisible()

  await eye.context().addCookies(await page.context().cookies())
  for (const address of ['/account/second-step', '/ur/account/second-step']) {
    await eye.goto(address)
    await axe(eye)
  }
  await picture('second-step-change-ur', eye)
  await eye.context().clearCookies()

  await page.goto('/account')
  await signOut(page)
  await page.goto('/sign-in?next=%2Faccount')
  await givePassword(page)
  await page.goto('/account')
  await expect(page).toHaveURL(/\/sign-in/)
  await givePassword(page)
  await eye.context().addCookies(await page.context().cookies())
  for (const address of ['/sign-in/code', '/ur/sign-in/code']) {
    await eye.goto(address)
    await axe(eye)
  }
  await picture('second-step-asked-ur', eye)
  await page.getByLabel('Code').fill(first)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.locator('.error-summary')).toContainText('This code is not right')
  await page.getByLabel('Code').fill(codeAt(secret, 1))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/account$/)

  // With JavaScript, by a recovery code.
  await eye.context().clearCookies()
  await eye.goto('/sign-in?next=%2Faccount%2Fsecond-step')
  await givePassword(eye)
  await eye.getByLabel('Code').fill(recovery)
  await eye.getByRole('button', { name: 'Sign in' }).click()
  await expect(eye.getByText('9 recovery codes are left.')).toBeVisible()

  // A session that ends while a grid is open is taken up again in place.
  await eye.goto('/entry/grid?programme=PSEB&rows=areas&indicator=CENTRES&period=2011-10')
  problems.expect(/^401 POST .*\/entry\/grid\/cells/)
  await eye.context().clearCookies()
  await eye.getByRole('row').nth(2).getByRole('gridcell').first().click()
  await eye.keyboard.type('52')
  await eye.keyboard.press('Enter')
  const dialog = eye.getByRole('dialog', { name: 'Sign in again' })
  await dialog.getByLabel('E-mail address').fill(officer.email)
  await dialog.getByLabel('Password').fill(officer.password)
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
  await dialog.getByLabel('Code').fill(spare)
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(dialog).toBeHidden({ timeout: 30_000 })
  await expect(async () => {
    const rows = await queryProduct(`SELECT typed FROM sheet_cells WHERE period = '2011-10'`)
    expect(rows).toEqual([['52']])
  }).toPass()

  await desk.goto('/people')
  await desk.getByRole('link', { name: officer.name }).first().click()
  await axe(desk)
  await desk.getByRole('button', { name: 'Take the second step away' }).click()
  await expect(desk.getByText('The second step is taken away.')).toBeVisible()
  await eye.goto('/account')
  await expect(eye).toHaveURL(/\/sign-in/)
})

import type { CDPSession, Page } from '@playwright/test'
import { expect, test } from '../support/browser'
import { join, type Person, signIn, signInAsAdministrator } from '../support/people'

const officer: Person = {
  name: 'Sana Mirza',
  email: 'sana.mirza@example.org',
  password: 'four copper kettles near Skardu',
}

/** A device that keeps passkeys and at once finds that it is its owner who asks. */
async function device(page: Page): Promise<{ cdp: CDPSession; authenticatorId: string }> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { cdp, authenticatorId }
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).first().click()
  await expect(page).toHaveURL(/:\d+\/(?:en)?$/)
  await expect(page.getByRole('navigation', { name: 'Your account' })).toHaveCount(0)
  await page.goto('/sign-in?next=%2Faccount%2Fsecond-step')
}

test('a passkey is added, signs in alone and after a password, and no more once removed', async ({
  page: desk,
  visitor,
  axe,
  picture,
  problems,
}) => {
  await signInAsAdministrator(desk)
  const page = await visitor({ javaScriptEnabled: true })
  await join(desk, page, officer, 'Editor')
  const { cdp, authenticatorId } = await device(page)

  await page.goto('/account')
  await page.getByRole('link', { name: 'Set up a second step' }).click()
  await page.getByLabel('Current password').fill(officer.password)
  await press(page, 'Go on')
  await page.getByLabel('Name of a new passkey').fill(' ')
  await press(page, 'Add a passkey')
  await expect(page.locator('.error-summary')).toContainText('Enter a name for the passkey.')
  await axe(page)
  await page.getByLabel('Name of a new passkey').fill('Blue laptop')
  await press(page, 'Add a passkey')
  await expect(page.locator('.recovery-codes li')).toHaveCount(10)
  await axe(page)
  await picture('passkey-added', page)
  await page.getByRole('link', { name: 'I have kept them' }).click()
  await expect(page.getByText('It is on: after your password')).toBeVisible()

  await page.goto('/ur/account/second-step')
  await axe(page)
  await picture('passkeys-ur', page)
  await page.goto('/account/second-step')
  await expect(page.getByText('never used')).toBeVisible()
  await press(page, 'Add a passkey')
  await expect(page.locator('.error-summary')).toContainText(
    'keeps a passkey for this site already',
  )
  await page.getByLabel('Name', { exact: true }).fill('Red laptop')
  await press(page, 'Save the name')
  await expect(page.locator('.passkeys strong')).toHaveText('Red laptop')

  await signOut(page)
  await axe(page)
  await picture('passkey-sign-in', page)
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  await press(page, 'Sign in with a passkey')
  await expect(page.locator('.error-summary')).toContainText('Your device gave no passkey.')
  await axe(page)
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
  await press(page, 'Sign in with a passkey')
  await expect(page).toHaveURL(/\/account\/second-step$/)
  await expect(page.getByText('last used')).toBeVisible()

  await signOut(page)
  await page.getByLabel('E-mail address').fill(officer.email)
  await page.getByLabel('Password').fill(officer.password)
  await press(page, 'Sign in')
  await expect(page.getByText('The second step is a passkey or a code.')).toBeVisible()
  await axe(page)
  await press(page, 'Use a passkey')
  await expect(page).toHaveURL(/\/account\/second-step$/)

  // A session that ends while a grid is open is taken up again in place.
  await page.goto('/entry/grid?programme=PSEB&rows=areas&indicator=CENTRES&period=2011-11')
  problems.expect(/^401 POST .*\/entry\/grid\/cells/)
  await page.context().clearCookies()
  await page.getByRole('row').nth(2).getByRole('gridcell').first().click()
  await page.keyboard.type('53')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Sign in again' })
  await press(page, 'Sign in with a passkey')
  await expect(dialog).toBeHidden()

  await page.goto('/account/second-step')
  await axe(page)
  await press(page, 'Confirm with a passkey')
  await press(page, 'Remove the passkey Red laptop')
  await expect(page.getByText('The second step is off.')).toBeVisible()

  await signOut(page)
  await press(page, 'Sign in with a passkey')
  await expect(page.locator('.error-summary')).toContainText('does not sign you in here')
  await signIn(page, officer)

  const plain = await visitor({ javaScriptEnabled: false })
  await plain.goto('/sign-in')
  await expect(plain.getByRole('button')).toHaveText(['Sign in'])
})

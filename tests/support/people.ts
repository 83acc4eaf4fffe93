import type { Cookie, Page } from '@playwright/test'
import { expect, setupLink } from './browser'

export interface Person {
  name: string
  email: string
  password: string
}

/** The first administrator. Whichever test needs one first makes the account from the set-up link. */
export const administrator: Person = {
  name: 'Ayesha Khan',
  email: 'ayesha@example.org',
  password: 'seven quiet lamps over Hunza',
}

/** Signs somebody in who has an account; false where the answer is that there is none. */
async function trySignIn(page: Page, person: Person): Promise<boolean> {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail address').fill(person.email)
  await page.getByLabel('Password').fill(person.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  const title = page.getByRole('heading', { level: 1, name: 'Enter figures' })
  // Passwords are hashed slowly on purpose.
  await expect(title.or(page.locator('.error-summary'))).toBeVisible({ timeout: 30_000 })
  return title.isVisible()
}

export async function signIn(page: Page, person: Person): Promise<void> {
  expect(await trySignIn(page, person), `${person.name} can sign in`).toBe(true)
}

async function makeAccount(page: Page, link: string, person: Person): Promise<void> {
  await page.goto(link)
  await page.getByLabel('Your name').fill(person.name)
  const email = page.getByLabel('E-mail address')
  if (await email.isEditable()) await email.fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByLabel('Password, once more').fill(person.password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page).toHaveURL(/\/sign-in/)
}

let session: Cookie[] = []

/** Signs in by the form the first time, and with the same session after that. */
export async function signInAsAdministrator(page: Page): Promise<void> {
  if (session.length > 0) return page.context().addCookies(session)
  if (!(await trySignIn(page, administrator))) {
    await makeAccount(page, setupLink(), administrator)
    await signIn(page, administrator)
  }
  session = await page.context().cookies()
}

/** Makes an account for somebody new, invited by the administrator signed in on `desk`. */
export async function join(
  desk: Page,
  page: Page,
  person: Person,
  role: 'Editor' | 'Reviewer' | 'Administrator',
): Promise<void> {
  await desk.goto('/people')
  const form = desk.locator('form', { has: desk.getByRole('button', { name: 'Make a link' }) })
  await form.getByLabel('E-mail address').fill(person.email)
  await form.getByRole('radio', { name: role }).check()
  await form.getByRole('button', { name: 'Make a link' }).click()
  await makeAccount(page, await desk.getByLabel('One-time link').inputValue(), person)
  await signIn(page, person)
}

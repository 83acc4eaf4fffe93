import { readdirSync } from 'node:fs'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from '../support/browser'
import { signInAsAdministrator } from '../support/people'

const root = 'app/[locale]/(desk)'

/** Every page of the desk, as the folders name it: `/people/[id]`. */
const patterns = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /(?:^|\/)page\.tsx$/.test(file))
  .map((file) => `/${file.replace(/\/?page\.tsx$/, '')}`)
  .sort()

/**
 * Addresses of pages that are asked for with words, or that no page of the desk links to. A new page
 * whose address has a part of its own belongs here, unless some page of the desk links to it.
 */
const addresses: Record<string, string> = {
  '/catalogue/[list]/[code]': '/catalogue/indicators/new',
  '/entry/new': '/entry/new?indicator=ACADEMIES&programme=HUAWEI_ICTA&area=PK',
  '/entry/withdraw': '/entry/withdraw?figure=1',
  '/rules/[code]': '/rules/new?kind=range',
  '/sources/[id]/copy': '/sources/1/copy',
}

/** The grid and what follows from it is not for those without JavaScript; files have tests of their own. */
const left = /^\/entry\/(?:grid|import\/\[id\])/

/** Pages of those who are not signed in. */
const foreign = ['/join', '/reset', '/set-up', '/sign-in']

const typed =
  'input:is([type="text"], [type="email"], [type="password"], [type="date"], :not([type]))'
const written = `${typed}:not([readonly]), textarea:not([readonly])`
/** Forms that store something and in which something is written. */
const formsOf = (page: Page) =>
  page.locator('main form:not([role="search"]):not([method="get"])').filter({
    has: page.locator(written),
    // A form without an action is a search by address.
    hasNot: page.locator('input[type="search"]'),
  })

const isPassword = async (field: Locator) => (await field.getAttribute('type')) === 'password'

/** Sends a form with its first field empty and nonsense in the others. */
async function sendNonsense(page: Page, form: Locator, address: string): Promise<void> {
  const kept = new Map<string, string>()
  for (const [n, field] of (await form.locator(written).all()).entries()) {
    // What is folded away has its own ways in.
    if (!(await field.isVisible())) continue
    const type = await field.getAttribute('type')
    const text = n === 0 ? '' : type === 'date' ? '2026-01-02' : `kept ${n}`
    await field.fill(text)
    if (!(await isPassword(field))) kept.set((await field.getAttribute('name')) ?? '', text)
  }
  await form.getByRole('button').first().click()
  const summary = page.locator('.error-summary')
  await expect(summary, `an error summary on ${address}`).toHaveCount(1)
  await expect(summary, `its focus on ${address}`).toBeFocused()
  await expect(summary.locator('li').first()).not.toBeEmpty()
  for (const link of await summary.locator('a').all()) {
    const target = (await link.getAttribute('href')) ?? ''
    await expect(page.locator(target), `${target} on ${address}`).toHaveCount(1)
  }
  for (const [name, text] of kept) {
    await expect(page.locator(`main form [name="${name}"]`).first(), name).toHaveValue(text)
  }
}

/** Every such form of a page: labelled, and with its answer. Answers how many there were. */
async function tryForms(page: Page, address: string): Promise<number> {
  await page.goto(address)
  const count = await formsOf(page).count()
  for (let n = 0; n < count; n += 1) {
    if (n > 0) await page.goto(address)
    const form = formsOf(page).nth(n)
    for (const field of await form.locator(written).all()) {
      expect(await field.getAttribute('id'), `a field on ${address}`).not.toBeNull()
      const label = page.locator(`label[for="${await field.getAttribute('id')}"]`)
      await expect(label, `a label on ${address}`).toHaveCount(1)
    }
    await sendNonsense(page, form, address)
  }
  return count
}

const asPattern = (pattern: string) =>
  new RegExp(`^${pattern.replaceAll(/\[[^\]]+\]/g, '(?!new\\b)[^/?#]+')}$`)

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('every form of the desk says what is wrong, has the focus there, and keeps what was typed', async ({
    page,
  }) => {
    await signInAsAdministrator(page)
    const found = new Map(Object.entries(addresses))
    const plain = patterns.filter((one) => !one.includes('[') && !found.has(one))
    const tried: Record<string, number> = {}
    const pages = patterns.filter((one) => !left.test(one) && !foreign.includes(one))
    const visit = async (pattern: string, address: string) => {
      tried[pattern] = await tryForms(page, address)
      const links = await page
        .locator('main a')
        .evaluateAll((all) => all.map((link) => new URL((link as HTMLAnchorElement).href).pathname))
      for (const one of patterns) {
        const link = links.find((path) => asPattern(one).test(path))
        if (link && one.includes('[') && !found.has(one)) found.set(one, link)
      }
    }
    for (const pattern of pages.filter((one) => plain.includes(one))) await visit(pattern, pattern)
    for (const pattern of pages.filter((one) => !plain.includes(one))) {
      const address = found.get(pattern)
      if (pattern === '/plan/[slug]' && !address) continue
      expect(address, `an address of ${pattern}: see tests/e2e/forms.spec.ts`).toBeDefined()
      await visit(pattern, address ?? '')
    }
    // What was found is what there is: a form that hides from this test is no form of the desk.
    expect(tried).toMatchObject({
      '/account': 1,
      '/catalogue/[list]/[code]': 1,
      '/catalogue/sources/[id]': 3,
      '/entry/new': 1,
      '/people': 1,
      '/people/[id]': 1,
      '/plan': 1,
      '/rules/[code]': 1,
      '/sources/[id]/copy': 1,
    })
  })

  test('so do the forms of those who are not signed in', async ({ page, visitor }) => {
    await signInAsAdministrator(page)
    await page.goto('/people')
    await page.getByLabel('E-mail address', { exact: true }).fill('forms@example.org')
    await page.getByRole('radio', { name: 'Editor' }).check()
    await page.getByRole('button', { name: 'Make a link', exact: true }).click()
    const link = await page.getByLabel('One-time link').inputValue()
    const guest = await visitor({ javaScriptEnabled: false })
    expect(await tryForms(guest, link)).toBe(1)
    expect(await tryForms(guest, '/sign-in')).toBe(1)
    await page.goto('/people')
    await page.getByRole('button', { name: 'Withdraw the invitation of forms@example.org' }).click()
    await guest.goto(link)
    await expect(guest.getByRole('heading', { level: 1 })).toHaveText('This link does not work')
  })
})

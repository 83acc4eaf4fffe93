import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../support/browser'
import { administrator, signInAsAdministrator } from '../support/people'

/** The body of the first request in the guide, as a reader copies it from there. */
function guideBody(): string {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/api-writing.md'), 'utf8')
  const body = /--json '([^']+)'/.exec(guide)?.[1]
  if (!body) throw new Error('The guide shows no request.')
  return body
}

test.describe('a program that sends figures, without JavaScript in the browser', () => {
  test.use({ javaScriptEnabled: false })

  test('has a token that is shown once, does what the guide says, and ends', async ({
    page,
    axe,
    baseURL,
  }) => {
    await signInAsAdministrator(page)
    await page.goto('/account')
    const form = page.locator('form').filter({ has: page.getByLabel('Name of the token') })
    await form.getByLabel('Name of the token').fill('Enrolment system')
    await form.getByRole('radio', { name: 'Publish' }).check()
    await form.getByRole('button', { name: 'Make the token' }).click()
    await expect(page.locator('.error-summary')).toContainText('Enter your current password.')
    await expect(form.getByLabel('Name of the token')).toHaveValue('Enrolment system')
    await expect(form.getByRole('radio', { name: 'Publish' })).toBeChecked()
    await form.locator('input[name="current"]').fill(administrator.password)
    await form.getByRole('button', { name: 'Make the token' }).click()
    const secret = await page.getByLabel('Token', { exact: true }).inputValue()
    expect(secret).toMatch(/^shumar_[0-9A-Za-z]{49}$/)
    await axe()
    await page.goto('/account')
    expect(await page.content()).not.toContain(secret)

    const send = (path: string, init: RequestInit & { token?: string } = {}) => {
      const { token = secret, headers, ...rest } = init
      return fetch(new URL(path, baseURL), {
        method: 'POST',
        body: guideBody(),
        ...rest,
        headers: {
          'Content-Type': 'application/json',
          ...(token && { Authorization: `Bearer ${token}` }),
          ...headers,
        },
      })
    }
    const dry = await send('/api/v1/observations?dryRun=true')
    expect(dry.status).toBe(200)
    expect(await dry.json()).toMatchObject({
      outcome: 'checked',
      counts: { rows: 1, refused: 0, warnings: 0 },
      rows: [{ row: 1 }],
    })

    const key = { headers: { 'Idempotency-Key': 'centres-in-may' } }
    const first = await send('/api/v1/observations', key)
    expect([200, 201]).toContain(first.status)
    const told = await first.text()
    const again = await send('/api/v1/observations', key)
    expect(again.headers.get('Idempotent-Replayed')).toBe('true')
    expect(await again.text()).toBe(told)

    for (const [status, init] of [
      [400, { body: '{' }],
      [400, {}],
      [401, { token: '' }],
      [401, { token: `${secret.slice(0, -1)}~` }],
      [415, { ...key, body: 'a;b', headers: { ...key.headers, 'Content-Type': 'text/plain' } }],
      [422, { ...key, body: guideBody().replace('"121"', '"122"') }],
      [422, { headers: { 'Idempotency-Key': 'k' }, body: guideBody().replace('CENTRES', 'NONE') }],
    ] as const) {
      const answer = await send('/api/v1/observations', init)
      expect(answer.status, JSON.stringify(init)).toBe(status)
      expect(answer.headers.get('Content-Type')).toContain('application/problem+json')
      const problem = await answer.json()
      expect(problem.title, JSON.stringify(problem)).toBeTruthy()
      if (status === 401) expect(answer.headers.get('WWW-Authenticate')).toMatch(/^Bearer/)
    }

    await page.getByRole('button', { name: 'End the token “Enrolment system”' }).click()
    await expect(page.getByText('The token is ended.')).toBeVisible()
    expect((await send('/api/v1/observations?dryRun=true')).status).toBe(401)
  })
})

import { expect, test } from '../support/browser'
import { signInAsAdministrator } from '../support/people'

test('administrators search the audit log and take it away', async ({ page, axe, picture }) => {
  await signInAsAdministrator(page)
  await page.goto('/audit')
  await page.goto('/audit?text=commits/1')
  const rows = page.getByRole('table').getByRole('row')
  await expect(rows.filter({ hasText: /commits\/1(?!\d)/ })).toHaveCount(1)
  // The heading, and nothing that does not hold the words.
  await expect(rows.filter({ hasNotText: 'commits/1' })).toHaveCount(1)
  await axe()
  await picture('audit')
  await page.goto('/audit?from=yesterday')
  await expect(page.getByText('“yesterday” is not a day')).toBeVisible()
  await page.goto('/ur/audit')
  await axe()
  const file = await page.request.get('/download/audit.csv?text=commits/1')
  expect(file.headers()['content-type']).toContain('text/csv')
  expect((await file.text()).split('\r\n')[0]).toBe(
    'no,at,actor,name,action,subject,detail,commit,digest,previous,hash',
  )
})

test('nobody else sees it', async ({ visitor }) => {
  const stranger = await visitor()
  await stranger.goto('/audit')
  await expect(stranger).toHaveURL(/\/sign-in/)
  const file = await stranger.request.get('/download/audit.csv')
  expect(file.status()).toBe(401)
})

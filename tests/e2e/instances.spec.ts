import { setTimeout as sleep } from 'node:timers/promises'
import { expect, queryProduct, test } from '../support/browser'
import { signInAsAdministrator } from '../support/people'
import { startInstance } from '../support/product'

const first = () => process.env.SHUMAR_TEST_CHANGING_ADDRESS ?? ''
let other: Awaited<ReturnType<typeof startInstance>>

test.beforeAll(async ({ browser }) => {
  // While there is no administrator, each instance that starts replaces the link to the first account.
  const page = await browser.newPage({ baseURL: first() })
  await signInAsAdministrator(page)
  await page.close()
  other = await startInstance({ SHUMAR_DRAIN_SECONDS: '5', HOST: '127.0.0.1' })
})

test.afterAll(() => other.stop())

const read = async (address: string) => (await fetch(address)).text()

/** What an editor of the catalogue does, through whatever instance. */
async function rename(indicator: string, name: string): Promise<void> {
  await queryProduct(`
    WITH new AS (
      INSERT INTO commits (kind, actor_id, idempotency_key)
      SELECT kind, actor_id, '${name}' FROM commits ORDER BY no DESC LIMIT 1 RETURNING no)
    INSERT INTO indicator_versions
    SELECT indicator_code, new.no, name || '{"en":"${name}"}', definition FROM new,
      (SELECT * FROM indicator_versions WHERE indicator_code = '${indicator}'
       ORDER BY commit_no DESC LIMIT 1) AS last`)
}

/** Waits until a page shows a text. How soon it does is for `npm run cluster -- --prove` to tell. */
async function until(address: string, text: string): Promise<void> {
  await expect.poll(() => read(address), { intervals: [20], timeout: 30_000 }).toContain(text)
}

test('what is committed is soon on every instance, and stays, under load', async () => {
  const addresses = [first(), other.address]
  const pages = addresses.map((address) => `${address}/indicators/CENTRES`)
  for (const page of pages) await read(page)
  let isOver = false
  // Readers who ask all the time, so that pages are being made while they change.
  const load = addresses.map(async (address) => {
    while (!isOver) {
      await Promise.all(['/', '/indicators', '/indicators/CENTRES'].map((at) => read(address + at)))
      await sleep(50)
    }
  })
  try {
    for (let round = 0; round < 8; round += 1) {
      const name = `Centres of round ${round}.`
      await rename('CENTRES', name)
      await Promise.all(pages.map((page) => until(page, name)))
      // One made from before must not come back.
      await sleep(50)
      for (const page of pages) expect(await read(page)).toContain(name)
    }
  } finally {
    isOver = true
    await Promise.all(load)
  }
})

test('who published through one instance reads it at once on another', async ({ page }) => {
  await signInAsAdministrator(page)
  const cookies = await page.context().cookies()
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const at = `${other.address}/indicators/CENTRES`
  for (let round = 0; round < 5; round += 1) {
    await read(at)
    await rename('CENTRES', `Centres of their own ${round}.`)
    const answer = await fetch(at, { headers: { cookie } })
    expect(await answer.text()).toContain(`Centres of their own ${round}.`)
  }
  await page.goto('/entry/new?indicator=CENTRES&programme=HEC_COURSERA&area=PK-GB&sex=_T')
  for (const [label, text] of Object.entries({
    Period: '5 May 2021',
    Value: '777123',
    Publisher: 'Radio Pakistan',
    'Date (if shown)': '5 May 2021',
    'Title (if shown)': 'Centres of 2021',
    'Web address (if shown)': 'https://www.radio.gov.pk/news/1',
  })) {
    await page.getByLabel(label, { exact: true }).fill(text)
  }
  await page.getByRole('button', { name: 'Publish' }).click()
  await expect(page).not.toHaveURL(/new/)
  await until(at, '777,123')
})

test('the script of a page comes from whatever instance is asked', async () => {
  const path = '/indicators/ICT_EXPORTS'
  const [, script = ''] = /data-page="([^"]+)"/.exec(await read(first() + path)) ?? []
  const answer = await fetch(other.address + script.replaceAll('&amp;', '&'))
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('self.__next_f.push')
})

test('one that listens at one address answers also what goes another way inside', async () => {
  for (const path of ['/data?area=PK', '/ur/data?q=x', '/indicators?digits=urdu']) {
    const answer = await fetch(other.address + path, { redirect: 'manual' })
    expect(answer.status, path).toBe(200)
  }
})

test('one that is told to stop says so, and answers until nobody comes any more', async () => {
  const answers: number[] = []
  const stopped = other.stop()
  await expect
    .poll(async () => (await fetch(`${other.address}/readyz`)).status, { intervals: [50] })
    .toBe(503)
  for (let count = 0; count < 5; count += 1) {
    const answer = await fetch(`${other.address}/indicators`)
    answers.push(answer.status)
    expect(answer.headers.get('connection')).toBe('close')
  }
  expect(answers).toEqual([200, 200, 200, 200, 200])
  await stopped
})

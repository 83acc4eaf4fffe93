import { expect, test } from '../support/browser'

// What all other tests rely on without saying so.
const faults: { name: string; cause: string; seen: RegExp[] }[] = [
  {
    name: 'an error in the console',
    cause: 'console.error("nobody reads this")',
    seen: [/^console: nobody reads this/],
  },
  {
    name: 'an exception',
    cause: 'void setTimeout(() => { throw new Error("nobody catches this") })',
    seen: [/^uncaught: .*nobody catches this/],
  },
  {
    name: 'a refused request',
    cause: 'fetch("/no-such-picture.png")',
    seen: [/^404 GET .*\/no-such-picture\.png$/],
  },
  {
    name: 'a third party',
    cause: 'fetch("https://example.com/").catch(() => undefined)',
    seen: [/^third party: GET https:\/\/example\.com\/$/, /^(failed|console): .*example\.com/],
  },
]

for (const { name, cause, seen } of faults) {
  test(`${name} is seen`, async ({ page, problems }) => {
    for (const pattern of seen) problems.expect(pattern)
    await page.goto('/healthz')
    await page.evaluate(cause)
    await page.waitForTimeout(300)
  })
}

test('somebody else is watched too', async ({ visitor, problems }) => {
  problems.expect(/^console: nobody reads this/)
  const page = await visitor()
  await page.goto('/healthz')
  await page.evaluate(() => console.error('nobody reads this'))
})

test.fail('a problem that nobody expected fails a test', async ({ page }) => {
  await page.goto('/healthz')
  await page.evaluate(() => console.error('nobody reads this'))
})

test.fail('an expected problem that does not happen fails a test', async ({ page, problems }) => {
  problems.expect(/^404/)
  await page.goto('/healthz')
})

for (const javaScriptEnabled of [true, false]) {
  test.describe(`JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    test.use({ javaScriptEnabled })

    test('axe finds a barrier', async ({ page, axe }) => {
      await page.goto('/')
      await page.evaluate(() => document.body.append(document.createElement('video')))
      await page.evaluate(() => document.querySelector('video')?.setAttribute('role', 'img'))
      await expect(axe()).rejects.toThrow('role-img-alt')
    })
  })
}

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

test('every page runs under a strict policy, and what somebody smuggles in does not', async ({
  page,
  problems,
}) => {
  const refused: string[] = []
  await page.exposeFunction('tellRefused', (what: string) => refused.push(what))
  await page.addInitScript(() =>
    addEventListener('securitypolicyviolation', (event) => {
      const { violatedDirective, blockedURI, sample } = event
      const { tellRefused } = window as unknown as { tellRefused(what: string): void }
      tellRefused(`${location.pathname} ${violatedDirective} ${blockedURI} ${sample}`)
    }),
  )
  const compared = '/indicators/ICT_EXPORTS/vintages?from=2023-08-01&to=2024-11-19'
  const paths = [
    '/',
    '/ur',
    '/data',
    '/data?q=training',
    compared,
    '/compare',
    '/embed/overview/targets',
  ]
  for (const path of [...paths, '/sign-in', '/ur/sign-in', '/nowhere']) {
    if (path === '/nowhere') problems.expect(/^404 GET .*\/nowhere/)
    const answer = await page.goto(path)
    const policy = answer?.headers()['content-security-policy'] ?? ''
    expect(policy, path).toMatch(/^default-src 'self'; script-src 'self'[^;]*; style-src/)
    expect(policy, path).toContain("object-src 'none'; base-uri 'none'; form-action 'self'")
    expect(/script-src ([^;]*)/.exec(policy)?.[1], path).not.toContain('unsafe')
    // Pages that are the same for anybody leave it out: docs/security.md.
    const opener = paths.includes(path) ? undefined : 'same-origin'
    expect(answer?.headers()['cross-origin-opener-policy'], path).toBe(opener)
    const plot = page.locator('.chart-plot').first()
    if ((await plot.count()) === 0) continue
    await plot.hover()
    await expect(page.locator('.chart-reader').first(), path).toBeAttached()
  }
  for (const path of ['/', compared]) {
    await page.goto(path)
    await page.keyboard.press('Tab')
    await page.getByRole('slider').first().focus()
    await expect(page.locator('.recharts-wrapper').first(), path).toBeVisible()
  }
  expect(refused).toEqual([])

  problems.expect(/^console: .*(?:violates|[Rr]efused)/)
  await page.goto('/')
  await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'document.title = "smuggled"'
    document.body.append(script)
  })
  await expect.poll(() => refused).toHaveLength(1)
  await expect(page).not.toHaveTitle('smuggled')
})

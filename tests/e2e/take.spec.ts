import { expect, test } from '../support/browser'

// Without scripts, as machines and the most careful readers come.
test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a page says what it is to machines, and has an image to be shared with', async ({
    page,
    request,
  }) => {
    await page.goto('/ur/indicators/ICT_EXPORTS')
    const text = await page.locator('script[type="application/ld+json"]').textContent()
    const graph: { '@type': string; '@id': string }[] = JSON.parse(text ?? '')['@graph']
    expect(graph.map((node) => node['@type'])).toEqual(['WebPage', 'BreadcrumbList', 'Dataset'])
    expect(graph[0]?.['@id']).toMatch(/^http.*\/ur\/indicators\/ICT_EXPORTS$/)

    const address = await page.locator('meta[property="og:image"]').getAttribute('content')
    const image = await request.get(address ?? '')
    expect(image.headers()['content-type']).toBe('image/png')
    const bytes = await image.body()
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1200, 630])
    const known = { 'If-None-Match': image.headers().etag ?? '' }
    expect((await request.get(address ?? '', { headers: known })).status()).toBe(304)
  })

  test('the code of a frame, a citation and a large image are under a chart', async ({
    page,
    request,
    axe,
  }) => {
    await page.goto('/?asOf=2026-01-31&v=2')
    const chart = page.locator('#exports-by-year')
    await chart.locator('summary').first().click()
    for (const name of ['Embed this chart', 'Cite this chart']) await chart.getByText(name).click()
    const code = await chart.locator('.take-away-code').textContent()
    expect(code).toMatch(/\/embed\/overview\/exports-by-year\?asOf=2026-01-31&amp;v=2"/)
    await expect(chart.getByText(/as known on .*2026-01-31.* \(commit 2\)/)).toBeVisible()
    await expect(chart.getByRole('button', { name: 'Copy' })).toHaveCount(0)
    await axe()

    const link = await chart.getByRole('link', { name: 'Image (PNG)' }).getAttribute('href')
    const image = await request.get(link ?? '')
    expect(image.headers()['content-type']).toBe('image/png')
    expect((await image.body()).readUInt32BE(16)).toBeGreaterThan(2000)
  })

  test('an embedded chart is whole, in the theme of the page around it', async ({ page, axe }) => {
    await page.goto('/ur/embed/indicators/ICT_EXPORTS/chart-0?theme=dark')
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.locator('.chart-svg')).toBeVisible()
    await expect(page.getByRole('link', { name: /شمار سے/ })).toHaveAttribute(
      'href',
      '/ur/indicators/ICT_EXPORTS#chart-0',
    )
    await axe()
  })

  test('the briefing is one page of paper in every language', async ({ page, axe }) => {
    for (const path of ['/briefing', '/ur/briefing']) {
      await page.goto(path)
      await axe()
      const pdf = await page.pdf({ preferCSSPageSize: true })
      expect(pagesIn(pdf), path).toBe(1)
    }
  })
})

const pagesIn = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length

test('paper has no controls and says of which address and day it is', async ({ page }) => {
  await page.goto('/indicators/ICT_EXPORTS')
  await page.evaluate(() => {
    document.documentElement.dataset.theme = 'dark'
  })
  await page.emulateMedia({ media: 'print' })
  await expect(page.getByText(/^Printed from .*\/indicators\/ICT_EXPORTS/)).toBeVisible()
  await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(255, 255, 255)')
  for (const control of await page.locator('form, button, .site-nav').all())
    await expect(control).toBeHidden()
})

test('a frame in another page fits its height to the chart, and nothing else may be framed', async ({
  page,
  baseURL,
  request,
}) => {
  const body = `<iframe src="${baseURL}/embed/overview/targets" title="x" width="100%" height="200"></iframe>
    <iframe src="about:blank" title="y" height="77"></iframe>
    <script src="${baseURL}/embed.js" async></script>`
  await page.route('/somebodys-page', (route) => route.fulfill({ contentType: 'text/html', body }))
  await page.goto('/somebodys-page')
  const frame = page.locator('iframe').first()
  await expect
    .poll(() => frame.evaluate((one) => one.getBoundingClientRect().height))
    .toBeGreaterThan(400)
  const inner = page.frameLocator('iframe').first()
  const overflow = await inner
    .locator('html')
    .evaluate((html) => html.scrollHeight - html.clientHeight)
  expect(overflow).toBeLessThanOrEqual(0)
  const other = page.locator('iframe').nth(1)
  expect(await other.evaluate((one) => one.style.height)).toBe('')
  expect(await page.context().cookies()).toEqual([])

  const policy = async (path: string) =>
    (await request.get(path)).headers()['content-security-policy']
  expect(await policy('/embed/overview/targets')).toMatch(/; frame-ancestors \*$/)
  expect(await policy('/')).toMatch(/; frame-ancestors 'self'$/)
  expect(await policy('/ur/sign-in')).toMatch(/; frame-ancestors 'self'$/)
})

test('what is to be copied is copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('/figures/12')
  await page.locator('copy-button button').first().click()
  await expect(page.getByText('Copied')).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('/figures/12?asOf=')
})

test('search engines find every page, and not the desk', async ({ request }) => {
  const robots = await (await request.get('/robots.txt')).text()
  expect(robots).toContain('Disallow: /ur/entry')
  const address = /^Sitemap: (.*)$/m.exec(robots)?.[1] ?? ''
  const listed = async (at: string) => {
    const answer = await request.get(at)
    expect(answer.headers()['content-type'], at).toContain('application/xml')
    return [...(await answer.text()).matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, one]) => one ?? '')
  }
  const pages = (await Promise.all((await listed(address)).map(listed))).flat()
  expect(pages.length).toBeGreaterThan(500)
  for (const kind of ['/figures/', '/sources/', '/programmes/', '/areas/']) {
    const one = pages.find((page) => page.includes(`/ur${kind}`)) ?? ''
    expect((await request.get(one)).status(), one).toBe(200)
  }
})

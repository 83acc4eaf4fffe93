import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect, test } from '../support/browser'

const header =
  'role,indicator,programme,area,academy,sex,kind,unit,period,period_start,period_end,frequency,value,status,precision,released_on,revision,publisher,title,source_date,source_url,note,marks,licence'

async function save(page: Page, click: () => Promise<void>) {
  const [download] = await Promise.all([page.waitForEvent('download'), click()])
  const text = await readFile(await download.path(), 'utf8')
  const [first, ...records] = text.trimEnd().split('\n')
  expect(first).toBe(header)
  return { name: download.suggestedFilename(), records }
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(`JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    test.use({ javaScriptEnabled })

    for (const path of ['/', '/ur']) {
      test(`the link of ${path} saves every figure of the record`, async ({ page }) => {
        await page.goto(path)
        const link = page.locator('.overview-counted a[href="/download/figures.csv"]')
        const { name, records } = await save(page, () => link.click())
        expect(name).toMatch(/\.csv$/)
        const told = (await page.locator('.overview-counted').textContent()) ?? ''
        expect(told).toMatch(new RegExp(`\\b${records.length}\\b`))
        expect(records).toContainEqual(
          expect.stringMatching(
            /^actual,ICT_EXPORTS,_Z,PK,_T,_T,flow,USD_MILLION,2024-A1,2024-07-01,2025-06-30,A,3810,A,exact,2025-08-20,\d+,Business Recorder,/,
          ),
        )
      })
    }

    test('the link of an indicator saves its figures only', async ({ page }) => {
      await page.goto('/indicators/FREELANCE_REMIT')
      const link = page.locator('section[aria-labelledby="figures"]').getByRole('link', {
        name: /^CSV for analysis, \d+ rows, about /,
      })
      const { records } = await save(page, () => link.click())
      const rows = await page.locator('#all-figures tbody tr').count()
      expect(records).toHaveLength(rows)
      expect(records.filter((record) => !record.includes(',FREELANCE_REMIT,'))).toEqual([])
      expect(records).toContainEqual(expect.stringContaining(',396.243,'))
    })
  })
}

test('the link of a chart saves what the chart is drawn from', async ({ page }) => {
  await page.goto('/')
  const chart = page.locator('#academies')
  await chart.locator('.chart-details > summary').click()
  const { records } = await save(page, () =>
    chart.locator('.chart-downloads a[href*="figures.csv"]').click(),
  )
  expect(records).not.toEqual([])
  expect(records.filter((record) => !record.includes(',ACADEMIES,HUAWEI_ICTA,PK,'))).toEqual([])
})

test('several values of a filter widen it, several filters narrow it', async ({ request }) => {
  const query = 'indicator=TRAINED&area=PK-BA&area=PK-SD&sex=M&sex=_T'
  const response = await request.get(`/download/figures.csv?${query}`)
  expect(response.status()).toBe(200)
  expect(response.headers()['content-type']).toContain('text/csv')
  const [, ...records] = (await response.text()).trimEnd().split('\n')
  expect(records.map((record) => record.split(',').slice(1, 6).join(' '))).toEqual([
    'TRAINED NAVTTC PK-BA _T M',
    'TRAINED NAVTTC_PMYSDP PK-BA _T _T',
    'TRAINED NAVTTC_PMYSDP PK-SD _T _T',
  ])
})

test('a filter that does not exist is refused in words', async ({ page, problems }) => {
  problems.expect(/^400 GET .*colour=red$/)
  const response = await page.goto('/download/figures.csv?colour=red')
  expect(response?.status()).toBe(400)
  await expect(page.locator('body')).toContainText('There is no filter “colour”.')
})

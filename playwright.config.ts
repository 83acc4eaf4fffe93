import { defineConfig } from '@playwright/test'
import { chromiumFromNpm, findChromium, hasChromiumFromNpm } from './tests/support/chromium'

const chromium = await findChromium()
// A request to anybody else must fail, with or without a network.
const offline = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'
const looks = /looks\.spec\.ts$/
const changing =
  /(?:academies|admin|audit|entry|imports|instances|passkeys|releases|reporting|second-step|sheets|sources|tokens)\.spec\.ts$/

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results/browser',
  snapshotPathTemplate: 'tests/looks/{arg}{ext}',
  globalSetup: './tests/support/product.ts',
  workers: 2,
  retries: 0,
  forbidOnly: true,
  // The longest look at dozens of states with axe; a busy machine takes three times as long.
  timeout: 300_000,
  // Only what fails takes so long: a busy machine needs more than ten seconds for a page now and then.
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    baseURL: process.env.SHUMAR_TEST_ADDRESS,
    browserName: 'chromium',
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    // The last place to see each new day, 11 hours behind UTC; the server is in the first.
    timezoneId: 'Pacific/Pago_Pago',
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
    launchOptions: {
      ...chromium,
      args: [offline],
    },
  },
  // Tests that change something share a product of their own, and come one by one. They begin first:
  // all of them together take longest.
  projects: [
    {
      name: 'changing',
      testMatch: changing,
      workers: 1,
      use: { baseURL: process.env.SHUMAR_TEST_CHANGING_ADDRESS },
    },
    ...(hasChromiumFromNpm ? [await looksProject()] : []),
    { name: 'reading', testIgnore: [changing, looks] },
  ],
})

/** Pictures can be compared only where one browser paints them all: the one from npm, on Linux. */
async function looksProject() {
  const args = [offline, '--font-render-hinting=none', '--disable-lcd-text']
  return {
    name: 'looks',
    testMatch: looks,
    use: { launchOptions: { ...(await chromiumFromNpm()), args } },
  }
}

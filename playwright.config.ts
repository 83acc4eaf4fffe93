import { defineConfig } from '@playwright/test'
import { findChromium } from './tests/support/chromium'

const chromium = await findChromium()
const changing = /(?:audit|entry|releases|sources)\.spec\.ts$/

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results/browser',
  globalSetup: './tests/support/product.ts',
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 10_000 },
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
      // A request to anybody else must fail, with or without a network.
      args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'],
    },
  },
  // All tests share one product and its figures: those that change something come last, one by one.
  projects: [
    { name: 'reading', testIgnore: changing },
    { name: 'changing', testMatch: changing, dependencies: ['reading'], workers: 1 },
  ],
})

import { defineConfig } from '@playwright/test'
import { findChromium } from './tests/support/chromium'

const chromium = await findChromium()

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results/browser',
  globalSetup: './tests/support/product.ts',
  // All tests share one product and its figures, so they run one after the other.
  workers: 1,
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
    trace: 'retain-on-failure',
    launchOptions: {
      ...chromium,
      // A request to anybody else must fail, with or without a network.
      args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'],
    },
  },
  projects: [{ name: 'desktop' }],
})

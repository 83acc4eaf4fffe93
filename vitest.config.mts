import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// The first place to see each new day, 14 hours ahead of UTC: a day taken from the machine's clock
// or zone shows itself here.
process.env.TZ = 'Pacific/Kiritimati'

// Tests make their own databases. A developer's must be out of their reach.
delete process.env.DATABASE_URL
delete process.env.DATABASE_DIRECT_URL

const root = fileURLToPath(new URL('.', import.meta.url))

const onDatabase = {
  globalSetup: ['tests/support/postgres.ts'],
  setupFiles: ['tests/support/quiet.ts', 'tests/support/cheap-hashes.ts'],
  testTimeout: 60_000,
  hookTimeout: 60_000,
}

/** `npm test` runs the first two; the others have commands of their own (package.json). */
export default defineConfig({
  resolve: {
    alias: {
      '@': root.replace(/\/$/, ''),
      // Its only use is to fail in a browser bundle.
      'server-only': `${root}node_modules/server-only/empty.js`,
    },
  },
  test: {
    environment: 'node',
    allowOnly: false,
    // By itself it leaves one of two cores idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.{ts,tsx}'],
          setupFiles: ['tests/support/quiet.ts'],
          testTimeout: 60_000,
          // Pure functions share nothing, and loading modules anew for each file is half the time.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.{ts,tsx}'],
          ...onDatabase,
        },
      },
      {
        // Needs LibreOffice.
        extends: true,
        test: { name: 'office', include: ['tests/office/**/*.test.ts'], ...onDatabase },
      },
      {
        // Faults on purpose (docs/reliability.md): long. A hundred kills take about ten minutes.
        extends: true,
        test: {
          name: 'faults',
          include: ['tests/faults/**/*.test.ts'],
          testTimeout: 45 * 60_000,
          hookTimeout: 15 * 60_000,
        },
      },
    ],
  },
})

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

process.env.TZ = 'Pacific/Kiritimati'
delete process.env.DATABASE_URL
delete process.env.DATABASE_DIRECT_URL

const root = fileURLToPath(new URL('.', import.meta.url))

/** Faults on purpose (docs/reliability.md): long, one after the other, and not part of `npm test`. */
export default defineConfig({
  resolve: {
    alias: {
      '@': root.replace(/\/$/, ''),
      'server-only': `${root}node_modules/server-only/empty.js`,
    },
  },
  test: {
    environment: 'node',
    include: ['tests/faults/**/*.test.ts'],
    fileParallelism: false,
    // Bounded: a hundred kills take about ten minutes on a busy machine.
    testTimeout: 45 * 60_000,
    hookTimeout: 15 * 60_000,
  },
})

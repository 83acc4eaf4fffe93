import { expect, it } from 'vitest'
import { killRounds } from '../support/kill-rounds'

// `npm run test:faults` does it a hundred times, and more besides.
it('loses nothing and shows nothing half done, whoever is killed when', async () => {
  const { begun, done } = await killRounds(4, () => {})
  expect(begun.save).toBeGreaterThan(0)
  expect(done.save).toBeGreaterThan(0)
}, 120_000)

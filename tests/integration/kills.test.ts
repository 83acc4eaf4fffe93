import { expect, it } from 'vitest'
import { killRounds } from '../support/kill-rounds'

// A hundred kills are `npm run test:faults`.
const rounds = 4

it(
  'loses nothing that was acknowledged when the app or the database is killed',
  async () => {
    const told = await killRounds(rounds)
    expect(told.rounds.writer + told.rounds.database).toBe(rounds)
    expect(told.done.save).toBeGreaterThan(0)
  },
  // A database comes back within seconds; on a machine with much else to do within a minute.
  10 * 60_000,
)

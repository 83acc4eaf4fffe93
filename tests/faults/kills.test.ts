import { expect, it } from 'vitest'
import { killRounds } from '../support/kill-rounds'

const rounds = Number(process.env.SHUMAR_TEST_ROUNDS ?? 100)

it(`loses nothing and shows nothing half done in ${rounds} kills`, async () => {
  const told = await killRounds(rounds, (line) => console.log(line))
  console.log(JSON.stringify(told))
  for (const kind of ['save', 'import', 'release', 'download'] as const) {
    expect(told.done[kind]).toBeGreaterThan(0)
  }
})

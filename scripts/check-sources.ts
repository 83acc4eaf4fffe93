import { parseArgs } from 'node:util'
import { probeLink } from '../lib/link-probe'
import { OperatorProblem } from '../lib/operator-problem'
import { runCommand } from './checkout'
import { withOperatorDatabase } from './operator-database'
import { readSettings } from './settings'

const pause = 1_000

await runCommand(async () => {
  const { values } = parseArgs({
    options: { 'only-older-than': { type: 'string', default: '0h' } },
  })
  const summary = await withOperatorDatabase(async (url) => {
    // Their imports lead to the generated client, which may not have existed when we started.
    const { connect } = await import('../lib/db/client')
    const { checkSources } = await import('../features/sources/mutations')
    const { readAge } = await import('../features/sources/rules')
    const hours = readAge(values['only-older-than'])
    if (hours === null) {
      throw new OperatorProblem(
        `--only-older-than is "${values['only-older-than']}": write days or hours, such as 7d or 12h.`,
      )
    }
    const { publicUrl } = readSettings(process.env)
    const database = connect(url)
    try {
      return await checkSources(database, {
        hours,
        pause,
        ask: (address) => probeLink(address, { userAgent: `Shumar link check (+${publicUrl})` }),
        told: (address, outcome) => console.log(`${outcome.padEnd(6)} ${address}`),
      })
    } finally {
      await database.$disconnect()
    }
  })
  const { alive, moved, dead, unsure, offline } = summary
  if (offline > 0) {
    throw new OperatorProblem(
      `No name of ${offline} addresses could be looked up: check this machine's network. Nothing was recorded.`,
    )
  }
  console.log(`${alive} alive, ${moved} moved, ${dead} dead, ${unsure} unsure.`)
  return 0
})

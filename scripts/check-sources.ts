import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { checkSources } from '../features/sources/mutations'
import { readAge } from '../features/sources/rules'
import { connect } from '../lib/db/client'
import { probeLink } from '../lib/link-probe'
import { OperatorProblem } from '../lib/operator-problem'
import { inCheckout, runCommand } from './checkout'
import { withDatabaseUrl } from './open-database'
import { readSettings } from './settings'

const pause = 1_000

function hoursIn(text: string | undefined): number {
  const hours = readAge(text ?? '0h')
  if (hours !== null) return hours
  throw new OperatorProblem(
    `--only-older-than is "${text}": write days or hours, such as 7d or 12h.`,
  )
}

if (existsSync(inCheckout('.env'))) process.loadEnvFile(inCheckout('.env'))
await runCommand(async () => {
  const { values } = parseArgs({ options: { 'only-older-than': { type: 'string' } } })
  const hours = hoursIn(values['only-older-than'])
  const { publicUrl } = readSettings(process.env)
  const userAgent = `Shumar link check (+${publicUrl})`
  const summary = await withDatabaseUrl(async (url) => {
    const database = connect(url)
    try {
      return await checkSources(database, {
        hours,
        pause,
        ask: (address) => probeLink(address, { userAgent }),
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

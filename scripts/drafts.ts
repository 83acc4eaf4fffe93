import { OperatorProblem } from '../lib/operator-problem'

/** How often it is looked whether drafts have grown old, in milliseconds. */
const interval = 60 * 60_000

/** How many days the traces of people are kept; throws an `OperatorProblem` for what is no number. */
export function daysKept(env: NodeJS.ProcessEnv): number {
  const text = env.SHUMAR_KEEP_DAYS || '30'
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new OperatorProblem(`SHUMAR_KEEP_DAYS is "${text}": set it to a number of days, 1 to 9999.`)
}

/**
 * Removes what was kept of people for long enough, and files nobody published. Announces old drafts and removes those whose announced day has come, now and every hour. A failure
 * is told and tried again an hour later: nobody waits for it. Returns what ends it.
 */
export function watchDrafts(databaseUrl: string, report: (line: string) => void): () => void {
  const look = async () => {
    // Their imports lead to the generated client, which may not have existed when we started.
    const { connect } = await import('../lib/db/client')
    const { tendDrafts } = await import('../features/sheets/mutations')
    const { removeTraces } = await import('../features/retention/mutations')
    const database = connect(databaseUrl)
    try {
      const { removed } = await tendDrafts(database)
      if (removed > 0) report(`Removed ${removed} drafts that nobody had touched for long.`)
      await removeTraces(database, daysKept(process.env))
    } finally {
      await database.$disconnect()
    }
  }
  const tryToLook = () => {
    look().catch((error: unknown) => report(`Old drafts: ${error}`))
  }
  tryToLook()
  const timer = setInterval(tryToLook, interval)
  timer.unref()
  return () => clearInterval(timer)
}

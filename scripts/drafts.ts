/** How often it is looked whether drafts have grown old, in milliseconds. */
const interval = 60 * 60_000

/**
 * Announces old drafts and removes those whose announced day has come, now and every hour. A failure
 * is told and tried again an hour later: nobody waits for it. Returns what ends it.
 */
export function watchDrafts(databaseUrl: string, report: (line: string) => void): () => void {
  const look = async () => {
    // Their imports lead to the generated client, which may not have existed when we started.
    const { connect } = await import('../lib/db/client')
    const { tendDrafts } = await import('../features/sheets/mutations')
    const database = connect(databaseUrl)
    const { removed } = await tendDrafts(database).finally(() => database.$disconnect())
    if (removed > 0) report(`Removed ${removed} drafts that nobody had touched for long.`)
  }
  const tryToLook = () => {
    look().catch((error: unknown) => report(`Old drafts: ${error}`))
  }
  tryToLook()
  const timer = setInterval(tryToLook, interval)
  timer.unref()
  return () => clearInterval(timer)
}

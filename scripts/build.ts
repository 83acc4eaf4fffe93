import { defaultStateFolder, prepareStateFolder } from '../lib/db/embedded'
import { migrate } from '../lib/db/migrate'
import { OperatorProblem } from '../lib/operator-problem'
import { checkout, runCommand } from './checkout'
import { checkDatabase } from './database-address'
import { loadContent } from './first-content'
import { lockHolder } from './lock'
import { buildPages } from './page-build'
import { clientIsFresh, generateClient } from './prisma-client'
import { readSecrets } from './secrets'
import { withThrowawayDatabase } from './throwaway-database'

async function build(databaseUrl: string, stateFolder: string): Promise<number> {
  await migrate(databaseUrl)
  await loadContent(databaseUrl)
  const env = {
    ...process.env,
    ...readSecrets(stateFolder, process.env),
    DATABASE_URL: databaseUrl,
    NEXT_TELEMETRY_DISABLED: '1',
  }
  return (await buildPages(env, 'show')).code ?? 1
}

/**
 * Builds the pages where nothing else runs, as for a container image. Without DATABASE_URL they are
 * built over an embedded database with the first content; the server refreshes them as it starts.
 */
process.chdir(checkout)
await runCommand(async () => {
  const stateFolder = defaultStateFolder()
  prepareStateFolder(stateFolder)
  const holder = lockHolder(stateFolder)
  if (holder) {
    throw new OperatorProblem(
      `Shumar is serving this build at ${holder.url} (process ${holder.pid}): stop it first.`,
    )
  }
  if (!clientIsFresh()) await generateClient()
  const given = process.env.DATABASE_URL
  if (!given) return withThrowawayDatabase((url) => build(url, stateFolder))
  await checkDatabase(given)
  return build(given, stateFolder)
})

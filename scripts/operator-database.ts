import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { defaultStateFolder, startEmbedded } from '../lib/db/embedded'
import { OperatorProblem } from '../lib/operator-problem'
import { inCheckout } from './checkout'
import { checkDatabase } from './database-address'
import { lockHolder } from './lock'
import { clientIsFresh, generateClient } from './prisma-client'

/**
 * Lends the database of this installation to a command: the one in DATABASE_URL, else the embedded
 * one, which is started for the while if the product does not run.
 */
export async function withOperatorDatabase<T>(use: (url: string) => Promise<T>): Promise<T> {
  if (existsSync(inCheckout('.env'))) process.loadEnvFile(inCheckout('.env'))
  if (!clientIsFresh()) await generateClient()
  const given = process.env.DATABASE_DIRECT_URL || process.env.DATABASE_URL
  if (given) {
    await checkDatabase(given)
    return use(given)
  }
  const stateFolder = defaultStateFolder()
  if (!existsSync(join(stateFolder, 'data'))) {
    throw new OperatorProblem(
      'There is no database here yet: run npm start once, or set DATABASE_URL to the one you mean.',
    )
  }
  const isRunning = lockHolder(stateFolder) !== null
  const server = await startEmbedded({ stateFolder })
  try {
    return await use(server.url())
  } finally {
    if (!isRunning) await server.stop()
  }
}

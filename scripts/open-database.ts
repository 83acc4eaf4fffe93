import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { defaultStateFolder, startEmbedded } from '../lib/db/embedded'
import { runningPostmaster } from '../lib/db/postmaster'
import { checkDatabase } from './database-address'

/**
 * Lends the database this checkout serves from: the one in `DATABASE_URL`, else the embedded one,
 * which is started for as long as it takes where nobody runs it.
 */
export async function withDatabaseUrl<T>(use: (url: string) => Promise<T>): Promise<T> {
  const given = process.env.DATABASE_URL
  if (given) {
    await checkDatabase(given)
    return use(given)
  }
  const folder = join(defaultStateFolder(), 'data')
  const wasRunning = existsSync(folder) && runningPostmaster(folder) !== null
  const embedded = await startEmbedded()
  try {
    return await use(embedded.url())
  } finally {
    if (!wasRunning) await embedded.stop()
  }
}

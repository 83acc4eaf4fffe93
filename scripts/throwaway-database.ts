import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '../lib/db/embedded'
import { runningPostmaster } from '../lib/db/postmaster'

/** Lends an empty database on a server of its own, which is gone afterwards, also after Ctrl-C. */
export async function withThrowawayDatabase<T>(use: (url: string) => Promise<T>): Promise<T> {
  const stateFolder = mkdtempSync(join(tmpdir(), 'shumar-'))
  const discard = () => {
    const running = runningPostmaster(join(stateFolder, 'data'))
    if (running) process.kill(running.pid, 'SIGQUIT')
    rmSync(stateFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
  const interrupted = () => process.exit(130)
  process.on('exit', discard)
  process.on('SIGINT', interrupted)
  process.on('SIGTERM', interrupted)
  try {
    const server = await startEmbedded({ stateFolder })
    try {
      return await use(server.url())
    } finally {
      await server.stop()
    }
  } finally {
    process.off('exit', discard)
    process.off('SIGINT', interrupted)
    process.off('SIGTERM', interrupted)
    discard()
  }
}

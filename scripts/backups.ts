import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Rows that must not come back: whoever was signed in, and how often somebody had tried what. */
export const withoutRows = ['sessions', 'verifications', 'rate_limits', 'report_counts']
/** A database in which one of these has a row is somebody's. */
export const ofARecord = ['users', 'commits']

const pattern = /^shumar-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.zip$/

export function backupFolder(stateFolder: string, env: NodeJS.ProcessEnv): string {
  return env.SHUMAR_BACKUPS || join(stateFolder, 'backups')
}

export function backupName(at: Date): string {
  return `shumar-${at.toISOString().slice(0, 19).replaceAll(':', '-')}Z.zip`
}

/** Backups in a folder, the newest first. */
export function backupsIn(folder: string): { file: string; at: Date; size: number }[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .sort()
    .reverse()
    .map((name) => {
      const file = join(folder, name)
      const { mtime, size } = statSync(file)
      return { file, at: mtime, size }
    })
}

/** Tells whether a secret is the same, and nothing else about it. */
export function fingerprintOfSecret(secret: string): string {
  return createHash('sha256').update(`shumar ${secret}`).digest('hex').slice(0, 8)
}

/** The secret of this installation, where it has one already. */
export function knownSecret(stateFolder: string, env: NodeJS.ProcessEnv): string | null {
  if (env.SHUMAR_SECRET) return env.SHUMAR_SECRET
  const file = join(stateFolder, 'session-secret')
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null
}

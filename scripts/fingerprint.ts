import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { inCheckout } from './checkout'

function filesUnder(path: string): string[] {
  const full = inCheckout(path)
  if (!existsSync(full)) return []
  if (statSync(full).isFile()) return [path]
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(path, entry.parentPath.slice(full.length), entry.name))
}

/** A SHA-256 over the names and contents of files and folders of the checkout, leaving some out. */
export function fingerprint(paths: string[], without: string[] = []): string {
  const left = without.map((path) => path.replaceAll('/', sep) + sep)
  const files = paths
    .flatMap(filesUnder)
    .filter((file) => !left.some((folder) => file.startsWith(folder)))
    .sort()
  const hash = createHash('sha256')
  for (const file of files) {
    hash.update(`${file}\0`)
    hash.update(
      createHash('sha256')
        .update(readFileSync(inCheckout(file)))
        .digest(),
    )
  }
  return hash.digest('hex')
}

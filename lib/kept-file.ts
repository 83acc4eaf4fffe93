import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { errorCode } from './operator-problem'

/**
 * Creates `path` with its whole content, on disk, readable by its owner only. False where it exists
 * already: of several processes one creates it, and none ever reads a half-written file.
 */
export function createWhole(path: string, content: string): boolean {
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeSync(file, content)
    fsyncSync(file)
    linkSync(draft, path)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  } finally {
    closeSync(file)
    rmSync(draft, { force: true })
  }
}

/** The text kept in `path`; where there is none yet, what `make` returns is kept from now on. */
export function keptText(path: string, make: () => string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
  createWhole(path, `${make()}\n`)
  return readFileSync(path, 'utf8').trim()
}

import { readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createWhole } from '../lib/kept-file'
import { OperatorProblem } from '../lib/operator-problem'
import { processStart } from '../lib/process'

type Holder = { pid: number; started: string; url: string }

function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

/** The process that holds the lock, unless it is gone and its id free or given to another. */
export function lockHolder(stateFolder: string): Holder | null {
  const holder = readHolder(join(stateFolder, 'running.json'))
  return holder && processStart(holder.pid) === holder.started ? holder : null
}

/** Moves the lock of a dead process aside; of several starts only one gets to do so. */
function removeStale(path: string): void {
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
    rmSync(aside)
  } catch {
    // Another start was faster.
  }
}

/**
 * Makes this process the only one that runs here and returns what ends that. Throws an
 * `OperatorProblem` that names the address of the one that already does.
 */
export function takeLock(stateFolder: string, url: string): () => void {
  const path = join(stateFolder, 'running.json')
  const own: Holder = { pid: process.pid, started: processStart(process.pid) ?? '', url }
  for (;;) {
    const holder = lockHolder(stateFolder)
    if (holder) {
      throw new OperatorProblem(
        `Shumar is running here already, at ${holder.url} (process ${holder.pid}): open that, or stop it first.`,
      )
    }
    if (readHolder(path)) removeStale(path)
    if (createWhole(path, `${JSON.stringify(own)}\n`)) break
  }
  return () => {
    if (readHolder(path)?.pid === process.pid) rmSync(path, { force: true })
  }
}

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { checkout } from './checkout'

/** Child processes that run now; a stop from outside ends them. */
export const running = new Set<ChildProcess>()

export function spawnNode(args: string[], options: SpawnOptions): ChildProcess {
  const child = spawn(process.execPath, args, { cwd: checkout, ...options })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

export type Outcome = { code: number | null; output: string }

/** Runs a Node.js program to its end, keeping what it says to itself or showing it as it comes. */
export function runNode(
  args: string[],
  env: NodeJS.ProcessEnv,
  output: 'keep' | 'show',
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const pipe = output === 'keep' ? 'pipe' : 'inherit'
    const child = spawnNode(args, { env, stdio: ['ignore', pipe, pipe] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        said += chunk
      })
    }
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output: said }))
  })
}

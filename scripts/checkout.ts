import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OperatorProblem } from '../lib/operator-problem'

export const checkout = fileURLToPath(new URL('..', import.meta.url))

export function inCheckout(...path: string[]): string {
  return join(checkout, ...path)
}

/** A file of an installed package, by its place inside the package. */
export function packageFile(name: string, ...path: string[]): string {
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`)
  return join(dirname(manifest), ...path)
}

/** Runs a command and ends the process: an `OperatorProblem` as its sentence, a fault in full. */
export async function runCommand(command: () => Promise<number>): Promise<never> {
  try {
    process.exit(await command())
  } catch (error) {
    console.error(error instanceof OperatorProblem ? error.message : error)
    process.exit(1)
  }
}

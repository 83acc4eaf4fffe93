import { parentOf } from '../lib/process'

const interval = process.platform === 'linux' ? 500 : 3_000

/**
 * Calls `stop` once npm is gone. A SIGTERM to npm ends it and its shell without reaching us, so the
 * server would go on with nobody to stop it. Started by hand, we may well outlive the shell.
 */
export function watchForOrphaning(stop: () => void): void {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  const grandparent = parentOf(parent)
  const timer = setInterval(() => {
    if (process.ppid === parent && parentOf(parent) === grandparent) return
    clearInterval(timer)
    stop()
  }, interval)
  timer.unref()
}

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { inCheckout, packageFile } from './checkout'
import { spawnNode } from './run'
import { localUrl, type Settings } from './settings'

/** Load balancers and people wait this long for requests under way. */
const drainWithin = 25_000
const readyWithin = 120_000

export type WebServer = {
  /** Resolves when the process has ended, for whatever reason. */
  exited: Promise<unknown>
  /** Waits until the server answers `path` with success; throws if it ends before that. */
  answers(path: string): Promise<void>
  /**
   * Makes public pages anew, which only the parent may ask for; `change` is the newest entry of the
   * log that they must show. Where it was changed by transactions of the server itself alone, after
   * which it has done so already, it may leave them as they are.
   */
  refresh(change?: number, by?: readonly string[]): Promise<void>
  /** Answers the server when somebody who is signed in must read the newest. */
  onCatchUp(catchUp: () => Promise<void>): void
  /** Shows from now on what the server writes. */
  show(): void
  /** Says for the drain time that it is not ready, lets requests under way end, ends the process. */
  stop(): Promise<void>
}

function spawnNext(settings: Settings, env: NodeJS.ProcessEnv, dev: boolean): ChildProcess {
  return spawnNode(
    [
      `--import=${pathToFileURL(inCheckout('scripts', 'next-preload.mjs'))}`,
      packageFile('next', 'dist', 'bin', 'next'),
      dev ? 'dev' : 'start',
      `--port=${settings.port}`,
      // In production the server is told where to listen, and Next is not: see next-preload.mjs.
      ...(dev && settings.host ? [`--hostname=${settings.host}`] : []),
    ],
    {
      env: {
        ...env,
        NODE_ENV: dev ? 'development' : 'production',
        ...(settings.host && { SHUMAR_LISTEN: settings.host }),
      },
      stdio: ['ignore', dev ? 'inherit' : 'pipe', 'inherit', 'ipc'],
    },
  )
}

/**
 * Starts Next's server as a child process. `env` carries the database's address, the secrets and
 * `SHUMAR_INTERNAL_SECRET`, which lets this process alone ask for a refresh.
 */
export function startWebServer(
  settings: Settings,
  env: NodeJS.ProcessEnv & { SHUMAR_INTERNAL_SECRET: string },
  dev: boolean,
): WebServer {
  const child = spawnNext(settings, env, dev)
  const exited = once(child, 'exit')
  const base = localUrl(settings)
  // Next announces an address before it can serve; ours is printed once it does.
  let shown = false
  let held = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    if (shown) process.stdout.write(chunk)
    else held += chunk
  })

  const request = (path: string, init?: RequestInit) =>
    fetch(`${base}${path}`, { ...init, signal: AbortSignal.timeout(30_000) })

  return {
    exited,
    async answers(path) {
      const deadline = Date.now() + readyWithin
      while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
        const answer = await request(path).catch(() => null)
        if (answer?.ok) return
        await sleep(100)
      }
      throw new Error(`The web server does not answer at ${base}${path}.\n${held}`)
    },
    async refresh(change = 0, by = []) {
      const answer = await request('/internal/refresh', {
        method: 'POST',
        headers: {
          'x-shumar-internal': env.SHUMAR_INTERNAL_SECRET,
          'x-shumar-change': String(change),
          'x-shumar-by': by.join(' '),
        },
      })
      if (!answer.ok) throw new Error(`The refresh was answered with ${answer.status}.`)
    },
    onCatchUp(catchUp) {
      child.on('message', async ({ catchUp: no }: { catchUp?: number }) => {
        if (no === undefined) return
        await catchUp()
        if (child.connected) child.send({ caughtUp: no })
      })
    },
    show() {
      shown = true
    },
    async stop() {
      if (settings.drainSeconds > 0 && child.connected) {
        child.send('drain')
        await Promise.race([sleep(settings.drainSeconds * 1000), exited])
      }
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), drainWithin)
      await exited
      clearTimeout(timer)
    },
  }
}

import { hostname } from 'node:os'
import { OperatorProblem } from '../lib/operator-problem'

export type Settings = {
  port: number
  /** The address to listen on; null for all of the machine's. */
  host: string | null
  /** The public base address, without a slash at its end. */
  publicUrl: string
  /** How long a server that is to stop goes on while it says that it is not ready. */
  drainSeconds: number
}

function readDrain(text: string): number {
  const seconds = Number(text)
  if (/^\d+$/.test(text) && seconds <= 300) return seconds
  throw new OperatorProblem(
    `SHUMAR_DRAIN_SECONDS is "${text}": set it to a whole number from 0 to 300.`,
  )
}

function readPort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port
  throw new OperatorProblem(`PORT is "${text}": set it to a whole number from 1 to 65535.`)
}

function readPublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash) {
    return url.origin
  }
  throw new OperatorProblem(
    `SHUMAR_URL is "${text}": set it to the address people open, such as https://statistics.example.org, without a path.`,
  )
}

/** Containers set HOSTNAME to the machine's own name, which says nothing about where to listen. */
function readHost(env: NodeJS.ProcessEnv): string | null {
  const named = env.HOSTNAME === hostname() ? undefined : env.HOSTNAME
  return env.HOST || named || null
}

/** What the environment says about the address; throws an `OperatorProblem` for what it cannot be. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const port = readPort(env.PORT || '3000')
  return {
    port,
    host: readHost(env),
    publicUrl: readPublicUrl(env.SHUMAR_URL || `http://localhost:${port}`),
    drainSeconds: readDrain(env.SHUMAR_DRAIN_SECONDS || '0'),
  }
}

/** Where the server answers from this machine, without a slash at the end. */
export function localUrl({ host, port }: Pick<Settings, 'host' | 'port'>): string {
  const open = host === null || host === '0.0.0.0' || host === '::'
  const name = open ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

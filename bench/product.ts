import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../tests/support/free-port'

export function open(url: string): Promise<{ request: ClientRequest; answer: IncomingMessage }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false }, (answer) => resolve({ request, answer }))
    request.once('error', reject)
  })
}

const statusOf = (pid: string) => {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8')
    const number = (name: string) => Number(text.match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))?.[1])
    return { pid: Number(pid), parent: number('PPid'), memory: number('VmRSS') * 1024 }
  } catch {
    return null
  }
}

/** Bytes of the largest process under another: the web server. */
export function memoryUnder(root: number): number {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const processes = all.flatMap((pid) => statusOf(pid) ?? [])
  const under = (pid: number): number[] =>
    processes
      .filter(({ parent }) => parent === pid)
      .flatMap((one) => [one.memory, ...under(one.pid)])
  return Math.max(0, ...under(root))
}

export function watchMemory(root: number) {
  let peak = 0
  const timer = setInterval(() => {
    peak = Math.max(peak, memoryUnder(root))
  }, 100)
  return () => {
    clearInterval(timer)
    return Math.max(peak, memoryUnder(root))
  }
}

/** Starts the product on a database, as an operator does, and stops it afterwards. */
export async function withProduct(
  url: string,
  use: (origin: string, pid: number) => Promise<void>,
) {
  const folder = mkdtempSync(join(tmpdir(), 'shumar-bench-'))
  const port = await freePort()
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', 'scripts/start.ts'], {
    env: { ...process.env, DATABASE_URL: url, SHUMAR_STATE: folder, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const origin = `http://127.0.0.1:${port}`
  try {
    for (let tries = 0; ; tries += 1) {
      const isReady = await fetch(`${origin}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
      if (isReady) break
      if (tries > 3000 || child.exitCode !== null) throw new Error('The product did not start.')
      await sleep(200)
    }
    await use(origin, child.pid ?? 0)
  } finally {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { withoutSettings } from './environment'
import { freePort } from './free-port'

const root = resolve(import.meta.dirname, '../..')

/** A way to the database that can be made slow or silent, or be cut. */
export interface Line {
  url: string
  /** Milliseconds that every answer takes longer. */
  delay: number
  /** Nothing arrives any more, and nothing says so. */
  isSilent: boolean
  cut(): void
  close(): void
}

export async function lineTo(databaseUrl: string): Promise<Line> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (chunk) => {
      if (!line.isSilent) upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      if (line.isSilent) return
      if (line.delay === 0) client.write(chunk)
      else setTimeout(() => client.writable && client.write(chunk), line.delay)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = new URL(databaseUrl)
  url.port = String(typeof address === 'object' ? address?.port : '')
  const line: Line = {
    url: url.href,
    delay: 0,
    isSilent: false,
    cut: () => {
      for (const socket of sockets) socket.destroy()
    },
    close() {
      line.cut()
      server.close()
    },
  }
  return line
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  ms: number
}

export interface Product {
  port: number
  address: string
  said(): string
  ask(path: string, init?: RequestInit): Promise<Answer>
  /** Waits until `path` is answered with `status`; the milliseconds that took. */
  until(path: string, status: number, within?: number): Promise<number>
  /** As a crash does: the process above and the web server under it. */
  kill(): Promise<void>
  stop(): Promise<number | null>
}

/** Starts the product over a database and a state folder, from the build that is there or is made. */
export async function startProduct(databaseUrl: string, state: string): Promise<Product> {
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', 'scripts/start.ts'], {
    cwd: root,
    env: withoutSettings({
      SHUMAR_STATE: state,
      DATABASE_URL: databaseUrl,
      PORT: String(port),
      SHUMAR_URL: address,
      TZ: 'Pacific/Kiritimati',
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      said += chunk
    })
  }
  const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const began = performance.now()
    const answer = await fetch(`${address}${path}`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(60_000),
      ...init,
      headers: { accept: 'text/html', ...init.headers },
    })
    const text = await answer.text()
    const { status, headers } = answer
    return { status, headers, text, ms: performance.now() - began }
  }
  return {
    port,
    address,
    said: () => said,
    ask,
    async until(path, status, within = 60_000) {
      const began = performance.now()
      let last = 0
      while (performance.now() - began < within) {
        if (child.exitCode !== null) throw new Error(`The product has ended. It said:\n${said}`)
        last = await ask(path).then(
          (answer) => answer.status,
          () => 0,
        )
        if (last === status) return performance.now() - began
        await sleep(100)
      }
      throw new Error(`${path} is answered with ${last} after ${within} ms. It said:\n${said}`)
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
      for (;;) {
        const isThere = await fetch(`${address}/healthz`).then(
          () => true,
          () => false,
        )
        if (!isThere) return
        await sleep(50)
      }
    },
    async stop() {
      child.kill('SIGTERM')
      const [code] = await exited
      return code
    },
  }
}

export async function stateFolder(): Promise<{ path: string; discard(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'shumar-faults-state-'))
  await chmod(path, 0o711)
  return { path, discard: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) }
}

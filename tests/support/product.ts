import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, createWriteStream, existsSync, openSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { withoutSettings } from './environment'
import { freePort } from './free-port'

const root = resolve(import.meta.dirname, '../..')
const logs = join(root, 'test-results')

/** Covers a first build on two busy cores; a minute is usual. */
const startLimit = 15 * 60_000
const stopLimit = 30_000

interface Printed {
  address: string
  setupLink: string
}

const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

/** What a newcomer reads in the terminal: where the product is, and where to make the first account. */
function readPrinted(output: string): Printed | undefined {
  const links = output.replace(colours, '').match(/https?:\/\/[^\s"'<>]+/g) ?? []
  const address = links.find((link) =>
    /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\]):\d+\/?$/.test(link),
  )
  const setupLink = links.find((link) => /set-?up/i.test(link))
  return address && setupLink ? { address: new URL(address).origin, setupLink } : undefined
}

function waitForPrinted(child: ChildProcess, logFile: string): Promise<Printed> {
  return new Promise((done, fail) => {
    let output = ''
    const log = createWriteStream(logFile)
    const refuse = (reason: string) => {
      clearTimeout(timer)
      fail(new Error(`The product ${reason}. It printed:\n${output.slice(-4000)}`))
    }
    const timer = setTimeout(
      () => refuse(`did not print its address and set-up link in ${startLimit / 60_000} minutes`),
      startLimit,
    )
    const read = (chunk: Buffer) => {
      log.write(chunk)
      output += chunk.toString()
      const printed = readPrinted(output.slice(0, output.lastIndexOf('\n')))
      if (!printed) return
      clearTimeout(timer)
      done(printed)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('error', (error) => refuse(`could not be started: ${error.message}`))
    child.once('exit', (code, signal) => refuse(`stopped with ${signal ?? `code ${code}`}`))
  })
}

const start = (
  state: string,
  port: string,
  stdio: StdioOptions = ['ignore', 'pipe', 'pipe'],
  more: Record<string, string> = {},
) =>
  // Not through the command tsx: on a busy machine it kills what does not stop in 60 ms.
  spawn(process.execPath, ['--import', 'tsx', 'scripts/start.ts'], {
    cwd: root,
    env: withoutSettings({
      SHUMAR_STATE: state,
      PORT: port,
      // The first place to see each new day; the browser is in the last.
      TZ: 'Pacific/Kiritimati',
      ...more,
    }),
    stdio,
  })

/** The process that runs over a state folder; null where none does. */
async function runningIn(state: string): Promise<number | null> {
  const lock = await readFile(join(state, 'running.json'), 'utf8').catch(() => null)
  return lock === null ? null : JSON.parse(lock).pid
}

/** While this file is in its state folder, a product that crashed stays down. */
const held = (state: string) => join(state, 'stays-down')

async function until(isSo: () => boolean | Promise<boolean>, limit: number): Promise<boolean> {
  for (const end = Date.now() + limit; Date.now() < end; await sleep(100)) {
    if (await isSo()) return true
  }
  return false
}

/**
 * Kills the product of the tests that change something as a crash does, and lets it come back over
 * the same database and under the same address. `meanwhile` happens while there is nobody to answer.
 */
export async function crashProduct(meanwhile: () => Promise<void>): Promise<void> {
  const { SHUMAR_TEST_STATE: state = '', SHUMAR_TEST_CHANGING_ADDRESS: address = '' } = process.env
  const pid = await runningIn(state)
  if (pid === null) throw new Error('The product is not running: start the tests with npm test.')
  await writeFile(held(state), '')
  try {
    process.kill(pid, 'SIGKILL')
    const isSilent = () =>
      fetch(address).then(
        () => false,
        () => true,
      )
    if (!(await until(isSilent, stopLimit))) throw new Error('The web server outlived its product.')
    await meanwhile()
  } finally {
    await rm(held(state))
  }
  if (!(await until(() => isReady(address), startLimit)))
    throw new Error('The product did not start again.')
}

const isReady = (address: string) =>
  fetch(`${address}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )

/**
 * Starts another instance of the product of the tests that change something: the same build, which
 * brings the key of its forms, the same database and secret, another port.
 */
export async function startInstance(
  more: Record<string, string> = {},
): Promise<{ address: string; stop(): Promise<void> }> {
  const { SHUMAR_TEST_STATE: first = '', SHUMAR_TEST_CHANGING_ADDRESS: address = '' } = process.env
  const read = async (name: string) => (await readFile(join(first, name), 'utf8')).trim()
  const postgresPort = (await read('data/postmaster.pid')).split('\n')[3]
  const state = await mkdtemp(join(tmpdir(), 'shumar-instance-'))
  const port = await freePort()
  const log = openSync(join(logs, 'product-instance.log'), 'a')
  const child = start(state, String(port), ['ignore', log, log], {
    DATABASE_URL: `postgresql://shumar:${await read('password')}@127.0.0.1:${postgresPort}/shumar`,
    SHUMAR_URL: address,
    SHUMAR_SECRET: await read('session-secret'),
    ...more,
  })
  const exited = once(child, 'exit')
  const stop = async () => {
    child.kill('SIGTERM')
    if (child.exitCode === null && child.signalCode === null) await exited
    await rm(state, { recursive: true, force: true })
  }
  if (await until(() => isReady(`http://127.0.0.1:${port}`), startLimit)) {
    return { address: `http://127.0.0.1:${port}`, stop }
  }
  await stop()
  throw new Error('The second instance did not start: see test-results/product-instance.log.')
}

interface Product extends Printed {
  state: string
  stop(): Promise<void>
}

/**
 * Starts the product as a newcomer does, with nothing but an empty state folder, and again each time
 * it crashes: no test that fails takes it from those after it. What it prints goes to a file in
 * test-results/.
 */
async function startProduct(logFile: string): Promise<Product> {
  const state = await mkdtemp(join(tmpdir(), 'shumar-state-'))
  // Run as root, the embedded database is another user, who must be able to pass through here.
  await chmod(state, 0o711)
  const port = String(await freePort())
  let isStopping = false
  let child = start(state, port)
  const revive = async () => {
    while (!isStopping && existsSync(held(state))) await sleep(100)
    if (isStopping) return
    const log = openSync(logFile, 'a')
    child = start(state, port, ['ignore', log, log])
    closeSync(log)
    child.once('exit', revive)
  }
  const stop = async () => {
    isStopping = true
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    const insist = setTimeout(() => child.kill('SIGKILL'), stopLimit)
    if (child.exitCode === null && child.signalCode === null) await exited
    clearTimeout(insist)
    await rm(state, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const printed = await waitForPrinted(child, logFile)
    child.once('exit', revive)
    return { ...printed, state, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * Starts two products from one build, each with figures of its own: one for the tests that only
 * read, which must find the first content, and one for those that change something.
 */
export default async function startProducts() {
  await mkdir(logs, { recursive: true })
  const started: Product[] = []
  const stop = async () => {
    await Promise.all(started.map((product) => product.stop()))
  }
  try {
    for (const name of ['reading', 'changing']) {
      started.push(await startProduct(join(logs, `product-${name}.log`)))
    }
  } catch (error) {
    await stop()
    throw error
  }
  const [reading, changing] = started as [Product, Product]
  process.env.SHUMAR_TEST_ADDRESS = reading.address
  process.env.SHUMAR_TEST_CHANGING_ADDRESS = changing.address
  process.env.SHUMAR_TEST_SETUP_LINK = changing.setupLink
  process.env.SHUMAR_TEST_STATE = changing.state
  return stop
}

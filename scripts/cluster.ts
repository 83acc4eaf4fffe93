import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { OperatorProblem } from '../lib/operator-problem'
import { checkout, runCommand } from './checkout'
import {
  addressOf,
  copyPrimary,
  findTools,
  isReady,
  type Part,
  type Ports,
  query,
  startInstance,
  startNginx,
  startPgBouncer,
  startPrimary,
  startReplica,
} from './cluster-parts'
import { prove } from './cluster-proofs'
import { buildIsFresh } from './page-build'
import { checkPort } from './port'
import { clientIsFresh, generateClient } from './prisma-client'

/**
 * A whole site on one machine, to try out: nginx before three instances, PgBouncer in transaction
 * mode, a primary and a streaming replica. `npm run cluster` starts it and prints the address;
 * `npm run cluster -- --prove` proves what docs/scaling.md says of it and stops. Nothing is kept.
 */
const say = (line: string) => console.log(line)

function portsFrom(text: string): Ports {
  const first = Number(text)
  if (!/^\d+$/.test(text) || first < 1 || first > 65_500) {
    throw new OperatorProblem(`PORT is "${text}": set it to the first of eight free ports.`)
  }
  const [nginx, one, two, three, primary, replica, pgbouncer] = Array.from(
    { length: 7 },
    (_, index) => first + index,
  ) as [number, number, number, number, number, number, number]
  return { nginx, instances: [one, two, three], primary, replica, pgbouncer }
}

const stopOrder = ['nginx', 'instance', 'pgbouncer', 'replica', 'primary']

async function stopAll(parts: Map<string, Part>): Promise<void> {
  for (const kind of stopOrder) {
    const some = [...parts.values()].filter(({ name }) => name.startsWith(kind))
    // PostgreSQL waits for its clients after SIGTERM, and ends them after SIGINT.
    const signal = kind === 'nginx' || kind === 'instance' ? 'SIGTERM' : 'SIGINT'
    await Promise.all(some.map((part) => part.stop(signal)))
  }
}

async function cluster(isProof: boolean): Promise<number> {
  const tools = findTools()
  if (!clientIsFresh()) await generateClient()
  if (!buildIsFresh()) {
    throw new OperatorProblem('There is no build of these sources: run npm run build first.')
  }
  const ports = portsFrom(process.env.PORT || '3000')
  // What already listens there would be asked in the place of a part that could not start.
  for (const port of Object.values(ports).flat()) {
    await checkPort({ port, host: null }, 'npm run cluster')
  }
  const home = mkdtempSync(join(tmpdir(), 'shumar-cluster-'))
  // Run as root, the databases are another user, who must be able to pass through here.
  chmodSync(home, 0o711)
  const password = randomBytes(18).toString('base64url')
  const secret = randomBytes(32).toString('base64url')
  const settings = { home, ports, password, secret }
  const parts = new Map<string, Part>()
  let isFailed = false
  const add = (part: Part) => parts.set(part.name, part)
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  const ended = interrupted.then(() => 'interrupted' as const)
  try {
    say(`Starting the databases (logs in ${home}).`)
    add(await startPrimary(tools, home, ports.primary, password))
    const primary = addressOf(ports.primary, password)
    copyPrimary(tools, home, ports, password)
    add(await startReplica(tools, home, ports.replica, password))
    add(await startPgBouncer(tools, home, ports, password))
    say('Starting three instances at once on an empty database.')
    for (const index of ports.instances.keys()) add(startInstance(index, settings))
    const ready = Promise.all(ports.instances.map(isReady))
    if ((await Promise.race([ready, ended])) === 'interrupted') return 130
    const [row] = await query<{ count: string }>(
      primary,
      'SELECT count(*) FROM _prisma_migrations WHERE finished_at IS NOT NULL',
    )
    say(`Ready: ${row?.count} migrations were applied, each by one of them.`)
    add(await startNginx(tools, home, ports))
    await isReady(ports.nginx)
    if (isProof)
      return await Promise.race([prove({ ...settings, tools, parts }), ended.then(() => 130)])
    say(`\nThe site is at http://127.0.0.1:${ports.nginx}`)
    say(
      `Its instances are at ${ports.instances.map((port) => `http://127.0.0.1:${port}`).join(', ')}.`,
    )
    say('Press Ctrl-C to stop; nothing is kept.')
    await ended
    return 0
  } catch (error) {
    isFailed = true
    throw error
  } finally {
    say(isFailed ? `Stopping. The logs stay in ${home}.` : 'Stopping.')
    await stopAll(parts)
    if (!isFailed) rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

process.chdir(checkout)
const { values } = parseArgs({ options: { prove: { type: 'boolean', default: false } } })
await runCommand(() => cluster(values.prove))

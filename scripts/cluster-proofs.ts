import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  addressOf,
  type InstanceSettings,
  isReady,
  type Part,
  query,
  startInstance,
  startReplica,
  type Tools,
  until,
} from './cluster-parts'

interface Cluster extends InstanceSettings {
  tools: Tools
  parts: Map<string, Part>
}

interface Proof {
  claim: string
  seen: string
  holds: boolean
}

const rounds = 30
const limit = 1_000

const median = (numbers: number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0

const text = async (url: string) => (await fetch(url)).text()

/** Gives an indicator another name, as an editor does through any instance: here through PgBouncer. */
async function rename(url: string, name: string): Promise<void> {
  await query(
    url,
    `WITH new AS (
       INSERT INTO commits (kind, actor_id, idempotency_key)
       SELECT kind, actor_id, $1 FROM commits ORDER BY no DESC LIMIT 1 RETURNING no)
     INSERT INTO indicator_versions
     SELECT indicator_code, new.no, name || jsonb_build_object('en', $1::text), definition FROM new,
       (SELECT * FROM indicator_versions WHERE indicator_code = 'CENTRES'
        ORDER BY commit_no DESC LIMIT 1) AS last`,
    [name],
  )
}

/** Milliseconds until a page shows a text. */
async function shown(page: string, name: string): Promise<number> {
  const began = performance.now()
  while (!(await text(page)).includes(name)) {
    if (performance.now() - began > 10_000) return Number.POSITIVE_INFINITY
    await sleep(5)
  }
  return performance.now() - began
}

interface Load {
  /** Ends it and tells what it saw. */
  end(): Promise<{ asked: number; failed: string[] }>
}

const asked = [
  { path: '/', method: 'GET', status: 200 },
  { path: '/ur/indicators', method: 'GET', status: 200 },
  { path: '/indicators/CENTRES', method: 'GET', status: 200 },
  { path: '/data?area=PK', method: 'GET', status: 200 },
  { path: '/download/figures.csv?indicator=CENTRES', method: 'GET', status: 200 },
  { path: '/healthz', method: 'GET', status: 200 },
  // A post that nginx may not repeat; the product itself answers that there is no such door.
  { path: '/internal/refresh', method: 'POST', status: 404 },
] as const

/** Readers who ask one page after the other over connections that stay open. */
function load(port: number, readers: number): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: readers })
  const failed: string[] = []
  let count = 0
  let isOver = false
  const ask = ({ path, method, status }: (typeof asked)[number]) =>
    new Promise<void>((resolve) => {
      count += 1
      const fail = (reason: string) => {
        failed.push(`${method} ${path}: ${reason}`)
        resolve()
      }
      const sent = request({ port, host: '127.0.0.1', path, method, agent }, (answer) => {
        answer.on('error', (error) => fail(error.message))
        answer.on('end', () =>
          answer.statusCode === status ? resolve() : fail(`status ${answer.statusCode}`),
        )
        answer.resume()
      })
      sent.on('error', (error) => fail(error.message))
      sent.end()
    })
  const read = async (first: number) => {
    for (let turn = first; !isOver; turn += 1) await ask(asked[turn % asked.length] ?? asked[0])
  }
  const readings = Array.from({ length: readers }, (_, reader) => read(reader))
  return {
    async end() {
      isOver = true
      await Promise.all(readings)
      agent.destroy()
      return { asked: count, failed }
    },
  }
}

const told = ({ asked: count, failed }: { asked: number; failed: string[] }) =>
  `${count} requests, ${failed.length} failed${failed.length > 0 ? ` (${[...new Set(failed)].slice(0, 3).join('; ')})` : ''}`

async function propagation({ ports, password }: Cluster, readers: number): Promise<Proof> {
  const running = readers > 0 ? load(ports.nginx, readers) : null
  const took: number[] = []
  let old = 0
  for (let round = 0; round < rounds; round += 1) {
    const name = `Centres, ${readers} readers, round ${round}.`
    const pages = ports.instances.map((port) => `http://127.0.0.1:${port}/indicators/CENTRES`)
    await rename(addressOf(ports.pgbouncer, password), name)
    took.push(...(await Promise.all(pages.map((page) => shown(page, name)))))
    await sleep(100)
    for (const page of pages) if (!(await text(page)).includes(name)) old += 1
  }
  const outcome = await running?.end()
  return {
    claim: `A change is on all three instances within 1 s, and stays (${rounds} rounds, ${readers} readers)`,
    seen: `median ${Math.round(median(took))} ms, at most ${Math.round(Math.max(...took))} ms; an old page came back ${old} times${outcome ? `; ${told(outcome)}` : ''}`,
    holds: Math.max(...took) < limit && old === 0 && !outcome?.failed.length,
  }
}

async function rollingRestart(cluster: Cluster): Promise<Proof> {
  const { ports, parts } = cluster
  const running = load(ports.nginx, 8)
  await sleep(1_000)
  for (const [index, port] of ports.instances.entries()) {
    await parts.get(`instance ${index + 1}`)?.stop()
    const part = startInstance(index, cluster)
    parts.set(part.name, part)
    await isReady(port)
    await sleep(1_000)
  }
  const outcome = await running.end()
  return {
    claim: 'A rolling restart under load fails no request',
    seen: told(outcome),
    holds: outcome.failed.length === 0,
  }
}

async function servedByReplica({ ports, password }: Cluster): Promise<Proof> {
  const count = async () => {
    const [row] = await query<{ count: string }>(
      addressOf(ports.replica, password),
      `SELECT tup_fetched AS count FROM pg_stat_database WHERE datname = 'shumar'`,
    )
    return Number(row?.count)
  }
  const before = await count()
  for (let turn = 0; turn < 20; turn += 1) {
    await text(`http://127.0.0.1:${ports.nginx}/download/figures.csv?indicator=CENTRES&area=PK`)
  }
  // Its statistics are written down about once a second.
  await sleep(2_000)
  const read = (await count()) - before
  return {
    claim: 'Readers are answered from the replica',
    seen: `${read} rows were fetched there for 20 downloads`,
    holds: read > 20,
  }
}

async function lostReplica(cluster: Cluster): Promise<Proof> {
  const { tools, home, ports, password, parts } = cluster
  const running = load(ports.nginx, 4)
  await sleep(1_000)
  // Immediate shutdown: as a crash is for its clients.
  await parts.get('replica')?.stop('SIGQUIT')
  await sleep(3_000)
  const name = 'Centres without a replica.'
  await rename(addressOf(ports.pgbouncer, password), name)
  const page = `http://127.0.0.1:${ports.nginx}/indicators/CENTRES`
  const took = await shown(page, name)
  const back = await startReplica(tools, home, ports.replica, password)
  parts.set(back.name, back)
  await sleep(3_000)
  const outcome = await running.end()
  return {
    claim: 'A replica that dies and comes back fails no request, and changes go on',
    seen: `${told(outcome)}; a change after ${Math.round(took)} ms`,
    holds: outcome.failed.length === 0 && took < limit,
  }
}

/** A replica that has stopped following must not be read for what it does not have. */
async function laggingReplica({ ports, password }: Cluster): Promise<Proof> {
  const replica = addressOf(ports.replica, password)
  await query(replica, 'SELECT pg_wal_replay_pause()')
  const name = 'Centres that the replica does not know.'
  await rename(addressOf(ports.pgbouncer, password), name)
  const pages = ports.instances.map((port) => `http://127.0.0.1:${port}/indicators/CENTRES`)
  const took = await Promise.all(pages.map((page) => shown(page, name)))
  await sleep(1_000)
  const stays = await Promise.all(pages.map(async (page) => (await text(page)).includes(name)))
  await query(replica, 'SELECT pg_wal_replay_resume()')
  return {
    claim: 'A change shows within 1 s while the replica stands still',
    seen: `after ${took.map(Math.round).join(', ')} ms`,
    holds: Math.max(...took) < limit && stays.every(Boolean),
  }
}

async function lostInstance(cluster: Cluster): Promise<Proof> {
  const { ports, parts } = cluster
  const running = load(ports.nginx, 8)
  await sleep(1_000)
  await parts.get('instance 2')?.stop('SIGKILL')
  await sleep(3_000)
  const outcome = await running.end()
  const part = startInstance(1, cluster)
  parts.set(part.name, part)
  await isReady(ports.instances[1] ?? 0)
  const posts = outcome.failed.filter((failure) => failure.startsWith('POST')).length
  return {
    claim: 'An instance that is killed fails no page; posts under way in it may fail',
    seen: `${told(outcome)}; ${posts} of them posts`,
    holds: outcome.failed.length === posts,
  }
}

async function cutListeners({ ports, password, parts }: Cluster): Promise<Proof> {
  const before = await query<{ pid: number }>(
    addressOf(ports.primary, password),
    `SELECT pg_terminate_backend(pid), pid FROM pg_stat_activity
     WHERE application_name = 'shumar changes'`,
  )
  const name = 'Centres heard again.'
  await rename(addressOf(ports.pgbouncer, password), name)
  const took = await Promise.all(
    ports.instances.map((port) => shown(`http://127.0.0.1:${port}/indicators/CENTRES`, name)),
  )
  return {
    claim: 'A change made while no instance listens is found',
    seen: `${before.length} of ${parts.size - 4} connections were cut; shown after ${took.map(Math.round).join(', ')} ms`,
    holds: Math.max(...took) < limit,
  }
}

/** Runs all proofs one after the other and prints what was seen; the exit code. */
export async function prove(cluster: Cluster): Promise<number> {
  const { ports } = cluster
  await until('every page once', async () => {
    const pages = ports.instances.flatMap((port) =>
      asked.map(({ path }) => fetch(`http://127.0.0.1:${port}${path}`)),
    )
    return (await Promise.all(pages)).length > 0
  })
  const proofs: Proof[] = []
  const note = async (proof: Promise<Proof>) => {
    const { claim, seen, holds } = await proof
    proofs.push({ claim, seen, holds })
    console.log(`${holds ? 'holds ' : 'FAILS '} ${claim}\n       ${seen}`)
  }
  await note(propagation(cluster, 0))
  await note(propagation(cluster, 4))
  await note(servedByReplica(cluster))
  await note(laggingReplica(cluster))
  await note(lostReplica(cluster))
  await note(cutListeners(cluster))
  await note(rollingRestart(cluster))
  await note(lostInstance(cluster))
  return proofs.every(({ holds }) => holds) ? 0 : 1
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { Client } from 'pg'
import { to } from 'pg-copy-streams'
import { rowsQuery } from '../features/extracts/data'
import { type Form, fileKinds } from '../features/files/schema'
import { sheetQuery } from '../features/workbooks/data'
import { copyFormats } from '../lib/db/snapshot'
import { withThrowawayDatabase } from '../scripts/throwaway-database'
import { memoryUnder, open, watchMemory, withProduct } from './product'
import { seedRecord } from './seed'

/**
 * What a download of every figure costs beside `psql \copy` of the same query, in one run: time, the
 * first byte, the server's memory, light requests meanwhile, and readers who leave half-way.
 * `npm run bench:download -- 1000000` seeds a database of its own; a second argument names one that
 * is seeded already, a third the forms (`csv,xlsx`). docs/performance.md says how to read it.
 */
const figures = Number(process.argv[2] ?? 1_000_000)
const seeded = process.argv[3]
const forms = (process.argv[4] ?? 'csv,excel,json,xlsx').split(',') as Exclude<Form, 'zip'>[]
const runs = 3
const leavers = Number(process.env.BENCH_LEAVERS ?? 200)
const light = '/api/v1/observations?indicator=ICT_EXPORTS&limit=1'
/** Seconds of light requests alone. */
const quietFor = 20

const state = { asOf: '', commit: 0, committedAt: '', isFrozen: false, isPresent: true }
const queryOf = (form: Exclude<Form, 'zip'>) =>
  form === 'xlsx'
    ? { sql: sheetQuery({}, state), format: 'lines' as const }
    : rowsQuery(form, {}, state)

interface Taken {
  seconds: number
  bytes: number
}

/** psql, or COPY through `pg` where there is none. */
async function copyOut(url: string, form: Exclude<Form, 'zip'>): Promise<Taken> {
  const { sql, format } = queryOf(form)
  const copy = `(${sql.replace(/\s+/g, ' ')}) to stdout (${copyFormats[format]})`
  const begin = performance.now()
  let bytes = 0
  const child = spawn('psql', [url, '-c', `\\copy ${copy}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const isThere = await Promise.race([
    once(child, 'spawn').then(() => true),
    once(child, 'error').then(() => false),
  ])
  if (isThere) {
    for await (const chunk of child.stdout) bytes += chunk.length
  } else {
    const client = new Client({ connectionString: url })
    await client.connect()
    for await (const chunk of client.query(to(`COPY ${copy}`))) bytes += chunk.length
    await client.end()
  }
  return { seconds: (performance.now() - begin) / 1000, bytes }
}

interface Read extends Taken {
  first: number
  rows: number
  isWhole: boolean
}

async function download(url: string): Promise<Read> {
  const reader = new Worker(new URL('reader.mjs', import.meta.url), { workerData: url })
  const [read] = (await once(reader, 'message')) as [Read]
  if (!read.isWhole) throw new Error(`${url} broke off.`)
  return read
}

/** Milliseconds that light requests take, one every 20 ms, until told to stop. */
function lightRequests(origin: string) {
  const took: number[] = []
  let failed = 0
  let isOn = true
  const asking = (async () => {
    while (isOn) {
      const begin = performance.now()
      try {
        const { answer } = await open(origin + light)
        answer.resume()
        await once(answer, 'end')
        if (answer.statusCode === 200) took.push(performance.now() - begin)
        else failed += 1
      } catch {
        failed += 1
      }
      await sleep(20)
    }
  })()
  return async () => {
    isOn = false
    await asking
    took.sort((a, b) => a - b)
    const at = (part: number) =>
      took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? 0
    return { count: took.length, failed, p50: at(0.5), p99: at(0.99) }
  }
}

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(0)} MB`
const middle = (numbers: number[]) =>
  numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
const load = () => readFileSync('/proc/loadavg', 'utf8').split(' ', 1)[0]

async function leave(origin: string, witness: Client): Promise<number> {
  const { request, answer } = await open(`${origin}/download/figures.csv`)
  await once(answer, 'data')
  const begin = performance.now()
  request.destroy()
  for (;;) {
    const { rows } = await witness.query(
      `SELECT count(*)::int AS busy FROM pg_stat_activity
       WHERE application_name = 'shumar files' AND datname = current_database() AND state <> 'idle'
         AND query NOT LIKE '%pg_terminate_backend%'`,
    )
    if (rows[0]?.busy === 0) return performance.now() - begin
    await sleep(5)
  }
}

async function lightAlone(origin: string, seconds: number) {
  const stop = lightRequests(origin)
  await sleep(seconds * 1000)
  return stop()
}

/** A product that has just started and has answered once, and what it takes then. */
async function withFresh(
  url: string,
  name: string,
  use: (origin: string, pid: number, before: number) => Promise<void>,
): Promise<void> {
  await withProduct(url, async (origin, pid) => {
    await download(`${origin}/download/${name}?indicator=ICT_EXPORTS`)
    await download(origin + light)
    // Everything is counted soon after a start or a change.
    await sleep(3000)
    await use(origin, pid, memoryUnder(pid))
  })
}

async function measureForm(url: string, form: Exclude<Form, 'zip'>): Promise<void> {
  const { name } = fileKinds[form]
  await withFresh(url, name, async (origin, pid, before) => {
    const ours: Read[] = []
    const beside: Taken[] = []
    const lights: Awaited<ReturnType<ReturnType<typeof lightRequests>>>[] = []
    const stopMemory = watchMemory(pid)
    const quiet = await lightAlone(origin, 5)
    for (let run = 0; run < (form === 'csv' ? runs : 1); run += 1) {
      beside.push(await copyOut(url, form))
      const stopLight = lightRequests(origin)
      ours.push(await download(`${origin}/download/${name}`))
      lights.push(await stopLight())
    }
    const most = stopMemory()
    const taken = middle(ours.map(({ seconds }) => seconds))
    const psql = middle(beside.map(({ seconds }) => seconds))
    const failed = lights.reduce((sum, one) => sum + one.failed, 0)
    console.log(
      `${name}: ${ours[0]?.rows} rows, ${megabytes(ours[0]?.bytes ?? 0)} in ${taken.toFixed(2)} s; ` +
        `psql ${megabytes(beside[0]?.bytes ?? 0)} in ${psql.toFixed(2)} s, ratio ${(psql / taken).toFixed(2)}; ` +
        `first byte ${ours.map(({ first }) => first.toFixed(0)).join(', ')} ms; light ` +
        `p50 ${middle(lights.map((one) => one.p50)).toFixed(0)}, p99 ${middle(lights.map((one) => one.p99)).toFixed(0)} ms, ` +
        `${failed} failed (alone ${quiet.p50.toFixed(0)}, ${quiet.p99.toFixed(0)}); memory ${megabytes(before)} before, ${megabytes(most)} at most, ` +
        `+${megabytes(most - before)}; load ${load()}`,
    )
  })
}

async function measureQuiet(url: string): Promise<void> {
  await withFresh(url, 'figures.csv', async (origin, pid, before) => {
    const stopMemory = watchMemory(pid)
    const quiet = await lightAlone(origin, quietFor)
    console.log(
      `Light requests alone for ${quietFor} s: p50 ${quiet.p50.toFixed(0)}, p99 ${quiet.p99.toFixed(0)} ms; ` +
        `memory +${megabytes(stopMemory() - before)}; load ${load()}`,
    )
  })
}

async function measureLeavers(url: string): Promise<void> {
  const witness = new Client({ connectionString: url })
  await witness.connect()
  await withFresh(url, 'figures.csv', async (origin, pid, before) => {
    const gone: number[] = []
    for (let n = 0; n < leavers; n += 1) gone.push(await leave(origin, witness))
    gone.sort((a, b) => a - b)
    console.log(
      `${leavers} readers left: connection free after ${middle([...gone]).toFixed(0)} ms, ` +
        `${gone.at(-1)?.toFixed(0)} ms at most; memory ${megabytes(before)} before, ` +
        `${megabytes(memoryUnder(pid))} after`,
    )
  })
  await witness.end()
}

async function measure(url: string): Promise<void> {
  for (const form of forms) await measureForm(url, form)
  if (process.argv[4]) return
  await measureQuiet(url)
  await measureLeavers(url)
}

async function seededIn(url: string): Promise<void> {
  const took = await seedRecord(url, { figures })
  console.log(`Seeded in ${took.toFixed(0)} s.`)
}

if (seeded) await measure(seeded)
else
  await withThrowawayDatabase(async (url) => {
    await seededIn(url)
    await measure(url)
  })

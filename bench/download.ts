import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { to } from 'pg-copy-streams'
import { rowsQuery } from '../features/extracts/data'
import { withThrowawayDatabase } from '../scripts/throwaway-database'
import { memoryUnder, open, watchMemory, withProduct } from './product'
import { seedRecord } from './seed'

/**
 * What a download of every figure costs beside `psql \copy` of the same query, in one run: time, the
 * first byte, the server's memory, light requests meanwhile, and readers who leave half-way.
 * `npm run bench:download -- 1000000` seeds a database of its own; a second argument names one that
 * is seeded already. docs/performance.md says how to read it.
 */
const figures = Number(process.argv[2] ?? 1_000_000)
const seeded = process.argv[3]
const forms = (process.argv[4] ?? 'figures.csv,figures.excel.csv,figures.json,figures.xlsx').split(
  ',',
)
const runs = 3
const leavers = Number(process.env.BENCH_LEAVERS ?? 200)
const light = '/api/v1/observations?indicator=ICT_EXPORTS&limit=1'

const state = { asOf: '', commit: 0, committedAt: '', isFrozen: false, isPresent: true }
const { sql } = rowsQuery('csv', {}, state)

interface Taken {
  seconds: number
  bytes: number
}

/** psql, or COPY through `pg` where there is none. */
async function copyOut(url: string): Promise<Taken> {
  const begin = performance.now()
  let bytes = 0
  const child = spawn('psql', [url, '-c', `\\copy (${sql.replace(/\s+/g, ' ')}) to stdout csv`], {
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
    for await (const chunk of client.query(to(`COPY (${sql}) TO STDOUT csv`))) bytes += chunk.length
    await client.end()
  }
  return { seconds: (performance.now() - begin) / 1000, bytes }
}

async function download(url: string): Promise<Taken & { first: number; rows: number }> {
  const begin = performance.now()
  const { answer } = await open(url)
  let bytes = 0
  let first = 0
  for await (const chunk of answer) {
    if (bytes === 0) first = performance.now() - begin
    bytes += chunk.length
  }
  if (!answer.complete) throw new Error(`${url} broke off.`)
  const rows = Number(answer.headers['row-count'])
  return { seconds: (performance.now() - begin) / 1000, bytes, first, rows }
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

async function measure(url: string): Promise<void> {
  await withProduct(url, async (origin, pid) => {
    const witness = new Client({ connectionString: url })
    await witness.connect()
    await download(`${origin}/download/figures.csv?indicator=ICT_EXPORTS`)
    await download(origin + light)
    const before = memoryUnder(pid)
    const beside: number[] = []
    for (const form of forms) {
      const ours: Awaited<ReturnType<typeof download>>[] = []
      const stopMemory = watchMemory(pid)
      const lights: Awaited<ReturnType<ReturnType<typeof lightRequests>>>[] = []
      for (let run = 0; run < (form === 'figures.csv' ? runs : 1); run += 1) {
        if (form === 'figures.csv') beside.push((await copyOut(url)).seconds)
        const stopLight = lightRequests(origin)
        ours.push(await download(`${origin}/download/${form}`))
        lights.push(await stopLight())
      }
      const taken = middle(ours.map(({ seconds }) => seconds))
      const last = ours.at(-1)
      const psql = middle([...beside])
      const p99 = middle(lights.map((one) => one.p99))
      const failed = lights.reduce((sum, one) => sum + one.failed, 0)
      console.log(
        `${form}: ${last?.rows} rows, ${megabytes(last?.bytes ?? 0)} in ${taken.toFixed(2)} s; ` +
          `psql ${psql.toFixed(2)} s, ratio ${(psql / taken).toFixed(2)}; first byte ` +
          `${ours.map(({ first }) => first.toFixed(0)).join(', ')} ms; light p99 ${p99.toFixed(0)} ms, ` +
          `${failed} failed; memory ${megabytes(before)} before, ${megabytes(stopMemory())} at most; load ${load()}`,
      )
    }
    const stopQuiet = lightRequests(origin)
    await sleep(3000)
    const quiet = await stopQuiet()
    console.log(`Light requests alone: p50 ${quiet.p50.toFixed(0)}, p99 ${quiet.p99.toFixed(0)} ms`)
    const start = memoryUnder(pid)
    const gone: number[] = []
    for (let n = 0; n < leavers; n += 1) gone.push(await leave(origin, witness))
    gone.sort((a, b) => a - b)
    console.log(
      `${leavers} readers left: connection free after ${middle([...gone]).toFixed(0)} ms, ` +
        `${gone.at(-1)?.toFixed(0)} ms at most; memory ${megabytes(start)} before, ` +
        `${megabytes(memoryUnder(pid))} after`,
    )
    await witness.end()
  })
}

async function seededIn(url: string): Promise<void> {
  const took = await seedRecord(url, { programmes: 5, revisions: 1, most: figures })
  console.log(`Seeded in ${took.toFixed(0)} s.`)
}

if (seeded) await measure(seeded)
else
  await withThrowawayDatabase(async (url) => {
    await seededIn(url)
    await measure(url)
  })

import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { hashPassword } from 'better-auth/crypto'
import { Client, Pool } from 'pg'
import { actorOf } from '../features/accounts/data'
import { createToken } from '../features/tokens/mutations'
import { connect } from '../lib/db/client'
import { withThrowawayDatabase } from '../scripts/throwaway-database'
import { memoryUnder, withProduct } from './product'
import { seedRecord } from './seed'

/**
 * How the product grows with its record: views made for one reader, a past day, search, the API,
 * entering until the figure is on its public page, 200 entries at once, start and memory, each with
 * so many figures beside the smallest record in one run, and an entry beside the bare statements.
 * `npm run bench:growth -- 10000 1000000`, or `-- entries 10000` for entries alone; docs/performance.md
 * says how to read it.
 */
const words = process.argv.slice(2)
const isOfEntries = words[0] === 'entries'
const sizes = words.slice(isOfEntries ? 1 : 0).map(Number)
if (sizes.length === 0) sizes.push(10_000, 1_000_000)
const pause = { views: 1000 / 50 }
const rounds = 60

const middle = (numbers: readonly number[], part = 0.5) => {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}
const load = () => readFileSync('/proc/loadavg', 'utf8').split(' ', 1)[0]

/** Measurements of one record, by name: milliseconds but for the memory. Each is told at once. */
class Found extends Map<string, number> {
  override set(name: string, value: number): this {
    console.log(`  ${name}: ${value.toFixed(value < 10 ? 1 : 0)}`)
    return super.set(name, value)
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await work()
  return performance.now() - begin
}

async function read(url: string): Promise<string> {
  const answer = await fetch(url)
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${text.slice(0, 200)}`)
  return text
}

const codes = ['CENTRES', 'TRAINED', 'ENROLLED', 'IT_COMPANIES_PSEB']
const indicator = (n: number) => codes[n % codes.length]

/** Addresses that are never twice the same, so that none is kept. */
const views: Record<string, (n: number) => string> = {
  'a past day of an indicator': (n) =>
    `/indicators/${indicator(n)}?asOf=202${4 + (n % 2)}-0${1 + (n % 9)}-${10 + (n % 19)}`,
  'a filtered view': (n) =>
    `/data?indicator=${indicator(n)}&from=${1986 + (n % 30)}&page=${1 + Math.floor(n / 30)}`,
  'search among figures': (n) => `/data?indicator=${indicator(n)}&q=${n}`,
  'search for a name': (n) => `/data?q=punjab&page=${1 + n}`,
  'search for titles': (n) => `/data?q=page ${10 + n}`,
  'by value': (n) => `/data?sort=value&page=${1 + n}`,
  'by publisher': (n) => `/data?sort=publisher&page=${1 + n}`,
  'by release': (n) => `/data?sort=released&page=${1 + n}`,
  'by programme': (n) => `/data?sort=programme&page=${1 + n}`,
  'of a past day': (n) => `/data?asOf=202${4 + (n % 2)}-0${1 + (n % 9)}-${10 + (n % 19)}`,
  'of a past day and an indicator': (n) =>
    `/data?indicator=${indicator(n)}&asOf=202${4 + (n % 2)}-0${1 + (n % 9)}-${10 + (n % 19)}`,
  'of a status': (n) => `/data?status=A&page=${1 + n}`,
  'of a source': (n) => `/data?source=${70 + n}`,
  'search among indicators': (n) => `/indicators?q=train${n}`,
  'one figure': (n) => `/figures/${300 + n * 7}`,
  'a page of the API': (n) => `/api/v1/observations?indicator=${indicator(n)}&limit=${50 + n}`,
}

async function measureViews(origin: string, found: Found): Promise<void> {
  for (const [name, address] of Object.entries(views)) {
    await read(origin + address(rounds))
    const took: number[] = []
    for (let n = 0; n < rounds; n += 1) took.push(await timed(() => read(origin + address(n))))
    found.set(`${name}, p50`, middle(took))
    found.set(`${name}, p95`, middle(took, 0.95))
  }
  // Whatever comes, 50 ask in a second.
  const address = views['a filtered view'] ?? (() => '/')
  const took: Promise<number>[] = []
  let failed = 0
  for (let n = 0; n < 500; n += 1) {
    const one = () => read(origin + address(1000 + n)).catch(() => (failed += 1))
    took.push(timed(one))
    await sleep(pause.views)
  }
  found.set('a filtered view at 50 a second, p95', middle(await Promise.all(took), 0.95))
  found.set('of them failed', failed)
}

/** Pages that are kept, and made anew when the record has changed. */
const kept = [
  '/',
  '/briefing',
  '/indicators',
  '/indicators/CENTRES',
  '/indicators/TRAINED',
  '/programmes',
  '/programmes/DIGISKILLS',
  '/areas',
  '/areas/PK',
  '/areas/PK-PB',
  '/sitemap.xml',
  '/sitemaps/pages.xml',
  '/sitemaps/figures-1.xml',
  '/catalog.jsonld',
]

/** Each as its first reader after a change waits for it, and as that of a past day never read before. */
async function measureKept(origin: string, found: Found): Promise<void> {
  for (const path of kept) {
    const query = `?asOf=2025-0${1 + (path.length % 9)}-07`
    found.set(`${path} made anew`, await timed(() => read(origin + path)))
    if (!path.includes('.'))
      found.set(`${path} of a past day`, await timed(() => read(origin + path + query)))
  }
}

async function tokenOf(url: string): Promise<string> {
  const database = connect(url)
  const password = 'nine kites over Lahore'
  const id = randomUUID()
  await database.user.create({
    data: { id, name: 'Bench', email: `${id}@example.org`, role: 'admin' },
  })
  await database.account.create({
    data: {
      id,
      accountId: id,
      providerId: 'credential',
      userId: id,
      password: await hashPassword(password),
    },
  })
  const actor = await actorOf(database, id)
  const input = { name: 'Bench', lifetime: '1', mayPublish: true, programmes: [], academies: [] }
  const made = await createToken(database, actor, input as never, password)
  await database.$disconnect()
  if (!made.ok) throw new Error(made.problem.code)
  return made.value.secret
}

/** The first hundred are the newest of their series: a page of a large record shows no others. */
const dayOf = (n: number) =>
  new Date(n < 100 ? Date.UTC(2026, 7, 1 + n) : Date.UTC(2015, 0, 1 + n)).toISOString().slice(0, 10)

const figure = (n: number) => ({
  indicator: 'TRAINING_SLOTS',
  programme: 'NAVTTC',
  area: 'PK-GB',
  period: dayOf(n),
  value: String(7_000_000 + n),
  publisher: 'Bench',
  title: 'Bench',
  source_date: '2024-05-11',
  reason: 'Measured.',
})

/** Enters one figure; where too many do at once, again when the answer says so, as programs should. */
async function enter(origin: string, token: string, n: number): Promise<void> {
  const answer = await fetch(`${origin}/api/v1/observations`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': `"bench-${n}"`,
    },
    body: JSON.stringify({ message: 'Bench', observations: [figure(n)] }),
  })
  if (answer.status === 503) {
    await answer.body?.cancel()
    await sleep(Number(answer.headers.get('retry-after') ?? 1) * 1000)
    return enter(origin, token, n)
  }
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`)
}

/** What a request costs by itself: its sender is known and counted, and it lacks its key. */
async function knock(origin: string, token: string): Promise<void> {
  const answer = await fetch(`${origin}/api/v1/observations`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ message: 'Bench', observations: [figure(0)] }),
  })
  await answer.body?.cancel()
  if (answer.status !== 400) throw new Error(`${answer.status}`)
}

async function measureEntries(url: string, origin: string, found: Found): Promise<void> {
  const page = `${origin}/indicators/TRAINING_SLOTS`
  const tokens: string[] = []
  for (let n = 0; n < 4; n += 1) tokens.push(await tokenOf(url))
  await enter(origin, tokens[0] ?? '', 0)
  await read(page)
  const seen: number[] = []
  const api: number[] = []
  for (let n = 1; n <= 20; n += 1) {
    const text = (7_000_000 + n).toLocaleString('en')
    seen.push(
      await timed(async () => {
        await enter(origin, tokens[0] ?? '', n)
        const until = performance.now() + 30_000
        while (!(await read(page)).includes(text)) {
          if (performance.now() > until) throw new Error(`${page} does not show ${text}.`)
          await sleep(5)
        }
      }),
    )
    api.push(await timed(() => enter(origin, tokens[0] ?? '', 100 + n)))
  }
  found.set('entered until on its page, p50', middle(seen))
  found.set('entered until on its page, p95', middle(seen, 0.95))
  found.set('entered, p50', middle(api))
  // The limit of requests is by the minute.
  await sleep(61_000)
  const all = Array.from({ length: 200 }, (_, n) => n)
  found.set(
    '200 entries at once',
    await timed(() => Promise.all(all.map((n) => enter(origin, tokens[n % 2] ?? '', 1000 + n)))),
  )
  found.set(
    '200 at once that are refused unread',
    await timed(() => Promise.all(all.map((n) => knock(origin, tokens[2 + (n % 2)] ?? '')))),
  )
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(
    `SELECT count(*)::int AS count FROM observations
     WHERE indicator_code = 'TRAINING_SLOTS' AND value BETWEEN 7001000 AND 7001199`,
  )
  await client.end()
  found.set('of them lost', 200 - rows[0].count)
}

/** The limit: the same two rows, without asking, checking or logging anything but what triggers do. */
async function measureBare(url: string, found: Found): Promise<void> {
  const pool = new Pool({ connectionString: url, max: 10 })
  const one = async (n: number) => {
    const client = await pool.connect()
    try {
      await client.query('BEGIN')
      const { rows } = await client.query(
        `WITH c AS (INSERT INTO commits (kind, actor_id, idempotency_key)
           VALUES ('publication', 'system', $1) RETURNING no),
         o AS (INSERT INTO observations (role, indicator_code, programme_code, area_code, kind,
             unit_code, period, period_start, period_end, frequency)
           SELECT 'actual', code, 'PSEB', 'PK-GB', default_kind, default_unit_code, $2::text, $2::date,
             $2::date, 'D' FROM indicators WHERE code = 'TRAINING_SLOTS' RETURNING id)
         INSERT INTO revisions (observation_id, commit_no, value, value_text, status, source_id,
             author_id, approver_id, released_on, recorded_on, known_on)
           SELECT o.id, c.no, 1, '1', 'A', (SELECT max(id) FROM sources), 'system', 'system',
             current_date, current_date, current_date FROM o, c RETURNING id, observation_id`,
        [`bare ${n}`, new Date(Date.UTC(2012, 0, 1 + n)).toISOString().slice(0, 10)],
      )
      await client.query(
        'UPDATE observations SET current_revision_id = $1, value = 1 WHERE id = $2',
        [rows[0].id, rows[0].observation_id],
      )
      await client.query('COMMIT')
    } finally {
      client.release()
    }
  }
  const took: number[] = []
  for (let n = 0; n < 30; n += 1) took.push(await timed(() => one(n)))
  found.set('bare statements of one entry, p50', middle(took))
  const all = Array.from({ length: 200 }, (_, n) => n)
  found.set(
    'bare statements of 200 at once',
    await timed(() => Promise.all(all.map((n) => one(n + 100)))),
  )
  await pool.end()
}

async function measure(size: number): Promise<Found> {
  const found = new Found()
  await withThrowawayDatabase(async (url) => {
    found.set('seeded in, s', await seedRecord(url, { figures: size }))
    const begin = performance.now()
    await withProduct(url, async (origin, pid) => {
      found.set('start until ready', performance.now() - begin)
      if (!isOfEntries) {
        await measureKept(origin, found)
        await measureViews(origin, found)
      }
      await measureEntries(url, origin, found)
      await measureBare(url, found)
      found.set('memory, MB', memoryUnder(pid) / 1_000_000)
    })
  })
  return found
}

const all: Found[] = []
for (const size of sizes) {
  console.log(`${size} figures; load ${load()}`)
  all.push(await measure(size))
}
console.log(
  `\n${'ms, of figures:'.padEnd(44)}${sizes.map((size) => String(size).padStart(12)).join('')}`,
)
for (const name of all[0]?.keys() ?? []) {
  const values = all.map((found) => found.get(name) ?? Number.NaN)
  const [least = 1] = values
  const growth = values.length > 1 ? `  x ${((values.at(-1) ?? 0) / least).toFixed(2)}` : ''
  console.log(
    name.padEnd(44) +
      values.map((one) => one.toFixed(one < 10 ? 1 : 0).padStart(12)).join('') +
      growth,
  )
}

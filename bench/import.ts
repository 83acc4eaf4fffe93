import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { build } from 'esbuild'
import { Client } from 'pg'
import { from } from 'pg-copy-streams'
import { figureColumns } from '../features/figures/schema'
import { loadFirstContent } from '../features/imports/mutations'
import { connect } from '../lib/db/client'
import { migrate } from '../lib/db/migrate'
import { withThrowawayDatabase } from '../scripts/throwaway-database'

/**
 * How long a file of figures takes from its upload to its publication, beside PostgreSQL's own COPY
 * of the same rows into the same tables, with their indexes, constraints and triggers. With
 * `--alone` there is no COPY: only what the import itself takes.
 */
const count = Number(process.argv[2] ?? 100_000)
const isAlone = process.argv.includes('--alone')

const indicators = ['ENROLLED', 'TRAINED', 'COMPLETED', 'REGISTERED', 'APPLICANTS']
const programmes = ['HUAWEI_ICTA', 'DIGISKILLS', 'NAVTTC', 'E_ROZGAAR', 'PSEB', 'KPITB', 'NFTP']
const areas = ['PK-PB', 'PK-SD', 'PK-KP', 'PK-BA', 'PK-GB', 'PK-JK', 'PK-IS']
const places = indicators.length * programmes.length * areas.length
const firstDay = Date.UTC(1950, 0, 1)

/** One row of the file: a key of its own, one of 5,000 sources. */
function rowOf(n: number) {
  const place = n % places
  const day = new Date(firstDay + Math.floor(n / places) * 86_400_000).toISOString().slice(0, 10)
  const source = n % 5_000
  return {
    indicator: indicators[place % indicators.length] ?? '',
    programme: programmes[Math.floor(place / indicators.length) % programmes.length] ?? '',
    area: areas[Math.floor(place / indicators.length / programmes.length)] ?? '',
    day,
    value: String(1_000 + (Math.floor(n / places) % 10)),
    source,
    title: `Report number ${source}`,
    url: `https://example.org/reports/${source}`,
  }
}

async function writeFile(path: string): Promise<void> {
  async function* lines() {
    let text = `${figureColumns.join(',')}\r\n`
    for (let n = 0; n < count; n++) {
      const { indicator, programme, area, day, value, title, url } = rowOf(n)
      text += `actual,${indicator},${programme},${area},_T,_T,flow,PERSONS,${day},${day},${day},D,${value},A,exact,2026-01-05,,Bureau of Statistics,${title},2026-01-05,${url},\r\n`
      if (text.length > 256 * 1024) {
        yield text
        text = ''
      }
    }
    yield text
  }
  await pipeline(lines, createWriteStream(path))
}

const seconds = async (work: () => Promise<unknown>) => {
  const begin = performance.now()
  await work()
  return (performance.now() - begin) / 1000
}

/** Processor seconds of PostgreSQL so far, of all its processes. */
async function processorOf(client: Client): Promise<() => number> {
  const { rows } = await client.query(
    `SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1) AS pid`,
  )
  const ticks = (pid: string, fields: readonly number[]) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
      return fields.reduce((sum, field) => sum + Number(stat[field - 3] ?? 0), 0)
    } catch {
      // One of its workers has ended since they were listed: its time is with its parent's by now.
      return 0
    }
  }
  const { pid } = rows[0]
  return () => {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
    const own = ticks(pid, [14, 15, 16, 17])
    return children.reduce((sum, child) => sum + ticks(child, [14, 15]), own) / 100
  }
}

async function prepared(url: string) {
  await migrate(url)
  const database = connect(url)
  await loadFirstContent(database)
  return database
}

interface Part {
  part: string
  processor: NodeJS.CpuUsage
  memory: number
}

/** The importing process as production has it: compiled beforehand. */
async function compiled(folder: string): Promise<string> {
  const outfile = join(folder, 'import-run.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, 'import-run.ts')],
    bundle: true,
    packages: 'external',
    alias: { 'next/headers': 'next/headers.js', 'next/navigation': 'next/navigation.js' },
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  })
  return outfile
}

interface Measured {
  seconds: number
  own: number
  server: number
}

async function measureImport(url: string, program: string, file: string) {
  await (await prepared(url)).$disconnect()
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  const processor = await processorOf(client)
  const now = (part: Part) => ({
    seconds: performance.now() / 1000,
    own: (part.processor.user + part.processor.system) / 1_000_000,
    server: processor(),
  })
  const child = fork(program, [file, url], { execArgv: [] })
  const measured: Measured[] = []
  let last: Measured | undefined
  let peak = 0
  child.on('message', (message) => {
    const part = message as Part
    peak = part.memory
    if (part.part === 'end') return
    const at = now(part)
    if (last) {
      const took = {
        seconds: at.seconds - last.seconds,
        own: at.own - last.own,
        server: at.server - last.server,
      }
      measured.push(took)
      console.log(
        `${part.part} in ${took.seconds.toFixed(1)} s (processor: own ${took.own.toFixed(1)}, PostgreSQL ${took.server.toFixed(1)}); then ${megabytes(part.memory)}; load ${load()}`,
      )
    } else console.log(`Memory before: ${megabytes(part.memory)}`)
    last = at
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`The import ended with ${code}.`)
  await client.end()
  return { measured, peak }
}

/** COPY, with numbers given beforehand, and then the current revision of each observation. */
async function measureCopy(url: string) {
  const database = await prepared(url)
  await database.$disconnect()
  const client = new Client({ connectionString: url })
  await client.connect()
  const processor = await processorOf(client)
  const [{ source = 0, observation = 0, revision = 0, today } = {}] = (
    await client.query(`SELECT (SELECT max(id) FROM sources) AS source,
      (SELECT max(id) FROM observations) AS observation, (SELECT max(id) FROM revisions) AS revision,
      to_char(now(), 'YYYY-MM-DD') AS today`)
  ).rows
  const copy = async (into: string, line: (n: number) => string, lines: number) => {
    const stream = client.query(from(`COPY ${into} FROM STDIN`))
    for (let n = 0; n < lines; n += 2_000) {
      let text = ''
      for (let at = n; at < Math.min(n + 2_000, lines); at++) text += line(at)
      if (!stream.write(text)) await new Promise((resolve) => stream.once('drain', resolve))
    }
    stream.end()
    await new Promise((resolve, reject) => stream.on('finish', resolve).on('error', reject))
  }
  const before = processor()
  await client.query('BEGIN')
  const { rows } = await client.query(`INSERT INTO commits (kind, actor_id, idempotency_key)
    VALUES ('import', 'system', 'bench') RETURNING no`)
  const rowsTime = await seconds(async () => {
    await copy(
      'sources (id, publisher, title, published_label, published_on, url)',
      (n) =>
        `${source + 1 + n}\tBureau of Statistics\tReport number ${n}\t2026-01-05\t2026-01-05\thttps://example.org/reports/${n}\n`,
      Math.min(5_000, count),
    )
    await copy(
      `observations (id, role, indicator_code, programme_code, area_code, kind, unit_code, period,
        period_start, period_end, frequency, value)`,
      (n) => {
        const { indicator, programme, area, day, value } = rowOf(n)
        return `${observation + 1 + n}\tactual\t${indicator}\t${programme}\t${area}\tflow\tPERSONS\t${day}\t${day}\t${day}\tD\t${value}\n`
      },
      count,
    )
    await copy(
      `revisions (id, observation_id, commit_no, value, value_text, source_id, author_id,
        approver_id, released_on, recorded_on, known_on)`,
      (n) => {
        const { value, source: number } = rowOf(n)
        return `${revision + 1 + n}\t${observation + 1 + n}\t${rows[0]?.no}\t${value}\t${value}\t${source + 1 + number}\tsystem\tsystem\t2026-01-05\t${today}\t2026-01-05\n`
      },
      count,
    )
  })
  const current = await seconds(() =>
    client.query(
      `UPDATE observations o SET current_revision_id = r.id FROM revisions r
      WHERE r.observation_id = o.id AND r.commit_no = $1`,
      [rows[0]?.no],
    ),
  )
  const end = await seconds(() => client.query('COMMIT'))
  const server = processor() - before
  await client.end()
  return { rows: rowsTime, current, end, whole: rowsTime + current + end, server }
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1_000_000)} MB`
const load = () => readFileSync('/proc/loadavg', 'utf8').split(' ')[0]

const cache = join(import.meta.dirname, '../node_modules/.cache')
mkdirSync(cache, { recursive: true })
const folder = mkdtempSync(join(tmpdir(), 'shumar-bench-'))
const programs = mkdtempSync(join(cache, 'bench-'))
try {
  const file = join(folder, 'bench.csv')
  await writeFile(file)
  const program = await compiled(programs)
  console.log(`${count} rows, ${megabytes(statSync(file).size)}; load ${load()}`)
  const copied = isAlone ? null : await withThrowawayDatabase(measureCopy)
  if (copied) {
    const { rows, current, end, whole, server } = copied
    console.log(
      `COPY: ${whole.toFixed(1)} s (rows ${rows.toFixed(1)}, current revisions ${current.toFixed(1)}, audit at commit ${end.toFixed(1)}), PostgreSQL's processor ${server.toFixed(1)} s; load ${load()}`,
    )
  }
  const { measured, peak } = await withThrowawayDatabase((url) => measureImport(url, program, file))
  console.log(`Memory ${megabytes(peak)} at most; load ${load()}`)
  const total = (of: (part: Measured) => number) =>
    measured.reduce((sum, part) => sum + of(part), 0)
  const percent = (of: number, part: number) => `${((100 * of) / part).toFixed(0)} %`
  if (copied) {
    const published = measured.at(-1)?.seconds ?? 0
    const all = total(({ seconds }) => seconds)
    const processor = total(({ own, server }) => own + server)
    console.log(
      `Publication is ${percent(copied.whole, published)} as fast as COPY; all of it ${percent(copied.whole, all)}, by processor seconds ${percent(copied.server, processor)}.`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
  rmSync(programs, { recursive: true, force: true })
}

import { readFileSync } from 'node:fs'
import { Client } from 'pg'
import { from } from 'pg-copy-streams'
import { systemActor } from '../features/accounts/data'
import { figureColumns } from '../features/figures/schema'
import { loadFirstContent } from '../features/imports/mutations'
import { keepUpload, startCheck, startCommit } from '../features/uploads/mutations'
import { connect } from '../lib/db/client'
import { migrate } from '../lib/db/migrate'
import { withThrowawayDatabase } from '../scripts/throwaway-database'

/**
 * How long a file of figures takes from its upload to its publication, beside PostgreSQL's own COPY
 * of the same rows into the same tables, with their indexes, constraints and triggers.
 */
const count = Number(process.argv[2] ?? 100_000)

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

async function* csv() {
  let text = `${figureColumns.join(',')}\r\n`
  for (let n = 0; n < count; n++) {
    const { indicator, programme, area, day, value, title, url } = rowOf(n)
    text += `actual,${indicator},${programme},${area},_T,_T,flow,PERSONS,${day},${day},${day},D,${value},A,exact,2026-01-05,,Bureau of Statistics,${title},2026-01-05,${url},\r\n`
    if (text.length > 256 * 1024) {
      yield Buffer.from(text)
      text = ''
    }
  }
  yield Buffer.from(text)
}

const seconds = async (work: () => Promise<unknown>) => {
  const begin = performance.now()
  await work()
  return (performance.now() - begin) / 1000
}

let peak = 0
const sampler = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss)
}, 50)

async function prepared(url: string) {
  await migrate(url)
  const database = connect(url)
  await loadFirstContent(database)
  return database
}

async function measureImport(url: string) {
  process.env.DATABASE_URL = url
  const database = await prepared(url)
  const actor = await systemActor(database)
  const before = process.memoryUsage().rss
  peak = before
  let id = ''
  const keep = await seconds(async () => {
    const kept = await keepUpload(database, actor, { name: 'bench.csv', bytes: csv() })
    if (!kept.ok) throw new Error(JSON.stringify(kept.problem))
    id = kept.value
  })
  const run = async (begun: Awaited<ReturnType<typeof startCheck>>) => {
    if (!begun.ok) throw new Error(JSON.stringify(begun.problem))
    await begun.value.finished
  }
  const check = await seconds(async () => run(await startCheck(database, actor, id)))
  const { state, tallies, problem } = await database.upload.findUniqueOrThrow({ where: { id } })
  if (state !== 'checked') throw new Error(JSON.stringify({ state, problem }))
  console.log(JSON.stringify(tallies))
  const commit = await seconds(async () => run(await startCommit(database, actor, id, 'Bench.')))
  const done = await database.upload.findUniqueOrThrow({ where: { id } })
  if (done.state !== 'committed') throw new Error(JSON.stringify(done.problem))
  await database.$disconnect()
  return { keep, check, commit, before, peak }
}

/** COPY, with numbers given beforehand, and then the current revision of each observation. */
async function measureCopy(url: string) {
  const database = await prepared(url)
  await database.$disconnect()
  const client = new Client({ connectionString: url })
  await client.connect()
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
  await client.end()
  return { rows: rowsTime, current, end }
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1_000_000)} MB`
const load = () => readFileSync('/proc/loadavg', 'utf8').split(' ')[0]

console.log(`${count} rows; load ${load()}`)
const copied = await withThrowawayDatabase(measureCopy)
const whole = copied.rows + copied.current + copied.end
console.log(
  `COPY: ${whole.toFixed(1)} s (rows ${copied.rows.toFixed(1)}, current revisions ${copied.current.toFixed(1)}, audit at commit ${copied.end.toFixed(1)}); load ${load()}`,
)
const imported = await withThrowawayDatabase(measureImport)
clearInterval(sampler)
console.log(
  `Import: kept in ${imported.keep.toFixed(1)} s, checked in ${imported.check.toFixed(1)} s, published in ${imported.commit.toFixed(1)} s; load ${load()}`,
)
console.log(
  `Publication is ${((100 * whole) / imported.commit).toFixed(0)} % as fast as COPY; all of it ${((100 * whole) / (imported.keep + imported.check + imported.commit)).toFixed(0)} %.`,
)
console.log(`Memory: ${megabytes(imported.before)} before, ${megabytes(imported.peak)} at most.`)

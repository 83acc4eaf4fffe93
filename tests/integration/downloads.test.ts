import { buffer, text } from 'node:stream/consumers'
import { finished } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { flagSymbols } from '@/components/charts/model'
import { systemActor } from '@/features/accounts/data'
import { downloadColumns } from '@/features/downloads/schema'
import { readFigures, readFiguresAsOf } from '@/features/figures/data'
import { publishFigures } from '@/features/figures/mutations'
import type { Figure, PublicationInput } from '@/features/figures/schema'
import { flagsOf } from '@/features/figures/series'
import { answerFile, figuresCsv } from '@/features/files/data'
import { loadFirstContent } from '@/features/imports/mutations'
import type { Vintage } from '@/features/vintages/schema'
import { streamRows } from '@/lib/db/stream'
import { type TestDatabase, testDatabase } from '../support/database'

let test: TestDatabase
/** Somebody beside the product, who sees what it does. */
let witness: Client

beforeAll(async () => {
  test = await testDatabase()
  await loadFirstContent(test.database)
  witness = new Client({ connectionString: test.url })
  await witness.connect()
})

const pools = globalThis as { shumarStreams?: Map<string, Pool>; shumarSnapshots?: Pool }

beforeEach(() => vi.stubEnv('DATABASE_URL', test.url))

afterAll(async () => {
  for (const pool of pools.shumarStreams?.values() ?? []) await pool.end()
  await pools.shumarSnapshots?.end()
  await witness.end()
  await test.drop()
})

let submissions = 0

async function publish(...figures: Partial<PublicationInput>[]) {
  const actor = await systemActor(test.database)
  const complete = figures.map(
    (figure, n): PublicationInput => ({
      role: 'actual',
      indicator: 'COUNTRIES',
      programme: 'HUAWEI_TALENT',
      area: '001',
      academy: '_T',
      sex: '_T',
      kind: 'stock',
      unit: 'COUNTRIES',
      period: `${1900 + n}`,
      value: '1',
      status: 'A',
      precision: 'exact',
      source: { publisher: 'Dawn', title: '', publishedLabel: '2022-05', url: '' },
      note: '',
      reason: '',
      periodLabel: '',
      releasedOn: '2022-05-31',
      ...figure,
    }),
  )
  submissions += 1
  const options = {
    kind: 'publication' as const,
    message: '',
    idempotencyKey: `test ${submissions}`,
  }
  await test.database.$transaction((tx) => publishFigures(tx, actor, complete, options), {
    timeout: 60_000,
  })
}

const GET = (request: Request) => answerFile(request, 'figures.csv')

/** Reads RFC 4180 to the letter and nothing else: LF after every record, quotes doubled. */
function readRfc4180(file: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\n)/y
  while (cell.lastIndex < file.length) {
    const at = cell.lastIndex
    const match = cell.exec(file)
    if (!match) throw new Error(`Not RFC 4180 at ${JSON.stringify(file.slice(at, at + 60))}`)
    record.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3] === ',') continue
    records.push(record)
    record = []
  }
  expect(record).toEqual([])
  return records
}

const download = async (
  filter: Parameters<typeof figuresCsv>[0] = {},
  vintage: Vintage | null = null,
) => {
  const [header, ...rows] = readRfc4180(await text(await figuresCsv(filter, vintage)))
  expect(header).toEqual([...downloadColumns])
  return rows.map((row) => Object.fromEntries(downloadColumns.map((name, n) => [name, row[n]])))
}

const marksOf = (figure: Figure) =>
  flagsOf(figure)
    .map((flag) => flagSymbols[flag])
    .join(' ')

describe('the file', () => {
  it('has the columns in the order the design gives them', () => {
    expect(downloadColumns.join(',')).toBe(
      'role,indicator,programme,area,academy,sex,kind,unit,period,period_start,period_end,frequency,value,status,precision,released_on,revision,publisher,title,source_date,source_url,note,marks,licence',
    )
  })

  it('holds every current figure, cell by cell as the database has it', async () => {
    const figures = await readFigures(test.database)
    const expected = figures.map((figure) => ({
      role: figure.role,
      indicator: figure.indicator,
      programme: figure.programme,
      area: figure.area,
      academy: figure.academy,
      sex: figure.sex,
      kind: figure.kind,
      unit: figure.unit,
      period: figure.period,
      period_start: figure.periodStart ?? '',
      period_end: figure.periodEnd ?? '',
      frequency: figure.frequency,
      value: figure.value,
      status: figure.status,
      precision: figure.precision,
      released_on: figure.current.releasedOn ?? '',
      revision: `${figure.current.id}`,
      publisher: figure.current.source?.publisher,
      title: figure.current.source?.title,
      source_date: figure.current.source?.publishedLabel,
      source_url: figure.current.source?.url,
      note: figure.current.note,
      marks: marksOf(figure),
      licence: 'CC-BY-4.0',
    }))
    const byRevision = (a: { revision?: string }, b: { revision?: string }) =>
      Number(a.revision) - Number(b.revision)
    const rows = await download()
    expect(rows.toSorted(byRevision)).toEqual(expected.toSorted(byRevision))
    expect(rows.length).toBeGreaterThan(250)
  })

  it('is UTF-8 without a byte order mark, and ends each record with LF', async () => {
    const bytes = await buffer(await figuresCsv({}))
    expect(bytes.subarray(0, 5).toString('latin1')).toBe('role,')
    expect(bytes.toString('latin1')).not.toContain('\r')
    expect(bytes.subarray(-1).toString('latin1')).toBe('\n')
  })

  it('comes in one order, however often it is asked for', async () => {
    expect(await text(await figuresCsv({}))).toBe(await text(await figuresCsv({})))
  })

  it('keeps quotes, line breaks, commas and Urdu', async () => {
    const title = 'He said: "آئی سی ٹی, 40,000"'
    await publish({ period: '1950', source: cited({ title }) })
    // No form and no import lets a line break in; a file from elsewhere might have.
    await witness.query(
      `INSERT INTO sources (publisher, title) VALUES ('Lines', E'one\\r\\ntwo\\nthree')`,
    )
    await publish({ period: '1951', source: cited({ publisher: 'Lines', title: 'x' }) })
    await replaceSource('1951', 'Lines')
    const rows = await download({ indicator: ['COUNTRIES'] })
    expect(rows.find(({ period }) => period === '1950')?.title).toBe(title)
    expect(rows.find(({ period }) => period === '1951')?.title).toBe('one\r\ntwo\nthree')
  })

  it('keeps numbers as they were published: negative, long, with their zeros', async () => {
    const values = [
      '-5',
      '-0.50',
      '2.20',
      '0',
      '123456789012345678901234567890',
      '9007199254740993',
    ]
    const exact = [...values, '-1234567890.12345678901234567890']
    await publish(...exact.map((value, n) => ({ value, period: `19${60 + n}` })))
    const file = await text(await figuresCsv({ indicator: ['COUNTRIES'] }))
    const rows = readRfc4180(file).map((row) => row[12])
    expect(rows).toEqual(expect.arrayContaining(exact))
  })

  it('leaves out what was withdrawn', async () => {
    await publish({ period: '1990', value: '77' })
    await withdraw('1990')
    const rows = await download({ indicator: ['COUNTRIES'] })
    expect(rows.filter(({ period }) => period === '1990')).toEqual([])
  })
})

const cited = (changes: Partial<PublicationInput['source']>) => ({
  publisher: 'Dawn',
  title: '',
  publishedLabel: '',
  url: 'https://example.org/',
  ...changes,
})

/** A revision of the newest kind for a figure, written past the application. */
async function revise(period: string, columns: string, values: string) {
  await witness.query(`
    WITH old AS (
      SELECT r.* FROM revisions r JOIN observations o ON o.current_revision_id = r.id
      WHERE o.period = '${period}' AND o.indicator_code = 'COUNTRIES'
    ), new AS (
      INSERT INTO revisions (observation_id, commit_no, author_id, approver_id, recorded_on,
        known_on, ${columns})
      SELECT observation_id, commit_no, author_id, approver_id, recorded_on, recorded_on, ${values}
      FROM old RETURNING id, observation_id, value
    )
    SELECT * FROM new`)
  await witness.query(`
    UPDATE observations o SET current_revision_id = r.id, value = r.value
    FROM (SELECT max(id) AS id, observation_id FROM revisions GROUP BY observation_id) m
    JOIN revisions r ON r.id = m.id
    WHERE o.id = m.observation_id AND o.period = '${period}' AND o.indicator_code = 'COUNTRIES'`)
}

const withdraw = (period: string) =>
  revise(period, 'kind, reason', `'withdrawal', 'Counted twice.'`)

const replaceSource = (period: string, publisher: string) =>
  revise(
    period,
    'value, value_text, source_id',
    `value, value_text, (SELECT min(id) FROM sources WHERE publisher = '${publisher}')`,
  )

describe('the marks', () => {
  const exports = (period: string) => ({
    indicator: 'ICT_EXPORTS',
    programme: '_Z',
    area: 'PK',
    kind: 'flow' as const,
    unit: 'USD_MILLION',
    period,
    source: cited({ publisher: 'Later', publishedLabel: '2023-09-01' }),
    releasedOn: '2023-09-01',
  })

  it('are those of the screen, on any day', async () => {
    await publish(
      { ...exports('2022-A1'), value: '2700', status: 'B', precision: 'over' },
      { ...exports('2021-A1'), value: '2700', status: 'P', precision: 'about' },
    )
    for (const asOf of ['2021-06-30', '2022-03-01', '2023-08-20', '2023-09-01', '2025-12-31']) {
      const vintage = { asOf, commit: 999, isFrozen: false }
      const shown = await readFiguresAsOf(test.database, vintage)
      const rows = await download({}, vintage)
      const expected = shown.map((figure) => [`${figure.current.id}`, marksOf(figure)])
      expect(rows.map(({ revision, marks }) => [revision, marks]).toSorted()).toEqual(
        expected.toSorted(),
      )
    }
    const rows = await download(
      { indicator: ['ICT_EXPORTS'] },
      { asOf: '2023-09-01', commit: 999, isFrozen: false },
    )
    const marks = (period: string) =>
      rows.find((row) => row.role === 'actual' && row.period === period)?.marks
    expect([marks('2022-A1'), marks('2021-A1')]).toEqual(['B ⁺ ‡', 'P ~ ‡'])
  })

  it('name the first figure after a break of the catalogue, as known on the day', async () => {
    const breaks = async (asOf: string) =>
      (await download({ indicator: ['ACADEMIES'] }, { asOf, commit: 999, isFrozen: false }))
        .filter(({ marks }) => marks?.split(' ').includes('B'))
        .map(({ period }) => period)
    expect(await breaks('2021-12-31')).toEqual([])
    expect(await breaks('2022-12-31')).toEqual(['2022-01-17'])
  })
})

describe('a filter', () => {
  const codesOf = (rows: Record<string, string | undefined>[], column: string) => [
    ...new Set(rows.map((row) => row[column])),
  ]

  it.each([
    ['indicator', ['ICT_EXPORTS', 'ACADEMIES']],
    ['programme', ['DIGISKILLS', 'KPITB', 'PSEB']],
    ['area', ['PK-PB', 'PK-SD']],
    ['sex', ['F', 'M']],
    ['role', ['claim', 'target']],
  ])('by %s takes any of its values, and nothing else', async (column, values) => {
    const all = await download()
    const rows = await download({ [column]: values })
    expect(codesOf(rows, column).toSorted()).toEqual(values.toSorted())
    expect(rows).toEqual(all.filter((row) => values.includes(row[column] ?? '')))
  })

  it('by several columns takes what all of them take', async () => {
    const filter = { indicator: ['TRAINED'], area: ['PK-BA'], sex: ['F' as const, 'M' as const] }
    expect((await download(filter)).map(({ value }) => value)).toEqual(['9210', '9856'])
  })

  it('that matches nothing gives a header and no row', async () => {
    expect(await text(await figuresCsv({ indicator: ['NOTHING'] }))).toBe(
      `${downloadColumns.join(',')}\n`,
    )
  })
})

describe('the address', () => {
  const get = (query: string) => GET(new Request(`http://localhost/download/figures.csv${query}`))

  it('answers a file to save', async () => {
    const response = await get('?indicator=ICT_EXPORTS&indicator=ACADEMIES&role=actual')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+"$/)
    const [, ...rows] = readRfc4180(await response.text())
    expect([...new Set(rows.map(([role, indicator]) => `${role} ${indicator}`))]).toEqual([
      'actual ACADEMIES',
      'actual ICT_EXPORTS',
    ])
  })

  it.each([
    ['?colour=red', 'colour'],
    ['?indicators=ICT_EXPORTS', 'indicators'],
    ['?__proto__=x', '__proto__'],
    ['?indicator=', 'indicator'],
    ["?indicator=ICT'--", "ICT'--"],
    ['?indicator=ICT_EXPORTS&indicator=%25', '%'],
    ['?role=admin', 'admin'],
    ['?sex=_U', '_U'],
    [`?area=${'x'.repeat(100)}`, 'area'],
  ])('refuses %s as plain text, naming it', async (query, named) => {
    const response = await get(query)
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    const message = await response.text()
    expect(message).toContain(named)
    expect(message.length).toBeLessThan(300)
  })
})

/** Far more than fits between the database and a reader: ten figures with a note of 4 MB each. */
async function publishMuch() {
  const periods = Array.from({ length: 10 }, (_, n) => `${1930 + n}`)
  await publish(...periods.map((period) => ({ period })))
  const much = `value, value_text, source_id, repeat('x', 4000000)`
  for (const period of periods) await revise(period, 'value, value_text, source_id, note', much)
}

/** Connections of the downloads, by what they do. */
async function connections(): Promise<string[]> {
  const { rows } = await witness.query(
    `SELECT state FROM pg_stat_activity
     WHERE application_name IN ('shumar downloads', 'shumar files') AND datname = current_database()`,
  )
  return rows.map(({ state }) => state)
}

async function busyAfterASecond(): Promise<string[]> {
  const limit = Date.now() + 1000
  for (;;) {
    const busy = (await connections()).filter((state) => state !== 'idle')
    if (busy.length === 0 || Date.now() > limit) return busy
    await sleep(20)
  }
}

const manyRows = `SELECT n::text, repeat('x', 1000) FROM generate_series(1, 2000000) n`

describe('a reader who leaves', () => {
  beforeAll(publishMuch)

  it('in the middle gives the connection back within a second', async () => {
    const rows = await streamRows(manyRows, [])
    const iterator = rows[Symbol.asyncIterator]()
    expect((await iterator.next()).value?.[0]).toBe('1')
    expect(await connections()).toContain('active')
    rows.destroy()
    expect(await busyAfterASecond()).toEqual([])
  })

  it('before the first row gives the connection back within a second', async () => {
    const rows = await streamRows('SELECT pg_sleep(20)', [])
    rows.resume()
    await expect.poll(connections, { interval: 10 }).toContain('active')
    rows.destroy()
    expect(await busyAfterASecond()).toEqual([])
  })

  it('leaves room for others: ten in a row, where four have places', async () => {
    for (let n = 0; n < 10; n += 1) {
      const rows = await streamRows(manyRows, [])
      rows.once('data', () => rows.destroy())
      await finished(rows).catch(() => {})
    }
    expect(await download({ role: ['claim'] })).toHaveLength(1)
  })

  it('of the response takes the query with them', async () => {
    const response = await GET(new Request('http://localhost/download/figures.csv'))
    const reader = response.body?.getReader()
    await reader?.read()
    await expect.poll(connections, { interval: 10 }).toContain('active')
    await reader?.cancel()
    expect(await busyAfterASecond()).toEqual([])
  })

  it('or only stops reading takes nobody’s place, once the file was read from the database', async () => {
    const readers: (ReadableStreamDefaultReader | undefined)[] = []
    for (let n = 0; n < 8; n += 1) {
      const response = await GET(new Request('http://localhost/download/figures.csv?area=PK'))
      readers.push(response.body?.getReader())
      await readers.at(-1)?.read()
    }
    expect(await download({ role: ['claim'] })).toHaveLength(1)
    for (const reader of readers) await reader?.cancel()
  })
})

const cutConnections = (state: 'active' | 'idle') =>
  witness.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name IN ('shumar downloads', 'shumar files') AND datname = current_database()
       AND state = $1`,
    [state],
  )

describe('an error half-way', () => {
  const halfWay = `SELECT n::text, (1 / (1500 - n))::text FROM generate_series(1, 2000) n`

  it('destroys the stream: never a short file that looks whole', async () => {
    const rows = await streamRows(halfWay, [])
    let count = 0
    const read = async () => {
      for await (const _ of rows) count += 1
    }
    await expect(read()).rejects.toThrow('division by zero')
    expect(count).toBeGreaterThan(0)
    expect(rows.destroyed).toBe(true)
    expect(await busyAfterASecond()).toEqual([])
  })

  it('in the statement itself is told too', async () => {
    await expect(text(await streamRows('SELECT nothing', []))).rejects.toThrow('nothing')
  })

  it('by a cut connection fails the download and nothing else', async () => {
    const rows = await streamRows(manyRows, [])
    const iterator = rows[Symbol.asyncIterator]()
    await iterator.next()
    await cutConnections('active')
    const readOn = async () => {
      while (!(await iterator.next()).done);
    }
    await expect(readOn()).rejects.toThrow()
    expect(await download({ role: ['claim'] })).toHaveLength(1)
  })

  it('of the file breaks off the response', async () => {
    const response = await GET(new Request('http://localhost/download/figures.csv'))
    const reader = response.body?.getReader()
    await reader?.read()
    await expect.poll(connections, { interval: 10 }).toContain('active')
    await cutConnections('active')
    const readOn = async () => {
      while (!(await reader?.read())?.done);
    }
    await expect(readOn()).rejects.toThrow()
  })

  it('by connections cut while they wait is not noticed', async () => {
    await download({ role: ['claim'] })
    expect(await busyAfterASecond()).toEqual([])
    await cutConnections('idle')
    await expect.poll(() => pools.shumarSnapshots?.totalCount).toBe(0)
    expect(await download({ role: ['claim'] })).toHaveLength(1)
  })
})

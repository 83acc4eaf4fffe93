import { createHash } from 'node:crypto'
import { buffer, text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { Client, type Pool } from 'pg'
import readWorkbook from 'read-excel-file/node'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { fromBufferPromise } from 'yauzl'
import { GET as getObservations } from '@/app/api/v1/observations/route'
import { downloadColumns } from '@/features/downloads/schema'
import { covered, coveredDecimal } from '@/features/extracts/data'
import { sdmxColumns } from '@/features/extracts/schema'
import { answerFile, figuresCsv } from '@/features/files/data'
import { fileKinds, forms } from '@/features/files/schema'
import { loadFirstContent } from '@/features/imports/mutations'
import { tables } from '@/features/packages/rules'
import { escaped } from '@/features/workbooks/data'
import { xmlText } from '@/features/workbooks/rules'
import { acceptedHeader, encodingHeader } from '@/lib/byte-stream'
import { coverDecimal, coverText, uncoverDecimal, uncoverText } from '@/lib/csv'
import { literal, openSnapshot } from '@/lib/db/snapshot'
import { type TestDatabase, testDatabase } from '../support/database'
import { publishHardFigures, texts, values } from '../support/hard-figures'

let test: TestDatabase
/** Somebody beside the product, who sees what it does. */
let witness: Client
/** The newest commit of the first content. */
let first: number

beforeAll(async () => {
  test = await testDatabase()
  await loadFirstContent(test.database)
  first = (await test.database.commit.aggregate({ _max: { no: true } }))._max.no ?? 0
  await publishHardFigures(test.database, 'files')
  witness = new Client({ connectionString: test.url })
  await witness.connect()
})

beforeEach(() => {
  vi.stubEnv('DATABASE_URL', test.url)
  vi.stubEnv('SHUMAR_URL', 'https://shumar.example.org')
})

afterAll(async () => {
  await (globalThis as { shumarSnapshots?: Pool }).shumarSnapshots?.end()
  await witness.end()
  await test.drop()
})

const ask = (
  address: string,
  { method = 'GET', ...headers }: Record<string, string> = {},
): Promise<Response> => {
  const url = new URL(`https://shumar.example.org/download/${address}`)
  const name = url.pathname.split('/').at(-1) ?? ''
  return answerFile(new Request(url, { method, headers }), name)
}
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer())
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')

/** As pandas reads a CSV with `dtype=str, keep_default_na=False`. */
const read = (file: Buffer | string): Record<string, string>[] =>
  parse(file, { columns: true, bom: true, record_delimiter: '\n' })

const own = '?indicator=COUNTRIES&from=1910&to=1999'

describe('CSV for analysis', () => {
  it('has every text and value as it is', async () => {
    const rows = read(await bytesOf(await ask(`figures.csv${own}`)))
    const notes = rows.map(({ note, title }) => (note === title ? note : ''))
    expect(notes).toEqual(expect.arrayContaining(texts))
    expect(rows.map(({ value }) => value)).toEqual(expect.arrayContaining(values))
  })

  it('keeps line breaks that a source has', async () => {
    const title = 'one\r\ntwo\nthree'
    await witness.query(`INSERT INTO sources (publisher, title) VALUES ('Lines', $1)`, [title])
    const leaving = new AbortController()
    const snapshot = await openSnapshot(leaving.signal)
    const made = snapshot.copy(`SELECT title FROM sources WHERE publisher = 'Lines'`, 'csv')
    expect(await text(made)).toBe(`"${title}"\n`)
    snapshot.close()
  })
})

describe('CSV for Excel', () => {
  const pair = async () => [
    read(await bytesOf(await ask(`figures.csv${own}`))),
    read(await bytesOf(await ask(`figures.excel.csv${own}`))),
  ]

  it('begins with a byte order mark and says that its cells are guarded', async () => {
    const bytes = await bytesOf(await ask(`figures.excel.csv${own}`))
    expect(bytes.subarray(0, 8).toString('hex')).toBe(
      `efbbbf${Buffer.from('role,').toString('hex')}`,
    )
    expect(read(bytes).every(({ guarded }) => guarded === 'yes')).toBe(true)
  })

  it('has no cell that a spreadsheet runs or takes for something else', async () => {
    const [, rows = []] = await pair()
    const cells = rows.flatMap(({ value: _, ...row }) => Object.values(row))
    expect(cells.filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell))).toEqual([])
    expect(rows.find(({ note }) => note === "'2022-05")).toBeDefined()
    expect(new Set(rows.map(({ area }) => area))).toEqual(new Set(["'001"]))
    expect(rows.map(({ value }) => value)).toEqual(
      expect.arrayContaining(['-5', '-50E-2', '5E-2', '220E-2', '0E-2', '396243E-3']),
    )
  })

  it('is the other file once its guards are off', async () => {
    const [plain = [], rows = []] = await pair()
    const bare = rows.map(({ guarded: _, ...row }) =>
      Object.fromEntries(
        Object.entries(row).map(([column, cell]) => [
          column,
          column === 'value' ? uncoverDecimal(cell) : uncoverText(cell),
        ]),
      ),
    )
    expect(bare).toEqual(plain)
  })

  it('is guarded in the database as in JavaScript', async () => {
    const words = [
      ...'\'=+-@\t\r\n＝＋－＠",. /:%07exا\u0001😀',
      ...'12 2022 1234567890123456 am PM mar Sept MAY ma TRUE fals ſep K İ tr'.split(' '),
    ]
    const word = fc.constantFrom(...words)
    const written = fc.sample(
      fc.array(word, { maxLength: 5 }).map((parts) => parts.join('')),
      5000,
    )
    const { rows } = await witness.query(
      `SELECT t, ${covered('t')} AS made FROM unnest($1::text[]) t`,
      [written],
    )
    expect(rows.map(({ made }) => made)).toEqual(rows.map(({ t }) => coverText(t)))
    const decimals = fc.sample(
      fc
        .stringMatching(/^-?(0|[1-9]\d{0,20})(\.\d{1,12})?$/)
        .filter((one) => !/^-0(\.0*)?$/.test(one)),
      1000,
    )
    const found = await witness.query(
      `SELECT t, ${coveredDecimal('t')} AS made FROM unnest($1::text[]) t`,
      [decimals],
    )
    expect(found.rows.map(({ made }) => made)).toEqual(found.rows.map(({ t }) => coverDecimal(t)))
  })
})

describe('JSON', () => {
  it('has the rows of the API', async () => {
    const file = await (await ask('figures.json?indicator=COUNTRIES')).json()
    const address = 'https://shumar.example.org/api/v1/observations?indicator=COUNTRIES&limit=1000'
    const { observations } = await (await getObservations(new Request(address))).json()
    expect(file.count).toBe(observations.length)
    const columns = Object.keys(file.observations[0])
    const written = (row: Record<string, unknown>) =>
      columns.map((column) => (row[column] === null ? null : String(row[column])))
    const found = (rows: Record<string, unknown>[]) => rows.map(written).toSorted()
    expect(found(file.observations)).toEqual(found(observations))
  })

  it('of nothing is an empty list', async () => {
    const file = await (await ask('figures.json?indicator=NOTHING')).json()
    expect(file).toMatchObject({ count: 0, observations: [] })
  })
})

describe('lines that the database writes', () => {
  const character = fc.oneof(
    fc.constantFrom(...'\'"\\&<>\t\r\n\x01\x02\x1f\x7f\u0085\u2028\ufffe\uffff＝=+-@,;آی😀'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  )
  const written = fc
    .sample(fc.string({ unit: character, maxLength: 12 }), 1000)
    // PostgreSQL has no NUL.
    .map((one) => one.replaceAll('\0', ''))
    .concat('123456789012345678901234567890.12345678901234567890', '-0.50')
  const lines = async (sql: string) => {
    const snapshot = await openSnapshot(new AbortController().signal)
    const list = `unnest(${literal(written)}) WITH ORDINALITY AS one (t, n)`
    const made = await text(snapshot.copy(`SELECT ${sql} FROM ${list} ORDER BY n`, 'lines'))
    snapshot.close()
    return made.split('\n').slice(0, -1)
  }

  it('are JSON with every text as it is, a line each', async () => {
    const made = await lines('row_to_json(one)::text')
    expect(made.map((line) => JSON.parse(line).t)).toEqual(written)
  })

  it('are XML as JavaScript writes it, a line each', async () => {
    const made = await lines(`'<t>' || ${escaped('t')} || '</t>'`)
    expect(made).toEqual(written.map((one) => `<t>${xmlText(one)}</t>`))
  })
})

describe('SDMX-CSV 2.0', () => {
  it('has its columns, a key of dimensions for each row, and periods that SDMX knows', async () => {
    const answer = await ask('figures.sdmx.csv')
    expect(answer.headers.get('content-type')).toMatch(
      /^application\/vnd\.sdmx\.data\+csv; version=2\.0\.0/,
    )
    const file = await bytesOf(answer)
    expect(file.toString().split('\n', 1)).toEqual([sdmxColumns.join(',')])
    const rows = read(file)
    expect(rows).toHaveLength(Number(answer.headers.get('row-count')))
    const dimensions = sdmxColumns.slice(3, sdmxColumns.indexOf('OBS_VALUE'))
    const keys = rows.map((row) => dimensions.map((name) => row[name]).join('|'))
    expect(new Set(keys).size).toBe(rows.length)
    const period = /^\d{4}(-(Q[1-4]|A1|(0[1-9]|1[0-2])(-\d\d)?))?$|^\d{4}-\d\d-\d\d\/P[1-9]\d*D$/
    expect(rows.filter(({ TIME_PERIOD = '' }) => !period.test(TIME_PERIOD))).toEqual([])
    expect(rows.find(({ TIME_PERIOD }) => TIME_PERIOD === '1999-A1')).toMatchObject({
      STRUCTURE: 'dataflow',
      ACTION: 'I',
      REPORTING_YEAR_START_DAY: '--07-01',
    })
    expect(rows.find(({ TIME_PERIOD }) => TIME_PERIOD === '1990-01-01/P2007D')).toBeDefined()
  })

  it('leaves out, by number, only figures whose period it cannot write', async () => {
    const csv = read(await bytesOf(await ask('figures.csv')))
    const sdmx = read(await bytesOf(await ask('figures.sdmx.csv')))
    const written = csv.filter((row) => row.period_start !== '' && row.period_end !== '')
    expect(sdmx.map(({ REVISION }) => REVISION)).toEqual(written.map(({ revision }) => revision))
    expect(csv.length - sdmx.length).toBeGreaterThan(1)
  })
})

async function members(archive: Buffer): Promise<Map<string, Buffer>> {
  const zip = await fromBufferPromise(archive)
  const found = new Map<string, Buffer>()
  for await (const entry of zip.eachEntry()) {
    found.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)))
  }
  return found
}

describe('the workbook', () => {
  it('has sheets of data, metadata, sources and notes, with numbers and days as such', async () => {
    const book = await readWorkbook(await bytesOf(await ask(`figures.xlsx${own}`)))
    expect(book.map(({ sheet }) => sheet)).toEqual(['Data', 'Metadata', 'Sources', 'Notes'])
    const [header, ...rows] = book[0]?.data ?? []
    expect(header).toEqual([...downloadColumns])
    const cell = (row: unknown[], column: (typeof downloadColumns)[number]) =>
      row[downloadColumns.indexOf(column)]
    const plain = read(await bytesOf(await ask(`figures.csv${own}`)))
    expect(rows).toHaveLength(plain.length)
    for (const [n, row] of rows.entries()) {
      const { value = '', note, period_end: end } = plain[n] ?? {}
      const isLong = value.replace(/[-.]/g, '').replace(/^0+/, '').length > 15
      expect(cell(row, 'value')).toEqual(isLong ? value : Number(value))
      expect(cell(row, 'note') ?? '').toBe(note)
      expect((cell(row, 'period_end') as Date | null)?.toISOString().slice(0, 10) ?? '').toBe(end)
    }
    expect(book[2]?.data.length).toBeGreaterThan(texts.length)
  })

  it('keeps its header in sight, and runs from the right in Urdu', async () => {
    const sheets = async (address: string) => {
      const parts = await members(await bytesOf(await ask(address)))
      return [1, 2, 3, 4].map((n) => parts.get(`xl/worksheets/sheet${n}.xml`)?.toString() ?? '')
    }
    for (const sheet of await sheets(`figures.xlsx${own}`)) {
      expect(sheet).toContain('state="frozen"')
      expect(sheet).not.toContain('rightToLeft')
    }
    for (const sheet of await sheets(`figures.xlsx${own}&locale=ur`)) {
      expect(sheet).toContain('rightToLeft="1"')
    }
    expect((await ask(`figures.xlsx${own}&locale=xx`)).status).toBe(400)
  })
})

describe('everything', () => {
  const archive = async () => members(await bytesOf(await ask('everything.zip')))

  it('holds every table, and checksums that hold', async () => {
    const files = await archive()
    const sums = files.get('SHA256SUMS')?.toString().trimEnd().split('\n') ?? []
    expect(sums).toHaveLength(files.size - 1)
    for (const line of sums) {
      const [sum, name = ''] = line.split('  ')
      expect(sha256(files.get(name) ?? ''), name).toBe(sum)
    }
    expect(files.get('figures.csv')).toEqual(await bytesOf(await ask('figures.csv')))
    expect(files.get('README.md')?.toString()).toContain('CC BY 4.0')
    expect(files.get('README.ur.md')?.toString()).toContain('حوالہ')
  })

  it('describes each table as it is, for CSV on the Web and as a Data Package', async () => {
    const files = await archive()
    const csvw = JSON.parse(files.get('csv-metadata.json')?.toString() ?? '')
    const descriptor = JSON.parse(files.get('datapackage.json')?.toString() ?? '')
    expect(descriptor.$schema).toBe('https://datapackage.org/profiles/2.0/datapackage.json')
    for (const [n, { name, primaryKey, references }] of tables.entries()) {
      const bytes = files.get(`${name}.csv`) ?? Buffer.of()
      const rows = read(bytes)
      const header = bytes.toString().split('\n', 1)[0]?.split(',')
      expect(csvw.tables[n].url).toBe(`${name}.csv`)
      expect(csvw.tables[n].tableSchema.columns.map((one: { name: string }) => one.name)).toEqual(
        header,
      )
      const resource = descriptor.resources[n]
      expect(resource).toMatchObject({
        path: `${name}.csv`,
        bytes: bytes.length,
        hash: `sha256:${sha256(bytes)}`,
      })
      expect(resource.schema.fields.map((one: { name: string }) => one.name)).toEqual(header)
      const keys = rows.map((row) => primaryKey.map((column) => row[column]).join('|'))
      expect(new Set(keys).size, name).toBe(rows.length)
      for (const { name: column, constraints, type } of resource.schema.fields) {
        const cells = rows.map((row) => row[column] ?? '')
        if (constraints?.required)
          expect(
            cells.filter((cell) => cell === ''),
            column,
          ).toEqual([])
        const stated = cells.filter((cell) => cell !== '')
        if (constraints?.enum) expect(constraints.enum).toEqual(expect.arrayContaining(stated))
        const patterns: Record<string, RegExp> = {
          date: /^\d{4}-\d\d-\d\d$/,
          integer: /^\d+$/,
          number: /^-?\d+(\.\d+)?$/,
        }
        const pattern = patterns[type]
        if (pattern)
          expect(
            stated.filter((cell) => !pattern.test(cell)),
            column,
          ).toEqual([])
      }
      for (const [column, list] of Object.entries(references)) {
        const known = new Set(read(files.get(`${list}.csv`) ?? '').map(({ code }) => code))
        const unknown = rows
          .map((row) => row[column])
          .filter((code) => code !== '_Z' && !known.has(code ?? ''))
        expect(unknown, `${name}.${column}`).toEqual([])
      }
    }
  })

  it('takes no filter', async () => {
    const answer = await ask('everything.zip?area=PK')
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('area')
  })
})

describe('the answer', () => {
  it('says before its first byte how many rows there are and where the same is for ever', async () => {
    const answer = await ask(`figures.csv${own}`)
    const file = await bytesOf(answer)
    expect(answer.headers.get('row-count')).toBe(String(read(file).length))
    const frozen = new URL(
      answer.headers.get('content-location') ?? '',
      'https://shumar.example.org',
    )
    const again = await ask(`figures.csv${frozen.search}`)
    expect(again.headers.get('cache-control')).toContain('immutable')
    expect(await bytesOf(again)).toEqual(file)
  })

  it('has no body to HEAD, and none to who has it already', async () => {
    for (const form of forms) {
      const { name, type } = fileKinds[form]
      const head = await ask(name, { method: 'HEAD' })
      expect(head.status).toBe(200)
      expect(head.headers.get('content-type')).toBe(type)
      expect(head.headers.get('content-disposition')).toBe(`attachment; filename="shumar-${name}"`)
      expect(await head.text()).toBe('')
      const etag = head.headers.get('etag') ?? ''
      const known = await ask(name, { 'If-None-Match': `"x", W/${etag}` })
      expect([known.status, await known.text()]).toEqual([304, ''])
    }
    const tags = await Promise.all(
      ['figures.csv', 'figures.csv?area=PK', 'figures.json', 'figures.csv?asOf=2023-01-01'].map(
        async (address) => (await ask(address, { method: 'HEAD' })).headers.get('etag'),
      ),
    )
    expect(new Set(tags).size).toBe(tags.length)
  })

  it('is packed as its reader says, with a validator of its own', async () => {
    const plain = await ask('figures.csv')
    const file = await bytesOf(plain)
    const unpack = { br: brotliDecompressSync, gzip: gunzipSync }
    for (const [encoding, open] of Object.entries(unpack)) {
      const packed = await ask('figures.csv', { [acceptedHeader]: `deflate, ${encoding};q=0.5` })
      expect(packed.headers.get(encodingHeader)).toBe(encoding)
      expect(packed.headers.get('etag')).not.toBe(plain.headers.get('etag'))
      expect(open(await bytesOf(packed))).toEqual(file)
    }
    const refused = await ask('figures.csv', { [acceptedHeader]: 'br;q=0, identity' })
    expect(refused.headers.get(encodingHeader)).toBeNull()
    await refused.body?.cancel()
  })

  it('to a part is the whole, as it says', async () => {
    for (const range of ['bytes=10-20', 'bytes=-5', 'bytes=9-1', 'lines=1-2']) {
      const answer = await ask('figures.csv', { Range: range })
      expect([answer.status, answer.headers.get('accept-ranges')]).toEqual([200, 'none'])
      expect(read(await bytesOf(answer)).length).toBeGreaterThan(250)
    }
  })

  it.each([
    ['nothing.csv', 404, 'figures.csv'],
    ['figures.csv?colour=red', 400, 'colour'],
    ['figures.xlsx?role=admin', 400, 'admin'],
    ['figures.json?v=3', 400, 'asOf'],
    ['everything.zip?asOf=2999-01-01', 400, '2999-01-01'],
    ['figures.csv.sha256', 400, '/download/figures.csv.sha256?asOf='],
  ])('to %s is %i, in words', async (address, status, named) => {
    const answer = await ask(address)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(await answer.text()).toContain(named)
  })

  it.each(['"; DROP TABLE', "'; --", '\\', '$1', '%_'])(
    'takes %s for words to search',
    async (word) => {
      const answer = await ask(`figures.csv?q=${encodeURIComponent(word)}`)
      expect(answer.status).toBe(200)
      expect(read(await bytesOf(answer))).toHaveLength(Number(answer.headers.get('row-count')))
    },
  )
})

describe('the same address with the same asOf and v', () => {
  const frozen = () => `asOf=2025-12-31&v=${first}`

  it('gives the bytes that it gave before, whatever was published since', async () => {
    const before = await Promise.all(
      forms.map(async (form) => bytesOf(await ask(`${fileKinds[form].name}?${frozen()}`))),
    )
    await publishHardFigures(test.database, 'later').catch(() => {})
    await witness.query(`UPDATE areas SET position = position + 1`)
    const after = await Promise.all(
      forms.map(async (form) => bytesOf(await ask(`${fileKinds[form].name}?${frozen()}`))),
    )
    expect(after.map(sha256)).toEqual(before.map(sha256))
  })

  it.each(['csv', 'excel', 'json', 'sdmx'] as const)(
    'gives the bytes that are kept here: %s',
    async (form) => {
      const { name } = fileKinds[form]
      const whole = await bytesOf(await ask(`${name}?${frozen()}`))
      const part = await bytesOf(await ask(`${name}?indicator=ICT_EXPORTS&${frozen()}`))
      await expect(part.toString()).toMatchFileSnapshot(`../golden/${name}.golden`)
      await expect(`${sha256(whole)}\n`).toMatchFileSnapshot(`../golden/${name}.sha256.golden`)
    },
  )

  const created = /"created": "[^"]+Z"/

  // Of packed files what is inside: how well it is packed is left to zlib.
  it.each(['xlsx', 'zip'] as const)('gives the parts that are kept here: %s', async (form) => {
    const { name } = fileKinds[form]
    const parts = await members(await bytesOf(await ask(`${name}?${frozen()}`)))
    // And but for the moment at which this test published its figures.
    parts.delete('SHA256SUMS')
    const descriptor = parts.get('datapackage.json')?.toString()
    if (descriptor) {
      expect(descriptor).toMatch(created)
      parts.set('datapackage.json', Buffer.from(descriptor.replace(created, '')))
    }
    const sums = [...parts].map(([part, bytes]) => `${sha256(bytes)}  ${part}\n`)
    await expect(sums.join('')).toMatchFileSnapshot(`../golden/${name}.parts.golden`)
  })

  it('has a checksum beside it that is that of its bytes', async () => {
    for (const form of forms) {
      const { name } = fileKinds[form]
      const sum = await (await ask(`${name}.sha256?${frozen()}`)).text()
      const [base = '', ...rest] = name.split('.')
      const saved = `shumar-${base}-2025-12-31-v${first}.${rest.join('.')}`
      expect(sum).toBe(`${sha256(await bytesOf(await ask(`${name}?${frozen()}`)))}  ${saved}\n`)
    }
  })
})

/** Connections of files, by what they do. */
async function connections(): Promise<string[]> {
  const { rows } = await witness.query(
    `SELECT state FROM pg_stat_activity
     WHERE application_name = 'shumar files' AND datname = current_database() AND state <> 'idle'`,
  )
  return rows.map(({ state }) => state)
}

async function busyAfterASecond(): Promise<string[]> {
  for (const limit = Date.now() + 1000; ; await sleep(20)) {
    const busy = await connections()
    if (busy.length === 0 || Date.now() > limit) return busy
  }
}

const much = `SELECT n, repeat('x', 1000) FROM generate_series(1, 2000000) n`

describe('a snapshot', () => {
  it.each([
    ['in the middle', much],
    ['before the first byte', 'SELECT pg_sleep(20)'],
  ])('is given up within a second when its reader leaves %s', async (_, query) => {
    const leaving = new AbortController()
    const snapshot = await openSnapshot(leaving.signal)
    const rows = snapshot.copy(query, 'csv')
    const next = rows.next().catch(() => {})
    await expect.poll(connections, { interval: 10 }).toContain('active')
    leaving.abort()
    expect(await busyAfterASecond()).toEqual([])
    await next
    await expect(rows.next().then(() => rows.next())).resolves.toMatchObject({ done: true })
  })

  it('that fails half-way throws, and takes no place', async () => {
    for (let n = 0; n < 8; n += 1) {
      const snapshot = await openSnapshot(new AbortController().signal)
      const halfWay = snapshot.copy(
        'SELECT 1 / (150000 - n) FROM generate_series(1, 200000) n',
        'csv',
      )
      await expect(text(halfWay)).rejects.toThrow('division by zero')
      snapshot.close()
    }
    expect(await busyAfterASecond()).toEqual([])
  })

  it('whose connection is cut throws: a part never looks whole', async () => {
    const snapshot = await openSnapshot(new AbortController().signal)
    const rows = snapshot.copy(much, 'csv')
    await rows.next()
    await witness.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'shumar files' AND datname = current_database() AND state = 'active'`,
    )
    await expect(text(rows)).rejects.toThrow()
    snapshot.close()
    expect((await ask('figures.csv')).status).toBe(200)
  })

  it('is asked for later where all places are taken', async () => {
    const leaving = new AbortController()
    const open = await Promise.all(Array.from({ length: 6 }, () => openSnapshot(leaving.signal)))
    const answer = await ask('figures.csv')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10'])
    for (const snapshot of open) snapshot.close()
  }, 20_000)
})

it('a vintage that is the present one has the bytes of the present', async () => {
  const { rows } = await witness.query(
    `SELECT to_char(now() AT TIME ZONE 'Asia/Karachi', 'YYYY-MM-DD') AS day, (SELECT max(no) FROM commits) AS no`,
  )
  const walked = await buffer(await figuresCsv({}, { asOf: rows[0].day, commit: rows[0].no }))
  expect(walked).toEqual(await buffer(await figuresCsv({})))
})

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemActor } from '@/features/accounts/data'
import { readCatalogue } from '@/features/catalogue/data'
import { createCatalogue } from '@/features/catalogue/mutations'
import type { CatalogueContent } from '@/features/catalogue/schema'
import { readFigures, readHistory } from '@/features/figures/data'
import { publishFigures } from '@/features/figures/mutations'
import { orderRevisions } from '@/features/figures/rules'
import { figureColumns, type PublicationInput } from '@/features/figures/schema'
import { figuresCsv } from '@/features/files/data'
import { importFigures, loadFirstContent } from '@/features/imports/mutations'
import { publishedColumns } from '@/features/imports/schema'
import type { Database } from '@/lib/db/client'
import { type TestDatabase, testDatabase } from '../support/database'

const folder = resolve(import.meta.dirname, '../../prisma/content')
const file = readFileSync(resolve(folder, 'figures.csv'))
const content: CatalogueContent = JSON.parse(
  readFileSync(resolve(folder, 'catalogue.json'), 'utf8'),
)
const publishedUnits = new Map(content.units.map(({ published, code }) => [published, code]))

let test: TestDatabase
let database: Database

beforeAll(async () => {
  test = await testDatabase()
  database = test.database
  const both = await Promise.all([loadFirstContent(database), loadFirstContent(database)])
  expect(both.map(({ loaded }) => loaded).toSorted()).toEqual([false, true])
  expect(both.map(({ figures }) => figures).toSorted()).toEqual([0, 280])
})

beforeEach(() => vi.stubEnv('DATABASE_URL', test.url))

afterAll(async () => {
  await (globalThis as { shumarStreams?: Pool }).shumarStreams?.end()
  await test.drop()
})

const counts = async () => ({
  commits: await database.commit.count(),
  observations: await database.observation.count(),
  revisions: await database.revision.count(),
  sources: await database.source.count(),
})

async function load(bytes: Uint8Array | string) {
  const file = { bytes: Buffer.from(bytes), name: 'test.csv', publishedUnits }
  return importFigures(database, await systemActor(database), file)
}

// A reading of the file that shares nothing with the product's.

type Cells = Record<(typeof publishedColumns)[number], string>

function readContent(): Cells[] {
  const [header = '', ...lines] = file.toString('utf8').trim().split('\n')
  const cellsOf = (line: string) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
    )
  const names = cellsOf(header)
  return lines.map((line) => {
    const cells = cellsOf(line)
    expect(cells, line).toHaveLength(names.length)
    return Object.fromEntries(names.map((name, n) => [name, cells[n]])) as Cells
  })
}

const rows = readContent()

function periodCode({ period_start: start, period_end: end }: Cells): string {
  if (!start && !end) return '_U'
  if (!start || !end) return `${start || '..'}/${end || '..'}`
  if (start === end) return start
  const year = Number(start.slice(0, 4))
  const dates = `${start.slice(5)} ${Number(end.slice(0, 4)) - year} ${end.slice(5)}`
  if (dates === '01-01 0 12-31') return `${year}`
  if (dates === '07-01 1 06-30') return `${year}-A1`
  const quarter = ['01-01 0 03-31', '04-01 0 06-30', '07-01 0 09-30', '10-01 0 12-31']
  if (quarter.includes(dates)) return `${year}-Q${quarter.indexOf(dates) + 1}`
  const isMonth = start.slice(0, 7) === end.slice(0, 7) && start.endsWith('-01')
  return isMonth && dayAfter(end).endsWith('-01') ? start.slice(0, 7) : `${start}/${end}`
}

const dayAfter = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)

function releaseDay(label: string): string | null {
  if (label.length !== 7) return label || null
  const nextMonth = new Date(`${label}-01`)
  nextMonth.setUTCMonth(nextMonth.getUTCMonth() + 1)
  return new Date(nextMonth.getTime() - 86_400_000).toISOString().slice(0, 10)
}

const roleOf = ({ indicator }: Cells) =>
  content.aliases.find(({ alias }) => alias === indicator)?.role ?? 'actual'

/** All that the record must say of one row of the file. */
function expected(row: Cells) {
  return {
    role: roleOf(row),
    indicator:
      content.aliases.find(({ alias }) => alias === row.indicator)?.indicator ?? row.indicator,
    programme: row.programme,
    area: row.area,
    academy: '_T',
    sex: row.sex,
    kind: row.kind,
    unit: content.units.find(({ published }) => published === row.unit)?.code,
    period: periodCode(row),
    start: row.period_start || null,
    end: row.period_end || null,
    value: row.value,
    status: row.status,
    precision: row.status === 'E' ? 'rounded' : 'exact',
    releasedOn: releaseDay(row.published_on),
    periodLabel: row.frequency,
    publisher: row.publisher,
    title: row.title,
    sourceDate: row.published_on,
    url: row.url,
    note: '',
    kindOfRevision: 'publication',
  }
}

const isoDay = (date: Date | null) => date?.toISOString().slice(0, 10) ?? null

async function recorded() {
  const revisions = await database.revision.findMany({
    include: { observation: true, source: true },
    orderBy: { id: 'asc' },
  })
  return revisions.map(({ observation, source, ...revision }) => ({
    role: observation.role,
    indicator: observation.indicatorCode,
    programme: observation.programmeCode,
    area: observation.areaCode,
    academy: observation.academyCode,
    sex: observation.sex,
    kind: observation.kind,
    unit: observation.unitCode,
    period: observation.period,
    start: isoDay(observation.periodStart),
    end: isoDay(observation.periodEnd),
    value: revision.valueText,
    status: revision.status,
    precision: revision.precision,
    releasedOn: isoDay(revision.releasedOn),
    periodLabel: revision.periodLabel,
    publisher: source?.publisher,
    title: source?.title,
    sourceDate: source?.publishedLabel,
    url: source?.url,
    note: revision.note,
    kindOfRevision: revision.kind,
  }))
}

describe('the first content', () => {
  it('has 280 figures: 266 actual, 13 targets and a claim', () => {
    const count = (role: string) => rows.filter((row) => roleOf(row) === role).length
    expect(rows).toHaveLength(280)
    expect([count('actual'), count('target'), count('claim')]).toEqual([266, 13, 1])
  })

  it('stands in the record row by row, none dropped, none invented, in its order', async () => {
    expect(await recorded()).toEqual(rows.map(expected))
  })

  it('fills one commit, and no more sources and keys than it has', async () => {
    const sources = rows.map((row) => [row.publisher, row.title, row.published_on, row.url])
    const keys = rows.map((row) => {
      const { role, indicator, programme, area, sex, kind, unit, period } = expected(row)
      const source = period === '_U' ? [row.publisher, row.title, row.published_on, row.url] : []
      return [role, indicator, programme, area, sex, kind, unit, period, source]
    })
    const distinct = (values: unknown[]) => new Set(values.map((one) => JSON.stringify(one))).size
    expect(await counts()).toEqual({
      commits: 2,
      observations: distinct(keys),
      revisions: 280,
      sources: distinct(sources),
    })
    expect(await database.proposal.count()).toBe(0)
    const commits = await database.commit.findMany({ orderBy: { no: 'asc' } })
    expect(commits.map(({ kind }) => kind)).toEqual(['catalogue', 'import'])
  })

  it('is public: every key has its current figure', async () => {
    const figures = await readFigures(database)
    expect(figures).toHaveLength(await database.observation.count())
    expect(await database.observation.count({ where: { currentRevisionId: null } })).toBe(0)
  })

  it('knows what a source dated from that day, and the rest from today', async () => {
    const wrong = await database.$queryRaw`
      SELECT id FROM revisions
      WHERE known_on <> coalesce(released_on, (recorded_at AT TIME ZONE 'Asia/Karachi')::date)`
    expect(wrong).toEqual([])
  })

  const exports = {
    role: 'actual',
    indicator: 'ICT_EXPORTS',
    programme: '_Z',
    area: 'PK',
    academy: '_T',
    sex: '_T',
    kind: 'flow',
    unit: 'USD_MILLION',
  } as const

  it.each([
    { period: '2022-A1', history: ['2605', '2593', '2597', '2596'], differ: true },
    // 2108 was released without a date: it never outranks a dated revision.
    { period: '2020-A1', history: ['2108', '2123', '2107'], differ: true },
    { period: '2021-A1', history: ['2616', '2615', '2619'], differ: true },
    { period: '2022-03', history: ['259', '260'], differ: true },
    { period: '2023-03', history: ['224', '225'], differ: false },
    { period: '2024-A1', history: ['3810'], differ: false },
  ])('$period went $history', async ({ period, history, differ }) => {
    const revisions = orderRevisions(await readHistory(database, { ...exports, period }))
    expect(revisions.map(({ value }) => value)).toEqual(history)
    const figures = await readFigures(database, { indicators: ['ICT_EXPORTS'] })
    const figure = figures.find((one) => one.period === period && one.role === 'actual')
    expect(figure?.value).toBe(history.at(-1))
    expect(figure?.publishersDiffer).toBe(differ)
  })

  it('keeps the claim beside the series, never in it', async () => {
    const figures = await readFigures(database, { indicators: ['ICT_EXPORTS'] })
    const claims = figures.filter(({ role }) => role === 'claim')
    expect(claims).toMatchObject([{ value: '1500', period: '2022-05-11', status: 'D' }])
  })

  it('tells figures without a period apart by their source', async () => {
    const unknown = await readFigures(database, { indicators: ['ACADEMIES'], areas: ['001'] })
    const values = unknown.filter(({ period }) => period === '_U').map(({ value }) => value)
    expect(values.toSorted()).toEqual(['140', '900'])
  })
})

describe('a computed rate', () => {
  it('is refused in a file, with its parts, and by the database', async () => {
    const outcome = await load(
      ownFile({ indicator: 'COMPLETION_RATE', unit: 'PERCENT', kind: 'ratio' }),
    )
    expect(outcome).toMatchObject({
      ok: false,
      problems: [
        {
          line: 2,
          column: 'indicator',
          code: 'computed',
          params: { numerator: 'COMPLETED', denominator: 'ENROLLED' },
        },
      ],
    })
    await expect(
      database.$executeRaw`
        INSERT INTO observations (role, indicator_code, programme_code, area_code, kind, unit_code,
          period, period_start, period_end, frequency)
        VALUES ('actual', 'COMPLETION_RATE', '_Z', 'PK', 'ratio', 'PERCENT', '2020',
          '2020-01-01', '2020-12-31', 'A')`,
    ).rejects.toThrow('computed from its parts')
  })
})

describe('the same again', () => {
  it('the first content is loaded once', async () => {
    const before = await counts()
    expect(await loadFirstContent(database)).toEqual({ loaded: false, figures: 0 })
    expect(await counts()).toEqual(before)
  })

  it('what a newer release adds comes once: computed rates, and texts nobody has reworded', async () => {
    const old = await testDatabase()
    try {
      await old.database.$transaction(async (tx) => {
        const actor = await systemActor(old.database)
        const indicators = content.indicators
          .filter(({ method }) => method !== 'computed')
          .map((one) =>
            one.code === 'FEMALE_SHARE'
              ? { ...one, definition: { en: 'Published.', ur: 'شائع شدہ۔' } }
              : one,
          )
        await createCatalogue(tx, actor, { ...content, indicators })
      })
      await loadFirstContent(old.database)
      await loadFirstContent(old.database)
      const now = await readCatalogue(old.database)
      const sorted = (rows: { code: string }[]) => rows.map(({ code }) => code).toSorted()
      expect(sorted(now.indicators)).toEqual(sorted(content.indicators))
      const share = now.indicators.find(({ code }) => code === 'FEMALE_SHARE')
      expect(share?.definition.en).toMatch(/^Women as a percentage/)
      expect(await old.database.commit.count()).toBe(2)
      const frozen = await readCatalogue(old.database, 1)
      expect(sorted(frozen.indicators)).not.toContain('COMPLETION_RATE')
    } finally {
      await old.drop()
    }
  })

  it('the same file changes nothing', async () => {
    const before = await counts()
    expect(await load(file)).toMatchObject({ ok: true, rows: 280, revisions: 0 })
    expect(await counts()).toEqual(before)
  })

  it('the same figures in other bytes change nothing', async () => {
    const before = await counts()
    const other = `\ufeff${file.toString('utf8').replaceAll('\n', '\r\n')}`
    expect(await load(other)).toMatchObject({ ok: true, rows: 280, revisions: 0 })
    expect(await counts()).toEqual(before)
  })
})

const published: Cells = {
  indicator: 'CENTRES',
  programme: 'PSEB_STP',
  area: 'PK',
  sex: '_T',
  period_start: '2026-01-31',
  period_end: '2026-01-31',
  frequency: 'POINT',
  value: '51',
  unit: 'centres',
  kind: 'stock',
  status: 'A',
  publisher: 'Dawn',
  title: '',
  published_on: '2026-02-01',
  url: 'https://example.org/',
}
type Own = Record<(typeof figureColumns)[number], string>
const own: Own = {
  role: 'actual',
  indicator: 'CENTRES',
  programme: 'PSEB_STP',
  area: 'PK',
  academy: '_T',
  sex: '_T',
  kind: 'stock',
  unit: 'CENTRES',
  period: '2026-03-31',
  period_start: '2026-03-31',
  period_end: '2026-03-31',
  frequency: 'D',
  value: '52',
  status: 'A',
  precision: 'exact',
  released_on: '2026-04-01',
  revision: '',
  publisher: 'Dawn',
  title: '',
  source_date: '2026-04-01',
  source_url: 'https://example.org/',
  note: '',
}

const quote = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
const csv = (columns: readonly string[], rows: readonly Record<string, string>[]) =>
  [columns, ...rows.map((row) => columns.map((column) => quote(row[column] ?? '')))]
    .map((cells) => `${cells.join(',')}\n`)
    .join('')
const publishedFile = (...changes: Partial<Cells>[]) =>
  csv(
    publishedColumns,
    changes.map((change) => ({ ...published, ...change })),
  )
const ownFile = (...changes: Partial<Own>[]) =>
  csv(
    figureColumns,
    changes.map((change) => ({ ...own, ...change })),
  )

async function expectRefusal(bytes: Uint8Array | string, problems: unknown[]) {
  const before = await counts()
  expect(await load(bytes)).toEqual({ ok: false, problems })
  expect(await counts()).toEqual(before)
}

describe('a file that cannot be read is refused whole', () => {
  const good = ownFile({})
  const bytes = (...parts: (string | number[])[]) =>
    Buffer.concat(parts.map((part) => Buffer.from(part as string)))
  const [firstLine = '', secondLine = ''] = good.split('\n')

  it.each<[string, Uint8Array | string, unknown]>([
    ['0 bytes', '', { code: 'csv.empty' }],
    ['only a byte order mark', '\ufeff', { code: 'csv.empty' }],
    ['only blank lines', '\n\n\n', { code: 'csv.empty' }],
    ['only a header', `${firstLine}\n`, { code: 'csv.noRows' }],
    ['UTF-16', Buffer.from(`\ufeff${good}`, 'utf16le'), { code: 'csv.encoding' }],
    ['UTF-16 without a mark', Buffer.from(good, 'utf16le'), { code: 'csv.encoding' }],
    [
      'Windows-1252',
      bytes(good.replace('Dawn', 'Dawn '), [0x93, 0x65, 0xe9, 0x94]),
      { code: 'csv.encoding' },
    ],
    ['half a character', bytes(good, [0xd8]), { code: 'csv.encoding' }],
    ['a zip', bytes('PK', [3, 4, 20, 0, 0, 0]), { code: 'csv.encoding' }],
    ['semicolons', good.replaceAll(',', ';'), { code: 'csv.separator' }],
    ['tabs', good.replaceAll(',', '\t'), { code: 'csv.separator' }],
    [
      'a column twice',
      good.replace('academy', 'area'),
      { code: 'csv.duplicateColumn', params: { column: 'area' } },
    ],
    [
      'an unknown column',
      good.replace('academy', 'Academy'),
      { code: 'csv.unknownColumn', params: { column: 'Academy' } },
    ],
    [
      'no column for the note',
      good.replace(',note\n', '\n').replace(/,\n/g, '\n'),
      { code: 'csv.missingColumn', params: { column: 'note' } },
    ],
    ['a cell too many', `${good}${secondLine},more\n`, { code: 'csv.ragged', params: { line: 3 } }],
    ['a cell too few', `${good}actual,CENTRES\n`, { code: 'csv.ragged', params: { line: 3 } }],
    [
      'an open quote',
      good.replace('Dawn', '"Dawn'),
      { code: 'csv.openQuote', params: { line: 2 } },
    ],
    [
      'a quote inside a word',
      good.replace('Dawn', 'Da"wn'),
      { code: 'csv.malformed', params: { line: 2 } },
    ],
    [
      'a cell of more than a million characters',
      good.replace('Dawn', `"${'x'.repeat(1_000_001)}"`),
      { code: 'csv.longRecord', params: { line: 2 } },
    ],
  ])('%s', async (_, file, problem) => {
    await expectRefusal(file, [problem])
  })
})

describe('a file with a bad row is refused whole, with line, column and value', () => {
  it.each<[keyof Own, string, string]>([
    ['role', 'Actual', 'invalid'],
    ['indicator', 'NOTHING', 'unknownCode'],
    ['indicator', '__proto__', 'unknownCode'],
    ['programme', '', 'unknownCode'],
    ['area', 'PK-XX', 'unknownCode'],
    ['academy', 'A1', 'unknownCode'],
    ['sex', 'X', 'invalid'],
    ['kind', 'level', 'invalid'],
    ['unit', 'centres', 'unknownCode'],
    ['period', '2026-04-30', 'periodDates'],
    ['period', '2026-05-31/2026-05-31', 'notCanonical'],
    ['period', 'May 2026', 'notAPeriod'],
    ['value', '', 'missing'],
    ['value', 'NaN', 'notFinite'],
    ['value', '1.234,5', 'decimalComma'],
    ['value', `0.${'1'.repeat(21)}`, 'tooManyDecimals'],
    ['status', 'Z', 'invalid'],
    ['precision', 'roughly', 'invalid'],
    ['released_on', '2099-01-01', 'releasedInFuture'],
    ['released_on', '2026-02-30', 'invalid'],
    ['released_on', '01/04/2026', 'invalid'],
    ['publisher', '', 'invalid'],
    ['publisher', '\u200b', 'invalid'],
    ['title', 'to\u202emc', 'invalid'],
    ['title', 'x'.repeat(501), 'invalid'],
    ['source_date', '2026-13', 'invalid'],
    ['source_date', '0000-01-01', 'invalid'],
    ['source_date', '2099-01', 'sourceInFuture'],
    ['source_url', 'javascript:alert(1)', 'invalid'],
    ['source_url', 'http:nowhere', 'invalid'],
    ['source_url', 'https://example.org/a b', 'invalid'],
    ['note', 'two\nlines', 'invalid'],
  ])('%s: %j', async (column, value, code) => {
    const day = '2026-05-31'
    await expectRefusal(ownFile({}, { period: day, ...dated(day), [column]: value }), [
      expect.objectContaining({ line: value.includes('\n') ? 4 : 3, column, value, code }),
    ])
  })

  it.each<[keyof Cells, string, string]>([
    ['indicator', 'NOTHING', 'unknownCode'],
    ['unit', 'CENTERS', 'unknownCode'],
    ['period_start', '2026-02-30', 'impossibleDay'],
    ['period_end', '2026-01-32', 'impossibleDay'],
    ['period_end', '2026-01-30', 'endBeforeStart'],
    ['value', 'many', 'notANumber'],
    ['published_on', 'February 2026', 'invalid'],
    ['published_on', '2099-01', 'releasedInFuture'],
    ['url', 'ftp://example.org/', 'invalid'],
  ])('of published figures: %s: %j', async (column, value, code) => {
    await expectRefusal(publishedFile({}, { [column]: value, publisher: 'The Nation' }), [
      expect.objectContaining({ line: 3, column, value, code }),
    ])
  })

  it('names every bad cell, also several of one row', async () => {
    await expectRefusal(ownFile({ value: '?', unit: 'X' }, {}, { area: 'X' }), [
      { line: 2, column: 'unit', value: 'X', code: 'unknownCode' },
      { line: 2, column: 'value', value: '?', code: 'notANumber', params: { value: '?' } },
      { line: 4, column: 'area', value: 'X', code: 'unknownCode' },
    ])
  })

  it('one bad row among many leaves none of them', async () => {
    const many = Array.from({ length: 2000 }, (_, n) => {
      const day = new Date(Date.UTC(2000, 0, 1 + n)).toISOString().slice(0, 10)
      return { period: day, ...dated(day), ...(n === 1500 && { value: 'x' }) }
    })
    await expectRefusal(ownFile(...many), [
      expect.objectContaining({ line: 1502, column: 'value', code: 'notANumber' }),
    ])
  })

  it.each<[string, Partial<Own>]>([
    ['another value', { value: '53' }],
    ['the same value', {}],
    ['another note', { note: 'Again.' }],
    ['the dates left out', { period_start: '', period_end: '', value: '53' }],
  ])('one source says one thing of a key: twice with %s', async (_, changes) => {
    await expectRefusal(ownFile({}, changes), [
      {
        line: 3,
        column: 'value',
        value: changes.value ?? '52',
        code: 'duplicate',
        params: { line: 2 },
      },
    ])
  })
})

const dated = (day: string) => ({ period_start: day, period_end: day })

describe('what is imported', () => {
  async function figureOn(day: string) {
    const figures = await readFigures(database, { indicators: ['CENTRES'] })
    return figures.find(({ period }) => period === day)
  }

  it('numbers as people write them are read, and kept as digits', async () => {
    const day = '2020-01-01'
    expect(await load(ownFile({ period: day, ...dated(day), value: '1,234.50' }))).toMatchObject({
      ok: true,
      revisions: 1,
    })
    expect((await figureOn(day))?.value).toBe('1234.50')
  })

  it('formula texts stay the texts they are', async () => {
    const day = '2020-01-02'
    const formula = '=HYPERLINK("https://example.org","x")'
    await load(
      publishedFile({ period_start: day, period_end: day, title: formula, publisher: '@Dawn' }),
    )
    expect((await figureOn(day))?.current.source).toMatchObject({
      publisher: '@Dawn',
      title: formula,
    })
  })

  it('a month that is not over yet was published today at the latest', async () => {
    const [{ today } = { today: '' }] = await database.$queryRaw<{ today: string }[]>`
      SELECT (now() AT TIME ZONE 'Asia/Karachi')::date::text AS today`
    const day = '2020-01-03'
    const month = today.slice(0, 7)
    await load(publishedFile({ period_start: day, period_end: day, published_on: month }))
    const figure = await figureOn(day)
    expect(figure?.current).toMatchObject({ releasedOn: today, source: { publishedLabel: month } })
  })

  it('our own export changes nothing, whatever its texts begin with', async () => {
    const texts = ['=1+1', "'=1+1", "''-", '+92 300', '-', '@Dawn', "'quoted' words", '＝1', '"; x']
    const figure: PublicationInput = {
      role: 'actual',
      indicator: 'CENTRES',
      programme: 'PSEB_STP',
      area: 'PK',
      academy: '_T',
      sex: '_T',
      kind: 'stock',
      unit: 'CENTRES',
      period: '2020-02-01',
      value: '-1234567890.12345678901234567890',
      status: 'A',
      precision: 'about',
      source: { publisher: 'Dawn', title: '', publishedLabel: '2020-02', url: '' },
      note: '',
      reason: '',
      periodLabel: '',
      releasedOn: null,
    }
    const actor = await systemActor(database)
    const figures = texts.map((text, n) => ({
      ...figure,
      period: `2020-02-${String(n + 1).padStart(2, '0')}`,
      source: { ...figure.source, title: text, publisher: `${text} A` },
      note: text,
    }))
    await database.$transaction(
      (tx) =>
        publishFigures(tx, actor, figures, {
          kind: 'publication',
          message: '',
          idempotencyKey: 'guarded',
        }),
      { timeout: 20_000 },
    )
    const before = await counts()
    const exported = await text(await figuresCsv({}))
    const total = await database.observation.count()
    expect(await load(exported)).toMatchObject({ ok: true, rows: total, revisions: 0 })
    expect(await counts()).toEqual(before)
  })
})

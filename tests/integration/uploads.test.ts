import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { Client, type Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { actorOf } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { publishFigures } from '@/features/figures/mutations'
import { figureColumns } from '@/features/figures/schema'
import { figuresCsv } from '@/features/files/data'
import { readCodeLists, readToday } from '@/features/imports/data'
import { loadFirstContent } from '@/features/imports/mutations'
import { checkFigures, fromOwn } from '@/features/imports/rules'
import { readProblems, readStaged } from '@/features/staging/data'
import { publishStage } from '@/features/staging/mutations'
import { readUpload, reportCsv } from '@/features/uploads/data'
import {
  askToStop,
  discardUpload,
  keepUpload,
  mapColumns,
  readAnew,
  returnUpload,
  sendForApproval,
  startCheck,
  startCommit,
} from '@/features/uploads/mutations'
import type { Upload } from '@/features/uploads/schema'
import { readCsv } from '@/lib/csv'
import type { Database } from '@/lib/db/client'
import { takeFile } from '@/lib/upload'
import { type TestDatabase, testDatabase } from '../support/database'
import { textRow, workbookParts, zip } from '../support/workbook'

let test: TestDatabase
let database: Database
let admin: Actor
let editor: Actor

beforeAll(async () => {
  test = await testDatabase()
  database = test.database
  vi.stubEnv('DATABASE_URL', test.url)
  await loadFirstContent(database)
  for (const [id, role] of [
    ['admin', 'admin'],
    ['editor', 'editor'],
  ] as const) {
    await database.user.create({ data: { id, name: id, email: `${id}@example.org`, role } })
  }
  admin = await actorOf(database, 'admin')
  editor = await actorOf(database, 'editor')
})

beforeEach(() => {
  vi.stubEnv('DATABASE_URL', test.url)
})

afterAll(async () => {
  await (globalThis as { shumarStreams?: Pool }).shumarStreams?.end()
  await test.drop()
})

async function* pieces(bytes: Uint8Array, size = 10_000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const keep = (content: string | Uint8Array, name = 'file.csv', actor = admin) =>
  keepUpload(database, actor, { name, bytes: pieces(Buffer.from(content)) })

async function upload(content: string | Uint8Array, actor = admin): Promise<Upload> {
  const kept = await keep(content, 'file.csv', actor)
  if (!kept.ok) throw new Error(JSON.stringify(kept.problem))
  return again(kept.value, actor)
}

async function again(id: string, actor = admin): Promise<Upload> {
  const found = await readUpload(actor, id, database)
  if (!found) throw new Error('The file is gone.')
  return found
}

async function check(content: string | Uint8Array, actor = admin): Promise<Upload> {
  const { id } = await upload(content, actor)
  const begun = await startCheck(database, actor, id)
  if (!begun.ok) throw new Error(JSON.stringify(begun.problem))
  await begun.value.finished
  return again(id, actor)
}

const why = 'Counted anew.'

async function publish(id: string, actor = admin, reason = why): Promise<Upload> {
  const begun = await startCommit(database, actor, id, reason)
  if (!begun.ok) throw new Error(JSON.stringify(begun.problem))
  await begun.value.finished
  return again(id, actor)
}

const problemsOf = async ({ id }: Upload) =>
  (await readProblems(database, id, 'error', { after: 0, limit: 100 })).map(
    ({ line, column, value, code }) => ({ line, column, value, code }),
  )

const reportOf = (checked: Upload) => text(reportCsv(checked, 'en', ({ code }) => code, database))

const counts = async () => ({
  commits: await database.commit.count(),
  observations: await database.observation.count(),
  revisions: await database.revision.count(),
  sources: await database.source.count(),
})

const header = 'Indicator,Programme,Region,Date,Value,Newspaper,Link'
const row = (value: string, date = '2 May 2021', title = '1') =>
  `ENROLLED,HUAWEI_ICTA,Punjab,${date},${value},Dawn,https://example.org/${title}`
const file = (...rows: string[]) => [header, ...rows, ''].join('\r\n')

describe('a file on its way in', () => {
  it.each(['csv', 'excel'] as const)(
    'changes nothing where it is our own export: %s',
    async (form) => {
      const before = await counts()
      const own = await text(await figuresCsv({}, null, form))
      const checked = await check(own)
      expect(await problemsOf(checked)).toEqual([])
      const figures = own.trim().split('\n').length - 1
      expect(checked.tallies).toMatchObject({ rows: figures, same: figures, new: 0, changed: 0 })
      const refused = await startCommit(database, admin, checked.id, why)
      expect(refused).toMatchObject({ ok: false, problem: { code: 'nothingNew' } })
      expect(await counts()).toEqual(before)
    },
  )

  it('is guessed, shown, and published in one commit', async () => {
    const checked = await check(
      file(row('1,234', '3 May 2021').replace('1,234', '"1,234"'), row('77', '4 May 2021')),
    )
    expect(await problemsOf(checked)).toEqual([])
    expect(checked.tallies).toMatchObject({ rows: 2, new: 2, changed: 0, same: 0, refused: 0 })
    const [shown] = await readStaged(database, checked.id, 'new', { after: 0, limit: 1 })
    expect(shown).toMatchObject({
      line: 2,
      before: null,
      figure: { indicator: 'ENROLLED', area: 'PK-PB', period: '2021-05-03', value: '1234' },
    })
    const before = await counts()
    const done = await publish(checked.id)
    expect(done).toMatchObject({ state: 'committed', problem: null })
    const after = await counts()
    expect(after.commits - before.commits).toBe(1)
    expect(after.revisions - before.revisions).toBe(2)
    // Sent once more, and brought once more.
    expect(await startCommit(database, admin, checked.id, why)).toMatchObject({ ok: false })
    const same = await check(file(row('"1,234"', '3 May 2021'), row('77', '4 May 2021')))
    expect(same.tallies).toMatchObject({ same: 2, new: 0, changed: 0 })
    const changed = await check(file(row('78', '4 May 2021', '2')))
    expect(changed.tallies).toMatchObject({ same: 0, new: 0, changed: 1 })
    const [now] = await readStaged(database, changed.id, 'changed', { after: 0, limit: 1 })
    expect(now?.before?.value).toBe('77')
  })

  it('writes the rows that publishing one by one writes', async () => {
    const rows = [
      row('10', '2021-06-01', 'a'),
      row('11', '2021-06-01', 'b'),
      row('2.50', '2021-06-02', 'a'),
      row('7', 'period not stated', 'a'),
      row('8', '3 May 2021', 'c'),
    ]
    const checked = await check(file(...rows))
    expect(await problemsOf(checked)).toEqual([])
    const said = await readStaged(database, checked.id, 'new', { after: 0, limit: 10 })
    const revised = await readStaged(database, checked.id, 'changed', { after: 0, limit: 10 })
    const figures = [...said, ...revised].sort((a, b) => a.no - b.no).map(({ figure }) => figure)
    const snapshot = async (commit: number) => {
      const found = await database.revision.findMany({
        where: { commitNo: commit },
        // Of one figure they are in the order of the file, whatever was written between them.
        orderBy: [{ observation: { period: 'asc' } }, { id: 'asc' }],
        include: { observation: true, source: true },
      })
      return found.map(({ id, observation, source, ...revision }) => ({
        ...revision,
        // Of the figures that a rule warns of.
        reason: '',
        isCurrent: observation.currentRevisionId === id,
        observation: { ...observation, id: 0, currentRevisionId: 0, periodSource: '' },
        source: { ...source, id: 0, createdAt: 0 },
        commitNo: 0,
        observationId: 0,
        sourceId: 0,
        recordedAt: 0,
      }))
    }
    class Undone extends Error {}
    let one: unknown
    await database
      .$transaction(async (tx) => {
        const { commit } = await publishFigures(
          tx,
          admin,
          figures.map((figure) => ({ ...figure, reason: '' })),
          { kind: 'import', message: 'file.csv', idempotencyKey: 'one by one' },
        )
        const inside = tx as unknown as Database
        const outer = database
        database = inside
        one = await snapshot(commit)
        database = outer
        throw new Undone()
      })
      .catch((error: unknown) => {
        if (!(error instanceof Undone)) throw error
      })
    let inParts: unknown
    const outer = database
    await database
      .$transaction(async (tx) => {
        const { commit, revisions } = await publishStage(tx, admin, checked.id, {
          ...{ message: 'file.csv', idempotencyKey: 'in parts', reason: '', batch: 2 },
          attribution: { authorId: admin.userId, approverId: admin.userId, proposalId: null },
          ...{ rows: checked.tallies?.rows ?? 0, seen: checked.tallies?.seen ?? '' },
        })
        expect(revisions).toBe(5)
        database = tx as unknown as Database
        inParts = await snapshot(commit)
        throw new Undone()
      })
      .catch((error: unknown) => {
        if (!(error instanceof Undone)) throw error
      })
      .finally(() => {
        database = outer
      })
    expect(inParts).toEqual(one)
    const done = await publish(checked.id)
    expect(done.problem).toBeNull()
    const many = await snapshot(done.commitNo ?? 0)
    expect(many).toHaveLength(5)
    expect(many).toEqual(one)
  })

  it('is refused whole for one bad row, which is named', async () => {
    const before = await counts()
    const dayOf = (n: number) => new Date(Date.UTC(1990, 0, n)).toISOString().slice(0, 10)
    const rows = Array.from({ length: 50_000 }, (_, n) =>
      row('5', dayOf(n % 10_000), `${Math.floor(n / 10_000)}`),
    )
    rows[42_000] = row('12 people', '31 June 2021', 'bad')
    const checked = await check(file(...rows))
    expect(await problemsOf(checked)).toEqual([
      { line: 42_002, column: 'Date', value: '31 June 2021', code: 'periods.impossibleDay' },
      { line: 42_002, column: 'Value', value: '12 people', code: 'numbers.notANumber' },
    ])
    expect(checked.tallies).toMatchObject({ rows: 50_000, refused: 1 })
    expect(await startCommit(database, admin, checked.id, why)).toMatchObject({
      ok: false,
      problem: { code: 'refused' },
    })
    expect(await counts()).toEqual(before)
    const lines = (await reportOf(checked)).split('\r\n')
    expect(lines[0]?.endsWith(',row,problems')).toBe(true)
    expect(lines[42_001]?.endsWith(',42002,periods.impossibleDay numbers.notANumber')).toBe(true)
    expect(lines[1]).toMatch(/,2,[^,]*$/)
  })

  it('comes back as its own report, mended, as often as it takes', async () => {
    const own = (value: string, title: string) =>
      `ENROLLED,KPITB,Punjab,4 May 2015,${value},Dawn,"${title}"`
    const names = 'Indicator,Programme,Region,Date,Value,Newspaper,Heading'
    const rows = [own('+5', '=1+1'), own('-7 people', 'He said ""no"",\n-- twice'), own('8', 'a,b')]
    const first = await upload([names, ...rows, ''].join('\r\n'))
    await mapColumns(database, admin, first.id, { ...first.mapping, title: { column: 6 } })
    const checkIt = async (id: string) => {
      const begun = await startCheck(database, admin, id)
      if (begun.ok) await begun.value.finished
      return again(id)
    }
    const wrong = await checkIt(first.id)
    expect(wrong.tallies).toMatchObject({ rows: 3, refused: 1 })
    const still = await upload(await reportOf(wrong))
    // What was said of the columns of the file holds for its report too.
    expect(still.mapping.title).toEqual({ column: 6 })
    const report = await reportOf(await checkIt(still.id))
    const mended = await checkIt((await upload(report.replace("'-7 people", '7'))).id)
    expect(await problemsOf(mended)).toEqual([])
    const shown = await readStaged(database, mended.id, 'new', { after: 0, limit: 9 })
    expect(shown.map(({ figure: { value, source } }) => [value, source.title])).toEqual([
      ['5', '=1+1'],
      ['7', 'He said "no", -- twice'],
      ['8', 'a,b'],
    ])
  })

  it('names what is wrong with each cell', async () => {
    const checked = await check(
      file(
        'NOTHING,HUAWEI_ICTA,Punjab,2021,5,Dawn,',
        'ENROLLED,HUAWEI_ICTA,Punjab,01/02/2026,5,Dawn,',
        'ENROLLED,HUAWEI_ICTA,Punjab,2021,,Dawn,',
        'ENROLLED,HUAWEI_ICTA,Punjab,2021,"1.234,5",Dawn,',
        'ENROLLED,HUAWEI_ICTA,Punjab,2021,5,Dawn,javascript:alert(1)',
        'ENROLLED,HUAWEI_ICTA,Punjab,2021,5,Dawn',
        'ENROLLED,HUAWEI_ICTA,Punjab,2020,5,Dawn,',
        'ENROLLED,HUAWEI_ICTA,Punjab,2020,6,Dawn,',
      ),
    )
    expect(await problemsOf(checked)).toEqual([
      { line: 2, column: 'Indicator', value: 'NOTHING', code: 'imports.unknownCode' },
      { line: 3, column: 'Date', value: '01/02/2026', code: 'periods.dayOrder' },
      { line: 4, column: 'Value', value: '', code: 'numbers.missing' },
      { line: 5, column: 'Value', value: '1.234,5', code: 'numbers.decimalComma' },
      { line: 6, column: 'Link', value: 'javascript:alert(1)', code: 'imports.invalid' },
      { line: 7, column: '', value: '', code: 'imports.ragged' },
      { line: 9, column: 'Value', value: '6', code: 'imports.duplicate' },
    ])
  })

  it('keeps every digit, after a byte order mark, in any digits, quoted over lines', async () => {
    const long = '99999999999999999999.1234567891'
    const rows = [
      row(long, '1 May 2013'),
      row('-0', '2 May 2013'),
      row('"۱٬۲۵۰"', '3 May 2013'),
      row('7', '4 May 2013').replace('Dawn', '"Dawn\r\nKarachi"'),
    ]
    const checked = await check(`\ufeff${file(...rows)}`)
    expect(await problemsOf(checked)).toMatchObject([{ line: 5, column: 'Newspaper' }])
    const mended = await check(`\ufeff${file(...rows.slice(0, 3))}`)
    const done = await publish(mended.id)
    const revisions = await database.revision.findMany({
      where: { commitNo: done.commitNo ?? 0 },
      orderBy: { observation: { period: 'asc' } },
    })
    expect(revisions.map(({ valueText }) => valueText)).toEqual([long, '0', '1250'])
    expect(revisions[0]?.value?.toFixed()).toBe(long)
  })

  it('is read as Windows-1256 where Urdu was written so', async () => {
    const decoder = new TextDecoder('windows-1256')
    const bytes = new Map(
      Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]),
    )
    const words = file(row('5', '5 May 2013').replace('Dawn', 'روزنامہ جنگ').replaceAll('ہ', 'ه'))
    const checked = await check(Uint8Array.from(words, (letter) => bytes.get(letter) ?? 63))
    expect(checked.reading.encoding).toBe('windows-1256')
    const [shown] = await readStaged(database, checked.id, 'new', { after: 0, limit: 1 })
    expect(shown?.figure.source.publisher).toBe('روزنامه جنگ')
  })

  it('is read in other ways where that is said, and remembers how its columns were mapped', async () => {
    const german = Buffer.from(
      'Was;Wer;Wo;Wann;Wieviel;Quelle\r\nENROLLED;PSEB;PK;2021;1.234,5;Jang\r\n',
      'utf16le',
    )
    const first = await upload(german)
    expect(first.reading).toMatchObject({ encoding: 'utf-16le', delimiter: ';' })
    expect(await startCheck(database, admin, first.id)).toMatchObject({
      ok: false,
      problem: { code: 'unmapped' },
    })
    const columns = ['indicator', 'programme', 'area', 'period', 'value', 'publisher'] as const
    const mapping = Object.fromEntries(columns.map((target, column) => [target, { column }]))
    await mapColumns(database, admin, first.id, mapping)
    await readAnew(database, admin, first.id, { ...first.reading, decimalComma: true })
    const begun = await startCheck(database, admin, first.id)
    if (begun.ok) await begun.value.finished
    const checked = await again(first.id)
    const [shown] = await readStaged(database, checked.id, 'new', { after: 0, limit: 1 })
    expect(shown?.figure).toMatchObject({ value: '1234.5', programme: 'PSEB', area: 'PK' })
    expect((await upload(german)).mapping).toEqual(mapping)
  })
})

describe('titles above the names of the columns', () => {
  it('are found, left out, and can be said to be none', async () => {
    const title = ['Training in Punjab,,,,,,', ',,,,,,', header]
    const rows = [row('3', '3 March 2016'), row('4', '4 March 2016')]
    const checked = await check([...title, ...rows, ''].join('\r\n'))
    expect(checked.reading.headerLine).toBe(3)
    expect(await problemsOf(checked)).toEqual([])
    expect(checked.tallies).toMatchObject({ rows: 2, new: 2 })
    const [shown] = await readStaged(database, checked.id, 'new', { after: 0, limit: 1 })
    expect(shown?.line).toBe(4)
    const from = (headerLine: number) =>
      readAnew(database, admin, checked.id, { ...checked.reading, headerLine })
    expect((await from(4)).ok).toBe(true)
    expect((await again(checked.id)).header[0]).toBe('ENROLLED')
    expect(await from(5)).toMatchObject({ ok: false, problem: { code: 'noRows' } })
    expect((await from(1)).ok).toBe(true)
    expect((await again(checked.id)).header[0]).toBe('Training in Punjab')
  })

  it('may be wider than the table, merged, and differ from sheet to sheet', async () => {
    const names = ['Indicator', 'Programme', 'Area', 'Date', 'Value', 'Publisher']
    const cells = (value: string) => ['ENROLLED', 'PSEB', 'PK', '5 May 2016', value, 'Jang']
    const merged = '<mergeCells count="1"><mergeCell ref="A1:H2"/></mergeCells>'
    const first = await upload(
      zip(
        workbookParts([
          {
            name: 'Year',
            before: '<cols><col min="2" max="2" hidden="1"/></cols>',
            rows: textRow(1, ['All of it']) + textRow(4, names) + textRow(5, cells('7')),
            after: merged,
          },
          { name: 'Month', rows: textRow(2, names) + textRow(3, cells('8')) },
        ]),
      ),
    )
    expect(first).toMatchObject({ header: names, reading: { sheet: 'Year', headerLine: 4 } })
    expect(first.sheets[0]?.hiddenColumns).toEqual([1])
    const begun = await startCheck(database, admin, first.id)
    if (begun.ok) await begun.value.finished
    expect((await again(first.id)).tallies).toMatchObject({ rows: 1, new: 1, refused: 0 })
    await readAnew(database, admin, first.id, { ...first.reading, sheet: 'Month' })
    expect(await again(first.id)).toMatchObject({ header: names, reading: { headerLine: 2 } })
  })
})

describe('a workbook', () => {
  const figure = (line: number, value: string, date: number, more = '') =>
    `<row r="${line}"${more}><c t="str"><v>ENROLLED</v></c><c t="str"><v>PSEB</v></c><c t="str"><v>PK</v></c><c s="1"><v>${date}</v></c>${value}<c t="str"><v>Jang</v></c></row>`
  const workbook = (rows: string) =>
    zip(
      workbookParts([
        { name: 'Cover', rows: textRow(1, ['Figures of the year']) },
        {
          name: 'Data',
          rows: textRow(1, ['Indicator', 'Programme', 'Area', 'Date', 'Value', 'Publisher']) + rows,
        },
      ]),
    )

  it('is read sheet by sheet, with dates, formulas, numbers as text, and hidden rows', async () => {
    const first = await upload(
      workbook(
        figure(2, '<c><f>1+1</f><v>4.0000000000000002E-2</v></c>', 44_713) +
          figure(3, '<c t="str"><v>1,250</v></c>', 44_714, ' hidden="1"') +
          figure(4, '<c t="e"><v>#REF!</v></c>', 44_715),
      ),
    )
    expect(first).toMatchObject({ media: 'xlsx', reading: { sheet: 'Cover' } })
    const inSheet = { ...first.reading, sheet: 'Data', withHidden: true }
    expect((await readAnew(database, admin, first.id, inSheet)).ok).toBe(true)
    const begun = await startCheck(database, admin, first.id)
    if (begun.ok) await begun.value.finished
    const checked = await again(first.id)
    expect(checked.tallies).toMatchObject({ rows: 3, new: 2, hidden: 1, formulas: 1, refused: 1 })
    expect(await problemsOf(checked)).toEqual([
      { line: 4, column: 'Value', value: '#REF!', code: 'numbers.notANumber' },
    ])
    const shown = await readStaged(database, checked.id, 'new', { after: 0, limit: 5 })
    expect(shown.map(({ line, figure: { period, value } }) => [line, period, value])).toEqual([
      [2, '2022-06-01', '0.04'],
      [3, '2022-06-02', '1250'],
    ])
    const report = await reportOf(checked)
    expect(report.split('\r\n').at(-2)).toMatch(/,Data,4,numbers.notANumber$/)
    const mended = await upload(report.replace('#REF!', '7'))
    expect(mended).toMatchObject({ media: 'csv', shape: checked.shape, mapping: checked.mapping })
    await readAnew(database, admin, first.id, { ...inSheet, withHidden: false })
    const anew = await startCheck(database, admin, first.id)
    if (anew.ok) await anew.value.finished
    expect((await again(first.id)).tallies).toMatchObject({ rows: 2, hidden: 1 })
  })

  it('is told from an archive that is called like a table', async () => {
    const kept = await keep(zip({ 'figures.csv': file(row('1')) }), 'figures.csv')
    expect(kept).toMatchObject({ ok: false, problem: { code: 'archive' } })
  })
})

describe('files that are not taken', () => {
  const refused = async (content: string | Uint8Array, name = 'file.csv') => {
    const kept = await keep(content, name)
    return kept.ok ? kept.value : kept.problem.code
  }

  it('are refused with the reason, and nothing of them is kept', async () => {
    const before = await database.upload.count()
    expect(await refused('')).toBe('empty')
    expect(await refused('a,b\n')).toBe('noRows')
    expect(await refused('a,b,a\n1,2,3\n')).toBe('duplicateColumn')
    expect(await refused(',,\n1,2,3\n')).toBe('headerMissing')
    expect(await refused(`${'c,'.repeat(10_000)}c\n1,2\n`)).toBe('tooManyColumns')
    expect(await refused(`a,"${'x'.repeat(2_000_000)}`)).toBe('longRecord')
    expect(await refused('"a,b\n1,2\n')).toBe('openQuote')
    expect(await refused(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]), 'file.csv')).toBe('compressed')
    expect(await refused(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0]), 'a.xlsx')).toBe('oldWorkbook')
    expect(await refused('%PDF-1.7')).toBe('notATable')
    expect(await database.upload.count()).toBe(before)
    expect(await database.uploadChunk.count({ where: { upload: { shape: '' } } })).toBe(0)
  })

  it('have a name without folders and tricks', async () => {
    const kept = await keep(file(row('1')), '../../etc/\u202epasswd\r\n.csv')
    expect(kept.ok && (await again(kept.value)).fileName).toBe('passwd.csv')
  })
})

describe('an upload that breaks off', () => {
  it('leaves nothing', async () => {
    const before = await database.upload.count()
    const chunks = await database.uploadChunk.count()
    const begin = `--limit\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n`
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        sent += 1
        if (sent > 40) controller.error(new Error('The client is gone.'))
        else controller.enqueue(Buffer.from(sent === 1 ? begin : `${row('1')}\r\n`.repeat(1_000)))
      },
    })
    const headers = { 'content-type': 'multipart/form-data; boundary=limit' }
    const request = new Request('http://localhost/', {
      ...{ method: 'POST', body, headers, duplex: 'half' },
    } as RequestInit)
    let isBegun = false
    const taken = takeFile(request, 1e9, (posted) => {
      isBegun = true
      return keepUpload(database, admin, posted)
    })
    await expect(taken).rejects.toThrow('cutOff')
    expect(isBegun).toBe(true)
    expect(await database.upload.count()).toBe(before)
    expect(await database.uploadChunk.count()).toBe(chunks)
  })
})

describe('who may do what', () => {
  it('a file is seen by who brought it and by admins', async () => {
    const mine = await upload(file(row('1')), editor)
    const other = await database.user.create({
      data: { id: 'other', name: 'other', email: 'other@example.org', role: 'reviewer' },
    })
    const reviewer = await actorOf(database, other.id)
    expect(await readUpload(reviewer, mine.id, database)).toBeNull()
    expect(await readUpload(admin, mine.id, database)).not.toBeNull()
    expect(await discardUpload(database, reviewer, mine.id)).toMatchObject({ ok: false })
    expect(await startCommit(database, reviewer, mine.id, '')).toMatchObject({ ok: false })
  })

  it('where four eyes hold, somebody else publishes, and both are named', async () => {
    await database.setting.upsert({
      where: { key: 'fourEyes' },
      create: { key: 'fourEyes', value: 'everyone' },
      update: { value: 'everyone' },
    })
    try {
      const checked = await check(file(row('31', '7 July 2021')), editor)
      expect(await startCommit(database, editor, checked.id, why)).toMatchObject({
        ok: false,
        problem: { code: 'fourEyes' },
      })
      const reviewer = await actorOf(database, 'other')
      expect(await readUpload(reviewer, checked.id, database)).toBeNull()
      expect((await sendForApproval(database, editor, checked.id, why)).ok).toBe(true)
      expect((await returnUpload(database, reviewer, checked.id)).ok).toBe(true)
      expect((await sendForApproval(database, editor, checked.id, why)).ok).toBe(true)
      const begun = await startCommit(database, reviewer, checked.id, why)
      if (begun.ok) await begun.value.finished
      const done = await again(checked.id)
      expect(done.state).toBe('committed')
      const revision = await database.revision.findFirstOrThrow({
        where: { commitNo: done.commitNo ?? 0 },
      })
      expect(revision).toMatchObject({ authorId: 'editor', approverId: 'other' })
    } finally {
      await database.setting.update({ where: { key: 'fourEyes' }, data: { value: 'off' } })
    }
  })

  it('rows outside of somebody’s limits are refused', async () => {
    await database.user.create({
      data: { id: 'limited', name: 'limited', email: 'limited@example.org', role: 'editor' },
    })
    await database.userScope.create({ data: { userId: 'limited', programmeCode: 'PSEB' } })
    const limited = await actorOf(database, 'limited')
    const checked = await check(file(row('1', '8 July 2021')), limited)
    expect(await problemsOf(checked)).toMatchObject([{ line: 2, code: 'imports.outOfScope' }])
  })

  it('who loses the role publishes nothing more', async () => {
    const checked = await check(file(row('41', '9 July 2021')), admin)
    const before = await counts()
    const begun = await startCommit(database, admin, checked.id, why)
    await database.user.update({ where: { id: 'admin' }, data: { active: true } })
    if (begun.ok) await begun.value.finished
    expect((await again(checked.id)).state).toBe('committed')
    const late = await check(file(row('42', '10 July 2021')), editor)
    await database.user.update({ where: { id: 'editor' }, data: { active: false } })
    const begunLate = await startCommit(database, editor, late.id, why)
    if (begunLate.ok) await begunLate.value.finished
    await database.user.update({ where: { id: 'editor' }, data: { active: true } })
    expect((await again(late.id)).state).toBe('failed')
    expect((await counts()).revisions - before.revisions).toBe(1)
  })
})

describe('work in the background', () => {
  const patiently = { timeout: 30_000 }

  it('is stopped between batches, and leaves nothing', async () => {
    const rows = Array.from({ length: 60_000 }, (_, n) => row(`${n}`, '5 June 2021', `${n}`))
    const { id } = await upload(file(...rows))
    const begun = await startCheck(database, admin, id)
    await askToStop(database, admin, id)
    if (begun.ok) await begun.value.finished
    expect(await again(id)).toMatchObject({ state: 'kept', problem: { code: 'stopped' } })
  })

  it('is stopped in the middle of a question to the database, and frees what it held', async () => {
    const holder = new Client({ connectionString: test.url })
    await holder.connect()
    try {
      await holder.query('BEGIN; LOCK TABLE rule_versions IN ACCESS EXCLUSIVE MODE')
      const { id } = await upload(file(row('1', '5 June 2014')))
      const begun = await startCheck(database, admin, id)
      await vi.waitUntil(() => database.stagedFigure.count({ where: { uploadId: id } }), patiently)
      await askToStop(database, admin, id)
      if (begun.ok) await begun.value.finished
      expect(await again(id)).toMatchObject({ state: 'kept', problem: { code: 'stopped' } })
      expect(await database.stagedFigure.count({ where: { uploadId: id } })).toBe(0)
    } finally {
      await holder.end()
    }
  })

  it('is stopped in the middle of publishing, and nothing of it is public', async () => {
    const checked = await check(file(row('71', '12 July 2021'), row('72', '13 July 2021')))
    const before = await counts()
    const holder = new Client({ connectionString: test.url })
    await holder.connect()
    try {
      await holder.query('BEGIN; LOCK TABLE revisions IN SHARE MODE')
      const begun = await startCommit(database, admin, checked.id, why)
      await vi.waitUntil(async () => {
        const { rows } = await holder.query('SELECT FROM pg_locks WHERE NOT granted')
        return rows.length > 0
      }, patiently)
      await askToStop(database, admin, checked.id)
      if (begun.ok) await begun.value.finished
    } finally {
      await holder.end()
    }
    expect(await again(checked.id)).toMatchObject({
      state: 'checked',
      problem: { code: 'stopped' },
    })
    expect(await counts()).toEqual(before)
    expect(await publish(checked.id)).toMatchObject({ state: 'committed', tallies: { new: 2 } })
  })

  it('looks up whether it was published where the connection was cut as it committed', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const checked = await check(file(row('81', '14 July 2021')))
    const before = await counts()
    const cut = new Proxy(database, {
      get(target, name) {
        if (name !== '$transaction') return Reflect.get(target, name)
        return async (...work: Parameters<Database['$transaction']>) => {
          const commits = await target.commit.count()
          const done = await target.$transaction(...work)
          if ((await target.commit.count()) > commits) throw new Error('The connection was cut.')
          return done
        }
      },
    })
    const begun = await startCommit(cut, admin, checked.id, why)
    if (begun.ok) await begun.value.finished
    const done = await again(checked.id)
    expect(done).toMatchObject({ state: 'committed', problem: null, tallies: { new: 1 } })
    expect((await counts()).revisions - before.revisions).toBe(1)
    expect(await database.stagedFigure.count({ where: { uploadId: checked.id } })).toBe(0)
  })

  it('asks for another look where the record has changed since', async () => {
    const checked = await check(file(row('51', '3 May 2021', 'late')))
    const { id } = await check(file(row('52', '3 May 2021', 'first')))
    await publish(id)
    const before = await counts()
    const late = await publish(checked.id)
    expect(late).toMatchObject({ state: 'kept', problem: { code: 'moved' } })
    expect(await counts()).toEqual(before)
  })

  it('publishes once, however often it is asked to', async () => {
    const checked = await check(file(row('61', '11 July 2021')))
    const before = await counts()
    const begun = await Promise.all(
      [1, 2, 3].map(() => startCommit(database, admin, checked.id, why)),
    )
    expect(begun.filter(({ ok }) => ok)).toHaveLength(1)
    for (const one of begun) if (one.ok) await one.value.finished
    expect((await counts()).revisions - before.revisions).toBe(1)
  })
})

it('reads our own columns as the first content is read', async () => {
  const bytes = readFileSync(resolve(import.meta.dirname, '../../prisma/content/figures.csv'))
  const checked = await check(bytes)
  expect(await problemsOf(checked)).toEqual([])
  expect(checked.tallies).toMatchObject({ new: 0, changed: 0 })
  const own = readCsv(Buffer.from(await text(await figuresCsv({}))), {
    required: figureColumns,
    optional: ['marks', 'licence'],
  })
  const today = await database.$transaction((tx) => readToday(tx))
  const codes = await database.$transaction((tx) => readCodeLists(tx))
  expect(own.ok && checkFigures(fromOwn(own.value), codes, today).ok).toBe(true)
})

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  readAcademies,
  readContact,
  readKeptAcademies,
  readKeptAcademy,
  registryCsv,
} from '@/features/academies/data'
import {
  type AcademyOutcome,
  changeAcademy,
  importRegistry,
  saveAcademy,
} from '@/features/academies/mutations'
import { type Act, academyValues, readTable, successorOf } from '@/features/academies/rules'
import type { TypedAcademy } from '@/features/academies/schema'
import type { Actor, Scope } from '@/features/accounts/schema'
import { searchAudit } from '@/features/audit/data'
import { readCatalogue, readNewestCommit } from '@/features/catalogue/data'
import { publishFigures } from '@/features/figures/mutations'
import type { PublicationInput } from '@/features/figures/schema'
import { loadFirstContent } from '@/features/imports/mutations'
import type { Database } from '@/lib/db/client'
import { newActor } from '../support/actors'
import { type TestDatabase, testDatabase } from '../support/database'

let home: TestDatabase
let database: Database
let admin: Actor

beforeAll(async () => {
  home = await testDatabase()
  database = home.database
  await loadFirstContent(database)
  admin = await newActor(database, 'admin')
})

afterAll(() => home.drop())

let made = 0

/** An academy with a code and names of its own. */
async function add(changes: TypedAcademy = {}, actor = admin, contact = ''): Promise<string> {
  made += 1
  const typed = {
    code: `ACADEMY_${made}`,
    nameEn: `Academy number ${made}`,
    nameUr: `اکیڈمی نمبر ${made}`,
    programme: 'HUAWEI_ICTA',
    area: 'PK-PB',
    openedOn: '2020-01-01',
    ...changes,
  }
  const outcome = await saveAcademy(database, actor, {
    ...{ code: null, id: randomUUID(), version: 0, typed, contact, reason: '' },
  })
  if (outcome.kind !== 'stored') throw new Error(JSON.stringify(outcome))
  return outcome.code
}

async function kept(code: string, actor = admin) {
  const found = await readKeptAcademy(actor, code, database)
  if (!found) throw new Error(`There is no ${code}.`)
  return found
}

async function change(
  code: string,
  typed: TypedAcademy,
  more: { actor?: Actor; version?: number } = {},
) {
  const { academy, contact } = await kept(code)
  return saveAcademy(database, more.actor ?? admin, {
    code,
    id: randomUUID(),
    version: more.version ?? academy.version,
    typed: { ...academyValues(academy), ...typed },
    contact,
    reason: 'The ministry wrote so.',
  })
}

async function act(code: string, what: Act, actor = admin): Promise<AcademyOutcome> {
  const { academy } = await kept(code)
  const submission = { code, id: randomUUID(), version: academy.version, reason: 'A letter.' }
  return changeAcademy(database, actor, { ...submission, act: what })
}

const merge = (code: string, into: string) => act(code, { act: 'merge', into, on: '2024-06-30' })

const problems = (outcome: AcademyOutcome) =>
  outcome.kind === 'refused'
    ? outcome.problems.map(({ field, code }) => (field ? `${field} ${code}` : code))
    : [outcome.kind]

async function limited(role: 'editor' | 'reviewer', ...scopes: Scope[]): Promise<Actor> {
  const actor = await newActor(database, role)
  await database.userScope.createMany({
    data: scopes.map(({ programme, academy }) => ({
      userId: actor.userId,
      programmeCode: programme,
      academyCode: academy,
    })),
  })
  return actor
}

let years = 1950

/** Publishes a figure of an academy. */
async function publish(academy: string): Promise<void> {
  years += 1
  const figure: PublicationInput = {
    ...{ role: 'actual', indicator: 'STUDENTS_SERVED', programme: 'HUAWEI_ICTA', area: 'PK-PB' },
    ...{ academy, sex: '_T', kind: 'stock', unit: 'PERSONS', period: `${years}-12-31` },
    ...{ value: '120', status: 'A', precision: 'exact', note: '', reason: '', periodLabel: '' },
    source: { publisher: 'Dawn', title: '', publishedLabel: '2022-05', url: '' },
    releasedOn: '2022-05-11',
  }
  await database.$transaction((tx) =>
    publishFigures(tx, admin, [figure], {
      ...{ kind: 'publication', message: 'A test', idempotencyKey: randomUUID() },
    }),
  )
}

const take = async (
  text: string | Uint8Array,
  { actor = admin, seen = '', id = randomUUID() } = {},
) => {
  const { rows } = await readTable(typeof text === 'string' ? new TextEncoder().encode(text) : text)
  return importRegistry(database, actor, { id, rows, seen })
}

/** Checks a file, and stores it if it may be. */
async function store(text: string | Uint8Array) {
  const checked = await take(text)
  if (checked.kind !== 'checked') throw new Error(`Not checked: ${checked.kind}`)
  return take(text, { seen: checked.seen })
}

const header = 'code,programme,area,name_en,name_ur,city,host,opened_on,closed_on,merged_into'

describe('an academy at the desk', () => {
  test('keeps its old name before the commit of the new one, and tells who changed it and why', async () => {
    const code = await add()
    const before = await readNewestCommit(database)
    const was = (await kept(code)).academy.name.en
    expect(problems(await change(code, { nameEn: 'Ravi Academy' }))).toEqual(['stored'])
    const now = await readCatalogue(database)
    const earlier = await readCatalogue(database, before)
    const named = ({ academies }: typeof now) => academies.find((one) => one.code === code)?.name.en
    expect([named(earlier), named(now)]).toEqual([was, 'Ravi Academy'])
    const [last] = (await kept(code)).history
    expect(last).toMatchObject({ act: 'save', author: 'A admin', reason: 'The ministry wrote so.' })
    expect(await readNewestCommit(database)).toBe(before + 1)
    await change(code, {})
    expect(await readNewestCommit(database)).toBe(before + 1)
  })

  test('shows what somebody else stored since beside what was typed', async () => {
    const code = await add({ city: 'Lahore' })
    await change(code, { city: 'Multan' })
    const outcome = await change(code, { city: 'Sialkot' }, { version: 1 })
    expect(outcome).toMatchObject({ kind: 'moved', version: 2, now: { city: 'Multan' } })
    expect((await kept(code)).academy.city).toBe('Multan')
  })

  test('is stored once, however often its form is sent', async () => {
    const typed = {
      ...{ code: 'TWICE', nameEn: 'Twice', nameUr: 'دو بار', programme: 'HUAWEI_ICTA' },
      area: 'PK-SD',
    }
    const form = { code: null, id: randomUUID(), version: 0, typed, contact: '', reason: '' }
    const [one, two] = await Promise.all([
      saveAcademy(database, admin, form),
      saveAcademy(database, admin, form),
    ])
    expect([one.kind, two.kind]).toEqual(['stored', 'stored'])
    expect((await kept('TWICE')).history).toHaveLength(1)
  })

  test.each<[string, TypedAcademy, string]>([
    ['a code in small letters', { code: 'small' }, 'code codeForm'],
    ['a known code', { code: '_T' }, 'code codeForm'],
    ['no Urdu name', { nameUr: ' ' }, 'nameUr missing'],
    ['a hidden mark', { nameEn: 'Lahore\u202e' }, 'nameEn hiddenCharacter'],
    ['the world', { area: '001' }, 'area notInList'],
    ['no programme', { programme: '_Z' }, 'programme notInList'],
    ['a day that is none', { openedOn: '2024-02-30' }, 'openedOn notDay'],
  ])('refuses %s', async (_, typed, problem) => {
    await expect(add(typed)).rejects.toThrow(problem.split(' ')[1])
  })

  test('is not there twice in one city under names that read alike', async () => {
    const same = { nameEn: 'Quaid Academy', nameUr: 'قائد اکیڈمی', city: 'Karachi', area: 'PK-SD' }
    await add(same)
    await expect(add({ ...same, nameEn: 'quaid  academy' })).rejects.toThrow('nameTaken')
    await add({ ...same, city: 'Hyderabad' })
  })

  test('stays in its area and programme once it has figures', async () => {
    const code = await add()
    await publish(code)
    const outcome = await change(code, { area: 'PK-SD', programme: 'DIGISKILLS' })
    expect(problems(outcome)).toEqual(['area fixed', 'programme fixed'])
  })

  test('closes with a day and a reason, and opens again', async () => {
    const code = await add()
    expect(problems(await act(code, { act: 'close', on: '2019-12-31' }))).toEqual([
      'closedOn beforeOpened',
    ])
    await act(code, { act: 'close', on: '2024-06-30' })
    const { academy, history } = await kept(code)
    expect(academy.closedOn).toBe('2024-06-30')
    expect(history[0]).toMatchObject({ act: 'close', reason: 'A letter.' })
    const open = (start: string, end: string) =>
      readAcademies({ openIn: { start, end } }, database).then((found) =>
        found.some((one) => one.code === code),
      )
    expect(await open('2024-06-30', '2024-12-31')).toBe(true)
    expect(await open('2024-07-01', '2024-12-31')).toBe(false)
    expect(await open('2019-01-01', '2019-12-31')).toBe(false)
    await act(code, { act: 'reopen' })
    expect((await kept(code)).academy.closedOn).toBeNull()
  })

  test('is found by words in both languages, however Urdu was typed', async () => {
    const code = await add({ nameUr: 'کینجھر اکیڈمی', host: 'Mehran University' })
    for (const search of ['كينجهر'.replace('\u0647', '\u06be'), 'mehran', code.toLowerCase()]) {
      const found = await readAcademies({ search }, database)
      expect(
        found.map((one) => one.code),
        search,
      ).toContain(code)
    }
    expect(await readAcademies({ search: 'nowhere at all' }, database)).toEqual([])
  })
})

describe('limits', () => {
  test('of a programme leave its academies and no others', async () => {
    const [own, other] = [await add(), await add({ programme: 'DIGISKILLS' })]
    const officer = await limited('editor', { programme: 'HUAWEI_ICTA', academy: null })
    const view = { search: '', programme: '', area: '', state: '', page: 1 } as const
    const codes = (await readKeptAcademies(officer, view, database)).academies.map((a) => a.code)
    expect(codes).toContain(own)
    expect(codes).not.toContain(other)
    expect(await readKeptAcademy(officer, other, database)).toBeNull()
    expect(problems(await change(own, { city: 'Lahore' }, { actor: officer }))).toEqual(['stored'])
    expect(problems(await change(other, { city: 'X' }, { actor: officer }))).toEqual(['outOfScope'])
    expect(problems(await change(own, { programme: 'DIGISKILLS' }, { actor: officer }))).toEqual([
      'programme outOfScope',
    ])
    await add({}, officer)
    await expect(add({ programme: 'DIGISKILLS' }, officer)).rejects.toThrow('outOfScope')
  })

  test('of an academy leave it alone, without new ones and mergers into others', async () => {
    const [own, other] = [await add(), await add()]
    const officer = await limited('reviewer', { programme: null, academy: own })
    expect(await readKeptAcademy(officer, other, database)).toBeNull()
    await expect(add({}, officer)).rejects.toThrow('outOfScope')
    const merger: Act = { act: 'merge', into: other, on: '2024-01-01' }
    expect(problems(await act(own, merger, officer))).toEqual(['into outOfScope'])
    const file = `code,city\n${own},Lahore\n${other},Lahore\n`
    expect(await take(file, { actor: officer })).toMatchObject({
      report: { counts: { changed: 1, refused: 1 }, problems: [{ line: 3, code: 'outOfScope' }] },
    })
  })

  test('somebody without an account that may is refused', async () => {
    const code = await add()
    const former = await newActor(database, 'editor')
    await database.user.update({ where: { id: former.userId }, data: { active: false } })
    expect(problems(await change(code, { city: 'X' }, { actor: former }))).toEqual(['forbidden'])
  })
})

describe('a merger', () => {
  test('leads along its chain, refuses a circle, and can be undone', async () => {
    const [a = '', b = '', c = ''] = [await add(), await add(), await add()]
    expect(problems(await merge(a, b))).toEqual(['stored'])
    expect(problems(await merge(b, c))).toEqual(['stored'])
    expect(problems(await merge(c, a))).toEqual(['into circle'])
    const { academies } = await readCatalogue(database)
    expect(successorOf(academies, a)).toBe(c)
    expect((await kept(c)).merged).toEqual([b])
    expect((await kept(a)).academy).toMatchObject({ mergedInto: b, closedOn: '2024-06-30' })
    expect(problems(await act(a, { act: 'close', on: '2025-01-01' }))).toEqual(['merged'])
    expect(problems(await change(a, { programme: 'DIGISKILLS' }))).toEqual([
      'programme mergedProgramme',
    ])
    expect(problems(await act(a, { act: 'undo' }))).toEqual(['stored'])
    expect((await kept(a)).academy).toMatchObject({ mergedInto: null, closedOn: null })
  })

  test('stays within a programme, and leaves figures where they are', async () => {
    const [a, b] = [await add(), await add({ programme: 'DIGISKILLS' })]
    expect(problems(await merge(a, b))).toEqual(['into otherProgramme'])
    expect(problems(await merge(a, a))).toEqual(['into circle'])
    await publish(a)
    await merge(a, await add())
    expect(await database.observation.count({ where: { academyCode: a } })).toBe(1)
  })

  test('is not undone once something was entered for the other one', async () => {
    const [a, b] = [await add(), await add()]
    await publish(b)
    await merge(a, b)
    await publish(b)
    const outcome = await act(a, { act: 'undo' })
    expect(outcome).toMatchObject({
      problems: [{ code: 'enteredSince', params: { count: 1, code: b } }],
    })
  })
})

test('a contact is for those who keep the academy: no file, no log, no public reader has it', async () => {
  const contact = 'Saba Gul, 0300 1234567'
  const code = await add({}, admin, contact)
  expect((await kept(code)).contact).toBe(contact)
  expect(await readContact(database, code)).toBe(contact)
  const open = [
    await registryCsv(database),
    JSON.stringify(await readAcademies({}, database)),
    JSON.stringify((await readCatalogue(database)).academies),
    JSON.stringify(await database.auditEntry.findMany()),
  ]
  for (const text of open) expect(text).not.toContain('0300 1234567')
  const log = await searchAudit({ text: `academy_contacts/${code}` }, 10, database)
  expect(log).toHaveLength(1)
})

describe('a file of academies', () => {
  test('that was downloaded changes nothing when it comes back', async () => {
    await add({ host: '=SUM(1)', city: "'-x", nameEn: 'Academy, "of arts"' })
    const csv = await registryCsv(database)
    expect(csv.startsWith('\ufeffcode,')).toBe(true)
    expect(csv).not.toMatch(/,=SUM/)
    const count = (await readAcademies({}, database)).length
    expect(await take(csv)).toMatchObject({
      report: { counts: { new: 0, changed: 0, same: count, refused: 0 }, problems: [] },
    })
  })

  test('tells row, column and value of all that is wrong, and then stores nothing', async () => {
    const code = await add()
    const before = await readNewestCommit(database)
    const file = [
      header,
      'F_1,HUAWEI_ICTA,PK-PB,First of file,فائل ایک,Lahore,,2021-01-01,,',
      'F_2,NOBODY,PK-PB,Second of file,,Lahore,,31/31/2021,,',
      `${code},HUAWEI_ICTA,PK-PB,Renamed,نیا نام,Lahore,,,,F_1`,
      'F_1,HUAWEI_ICTA,PK-PB,Third of file,فائل تین,Lahore,,,,',
    ].join('\r\n')
    const checked = await take(file)
    if (checked.kind !== 'checked') throw new Error(checked.kind)
    expect(checked.report.counts).toEqual({ new: 1, changed: 0, same: 0, refused: 3 })
    expect(
      checked.report.problems.map(({ line, column, value, code: what }) => [
        line,
        column,
        value,
        what,
      ]),
    ).toEqual([
      [3, 'name_ur', '', 'missing'],
      [3, 'programme', 'NOBODY', 'notInList'],
      [3, 'opened_on', '31/31/2021', 'notDay'],
      [4, 'merged_into', 'F_1', 'mergeByHand'],
      [5, 'code', 'F_1', 'codeTwice'],
    ])
    expect((await take(file, { seen: checked.seen })).kind).toBe('checked')
    expect(await readNewestCommit(database)).toBe(before)
  })

  test('is stored in one commit, in the encodings of Windows too', async () => {
    const before = await readNewestCommit(database)
    // Windows-1256, as a spreadsheet of an Urdu Windows writes it.
    const urdu = Buffer.from([0xc7, 0x98, 0xed, 0x8f, 0xe3, 0xed])
    const line = (code: string) => Buffer.from(`${code};HUAWEI_ICTA;PK-IS;Windows ${code};`)
    const file = Buffer.concat([
      Buffer.from('code;programme;area;name_en;name_ur\r\n'),
      ...[line('W_1'), urdu, Buffer.from('\r\n'), line('W_2'), urdu, Buffer.from(' 2\r\n')],
    ])
    expect(await store(file)).toEqual({ kind: 'stored', count: 2 })
    expect(await readNewestCommit(database)).toBe(before + 1)
    expect((await kept('W_1')).academy.name.ur).toBe(new TextDecoder('windows-1256').decode(urdu))
    expect((await kept('W_2')).history[0]?.act).toBe('import')
    const columns = 'code\tcity\nW_1\tIslamabad\n'
    expect(await store(columns)).toEqual({ kind: 'stored', count: 1 })
    expect((await kept('W_1')).academy).toMatchObject({ city: 'Islamabad', area: 'PK-IS' })
  })

  test('that would do something else by now is shown anew', async () => {
    const code = await add()
    const file = `code,city\n${code},Sahiwal\n`
    const checked = await take(file)
    if (checked.kind !== 'checked') throw new Error(checked.kind)
    await change(code, { host: 'Somebody else' })
    expect((await take(file, { seen: checked.seen })).kind).toBe('checked')
    expect((await kept(code)).academy.city).toBe('')
  })

  test.each([
    ['name_en\nA', 'codeColumnMissing'],
    ['code,phone\nA,1', 'unknownColumn'],
    ['code,code\nA,1', 'columnTwice'],
    ['code', 'noRows'],
  ])('with the header %j is refused', async (file, problem) => {
    expect(await take(file)).toMatchObject({ report: { problems: [{ code: problem }] } })
  })
})

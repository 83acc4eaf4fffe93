import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/features/accounts/schema'
import { readCatalogue } from '@/features/catalogue/data'
import type { Catalogue } from '@/features/catalogue/schema'
import { publishFigures } from '@/features/figures/mutations'
import type { FigureKey } from '@/features/figures/schema'
import { readToday } from '@/features/imports/data'
import { loadFirstContent } from '@/features/imports/mutations'
import {
  readAcademyPage,
  readAsked,
  readCoverage,
  readOwnDuties,
  readReminders,
  readRollUp,
} from '@/features/reporting/data'
import { submitReport } from '@/features/reporting/mutations'
import { keyFor, lineName, lineOf } from '@/features/reporting/rules'
import type { Line } from '@/features/reporting/schema'
import { readPublic, readSet } from '@/features/sets/data'
import { digestOf } from '@/features/sets/rules'
import { changeSettings } from '@/features/settings/mutations'
import type { Database } from '@/lib/db/client'
import { newActor } from '../support/actors'
import { type TestDatabase, testDatabase } from '../support/database'

let home: TestDatabase
let database: Database
let catalogue: Catalogue
let admin: Actor
let editor: Actor
let trained: Line
let enrolled: Line

const programme = 'NAVTTC'
const places = { LHR: 'PK-PB', MUX: 'PK-PB', KHI: 'PK-SD' } as const
type Code = keyof typeof places

beforeAll(async () => {
  home = await testDatabase()
  database = home.database
  await loadFirstContent(database)
  admin = await newActor(database, 'admin')
  editor = await newActor(database, 'editor')
  const { no: commitNo } = await database.commit.create({
    data: { kind: 'catalogue', actorId: admin.userId, idempotencyKey: 'academies' },
  })
  for (const [code, areaCode] of Object.entries(places)) {
    await database.academy.create({
      data: {
        code,
        programmeCode: programme,
        areaCode,
        contact: { create: { contact: `Head of ${code} <${code.toLowerCase()}@example.org>` } },
        versions: { create: { commitNo, name: { en: `Academy ${code}`, ur: `اکیڈمی ${code}` } } },
      },
    })
  }
  catalogue = await readCatalogue(database)
  const line = (code: string) =>
    lineOf(given(catalogue.indicators.find((one) => one.code === code)), '_T')
  trained = line('TRAINED')
  enrolled = line('ENROLLED')
})

afterAll(() => home.drop())

function given<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('Nothing there.')
  return value
}

let months = 0

/** A month that no other test uses; far apart, so that no rule compares them. */
function freshMonth(): string {
  months += 1
  return new Date(Date.UTC(1960, months, 1)).toISOString().slice(0, 7)
}

const academyOf = (code: Code) => given(catalogue.academies.find((one) => one.code === code))
const none = { publisher: '', title: '', sourceDate: '', url: '' }

async function baseOf(code: Code, line: Line, period: string): Promise<number | null> {
  const [known] = await readPublic([keyFor(academyOf(code), line, period)], database)
  return known?.newest ?? null
}

interface Sent {
  id?: string
  confirmed?: string
  reason?: string
  base?: number | null
}

async function send(
  actor: Actor,
  code: Code,
  period: string,
  texts: Record<string, string>,
  sent: Sent = {},
) {
  const lines = [trained, enrolled]
  const typed = await Promise.all(
    lines.map(async (line) => ({
      name: lineName(line),
      text: texts[line.indicator] ?? '',
      base: sent.base === undefined ? await baseOf(code, line, period) : sent.base,
      source: none,
    })),
  )
  return submitReport(database, actor, {
    id: sent.id ?? randomUUID(),
    academy: academyOf(code),
    period,
    lines,
    typed: {
      status: 'A',
      source: { ...none, publisher: 'The academies' },
      lines: new Map(typed.map(({ name, ...line }) => [name, line])),
    },
    message: `Report of ${code}`,
    reason: sent.reason ?? '',
    confirmed: sent.confirmed ?? '',
  })
}

/** Sends, and answers what is asked. */
async function report(actor: Actor, code: Code, period: string, texts: Record<string, string>) {
  const outcome = await send(actor, code, period, texts)
  if (outcome.kind !== 'ask') return outcome
  const confirmed = digestOf(outcome.findings)
  return send(actor, code, period, texts, { confirmed, reason: 'Counted twice.' })
}

const publicValue = async (code: Code, line: Line, period: string) => {
  const [known] = await readPublic([keyFor(academyOf(code), line, period)], database)
  return known?.value ?? null
}

const limited = async (academyCode: Code) => {
  const actor = await newActor(database, 'editor')
  await database.userScope.create({ data: { userId: actor.userId, academyCode } })
  return actor
}

describe('the report of one academy', () => {
  test('is public in one commit, and moves the coverage', async () => {
    const period = freshMonth()
    const before = await readRollUp({ line: trained, programme, period }, catalogue, null, database)
    expect(before.country.coverage).toEqual({ expected: 3, reported: 0, others: 0 })
    expect(before.missing.map(({ code }) => code)).toEqual(['LHR', 'MUX', 'KHI'])
    expect(await report(admin, 'LHR', period, { TRAINED: '۱٬۲۰۰', ENROLLED: '35' })).toMatchObject({
      kind: 'stored',
      state: 'published',
    })
    expect(await report(admin, 'KHI', period, { TRAINED: '0.5' })).toMatchObject({ kind: 'stored' })
    const { country, areas, missing } = await readRollUp(
      { line: trained, programme, period },
      catalogue,
      null,
      database,
    )
    expect(country).toMatchObject({
      sum: '1200.5',
      coverage: { expected: 3, reported: 2 },
      published: null,
    })
    expect(
      areas.map(({ area, sum, coverage }) => [area, sum, coverage.expected, coverage.reported]),
    ).toEqual([
      ['PK-PB', '1200', 2, 1],
      ['PK-SD', '0.5', 1, 1],
    ])
    expect(missing.map(({ code }) => code)).toEqual(['MUX'])
    const commits = await database.revision.findMany({
      where: { observation: { academyCode: 'LHR', period } },
      select: { commitNo: true },
    })
    expect(commits).toHaveLength(2)
    expect(new Set(commits.map(({ commitNo }) => commitNo)).size).toBe(1)
  })

  test('goes to review as one set where review is on', async () => {
    const period = freshMonth()
    const outcome = await report(editor, 'LHR', period, { TRAINED: '10', ENROLLED: '5' })
    expect(outcome).toMatchObject({ kind: 'stored', state: 'in_review', commit: null })
    expect(await publicValue('LHR', trained, period)).toBeNull()
    const set = given(await readSet((outcome as { id: string }).id, database))
    expect(set).toMatchObject({ count: 2, message: 'Report of LHR' })
    expect(new URLSearchParams(set.address).get('rows')).toBe('academies')
    const page = await readAcademyPage(
      editor,
      'LHR',
      { period, indicator: 'TRAINED' },
      catalogue,
      database,
    )
    expect(page?.sheet?.facts).toMatchObject([{ waiting: { value: '10', by: editor.name } }])

    await changeSettings(database, admin, { attribution: 'roles', fourEyes: 'off' })
    expect(await report(editor, 'MUX', period, { TRAINED: '10' })).toMatchObject({
      state: 'published',
    })
    await changeSettings(database, admin, { attribution: 'roles', fourEyes: 'editors' })
  })

  test('sent twice at once has one effect', async () => {
    const period = freshMonth()
    const id = randomUUID()
    const texts = { ENROLLED: '35' }
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => send(admin, 'LHR', period, texts, { id, base: null })),
    )
    const commits = outcomes.map((one) => (one.kind === 'stored' ? one.commit : one))
    expect(new Set(commits).size).toBe(1)
    expect(await database.revision.count({ where: { observation: { period } } })).toBe(1)
    // Also from the history of the browser, long after.
    expect(await send(admin, 'LHR', period, texts, { id, base: null })).toMatchObject({
      kind: 'stored',
    })
  })

  test('of two officers at once: the second sees what the first has published, and is asked', async () => {
    const period = freshMonth()
    const outcomes = await Promise.all(
      ['35', '36'].map((ENROLLED) => send(admin, 'LHR', period, { ENROLLED }, { base: null })),
    )
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['mend', 'stored'])
    const asked = outcomes.find((one) => one.kind === 'mend')
    const first = given(await publicValue('LHR', enrolled, period))
    expect(asked).toMatchObject({
      reading: { problems: [], conflicts: [{ known: { value: first } }] },
    })
  })

  test('breaks a rule: an error stops it, a warning asks for one reason, which is kept', async () => {
    const period = freshMonth()
    const texts = { ENROLLED: '-35' }
    const asked = await send(admin, 'LHR', period, texts)
    expect(asked).toMatchObject({ kind: 'ask', lines: [{ indicator: 'ENROLLED' }] })
    expect(await publicValue('LHR', enrolled, period)).toBeNull()
    expect(await report(admin, 'LHR', period, texts)).toMatchObject({ kind: 'stored' })
    const [revision] = await database.revision.findMany({ where: { observation: { period } } })
    expect(revision?.reason).toBe('Counted twice.')
  })

  test('is refused without a number, without anything new, and after the account is gone', async () => {
    const period = freshMonth()
    expect(await send(admin, 'LHR', period, { TRAINED: 'twelve' })).toMatchObject({
      kind: 'mend',
      reading: { problems: [{ line: 'TRAINED._T', code: 'notANumber' }] },
    })
    expect(await send(admin, 'LHR', period, {})).toMatchObject({ problem: { code: 'nothingNew' } })
    const leaver = await newActor(database, 'admin')
    await database.user.update({ where: { id: leaver.userId }, data: { active: false } })
    expect(await send(leaver, 'LHR', period, { TRAINED: '12' })).toMatchObject({
      problem: { code: 'forbidden' },
    })
    expect(await publicValue('LHR', trained, period)).toBeNull()
  })

  test('is refused for an academy that is not in scope', async () => {
    const period = freshMonth()
    const officer = await limited('KHI')
    expect(await report(officer, 'LHR', period, { ENROLLED: '3' })).toMatchObject({
      problem: { code: 'outOfScope' },
    })
    expect(await report(officer, 'KHI', period, { ENROLLED: '3' })).toMatchObject({
      kind: 'stored',
    })
    const page = await readAcademyPage(officer, 'LHR', { period }, catalogue, database)
    expect(page?.sheet?.isInScope).toBe(false)
    expect(await readAcademyPage(officer, '_T', { period }, catalogue, database)).toBeNull()
  })
})

describe('reminders', () => {
  test('reach only academies in scope, with whom to ask', async () => {
    const period = freshMonth()
    await report(admin, 'LHR', period, { TRAINED: '9' })
    const asked = { programme, period, lines: [trained] }
    const all = await readReminders(admin, asked, catalogue, database)
    expect(all.duties.map(({ academy }) => academy.code).sort()).toEqual(['KHI', 'MUX'])
    expect(all).toMatchObject({ expected: 3 })
    expect(all.contacts.get('KHI')).toContain('khi@example.org')
    expect(all.contacts.has('LHR')).toBe(false)

    const own = await readReminders(await limited('KHI'), asked, catalogue, database)
    expect([...own.contacts.keys()]).toEqual(['KHI'])
    expect(own.duties.map(({ academy }) => academy.code)).toEqual(['KHI'])
    const other = await newActor(database, 'editor')
    await database.userScope.create({ data: { userId: other.userId, programmeCode: 'PSEB' } })
    const nobody = await readReminders(other, asked, catalogue, database)
    expect(nobody).toMatchObject({ duties: [], expected: 0 })
    expect(nobody.contacts.size).toBe(0)
  })

  test('ask for everything that academies of the programme report', async () => {
    const page = await readAsked(
      { programme, period: '2024-05' },
      catalogue,
      { one: false },
      database,
    )
    expect(page.asked?.lines.map(lineName)).toEqual(
      expect.arrayContaining(['TRAINED._T', 'ENROLLED._T']),
    )
  })
})

describe('an officer of academies', () => {
  test('sees which of them have reported', async () => {
    const officer = await limited('MUX')
    const period = '1999-12'
    await report(admin, 'LHR', period, { TRAINED: '9', ENROLLED: '4' })
    expect(await readOwnDuties(officer, catalogue, database)).toMatchObject([
      { academy: { code: 'MUX' }, period, lines: 2, reported: 0, waiting: 0 },
    ])
    await report(officer, 'MUX', period, { ENROLLED: '4' })
    expect(await readOwnDuties(officer, catalogue, database)).toMatchObject([
      { reported: 0, waiting: 1 },
    ])
    await report(admin, 'MUX', period, { TRAINED: '4' })
    expect(await readOwnDuties(officer, catalogue, database)).toMatchObject([
      { reported: 1, waiting: 1 },
    ])
    expect(await readOwnDuties(admin, catalogue, database)).toEqual([])
  })
})

describe('public pages', () => {
  test('tell of the latest period beside the published total, as it was known', async () => {
    const period = '2001-03'
    await report(admin, 'LHR', period, { TRAINED: '40' })
    const { no: early } = await database.commit.findFirstOrThrow({ orderBy: { no: 'desc' } })
    const key: FigureKey = {
      ...keyFor(academyOf('LHR'), trained, period),
      area: 'PK',
      academy: '_T',
    }
    await database.$transaction((tx) =>
      publishFigures(
        tx,
        admin,
        [
          {
            ...key,
            value: '44',
            status: 'A',
            precision: 'exact',
            source: { publisher: 'The ministry', title: '', publishedLabel: '', url: '' },
            note: '',
            reason: '',
            periodLabel: '',
            releasedOn: null,
          } as never,
        ],
        { kind: 'publication', message: 'Total', idempotencyKey: randomUUID() },
      ),
    )
    await report(admin, 'KHI', period, { TRAINED: '3' })
    const country = (await readCoverage(catalogue, null, database)).filter(
      ({ row }) => row.area === 'PK',
    )
    expect(country).toMatchObject([
      {
        programme,
        period,
        row: {
          sum: '43',
          coverage: { expected: 3, reported: 2 },
          published: { value: '44' },
          difference: { absolute: '-1', percent: '-2.3' },
        },
      },
    ])
    const today = await readToday(database)
    const then = await readCoverage(catalogue, { asOf: today, commit: early }, database)
    expect(then.filter(({ row }) => row.area === 'PK')).toMatchObject([
      { row: { sum: '40', coverage: { reported: 1 }, published: null, difference: null } },
    ])
    expect(await readCoverage(catalogue, { asOf: '2020-01-01', commit: early }, database)).toEqual(
      [],
    )
  })
})

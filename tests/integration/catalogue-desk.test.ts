import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/features/accounts/schema'
import {
  readBlank,
  readCatalogue,
  readEdited,
  readListing,
  readNewestCommit,
} from '@/features/catalogue/data'
import { type ItemOutcome, saveItem } from '@/features/catalogue/mutations'
import { findIndicator, findProgramme } from '@/features/catalogue/rules'
import type { ItemValues, ListName } from '@/features/catalogue/schema'
import { loadFirstContent } from '@/features/imports/mutations'
import { readCommits } from '@/features/revisions/data'
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

async function form(list: ListName, code: string) {
  const edited = await readEdited(list, code, database)
  if (!edited) throw new Error(`There is no ${code}.`)
  return edited
}

async function change(
  list: ListName,
  code: string,
  changes: ItemValues,
  { actor = admin, seen, id = randomUUID() }: { actor?: Actor; seen?: string; id?: string } = {},
): Promise<ItemOutcome> {
  const edited = await form(list, code)
  return saveItem(database, actor, {
    list,
    code,
    id,
    seen: seen ?? edited.seen,
    values: { ...edited.values, ...changes },
    reason: 'The ministry renamed it.',
  })
}

async function add(list: ListName, values: ItemValues, id = randomUUID()): Promise<ItemOutcome> {
  const blank = await readBlank(list, database)
  const submission = { list, code: null, id, seen: '', values: { ...blank, ...values }, reason: '' }
  return saveItem(database, admin, submission)
}

const problems = (outcome: ItemOutcome) =>
  outcome.kind === 'refused' ? outcome.problems.map(({ field, code }) => `${field} ${code}`) : []

const newIndicator = {
  code: 'LAPTOPS',
  nameEn: 'Laptops given out',
  nameUr: 'تقسیم شدہ لیپ ٹاپ',
  definitionEn: 'Laptops handed to trainees.',
  definitionUr: 'زیرِ تربیت افراد کو دیے گئے لیپ ٹاپ۔',
  theme: 'people',
  defaultKind: 'flow',
  defaultUnit: 'PERSONS',
}

describe('the catalogue at the desk', () => {
  test('gives a new name from its commit on, and keeps the old one before it', async () => {
    const before = await readNewestCommit(database)
    const was = findProgramme(await readCatalogue(database), 'PSEB')?.name.en
    const names = { nameEn: 'Software Export Board', nameUr: 'سافٹ ویئر ایکسپورٹ بورڈ' }
    expect(await change('programmes', 'PSEB', names)).toEqual({ kind: 'stored', code: 'PSEB' })
    const now = await readNewestCommit(database)
    expect(now).toBe(before + 1)
    expect(findProgramme(await readCatalogue(database), 'PSEB')?.name.en).toBe(names.nameEn)
    expect(findProgramme(await readCatalogue(database, before), 'PSEB')?.name.en).toBe(was)
    expect(await database.commit.findUnique({ where: { no: now } })).toMatchObject({
      kind: 'catalogue',
      actorId: admin.userId,
      message: 'The ministry renamed it.',
    })
    const [entry] = await database.auditEntry.findMany({ where: { commitNo: now } })
    expect(entry?.rowKeys).toContain(`programme_versions/PSEB/${now}`)
  })

  test('adds an indicator that earlier states do not know, at the end of its list', async () => {
    const before = await readNewestCommit(database)
    expect(await add('indicators', newIndicator)).toEqual({ kind: 'stored', code: 'LAPTOPS' })
    const { indicators } = await readCatalogue(database)
    expect(indicators.at(-1)).toMatchObject({ code: 'LAPTOPS', theme: 'people', cadence: null })
    expect(findIndicator(await readCatalogue(database, before), 'LAPTOPS')).toBeUndefined()
    expect((await readListing('indicators', database)).at(-1)).toMatchObject({
      code: 'LAPTOPS',
      figures: 0,
    })
  })

  test('changes settings without a new version of the texts, in the audit log with its author', async () => {
    const versions = () => database.indicatorVersion.count({ where: { indicatorCode: 'TRAINED' } })
    const before = await versions()
    await change('indicators', 'TRAINED', {
      decimals: '1',
      releaseEvery: 'A1',
      releaseLagDays: '60',
    })
    expect(findIndicator(await readCatalogue(database), 'TRAINED')).toMatchObject({
      decimals: 1,
      cadence: { every: 'A1', lagDays: 60 },
    })
    const [commit] = await readCommits({ limit: 1 }, database)
    expect(commit?.changes).toEqual([
      {
        list: 'indicators',
        code: 'TRAINED',
        isNew: false,
        fields: { decimals: ['0', '1'], releaseEvery: ['', 'A1'], releaseLagDays: ['', '60'] },
      },
    ])
    expect(await versions()).toBe(before)
    const entries = await database.auditEntry.findMany({
      where: { action: 'indicators.update', subject: 'indicators/TRAINED' },
    })
    expect(entries).toMatchObject([{ actorId: admin.userId }])
  })

  test('has one effect for one form, and none where nothing changed', async () => {
    const id = randomUUID()
    const newUnit = {
      code: 'LAPTOPS',
      nameEn: 'laptops',
      nameUr: 'لیپ ٹاپ',
      patternEn: '{value} laptops',
      patternUr: '{value} لیپ ٹاپ',
    }
    const outcomes = await Promise.all([1, 2, 3].map(() => add('units', newUnit, id)))
    expect(outcomes).toEqual(Array(3).fill({ kind: 'stored', code: 'LAPTOPS' }))
    expect(await database.commit.count({ where: { idempotencyKey: `desk:${id}` } })).toBe(1)
    const before = await readNewestCommit(database)
    expect(await change('units', 'LAPTOPS', {})).toEqual({ kind: 'stored', code: 'LAPTOPS' })
    expect(await readNewestCommit(database)).toBe(before)
  })

  test('shows whoever comes second that it has moved, and overwrites nothing', async () => {
    const { seen } = await form('areas', 'PK-GB')
    const results = await Promise.all(
      ['First name', 'Second name'].map((nameEn) => change('areas', 'PK-GB', { nameEn }, { seen })),
    )
    expect(results.flatMap(problems)).toEqual(['null moved'])
  })

  test('lets two at once neither take one name nor make a circle', async () => {
    const twins = await Promise.all(
      ['TWIN_A', 'TWIN_B'].map((code) =>
        add('programmes', { code, nameEn: 'The same name', nameUr: `نام ${code}` }),
      ),
    )
    expect(twins.flatMap(problems)).toEqual(['nameEn nameTaken'])
    const circle = await Promise.all([
      change('programmes', 'NFTP', { parent: 'BANO_QABIL' }),
      change('programmes', 'BANO_QABIL', { parent: 'NFTP' }),
    ])
    expect(circle.flatMap(problems)).toEqual(['parent cycle'])
  })

  test('keeps kind, unit and method of what has figures', async () => {
    const { values, use } = await form('indicators', 'STUDENTS_SERVED')
    expect(use.figures).toBeGreaterThan(0)
    const other = values.defaultKind === 'stock' ? 'flow' : 'stock'
    expect(
      problems(
        await change('indicators', 'STUDENTS_SERVED', {
          defaultKind: other,
          defaultUnit: 'PERCENT',
          method: 'computed',
          numerator: 'ENROLLED',
          denominator: 'APPLICANTS',
        }),
      ),
    ).toEqual(['defaultKind kindInUse', 'defaultUnit unitInUse', 'method figuresStored'])
  })

  test('is for administrators, also where the role went meanwhile', async () => {
    const reviewer = await newActor(database, 'reviewer')
    const refused = ['null forbidden']
    const nameEn = 'Anything'
    expect(problems(await change('areas', 'PK', { nameEn }, { actor: reviewer }))).toEqual(refused)
    const demoted = await newActor(database, 'admin')
    await database.user.update({ where: { id: demoted.userId }, data: { role: 'editor' } })
    expect(problems(await change('areas', 'PK', { nameEn }, { actor: demoted }))).toEqual(refused)
    const { values, seen } = await form('areas', 'PK')
    const submission = {
      list: 'areas',
      code: 'XX',
      id: randomUUID(),
      seen,
      values,
      reason: '',
    } as const
    expect(problems(await saveItem(database, admin, submission))).toEqual(['null gone'])
  })

  test('keeps its own words when a newer release brings others', async () => {
    await change('indicators', 'ENROLLED', { nameEn: 'Enrolled, as we call it' })
    await loadFirstContent(database)
    expect(findIndicator(await readCatalogue(database), 'ENROLLED')?.name.en).toBe(
      'Enrolled, as we call it',
    )
  })
})

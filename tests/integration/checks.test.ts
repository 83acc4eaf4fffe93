import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/features/accounts/schema'
import { judgeFigures, readRules, readRuleVersions } from '@/features/checks/data'
import { addRulesOfRates, saveRule } from '@/features/checks/mutations'
import type { JudgedFigure, RuleInput } from '@/features/checks/schema'
import { publishFigures } from '@/features/figures/mutations'
import type { PublicationInput } from '@/features/figures/schema'
import { loadFirstContent } from '@/features/imports/mutations'
import { decideProposal, submitFigure } from '@/features/proposals/mutations'
import type { EnteredFigure, Submission } from '@/features/proposals/schema'
import type { Database } from '@/lib/db/client'
import { newActor } from '../support/actors'
import { type TestDatabase, testDatabase } from '../support/database'

let home: TestDatabase
let database: Database
let admin: Actor
let editor: Actor

beforeAll(async () => {
  home = await testDatabase()
  database = home.database
  await loadFirstContent(database)
  admin = await newActor(database, 'admin')
  editor = await newActor(database, 'editor')
})

afterAll(() => home.drop())

const source = { publisher: 'Dawn', title: 'Tests', publishedLabel: '2022-05-11', url: '' }

function figure(changes: Partial<EnteredFigure> = {}): EnteredFigure {
  return {
    role: 'actual',
    indicator: 'CENTRES',
    programme: 'PSEB',
    area: 'PK-GB',
    academy: '_T',
    sex: '_T',
    kind: 'stock',
    unit: 'CENTRES',
    period: '1990-01-31',
    value: '12',
    status: 'A',
    precision: 'exact',
    source,
    note: '',
    reason: '',
    periodLabel: '',
    releasedOn: '2022-05-11',
    ...changes,
  }
}

const publish = (figures: PublicationInput[]) =>
  database.$transaction((tx) =>
    publishFigures(tx, admin, figures, {
      kind: 'publication',
      message: 'Tests',
      idempotencyKey: randomUUID(),
    }),
  )

const judged = async (figures: JudgedFigure[]) =>
  (await judgeFigures(database, figures)).map(({ index, rule, code }) => `${index} ${rule} ${code}`)

const rule = (changes: Partial<RuleInput>): RuleInput => ({
  code: 'CENTRES_MAX',
  version: 0,
  kind: 'range',
  indicator: 'CENTRES',
  parameters: { max: '500' },
  severity: 'error',
  isActive: true,
  note: 'There are not more.',
  ...changes,
})

const submission = (entered: EnteredFigure): Submission => ({
  id: randomUUID(),
  figure: entered,
  base: null,
  confirmed: [],
  version: null,
  releaseId: null,
})

describe('rules', () => {
  test('that came with the product: the warnings of old, the sums, and the parts of rates', async () => {
    expect((await readRules(database)).map(({ code }) => code)).toEqual([
      'NEGATIVE',
      'PERCENT_OVER_100',
      'TENFOLD',
      'STOCK_FALLS',
      'AREAS_SUM',
      'SEXES_SUM',
      'SOURCE',
      'CERTIFIED_IN_TRAINED',
      'COMPLETED_IN_ENROLLED',
      'COMP_EXAMINED_IN_COMP_REGISTERED',
    ])
  })

  test('are changed by admins alone, as versions; nobody overwrites a change unseen', async () => {
    const old = rule({ code: 'MINE' })
    expect(await saveRule(database, editor, old)).toMatchObject({ problem: { code: 'forbidden' } })
    expect(await saveRule(database, admin, old)).toEqual({ ok: true, value: null })
    expect(await saveRule(database, admin, old)).toMatchObject({ problem: { code: 'codeTaken' } })
    const next = { ...old, version: 1, isActive: false, note: 'It was wrong.' }
    const both = await Promise.all([next, next].map((one) => saveRule(database, admin, one)))
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(both.find(({ ok }) => !ok)).toMatchObject({ problem: { code: 'moved' } })
    expect(await saveRule(database, admin, { ...next, version: 2, kind: 'jump' })).toMatchObject({
      problem: { code: 'kindFixed' },
    })
    const versions = await readRuleVersions('MINE', database)
    expect(versions.map(({ version, isActive, note }) => [version, isActive, note])).toEqual([
      [2, false, 'It was wrong.'],
      [1, true, 'There are not more.'],
    ])
    await expect(database.$executeRaw`UPDATE rule_versions SET note = ''`).rejects.toThrow()
    const told = await database.auditEntry.count({ where: { subject: 'rule_versions/MINE/2' } })
    expect(told).toBe(1)
  })

  test('that an admin switched off stay off when the product starts again', async () => {
    const part = rule({
      code: 'COMPLETED_IN_ENROLLED',
      version: 1,
      kind: 'part_of',
      indicator: null,
      parameters: { part: 'COMPLETED', whole: 'ENROLLED' },
      isActive: false,
    })
    expect(await saveRule(database, admin, part)).toMatchObject({ ok: true })
    await database.$transaction((tx) => addRulesOfRates(tx, admin))
    const again = (await readRules(database)).find(({ code }) => code === part.code)
    expect(again).toMatchObject({ version: 2, isActive: false })
  })
})

describe('judging', () => {
  test('beside what is public: the series, the part, the sexes, the areas', async () => {
    await publish([
      figure(),
      figure({ period: '1991-01-31', value: '20' }),
      figure({ area: 'PK', period: '1992-01-31', value: '30' }),
      figure({ sex: 'F', period: '1993-01-31', value: '7' }),
      figure({ sex: 'M', period: '1993-01-31', value: '4' }),
    ])
    expect(
      await judged([
        figure({ period: '1991-06-30', value: '1' }),
        figure({ period: '1992-01-31', value: '31' }),
        figure({ period: '1993-01-31', value: '12' }),
        figure({ period: '1991-01-31', value: '2' }),
        figure({ area: 'PK-SD', source: { ...source, publisher: '' } }),
      ]),
    ).toEqual([
      '0 STOCK_FALLS falls',
      '1 TENFOLD tenfold',
      '1 AREAS_SUM areasSum',
      '2 STOCK_FALLS falls',
      '2 SEXES_SUM sexesSum',
      '3 TENFOLD tenfold',
      '3 STOCK_FALLS falls',
      '4 SOURCE sourceMissing',
    ])
  })

  test('10,000 figures at once with a handful of questions', async () => {
    const indicators = ['CENTRES', 'ACADEMIES', 'TRAINED', 'COMPLETED']
    const areas = ['PK', 'PK-PB', 'PK-SD', 'PK-KP', 'PK-BA']
    const days = Array.from({ length: 250 }, (_, n) =>
      new Date(Date.UTC(1950, 0, 1 + n)).toISOString().slice(0, 10),
    )
    const batch = days.flatMap((period, n) =>
      indicators.flatMap((indicator) =>
        areas.flatMap((area) =>
          (['F', 'M'] as const).map((sex) =>
            figure({ indicator, area, sex, period, value: String(n + 1) }),
          ),
        ),
      ),
    )
    let questions = 0
    const counted = new Proxy(database, {
      get(target, name, receiver) {
        const value = Reflect.get(target, name, receiver)
        if (['$queryRaw', 'area', 'indicator'].includes(String(name))) questions += 1
        return value
      },
    })
    const started = performance.now()
    const findings = await judgeFigures(counted, batch)
    expect(performance.now() - started).toBeLessThan(20_000)
    expect(batch).toHaveLength(10_000)
    expect(questions).toBeLessThanOrEqual(9)
    // On the tenth day each level is ten times that of the first: never beside the day before.
    expect(findings.filter(({ rule: its }) => its === 'TENFOLD')).toEqual([])
    expect(findings.filter(({ rule: its }) => its === 'AREAS_SUM').length).toBeGreaterThan(0)
  })
})

describe('an error', () => {
  test('stops a figure where it is entered, whatever is confirmed', async () => {
    expect(await saveRule(database, admin, rule({}))).toMatchObject({ ok: true })
    const entered = figure({ period: '1980-01-31', value: '501', reason: 'Surely' })
    const before = await database.proposal.count()
    expect(await submitFigure(database, admin, submission(entered))).toMatchObject({
      kind: 'blocked',
      findings: [{ rule: 'CENTRES_MAX', code: 'aboveMaximum', params: { value: '500' } }],
    })
    expect(await database.proposal.count()).toBe(before)
    const right = submission({ ...entered, value: '500' })
    expect(await submitFigure(database, admin, right)).toMatchObject({ kind: 'stored' })
  })

  test('stops an approval too, when the rule came later than the proposal', async () => {
    const sent = submission(figure({ area: 'PK-KP', period: '1981-01-31', value: '300' }))
    expect(await submitFigure(database, editor, sent)).toMatchObject({ state: 'in_review' })
    const stricter = rule({ version: 1, parameters: { max: '200' } })
    expect(await saveRule(database, admin, stricter)).toMatchObject({ ok: true })
    const decision = { id: sent.id, step: 'approve', version: 1, comment: '' } as const
    expect(await decideProposal(database, admin, decision)).toMatchObject({
      kind: 'blocked',
      findings: [{ rule: 'CENTRES_MAX' }],
    })
    expect(await database.revision.count({ where: { proposalId: sent.id } })).toBe(0)
    const off = rule({ version: 2, isActive: false })
    expect(await saveRule(database, admin, off)).toMatchObject({ ok: true })
    expect(await decideProposal(database, admin, decision)).toMatchObject({ state: 'published' })
  })
})

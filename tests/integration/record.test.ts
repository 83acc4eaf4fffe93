import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemActor } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { readFiguresAsOf, readRevisions } from '@/features/figures/data'
import { publishFigures } from '@/features/figures/mutations'
import { revisionAsOf } from '@/features/figures/rules'
import type { PublicationInput } from '@/features/figures/schema'
import { loadFirstContent } from '@/features/imports/mutations'
import { figureProof, recordAsOf } from '@/features/record/data'
import type { Database } from '@/lib/db/client'
import { type TestDatabase, testDatabase } from '../support/database'

let test: TestDatabase
let database: Database
let actor: Actor

beforeAll(async () => {
  test = await testDatabase()
  database = test.database
  await loadFirstContent(database)
  actor = await systemActor(database)
})

afterAll(() => test.drop())

const exportsIn = async (words: { asOf: string; v?: string }, period: string) => {
  const record = await recordAsOf(words, () => [[{ indicators: ['ICT_EXPORTS'] }]], database)
  if (!record.ok) throw new Error(record.problem.code)
  return record.value.figures.find((one) => one.period === period && one.role === 'actual')
}

describe('the record as known on a day', () => {
  it.each([
    ['2023-07-17', undefined],
    ['2023-07-18', '2605'],
    ['2023-08-18', '2593'],
    ['2024-03-19', '2597'],
    ['2024-11-19', '2596'],
  ])('on %s the exports of FY2022-23 were %s', async (asOf, value) => {
    expect((await exportsIn({ asOf }, '2022-A1'))?.value).toBe(value)
  })

  it('knows an undated figure only from the day it was recorded', async () => {
    const { figures } = await recordOf('2025-12-31')
    expect(figures.some(({ current }) => current.releasedOn === null)).toBe(false)
  })

  it('refuses a day to come and a commit that is not there', async () => {
    expect(await recordAsOf({ asOf: '2999-01-01' }, undefined, database)).toMatchObject({
      ok: false,
    })
    expect(await recordAsOf({ asOf: '2023-01-01', v: '999' }, undefined, database)).toMatchObject({
      ok: false,
    })
  })

  it('stays what it was under a frozen address, whatever is back-dated later', async () => {
    const before = await recordOf('2023-08-01')
    const frozen = String(before.vintage.commit)
    await publish([{ ...entry('2022-A1'), value: '2600', releasedOn: '2023-07-30' }])
    expect((await exportsIn({ asOf: '2023-08-01' }, '2022-A1'))?.value).toBe('2600')
    expect((await exportsIn({ asOf: '2023-08-01', v: frozen }, '2022-A1'))?.value).toBe('2605')
  })

  it('is a replay of the log up to the day and the commit, for any history', async () => {
    const day = fc.constantFrom('2020-01-01', '2021-06-30', '2022-05-11', '2023-01-01')
    const event = fc.record({
      value: fc.constantFrom('1', '2.50', '-3'),
      releasedOn: fc.option(day),
      publisher: fc.constantFrom('Dawn', 'The Nation'),
    })
    let next = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1, maxLength: 6 }),
        day,
        async (events, asOf) => {
          next += 1
          const period = `19${String(10 + next).slice(-2)}-A1`
          for (const { publisher, ...said } of events) {
            await publish([{ ...entry(period, publisher), ...said }])
          }
          const log = (await readRevisions(database, 'ICT_EXPORTS')).filter(
            ({ key }) => key.period === period,
          )
          for (const commit of new Set(log.map((revision) => revision.commit))) {
            const known = log.filter((revision) => revision.commit <= commit)
            const [shown] = (
              await readFiguresAsOf(database, { asOf, commit }, { indicators: ['ICT_EXPORTS'] })
            ).filter((figure) => figure.period === period)
            expect(shown?.current.id).toBe(revisionAsOf(known, asOf)?.id)
            expect(shown?.value).toBe(revisionAsOf(known, asOf)?.value ?? undefined)
          }
        },
      ),
      { numRuns: 20 },
    )
  })
})

describe('a frozen address', () => {
  it('has the breaks and caveats of its commit, not those that came later', async () => {
    const before = await recordOf('2023-08-01')
    const words = { asOf: '2023-08-01', v: String(before.vintage.commit) }
    const { no: commitNo } = await database.commit.create({
      data: { kind: 'catalogue', actorId: actor.userId, idempotencyKey: randomUUID() },
    })
    const note = { en: 'New.', ur: 'نیا۔' }
    await database.caveat.create({ data: { code: 'LATER', text: note, commitNo } })
    await database.seriesBreak.create({
      data: {
        indicatorCode: 'ICT_EXPORTS',
        programmeCode: '_Z',
        areaCode: 'PK',
        startsOn: new Date('2022-07-01'),
        note,
        commitNo,
      },
    })
    const frozen = await recordAsOf(words, undefined, database)
    if (!frozen.ok) throw new Error(frozen.problem.code)
    expect(frozen.value.catalogue).toEqual(before.catalogue)
    expect(frozen.value.figures.filter(isExports)).toEqual(before.figures.filter(isExports))
    const now = await recordOf('2023-08-01')
    expect(now.catalogue.caveats.map(({ code }) => code)).toContain('LATER')
    const marked = now.figures.filter((figure) => isExports(figure) && figure.startsBreak)
    expect(marked.map(({ period }) => period).toSorted()).toEqual(['2022-08', '2022-A1'])
  })
})

const isExports = ({ indicator }: { indicator: string }) => indicator === 'ICT_EXPORTS'

describe('the proof of a figure', () => {
  it('holds every revision with who stands for it, and what is said beside it', async () => {
    const figure = await exportsIn({ asOf: '2024-12-31', v: '2' }, '2022-A1')
    const proof = await figureProof(figure?.id ?? 0, {}, database)
    if (!proof.ok || !proof.value) throw new Error('The figure has no proof.')
    const { history, related } = proof.value
    const values = history.revisions.map((revision) => revision.value)
    expect(values).toEqual(expect.arrayContaining(['2605', '2593', '2597', '2596']))
    expect(history.revisions.every(({ author }) => author.isSystem)).toBe(true)
    expect(related.some(({ role }) => role === 'claim')).toBe(true)
  })

  it('does not exist for a number the record does not have', async () => {
    expect(await figureProof(999_999, {}, database)).toEqual({ ok: true, value: null })
  })
})

async function recordOf(asOf: string) {
  const record = await recordAsOf({ asOf }, undefined, database)
  if (!record.ok) throw new Error(record.problem.code)
  return record.value
}

function entry(period: string, publisher = 'Dawn'): PublicationInput {
  return {
    role: 'actual',
    indicator: 'ICT_EXPORTS',
    programme: '_Z',
    area: 'PK',
    academy: '_T',
    sex: '_T',
    kind: 'flow',
    unit: 'USD_MILLION',
    period,
    value: '1',
    status: 'A',
    precision: 'exact',
    source: { publisher, title: '', publishedLabel: '', url: '' },
    note: '',
    reason: '',
    periodLabel: '',
    releasedOn: null,
  }
}

const publish = (figures: PublicationInput[]) =>
  database.$transaction((tx) =>
    publishFigures(tx, actor, figures, {
      kind: 'publication',
      message: '',
      idempotencyKey: randomUUID(),
    }),
  )

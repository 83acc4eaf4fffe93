import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { systemActor } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { searchAudit, verifyAudit } from '@/features/audit/data'
import { readFigures } from '@/features/figures/data'
import { publishFigures } from '@/features/figures/mutations'
import { loadFirstContent } from '@/features/imports/mutations'
import {
  answeredReports,
  countWaiting,
  freshReportId,
  readReport,
  reportsOfFigure,
  waitingReports,
} from '@/features/reports/data'
import { fileReport, stepReport } from '@/features/reports/mutations'
import { hourlyCeiling, hourlyForAddress } from '@/features/reports/rules'
import type { StepInput } from '@/features/reports/schema'
import type { Database } from '@/lib/db/client'
import { newActor } from '../support/actors'
import { type TestDatabase, testDatabase } from '../support/database'

let test: TestDatabase
let database: Database
let reviewer: Actor
let figure: number

beforeAll(async () => {
  test = await testDatabase()
  database = test.database
  await loadFirstContent(database)
  reviewer = await newActor(database, 'reviewer')
  const [first] = await readFigures(database, { indicators: ['ICT_EXPORTS'] })
  figure = first?.id ?? 0
})

afterAll(() => test.drop())

const words = { wrong: 'The period is 2022.', instead: '2022', shownAt: '' }

async function filed(): Promise<string> {
  await database.reportCount.deleteMany()
  const result = await fileReport(database, { id: freshReportId(), figure, ...words }, null)
  if (!result.ok) throw new Error(result.problem.code)
  return result.value.id
}

const step = (changes: Partial<StepInput> & { id: string }, actor = reviewer) =>
  stepReport(database, actor, {
    version: 1,
    step: 'take',
    answer: '',
    revision: null,
    share: false,
    ...changes,
  })
const problemOf = async (result: ReturnType<typeof step>) => {
  const settled = await result
  return settled.ok ? null : settled.problem.code
}

async function correct(): Promise<number> {
  const [current] = await readFigures(database, { indicators: ['ICT_EXPORTS'] })
  if (current?.id !== figure) throw new Error('The first figure is another one now.')
  const {
    id: _,
    periodStart: __,
    periodEnd: ___,
    frequency: ____,
    publishersDiffer: _____,
    current: said,
    ...key
  } = current
  const { revisions } = await database.$transaction(async (tx) =>
    publishFigures(
      tx,
      await systemActor(database),
      [
        {
          ...key,
          sex: '_T',
          status: 'A',
          value: '123.4',
          source: { publisher: 'Dawn', title: 'Corrected', publishedLabel: '2026-01-01', url: '' },
          note: '',
          reason: 'A reader saw it.',
          periodLabel: said.periodLabel,
          releasedOn: '2026-01-01',
        },
      ],
      { kind: 'publication', message: '', idempotencyKey: randomUUID() },
    ),
  )
  return revisions[0]?.id ?? 0
}

describe('a report', () => {
  it('is public at once as a state, and in words only once an officer shares them', async () => {
    const id = await filed()
    const before = await reportsOfFigure(figure, database)
    expect(await readReport(id, database)).toMatchObject({
      state: 'received',
      words: null,
      answer: '',
      figure: { id: figure },
    })
    expect(await waitingReports(50, database)).toContainEqual(
      expect.objectContaining({ id, words, version: 1 }),
    )

    expect(await step({ id })).toMatchObject({ ok: true, value: { state: 'in_hand' } })
    expect(await readReport(id, database)).toMatchObject({ words: null })
    expect(await problemOf(step({ id, step: 'accept', answer: 'Right.' }))).toBe('moved')
    expect(await problemOf(step({ id, version: 2, step: 'accept' }))).toBe('answerMissing')

    const revision = await correct()
    const answered = { id, version: 2, step: 'accept', answer: 'Right.', share: true } as const
    const stranger = await database.revision.findFirstOrThrow({
      where: { observationId: { not: figure } },
    })
    expect(await problemOf(step({ ...answered, revision: stranger.id }))).toBe('revisionUnknown')
    expect(await step({ ...answered, revision })).toMatchObject({ ok: true })
    expect(await readReport(id, database)).toMatchObject({
      state: 'accepted',
      words,
      answer: 'Right.',
      revision,
    })
    const after = await reportsOfFigure(figure, database)
    expect(after.waiting).toBe(before.waiting - 1)
    expect(after.answered.map((report) => report.id)).toContain(id)
    expect((await answeredReports(1, database)).reports[0]?.id).toBe(id)
    const events = await database.errorReportEvent.findMany({
      where: { reportId: id },
      orderBy: { id: 'asc' },
    })
    expect(events.map(({ toState, actorId }) => [toState, actorId])).toEqual([
      ['received', null],
      ['in_hand', reviewer.userId],
      ['accepted', reviewer.userId],
    ])
  })

  it('that is declined keeps its words to the desk unless they are shared', async () => {
    const id = await filed()
    await step({ id, step: 'decline', answer: 'The source says so.', revision: 1 })
    expect(await readReport(id, database)).toMatchObject({
      state: 'declined',
      words: null,
      revision: null,
    })
  })

  it('is answered by reviewers and administrators only, and by one of two at once', async () => {
    const id = await filed()
    const editor = await newActor(database, 'editor')
    expect(await problemOf(step({ id }, editor))).toBe('forbidden')
    const both = await Promise.all(
      ['One.', 'Two.'].map((answer) => problemOf(step({ id, step: 'decline', answer }))),
    )
    expect(both.toSorted()).toEqual(['moved', null].toSorted())
    const demoted = await newActor(database, 'reviewer')
    await database.user.update({ where: { id: demoted.userId }, data: { role: 'editor' } })
    expect(await problemOf(step({ id: await filed() }, demoted))).toBe('forbidden')
  })

  it('sent twice has one effect, and a figure nobody may see takes none', async () => {
    await database.reportCount.deleteMany()
    const id = freshReportId()
    const sent = { id, figure, ...words }
    const before = await countWaiting(database)
    const results = await Promise.all([1, 2, 3].map(() => fileReport(database, sent, null)))
    expect(results).toEqual(Array(3).fill({ ok: true, value: { id } }))
    expect(await countWaiting(database)).toBe(before + 1)
    const other = await fileReport(database, { ...sent, wrong: 'Something else.' }, null)
    expect(other.ok && other.value.id).not.toBe(id)
    expect(
      await fileReport(database, { ...sent, id: freshReportId(), figure: 999_999 }, null),
    ).toMatchObject({ ok: false, problem: { code: 'figureMissing' } })
  })

  it('is never reworded or removed, and its events stay', async () => {
    const id = await filed()
    await expect(
      database.errorReport.update({ where: { id }, data: { wrong: 'Another text.' } }),
    ).rejects.toThrow(/never change/)
    await expect(database.errorReport.delete({ where: { id } })).rejects.toThrow()
    await expect(database.$executeRaw`DELETE FROM error_report_events`).rejects.toThrow(
      /append-only/,
    )
    await database.errorReport.update({ where: { id }, data: { wrong: '' } })
    expect((await verifyAudit(database)).problems).toEqual([])
    const log = await searchAudit({ text: `error_reports/${id}` }, 10, database)
    expect(log.map(({ action }) => action)).toEqual([
      'error_reports.update',
      'error_reports.insert',
    ])
    expect(JSON.stringify(log)).not.toContain(words.wrong)
  })
})

describe('the limits', () => {
  const send = (address: string | null) =>
    fileReport(database, { id: freshReportId(), figure, ...words }, address)

  it('hold for one address, which is kept only as a hash, and for all together', async () => {
    vi.stubEnv('SHUMAR_SECRET', 'x'.repeat(32))
    await database.reportCount.deleteMany()
    for (let n = 0; n < hourlyForAddress; n += 1) {
      expect(await send('203.0.113.9')).toMatchObject({ ok: true })
    }
    const refused = { ok: false, problem: { code: 'tooMany' } }
    expect(await send('203.0.113.9')).toMatchObject(refused)
    expect(await send('203.0.113.10')).toMatchObject({ ok: true })
    const counts = await database.reportCount.findMany()
    expect(JSON.stringify(counts)).not.toContain('203.0.113')

    await database.reportCount.updateMany({
      where: { bucket: 'all' },
      data: { count: hourlyCeiling - 1 },
    })
    const last = await Promise.all([null, null, null].map(send))
    expect(last.filter(({ ok }) => ok)).toHaveLength(1)
  })
})

import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor, Scope } from '@/features/accounts/schema'
import { verifyAudit } from '@/features/audit/data'
import { readCatalogue } from '@/features/catalogue/data'
import type { Catalogue } from '@/features/catalogue/schema'
import { readRules } from '@/features/checks/data'
import { saveRule } from '@/features/checks/mutations'
import { readHistory } from '@/features/figures/data'
import { type FigureKey, type FigureRow, figureColumns } from '@/features/figures/schema'
import { figureWriter } from '@/features/figures/series'
import { importFigures, loadFirstContent } from '@/features/imports/mutations'
import { submitFigure } from '@/features/proposals/mutations'
import type { EnteredFigure } from '@/features/proposals/schema'
import {
  readBefore,
  readMembers,
  readPublic,
  readSet,
  readUndo,
  setsInReview,
} from '@/features/sets/data'
import { decideSet, undoCommit } from '@/features/sets/mutations'
import { seenOf } from '@/features/sets/rules'
import { changeSettings } from '@/features/settings/mutations'
import {
  newsStamp,
  readDiff,
  readFrame,
  readOldDrafts,
  readSheet,
  withFindings,
} from '@/features/sheets/data'
import {
  cellName,
  keepDrafts,
  resumeSet,
  saveBlock,
  saveCells,
  submitSheet,
  tendDrafts,
} from '@/features/sheets/mutations'
import { conflictOf, keyAt, stateNumber } from '@/features/sheets/rules'
import { type CellFacts, emptyBlock, type Frame } from '@/features/sheets/schema'
import { cellUpdate } from '@/features/sheets/series'
import type { Database } from '@/lib/db/client'
import { newActor } from '../support/actors'
import { type TestDatabase, testDatabase } from '../support/database'

let home: TestDatabase
let database: Database
let catalogue: Catalogue
let admin: Actor
let reviewer: Actor
let editor: Actor

beforeAll(async () => {
  home = await testDatabase()
  database = home.database
  await loadFirstContent(database)
  catalogue = await readCatalogue(database)
  admin = await newActor(database, 'admin')
  reviewer = await newActor(database, 'reviewer')
  editor = await newActor(database, 'editor')
})

afterAll(() => home.drop())

let taken = 0

/** A sheet of two indicators in a month that no other test uses. */
async function freshFrame(): Promise<Frame> {
  taken += 1
  const month = new Date(Date.UTC(1990, taken, 1)).toISOString().slice(0, 7)
  const address = `programme=PSEB&rows=areas&indicator=TRAINING_SLOTS&indicator=CENTRES&period=${month}`
  return given(await readFrame(address, catalogue, database))
}

function given<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('Nothing there.')
  return value
}

const source = { publisher: 'Dawn', title: 'Centres counted', sourceDate: '11 May 2022', url: '' }
const cite = (actor: Actor, frame: Frame) =>
  saveBlock(database, actor, frame, { ...emptyBlock, ...source })

const at = (frame: Frame, row: number, column: number) => ({
  row: given(frame.rows[row]).id,
  column: given(frame.columns[column]).id,
})

/** What somebody sees in a cell. */
async function look(actor: Actor, frame: Frame, row = 0, column = 0): Promise<CellFacts> {
  const { facts } = await readSheet(frame, actor, database)
  const cell = at(frame, row, column)
  return given(facts.find((one) => one.row.id === cell.row && one.column.id === cell.column))
}

/** Types a text into a cell as it is seen now, or as it was seen before. */
async function type(
  actor: Actor,
  frame: Frame,
  text: string,
  seen?: CellFacts,
  row = 0,
  column = 0,
) {
  const facts = seen ?? (await look(actor, frame, row, column))
  const saved = await saveCells(database, actor, frame, [
    { ...at(frame, row, column), text, base: stateNumber(facts) },
  ])
  if (!saved.ok) throw new Error(saved.problem.code)
  return saved.value
}

async function submit(actor: Actor, frame: Frame, changes: { id?: string; reason?: string } = {}) {
  const diff = await readDiff(frame, actor, database)
  const submission = { id: randomUUID(), message: 'The May count', reason: 'Counted.', ...changes }
  return submitSheet(database, actor, frame, {
    ...submission,
    seen: diff.seen,
    confirmed: diff.confirmed,
  })
}

/** Enters 121 by the form for single figures, whatever warnings it has. */
async function enter(actor: Actor, key: FigureKey) {
  const source = { publisher: 'Dawn', title: '', publishedLabel: '2022-05-11', url: '' }
  const said = { status: 'A', precision: 'exact', note: '', reason: 'Counted.', periodLabel: '' }
  const figure = { ...key, ...said, value: '121', source, releasedOn: '2022-05-11' }
  const confirmed: string[] = []
  const send = () =>
    submitFigure(database, actor, {
      id: randomUUID(),
      figure: figure as EnteredFigure,
      base: null,
      confirmed,
      version: null,
      releaseId: null,
    })
  const outcome = await send()
  if (outcome.kind !== 'ask') return outcome
  confirmed.push(...outcome.warnings.map(({ code }) => code))
  return send()
}

async function valueAt(frame: Frame, row = 0, column = 0) {
  const key = keyAt(frame, given(frame.rows[row]), given(frame.columns[column]))
  const [known] = await readPublic([key], database)
  return known?.value
}

/** A sheet whose first two cells an admin has published. */
async function published(values = ['120', '8']) {
  const frame = await freshFrame()
  await cite(admin, frame)
  for (const [column, value] of values.entries())
    await type(admin, frame, value, undefined, 0, column)
  const outcome = await submit(admin, frame, { reason: 'Counted twice.' })
  if (outcome.kind !== 'stored') throw new Error(JSON.stringify(outcome))
  return { frame, id: outcome.id, commit: given(outcome.commit) }
}

describe('drafts', () => {
  test('are kept as typed, readable or not, and only their author has them', async () => {
    const frame = await freshFrame()
    await type(editor, frame, '۱٬۲۰۰')
    await type(editor, frame, 'twelve', undefined, 1)
    expect((await look(editor, frame)).mine?.typed).toBe('۱٬۲۰۰')
    expect((await look(editor, frame, 1)).mine?.typed).toBe('twelve')
    expect((await look(reviewer, frame)).mine).toBeNull()
    expect(await valueAt(frame)).toBeUndefined()
  })

  test('sent twice have one effect', async () => {
    const frame = await freshFrame()
    const seen = await look(editor, frame)
    await type(editor, frame, '5', seen)
    const again = await type(editor, frame, '5', seen)
    expect(again.refused.size).toBe(0)
    expect((await look(editor, frame)).mine?.typed).toBe('5')
  })

  test('of another tab are not overwritten', async () => {
    const frame = await freshFrame()
    const seen = await look(editor, frame)
    await type(editor, frame, '5', seen)
    const late = await type(editor, frame, '6', seen)
    expect([...late.refused]).toEqual([cellName(at(frame, 0, 0))])
    expect((await look(editor, frame)).mine?.typed).toBe('5')
    await type(editor, frame, '6')
    expect((await look(editor, frame)).mine?.typed).toBe('6')
  })

  test('of two tabs at once: one is stored, the other is told', async () => {
    const frame = await freshFrame()
    const seen = await look(editor, frame)
    const saved = await Promise.all(['5', '6'].map((text) => type(editor, frame, text, seen)))
    expect(saved.map(({ refused }) => refused.size).sort()).toEqual([0, 1])
  })

  test('of somebody without an account any more are refused', async () => {
    const leaver = await newActor(database, 'editor')
    const frame = await freshFrame()
    await database.user.update({ where: { id: leaver.userId }, data: { active: false } })
    const cell = { ...at(frame, 0, 0), text: '5', base: null }
    expect(await saveCells(database, leaver, frame, [cell])).toMatchObject({
      problem: { code: 'forbidden' },
    })
    expect(await database.sheetCell.count({ where: { authorId: leaver.userId } })).toBe(0)
  })

  test('outside of what somebody is limited to are not stored, and not submitted', async () => {
    const limited = await newActor(database, 'editor')
    const frame = await freshFrame()
    await cite(limited, frame)
    await type(limited, frame, '5')
    await database.userScope.create({
      data: { userId: limited.userId, programmeCode: 'NAVTTC' },
    })
    await type(limited, frame, '6', undefined, 1)
    expect((await look(limited, frame, 1)).mine).toBeNull()
    expect(await submit(limited, frame)).toMatchObject({ problem: { code: 'notReady' } })
  })
})

describe('nobody is overwritten', () => {
  test('somebody else has published since: mine stays, and the cell asks', async () => {
    const { frame } = await published()
    const seen = await look(editor, frame)
    await type(editor, frame, '125', seen)
    await type(admin, frame, '121')
    expect(await submit(admin, frame)).toMatchObject({ state: 'published' })

    const facts = await look(editor, frame)
    expect(facts.mine?.typed).toBe('125')
    expect(conflictOf(facts)).toBe('published')
    await cite(editor, frame)
    expect(await submit(editor, frame)).toMatchObject({ problem: { code: 'notReady' } })
    // Keeps mine, knowing theirs.
    await type(editor, frame, '125', facts)
    expect(conflictOf(await look(editor, frame))).toBeNull()
    expect(await submit(editor, frame)).toMatchObject({ state: 'in_review' })
  })

  test('somebody else has drafted since: both are asked, each sees the other', async () => {
    const frame = await freshFrame()
    const other = await newActor(database, 'editor', 'Bilal')
    const [seen, seenByOther] = [await look(editor, frame), await look(other, frame)]
    await type(editor, frame, '5', seen)
    await type(other, frame, '6', seenByOther)
    const [mine, theirs] = [await look(editor, frame), await look(other, frame)]
    expect([conflictOf(mine), conflictOf(theirs)]).toEqual(['drafted', 'drafted'])
    expect(mine.other).toMatchObject({ typed: '6', author: { name: 'Bilal' } })
    await type(editor, frame, '5', mine)
    expect(conflictOf(await look(editor, frame))).toBeNull()
  })

  test('also where the other way was a single form, or a file', async () => {
    const frame = await freshFrame()
    await type(editor, frame, '125')
    await type(editor, frame, '8', undefined, 0, 1)
    const [one, two] = [0, 1].map((column) =>
      keyAt(frame, given(frame.rows[0]), given(frame.columns[column])),
    )
    expect(await enter(admin, given(one))).toMatchObject({ state: 'published' })
    const cells: Partial<FigureRow> = {
      ...given(two),
      value: '9',
      status: 'A',
      precision: 'exact',
      released_on: '2022-05-11',
      publisher: 'Dawn',
      source_date: '2022-05-11',
    }
    const columns = figureColumns.join(',')
    const row = figureColumns.map((column) => cells[column] ?? '').join(',')
    const file = { bytes: Buffer.from(`${columns}\n${row}\n`), name: 'centres.csv' }
    expect(await importFigures(database, admin, file)).toMatchObject({ ok: true, revisions: 1 })

    const writer = figureWriter(catalogue, 'en')
    const both = [await look(editor, frame), await look(editor, frame, 0, 1)]
    expect(both.map((facts) => cellUpdate(facts, writer, 'en'))).toMatchObject([
      { state: 'conflict', text: '125', theirs: { text: '121' } },
      { state: 'conflict', text: '8', theirs: { text: '9' } },
    ])
  })

  test('a proposal of somebody else that waits is shown beside the cell', async () => {
    const frame = await freshFrame()
    const key = keyAt(frame, given(frame.rows[0]), given(frame.columns[0]))
    const author = await newActor(database, 'editor', 'Rabia')
    expect(await enter(author, key)).toMatchObject({ state: 'in_review' })
    const facts = await look(editor, frame)
    expect(cellUpdate(facts, figureWriter(catalogue, 'en'), 'en')).toMatchObject({
      state: 'empty',
      message: expect.stringContaining('waits for review, by Rabia'),
    })
  })

  test('of a hundred commits on the same keys one wins', async () => {
    const { frame } = await published()
    const people = await Promise.all(Array.from({ length: 100 }, () => newActor(database, 'admin')))
    for (const one of people) {
      await cite(one, frame)
      await type(one, frame, '126')
    }
    const seen = await Promise.all(people.map((one) => readDiff(frame, one, database)))
    const outcomes = await Promise.all(
      people.map((one, n) =>
        submitSheet(database, one, frame, {
          id: randomUUID(),
          message: 'At once',
          reason: 'Counted.',
          seen: given(seen[n]).seen,
          confirmed: given(seen[n]).confirmed,
        }),
      ),
    )
    const won = outcomes.filter(({ kind }) => kind === 'stored')
    expect(won).toHaveLength(1)
    expect(
      outcomes.filter((one) => one.kind === 'refused' && one.problem.code === 'changed'),
    ).toHaveLength(99)
    // Nothing that the others typed is lost.
    expect(
      await database.sheetCell.count({
        where: { authorId: { in: people.map(({ userId }) => userId) }, typed: '126' },
      }),
    ).toBe(99)
  }, 120_000)
})

describe('a commit', () => {
  test('is all or nothing, in one commit with one message, and clears its drafts', async () => {
    const { frame, id, commit } = await published()
    expect([await valueAt(frame), await valueAt(frame, 0, 1)]).toEqual(['120', '8'])
    const revisions = await database.revision.findMany({ where: { commitNo: commit } })
    expect(revisions).toHaveLength(2)
    expect(await database.commit.findUnique({ where: { no: commit } })).toMatchObject({
      message: 'The May count',
      idempotencyKey: `set:${id}`,
    })
    expect(await look(admin, frame)).toMatchObject({ mine: null })
    expect(await readSet(id, database)).toMatchObject({ state: 'published', commit, count: 2 })
  })

  test('cites one source for a block where it has one of its own, else that of all cells', async () => {
    const frame = await freshFrame()
    await cite(admin, frame)
    await type(admin, frame, '120')
    await type(admin, frame, '8', undefined, 0, 1)
    await type(admin, frame, '90', undefined, 1)
    const own = { ...source, publisher: 'Radio Pakistan', title: 'Slots by province' }
    const block = [at(frame, 0, 0), at(frame, 1, 0)].map((cell) => ({ ...cell, source: own }))
    const noted = { ...at(frame, 0, 0), note: 'Without Karachi.' }
    for (const cells of [block, [noted]])
      expect(await saveCells(database, admin, frame, cells)).toMatchObject({ ok: true })
    expect(await submit(admin, frame)).toMatchObject({ state: 'published' })
    const cited = async (row: number, column: number) => {
      const key = keyAt(frame, given(frame.rows[row]), given(frame.columns[column]))
      const [revision] = await readHistory(database, key)
      return [revision?.value, revision?.source?.publisher, revision?.note]
    }
    expect(await Promise.all([cited(0, 0), cited(1, 0), cited(0, 1)])).toEqual([
      ['120', 'Radio Pakistan', 'Without Karachi.'],
      ['90', 'Radio Pakistan', ''],
      ['8', 'Dawn', ''],
    ])
  })

  test('with one text that is no number stores nothing', async () => {
    const frame = await freshFrame()
    await cite(admin, frame)
    await type(admin, frame, '5')
    await type(admin, frame, 'five', undefined, 1)
    expect(await submit(admin, frame)).toMatchObject({ problem: { code: 'notReady' } })
    expect(await valueAt(frame)).toBeUndefined()
  })

  test('without a source is not ready', async () => {
    const frame = await freshFrame()
    await type(admin, frame, '5')
    const { lines } = await readDiff(frame, admin, database)
    expect(lines[0]?.problems).toEqual([{ from: 'sheets', code: 'sourceMissing' }])
    expect(await submit(admin, frame)).toMatchObject({ problem: { code: 'notReady' } })
  })

  test('of what changed since it was shown is refused', async () => {
    const frame = await freshFrame()
    await cite(admin, frame)
    await type(admin, frame, '5')
    const { seen, confirmed } = await readDiff(frame, admin, database)
    await type(admin, frame, '6')
    const late = { id: randomUUID(), message: 'm', reason: 'Counted.', seen, confirmed }
    expect(await submitSheet(database, admin, frame, late)).toMatchObject({
      problem: { code: 'changed' },
    })
  })

  test('sent again has one effect', async () => {
    const frame = await freshFrame()
    await cite(admin, frame)
    await type(admin, frame, '5')
    const { seen, confirmed } = await readDiff(frame, admin, database)
    const submission = { id: randomUUID(), message: 'm', reason: 'Counted.', seen, confirmed }
    const outcomes = await Promise.all(
      [1, 2, 3].map(() => submitSheet(database, admin, frame, submission)),
    )
    expect(new Set(outcomes.map((one) => one.kind === 'stored' && one.commit)).size).toBe(1)
    const key = keyAt(frame, given(frame.rows[0]), given(frame.columns[0]))
    expect(await readHistory(database, key)).toHaveLength(1)
    const { problems } = await verifyAudit(database)
    expect(problems).toEqual([])
  })

  test('that is cut off before its end leaves drafts and record as they were', async () => {
    const frame = await freshFrame()
    await cite(admin, frame)
    await type(admin, frame, '5')
    const { seen, confirmed } = await readDiff(frame, admin, database)
    const cut = { id: randomUUID(), message: 'm', reason: 'Counted.', seen, confirmed }
    // The connection is killed in the middle of the transaction, as by a crash.
    await database.$executeRaw`CREATE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$`
    await database.$executeRaw`CREATE TRIGGER cut_off AFTER INSERT ON figure_set_events
      FOR EACH ROW EXECUTE FUNCTION cut_off()`
    await expect(submitSheet(database, admin, frame, cut)).rejects.toThrow()
    await database.$executeRaw`DROP TRIGGER cut_off ON figure_set_events`
    expect((await look(admin, frame)).mine?.typed).toBe('5')
    expect(await valueAt(frame)).toBeUndefined()
    expect(await submitSheet(database, admin, frame, cut)).toMatchObject({ state: 'published' })
    expect(await valueAt(frame)).toBe('5')
  })

  test('asks a bounded number of questions, however many cells there are', async () => {
    const wide = given(
      await readFrame(
        'programme=PSEB&rows=areas&indicator=TRAINING_SLOTS&indicator=CENTRES&period=1980-01;1980-02;1980-03;1980-04;1980-05;1980-06;1980-07;1980-08',
        catalogue,
        database,
      ),
    )
    await cite(admin, wide)
    const cells = wide.rows.flatMap((row) =>
      wide.columns.map((column) => ({ row: row.id, column: column.id, text: '7', base: null })),
    )
    expect(cells.length).toBeGreaterThan(100)
    const asked = await countQuestions(async () => {
      await saveCells(database, admin, wide, cells)
      await submit(admin, wide)
    })
    expect(asked).toBeGreaterThan(20)
    expect(asked).toBeLessThan(90)
    expect(await valueAt(wide)).toBe('7')
  })
})

/** Statements that the database is sent meanwhile. */
async function countQuestions(work: () => Promise<unknown>): Promise<number> {
  const { query } = Client.prototype
  let count = 0
  Client.prototype.query = function (this: Client, ...given: unknown[]) {
    count += 1
    return Reflect.apply(query, this, given)
  } as typeof query
  try {
    await work()
  } finally {
    Client.prototype.query = query
  }
  return count
}

describe('review', () => {
  async function proposed() {
    const frame = await freshFrame()
    await cite(editor, frame)
    await type(editor, frame, '5')
    await type(editor, frame, '6', undefined, 1)
    const outcome = await submit(editor, frame)
    if (outcome.kind !== 'stored') throw new Error(JSON.stringify(outcome))
    const seen = seenOf(await readPublic(await readMembers(outcome.id, database), database))
    return { frame, id: outcome.id, seen }
  }
  const decision = (id: string, seen: string) => ({
    id,
    step: 'approve' as const,
    version: 1,
    seen,
    comment: '',
  })

  test('approves a set as a whole, in one commit', async () => {
    const { frame, id, seen } = await proposed()
    expect(await valueAt(frame)).toBeUndefined()
    const outcome = await decideSet(database, reviewer, decision(id, seen))
    expect(outcome).toMatchObject({ kind: 'stored', state: 'published' })
    expect([await valueAt(frame), await valueAt(frame, 1)]).toEqual(['5', '6'])
    const set = given(await readSet(id, database))
    const revisions = await database.revision.findMany({ where: { commitNo: set.commit ?? 0 } })
    expect(revisions.map(({ authorId, approverId }) => [authorId, approverId])).toEqual([
      [editor.userId, reviewer.userId],
      [editor.userId, reviewer.userId],
    ])
    expect(set.steps.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'null in_review',
      'in_review published',
    ])
  })

  test('nobody approves their own while four eyes hold', async () => {
    const author = await newActor(database, 'reviewer')
    const frame = await freshFrame()
    await cite(author, frame)
    await type(author, frame, '5')
    const outcome = await submit(author, frame)
    if (outcome.kind !== 'stored') throw new Error(outcome.kind)
    expect(outcome.state).toBe('in_review')
    const seen = seenOf([null])
    expect(await decideSet(database, author, decision(outcome.id, seen))).toMatchObject({
      problem: { code: 'ownProposal' },
    })
    await changeSettings(database, admin, { attribution: 'names', fourEyes: 'everyone' })
    const strict = await freshFrame()
    await cite(admin, strict)
    await type(admin, strict, '5')
    expect(await submit(admin, strict)).toMatchObject({ state: 'in_review' })
    await changeSettings(database, admin, { attribution: 'roles', fourEyes: 'editors' })
  })

  test('of a figure published meanwhile must be looked at anew', async () => {
    const { frame, id, seen } = await proposed()
    await cite(admin, frame)
    await type(admin, frame, '4')
    await submit(admin, frame)
    expect(await decideSet(database, reviewer, decision(id, seen))).toMatchObject({
      problem: { code: 'changed' },
    })
    expect([await valueAt(frame), await valueAt(frame, 1)]).toEqual(['4', undefined])
    const anew = seenOf(await readPublic(await readMembers(id, database), database))
    expect(await decideSet(database, reviewer, decision(id, anew))).toMatchObject({
      state: 'published',
    })
    expect(await valueAt(frame)).toBe('5')
  })

  test('returns a set, which its author takes up again', async () => {
    const { frame, id, seen } = await proposed()
    const back = { ...decision(id, seen), step: 'return' as const }
    expect(await decideSet(database, reviewer, back)).toMatchObject({
      problem: { code: 'commentMissing' },
    })
    await decideSet(database, reviewer, { ...back, comment: 'The second is wrong.' })
    await type(editor, frame, '9', undefined, 1)
    expect(await resumeSet(database, editor, { id, version: 2 })).toMatchObject({
      state: 'discarded',
    })
    expect((await look(editor, frame)).mine?.typed).toBe('5')
    expect((await look(editor, frame, 1)).mine?.typed).toBe('9')
  })

  test('lists to a limited reviewer only sets that they may decide on, and counts the others', async () => {
    const [{ id }, other] = [await proposed(), await newActor(database, 'reviewer')]
    const listed = async (scopes: Scope[]) => {
      const { sets, hidden } = await setsInReview(500, scopes, database)
      return { isListed: sets.some((set) => set.id === id), hidden }
    }
    const all = await setsInReview(500, [], database)
    expect(all).toMatchObject({ count: all.sets.length, hidden: 0 })
    expect(await listed([])).toEqual({ isListed: true, hidden: 0 })
    expect(await listed([{ programme: 'PSEB', academy: null }])).toMatchObject({ isListed: true })
    expect(await listed([{ programme: 'NAVTTC', academy: null }])).toEqual({
      isListed: false,
      hidden: all.count,
    })
    await database.userScope.create({ data: { userId: other.userId, programmeCode: 'NAVTTC' } })
    const seen = seenOf(await readPublic(await readMembers(id, database), database))
    expect(await decideSet(database, other, decision(id, seen))).toMatchObject({
      problem: { code: 'outOfScope' },
    })
  })

  test('two reviewers at once: one decides', async () => {
    const { id, seen } = await proposed()
    const second = await newActor(database, 'reviewer')
    const outcomes = await Promise.all(
      [reviewer, second].map((one) => decideSet(database, one, decision(id, seen))),
    )
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['refused', 'stored'])
  })
})

describe('undo', () => {
  const undo = async (actor: Actor, commit: number, id = randomUUID()) => {
    const plan = given(await readUndo(commit, database))
    return undoCommit(database, actor, { id, commit, message: 'A wrong table', seen: plan.seen })
  }

  test('brings back what was there, and withdraws what was not, in one commit', async () => {
    const { frame } = await published(['120'])
    await type(admin, frame, '130')
    await type(admin, frame, '9', undefined, 0, 1)
    const outcome = await submit(admin, frame)
    const commit = given(outcome.kind === 'stored' ? outcome.commit : null)
    expect([await valueAt(frame), await valueAt(frame, 0, 1)]).toEqual(['130', '9'])
    const set = given(outcome.kind === 'stored' ? outcome.id : null)
    const before = await readBefore(commit, await readMembers(set, database), database)
    expect(before.map((said) => said?.value ?? null)).toEqual(['120', null])

    const undone = await undo(admin, commit)
    expect(undone).toMatchObject({ kind: 'stored', state: 'published' })
    expect((await readSet(set, database))?.undoneBy).toBe(
      undone.kind === 'stored' ? undone.commit : undefined,
    )
    expect([await valueAt(frame), await valueAt(frame, 0, 1)]).toEqual(['120', null])
    const revisions = await database.revision.findMany({
      where: { commitNo: given(undone.kind === 'stored' ? undone.commit : null) },
      orderBy: { id: 'asc' },
    })
    expect(revisions.map(({ kind, valueText, reason }) => [kind, valueText, reason])).toEqual([
      ['publication', '120', 'A wrong table'],
      ['withdrawal', null, 'A wrong table'],
    ])
    // And the undo can be taken back in its turn.
    await undo(admin, given(undone.kind === 'stored' ? undone.commit : null))
    expect([await valueAt(frame), await valueAt(frame, 0, 1)]).toEqual(['130', '9'])
  })

  test('leaves what somebody has revised since', async () => {
    const { frame, commit } = await published()
    await type(admin, frame, '125')
    await submit(admin, frame)
    const plan = given(await readUndo(commit, database))
    expect(plan.lines.map(({ obstacle }) => obstacle)).toEqual(['revisedSince', null])
    await undo(admin, commit)
    expect([await valueAt(frame), await valueAt(frame, 0, 1)]).toEqual(['125', null])
    expect(await undo(admin, commit)).toMatchObject({ problem: { code: 'nothingNew' } })
  })

  test('goes to review where four eyes hold, and has one effect', async () => {
    const { frame, commit } = await published()
    const id = randomUUID()
    expect(await undo(editor, commit, id)).toMatchObject({ state: 'in_review' })
    expect(await undo(editor, commit, id)).toMatchObject({ state: 'in_review' })
    expect(await valueAt(frame)).toBe('120')
    const seen = seenOf(await readPublic(await readMembers(id, database), database))
    await decideSet(database, reviewer, { id, step: 'approve', version: 1, seen, comment: '' })
    expect(await valueAt(frame)).toBeNull()
  })
})

describe('rules, while somebody types', () => {
  const writer = () => figureWriter(catalogue, 'en')

  /** What the grid is told of cells: the state, and what is said. */
  async function told(actor: Actor, frame: Frame, facts?: readonly CellFacts[]) {
    const sheet = facts ?? (await readSheet(frame, actor, database)).facts
    const judged = await withFindings(frame, actor, sheet, database)
    return judged
      .map((one) => cellUpdate(one, writer(), 'en'))
      .filter(({ text }) => text)
      .map(({ row, state, message }) => ({ row, state, message }))
  }

  test('a cell says what is unusual about it, and its draft is stored all the same', async () => {
    const { frame } = await published()
    const saved = await type(editor, frame, '1,250')
    expect(await told(editor, frame, saved.facts)).toMatchObject([
      { state: 'warning', message: expect.stringContaining('120') },
    ])
    await type(editor, frame, '125')
    expect(await told(editor, frame)).toMatchObject([{ state: 'saved', message: null }])
  })

  test('an error makes it invalid; it is stored, and keeps the sheet from being submitted', async () => {
    const frame = await freshFrame()
    const [rule] = (await readRules(database)).filter(({ code }) => code === 'NEGATIVE')
    const { code, kind, indicator, parameters, version } = given(rule)
    const change = { code, kind, indicator, parameters, isActive: true, note: 'Tried.' }
    await saveRule(database, admin, { ...change, version, severity: 'error' })
    const saved = await type(editor, frame, '-3')
    expect(await told(editor, frame, saved.facts)).toMatchObject([{ state: 'invalid' }])
    await cite(editor, frame)
    expect(await submit(editor, frame)).toMatchObject({ problem: { code: 'notReady' } })
    await saveRule(database, admin, { ...change, version: version + 1, severity: 'warning' })
    expect(await told(editor, frame)).toMatchObject([{ state: 'warning' }])
  })

  test('sums are judged with what else has been typed, in this request or before', async () => {
    const frame = await freshFrame()
    const country = frame.rows.findIndex(({ id }) => id === 'PK')
    const area = frame.rows.findIndex(({ id }) => id === 'PK-PB')
    await type(editor, frame, '40', undefined, country, 1)
    expect(await told(editor, frame)).toMatchObject([{ state: 'saved' }])
    await type(editor, frame, '50', undefined, area, 1)
    // One wrong sum is told once, at the total where that is among the drafts.
    expect(await told(editor, frame)).toMatchObject([
      { row: 'PK', state: 'warning' },
      { row: 'PK-PB', state: 'saved' },
    ])
    const saved = await type(editor, frame, '41', undefined, country, 1)
    expect(await told(editor, frame, saved.facts)).toMatchObject([{ row: 'PK', state: 'warning' }])
  })

  test('a source that is still missing is no matter for each cell', async () => {
    const frame = await freshFrame()
    await type(editor, frame, '125')
    expect(await told(editor, frame)).toMatchObject([{ state: 'saved', message: null }])
  })

  test('news stay the same until something is typed, published or ruled', async () => {
    const { frame } = await published()
    const stamp = async () =>
      newsStamp(frame, (await readSheet(frame, editor, database)).facts, database)
    const first = await stamp()
    expect(await stamp()).toBe(first)
    await type(editor, frame, '125')
    const typed = await stamp()
    expect(typed).not.toBe(first)
    await type(admin, frame, '121')
    await submit(admin, frame)
    expect(await stamp()).not.toBe(typed)
  })

  test('a pasted block of 372 cells takes a bounded number of questions', async () => {
    const wide = given(
      await readFrame(
        `programme=PSEB&rows=areas&indicator=TRAINING_SLOTS&indicator=CENTRES&period=${Array.from(
          { length: 24 },
          (_, n) => `${1970 + Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`,
        ).join(';')}`,
        catalogue,
        database,
      ),
    )
    const cells = wide.rows
      .flatMap((row) =>
        wide.columns.map((column) => ({ row: row.id, column: column.id, text: '7', base: null })),
      )
      .slice(0, 372)
    expect(cells).toHaveLength(372)
    const saved = await saveCells(database, editor, wide, cells)
    if (!saved.ok) throw new Error(saved.problem.code)
    let judged: CellFacts[] = []
    const asked = await countQuestions(async () => {
      judged = await withFindings(wide, editor, saved.value.facts, database)
    })
    expect(asked).toBeLessThan(14)
    expect(judged.some(({ findings }) => findings.length > 0)).toBe(true)
  })
})

describe('drafts that nobody touches', () => {
  /** Somebody with two drafts, typed so many days ago, one of them cleared again. */
  async function old(days: number) {
    const author = await newActor(database, 'editor')
    const frame = await freshFrame()
    await type(author, frame, '5')
    await type(author, frame, '6', undefined, 1)
    await type(author, frame, '7', undefined, 2)
    await type(author, frame, '', undefined, 2)
    await age(author, days)
    return { author, frame }
  }
  const age = (author: Actor, days: number) => database.$executeRaw`
    UPDATE sheet_cells SET updated_at = updated_at - ${days}::int * INTERVAL '1 day',
      kept_at = kept_at - ${days}::int * INTERVAL '1 day', expires_on = expires_on - ${days}::int
    WHERE author_id = ${author.userId}`
  const inDays = (days: number) =>
    new Date(Date.now() + (days * 24 + 5) * 3_600_000).toISOString().slice(0, 10)
  const left = ({ userId }: Actor) => database.sheetCell.count({ where: { authorId: userId } })

  test('are announced a fortnight before their day, and removed on it; both are told', async () => {
    const { author, frame } = await old(75)
    await tendDrafts(database)
    expect((await readOldDrafts(author, database)).soon).toEqual([])
    await age(author, 1)
    await tendDrafts(database)
    const told = { address: frame.address, programme: 'PSEB', count: 2 }
    expect(await readOldDrafts(author, database)).toEqual({
      soon: [{ ...told, touchedOn: inDays(-76), removedOn: inDays(14) }],
      removed: [],
    })
    await age(author, 13)
    await tendDrafts(database)
    expect(await left(author)).toBe(3)
    await age(author, 1)
    expect((await tendDrafts(database)).removed).toBeGreaterThanOrEqual(2)
    expect(await left(author)).toBe(0)
    expect(await readOldDrafts(author, database)).toEqual({
      soon: [],
      removed: [{ ...told, touchedOn: inDays(-90), removedOn: inDays(0) }],
    })
    const logged = await database.auditEntry.findMany({
      where: { action: 'draft_removals.insert' },
    })
    expect(JSON.stringify(logged)).toContain(author.userId)
    expect((await verifyAudit(database)).problems).toEqual([])
  })

  test('are never removed unannounced, however old they are', async () => {
    const { author } = await old(400)
    await tendDrafts(database)
    expect((await readOldDrafts(author, database)).soon).toMatchObject([{ removedOn: inDays(14) }])
    await age(author, 13)
    await tendDrafts(database)
    expect(await left(author)).toBe(2)
  })

  test('stay when their author types in them, or asks that they stay', async () => {
    const { author, frame } = await old(80)
    await tendDrafts(database)
    await type(author, frame, '8')
    expect((await readOldDrafts(author, database)).soon).toMatchObject([{ count: 1 }])
    const other = await newActor(database, 'editor')
    await keepDrafts(database, other, frame.address)
    expect((await readOldDrafts(author, database)).soon).toMatchObject([{ count: 1 }])
    await keepDrafts(database, author, frame.address)
    expect((await readOldDrafts(author, database)).soon).toEqual([])
    await age(author, 60)
    await tendDrafts(database)
    expect((await readOldDrafts(author, database)).soon).toEqual([])
    await age(author, 20)
    await tendDrafts(database)
    expect((await readOldDrafts(author, database)).soon).toMatchObject([{ count: 2 }])
  })

  test('stay where the setting says so, also those that were announced', async () => {
    const { author } = await old(80)
    await tendDrafts(database)
    await changeSettings(database, admin, { draftDays: 'never' })
    await tendDrafts(database)
    expect((await readOldDrafts(author, database)).soon).toEqual([])
    await changeSettings(database, admin, { draftDays: '90' })
  })
})

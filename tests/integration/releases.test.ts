import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/features/accounts/schema'
import { readFigures, readFiguresAsOf, readRevisions } from '@/features/figures/data'
import { loadFirstContent } from '@/features/imports/mutations'
import { heldFigures, readProposal } from '@/features/proposals/data'
import { decideProposal, submitFigure } from '@/features/proposals/mutations'
import type { EnteredFigure, Submission } from '@/features/proposals/schema'
import { readCalendar, readChecklist, readDueIn, releasedFigures } from '@/features/releases/data'
import {
  cancelRelease,
  createRelease,
  moveRelease,
  publishDueReleases,
  publishRelease,
} from '@/features/releases/mutations'
import { changeSettings } from '@/features/settings/mutations'
import type { Database } from '@/lib/db/client'
import { newActor } from '../support/actors'
import { type TestDatabase, testDatabase } from '../support/database'

let home: TestDatabase
let database: Database
let admin: Actor
let reviewer: Actor
let editor: Actor

beforeAll(async () => {
  home = await testDatabase()
  database = home.database
  await loadFirstContent(database)
  admin = await newActor(database, 'admin')
  reviewer = await newActor(database, 'reviewer')
  editor = await newActor(database, 'editor')
})

afterAll(() => home.drop())

let months = 0
let names = 0

function freshFigure(changes: Partial<EnteredFigure> = {}): EnteredFigure {
  months += 1
  return {
    role: 'actual',
    indicator: 'TRAINING_SLOTS',
    programme: 'PSEB',
    area: 'PK-GB',
    academy: '_T',
    sex: '_T',
    kind: 'flow',
    unit: 'PLACES_PER_YEAR',
    period: new Date(Date.UTC(1999, -months, 1)).toISOString().slice(0, 7),
    value: '7654321',
    status: 'A',
    precision: 'exact',
    source: { publisher: 'Held Gazette', title: '', publishedLabel: '', url: '' },
    note: '',
    reason: '',
    periodLabel: '',
    releasedOn: '2022-05-11',
    ...changes,
  }
}

/** A release announced for a year ahead. */
async function planned(): Promise<number> {
  names += 1
  const title = { en: `Release number ${names}`, ur: `اجرا ${names}` }
  const at = `${new Date().getUTCFullYear() + 1}-06-01 15:30`
  const slug = await createRelease(database, reviewer, { title, note: { en: '', ur: '' }, at })
  if (!slug.ok) throw new Error(slug.problem.code)
  return (await database.release.findUniqueOrThrow({ where: { slug: slug.value } })).id
}

async function submit(actor: Actor, releaseId: number | null, figure = freshFigure()) {
  const sent: Submission = {
    id: randomUUID(),
    figure,
    base: null,
    confirmed: [],
    version: null,
    releaseId,
  }
  const outcome = await submitFigure(database, actor, sent)
  expect(outcome).toMatchObject({ kind: 'stored' })
  return sent
}

const approve = (actor: Actor, id: string, version = 1) =>
  decideProposal(database, actor, { id, step: 'approve', version, comment: '' })

async function scheduled(releaseId: number, figure = freshFigure()) {
  const sent = await submit(editor, releaseId, figure)
  expect(await approve(reviewer, sent.id)).toMatchObject({ kind: 'stored', state: 'scheduled' })
  return sent
}

/** Lets the announced moment pass, as if it had been announced so long ago (milliseconds). */
const letPass = (releaseId: number, ago = 1) =>
  database.$executeRaw`
    UPDATE releases SET announced_at = clock_timestamp() - make_interval(secs => ${ago / 1000})
    WHERE id = ${releaseId}`

const today = new Date(Date.now() + 5 * 3_600_000).toISOString().slice(0, 10)

/** Every row that the public record and its downloads are made from, as one text. */
async function publicRecord(): Promise<string> {
  const commit = (await database.commit.aggregate({ _max: { no: true } }))._max.no ?? 0
  const [observations, revisions, commits, figures, asOf, history] = await Promise.all([
    database.observation.findMany(),
    database.revision.findMany({ include: { source: true } }),
    database.commit.findMany(),
    readFigures(database),
    readFiguresAsOf(database, { asOf: today, commit }),
    readRevisions(database, 'TRAINING_SLOTS'),
  ])
  const calendar = await readCalendar(database)
  return JSON.stringify({ observations, revisions, commits, figures, asOf, history, calendar })
}

const stateOf = async (id: string) => (await readProposal(database, id))?.state
const releaseState = async (id: number) =>
  (await database.release.findUniqueOrThrow({ where: { id } })).state

describe('a figure held for a release', () => {
  test('is in no row of the record before its time, and all of them are after it', async () => {
    const release = await planned()
    const first = await scheduled(release, freshFigure({ value: '918273645' }))
    const second = await scheduled(release, freshFigure({ value: '546372819' }))
    await publishDueReleases(database)
    const before = await publicRecord()
    expect(before).not.toMatch(/918273645|546372819|Held Gazette/)
    expect(before).not.toContain(first.figure.period)
    expect(await heldFigures(first.figure, database)).toMatchObject([
      { release: { id: release } },
      { release: { id: release } },
    ])

    await letPass(release)
    expect((await publishDueReleases(database)).published).toHaveLength(1)
    const after = await publicRecord()
    expect(after).toContain('918273645')
    expect(after).toContain('546372819')
    const revisions = await database.revision.findMany({
      where: { proposalId: { in: [first.id, second.id] } },
      include: { commit: true },
    })
    expect(new Set(revisions.map(({ commitNo }) => commitNo)).size).toBe(1)
    expect(revisions[0]).toMatchObject({ authorId: editor.userId, approverId: reviewer.userId })
    expect(revisions[0]?.releasedOn?.toISOString().slice(0, 10)).toBe(today)
    expect(revisions[0]?.commit.idempotencyKey).toBe(`release:${release}`)
    expect(await stateOf(first.id)).toBe('published')
    const [entry] = (await readCalendar(database)).past
    expect(entry).toMatchObject({ id: release, state: 'published', figures: 2 })
    expect(entry && (await releasedFigures(entry, database))).toHaveLength(2)
  })

  test('is public once the server is back, with the day that was announced', async () => {
    const release = await planned()
    const sent = await scheduled(release)
    await letPass(release, 3 * 24 * 3_600_000)
    await publishDueReleases(database)
    const revision = await database.revision.findFirstOrThrow({ where: { proposalId: sent.id } })
    expect(revision.releasedOn?.getTime()).toBeLessThan(Date.parse(today))
    expect(revision.recordedOn.toISOString().slice(0, 10)).toBe(today)
  })

  test('is published once by several instances at once', async () => {
    const release = await planned()
    await scheduled(release)
    await letPass(release)
    const outcomes = await Promise.all([1, 2, 3].map(() => publishDueReleases(database)))
    expect(outcomes.flatMap(({ published }) => published)).toHaveLength(1)
    const where = { releaseId: release, kind: 'published' } as const
    expect(await database.releaseEvent.count({ where })).toBe(1)
  })

  test('is published with all others of its release or not at all', async () => {
    const release = await planned()
    const good = await scheduled(release)
    const bad = await scheduled(release)
    await database.proposal.update({ where: { id: bad.id }, data: { valueText: '1'.repeat(31) } })
    await letPass(release)
    await expect(publishDueReleases(database)).rejects.toThrow('A release could not be published.')
    expect(await stateOf(good.id)).toBe('scheduled')
    expect(await database.revision.count({ where: { proposalId: good.id } })).toBe(0)
    expect(await releaseState(release)).toBe('planned')

    await database.proposal.update({ where: { id: bad.id }, data: { valueText: '12' } })
    expect((await publishDueReleases(database)).published).toHaveLength(1)
    expect(await stateOf(bad.id)).toBe('published')
  })

  test('is the later word over what was published meanwhile, which the checklist says before', async () => {
    const release = await planned()
    const held = await scheduled(release, freshFigure({ value: '200' }))
    await submit(admin, null, { ...held.figure, value: '100' })
    const { items } = await readChecklist(release, database)
    expect(items.map(({ code }) => code)).toContain('revised')
    await letPass(release)
    await publishDueReleases(database)
    const figures = await readFigures(database, { indicators: ['TRAINING_SLOTS'] })
    expect(figures.find(({ period }) => period === held.figure.period)?.value).toBe('200')
  })

  test('approved while its release is published is in it or public by itself', async () => {
    const release = await planned()
    await scheduled(release)
    const late = await submit(editor, release)
    await letPass(release)
    const [, outcome] = await Promise.all([
      publishDueReleases(database),
      approve(reviewer, late.id),
    ])
    expect(outcome).toMatchObject({ kind: 'stored' })
    expect(await stateOf(late.id)).toBe('published')
    expect(await database.revision.count({ where: { proposalId: late.id } })).toBe(1)
  })

  test('is the author’s again when a reviewer returns it', async () => {
    const release = await planned()
    const sent = await scheduled(release)
    const comment = 'The source was corrected.'
    const returned = { id: sent.id, step: 'return', version: 2, comment } as const
    expect(await decideProposal(database, reviewer, returned)).toMatchObject({ state: 'returned' })
    expect(await readProposal(database, sent.id)).toMatchObject({ approver: null })
  })
})

describe('a release', () => {
  test('is not announced for, nor moved to, a time that has passed', async () => {
    const title = { en: 'Yesterday', ur: 'کل' }
    const input = { title, note: { en: '', ur: '' }, at: '2020-01-01 10:00' }
    expect(await createRelease(database, admin, input)).toMatchObject({
      problem: { code: 'inThePast' },
    })
    const id = await planned()
    expect(await moveRelease(database, admin, { id, at: '2020-01-01 10:00' })).toMatchObject({
      problem: { code: 'inThePast' },
    })
    expect(await moveRelease(database, editor, { id, at: '2099-01-01 10:00' })).toMatchObject({
      problem: { code: 'forbidden' },
    })
  })

  test('that is moved shows the time before, in Karachi', async () => {
    const id = await planned()
    expect(await moveRelease(database, admin, { id, at: '2099-01-01 10:00' })).toMatchObject({
      ok: true,
    })
    const entry = (await readCalendar(database)).next.find((one) => one.id === id)
    expect(entry).toMatchObject({ announcedAt: '2099-01-01T05:00:00.000Z' })
    expect(entry?.moves[0]?.from).toMatch(/-06-01T10:30:00.000Z$/)
    await expect(database.releaseEvent.deleteMany({})).rejects.toThrow('append-only')
  })

  test('whose time comes with nothing approved is late, and waits for somebody', async () => {
    const release = await planned()
    const sent = await submit(editor, release)
    await letPass(release)
    expect((await publishDueReleases(database)).late).toHaveLength(1)
    expect(await releaseState(release)).toBe('late')
    expect(await approve(reviewer, sent.id)).toMatchObject({ state: 'scheduled' })
    await publishDueReleases(database)
    expect(await stateOf(sent.id)).toBe('scheduled')
    expect(await publishRelease(database, reviewer, release)).toMatchObject({ ok: true })
    expect(await stateOf(sent.id)).toBe('published')
  })

  test('that is cancelled sends what it held back to review', async () => {
    const release = await planned()
    const sent = await scheduled(release)
    const reason = 'The survey was withdrawn.'
    expect(await cancelRelease(database, admin, { id: release, reason })).toMatchObject({
      ok: true,
    })
    expect(await readProposal(database, sent.id)).toMatchObject({
      state: 'in_review',
      release: null,
      approver: null,
      comment: { text: reason },
    })
    await letPass(release)
    await publishDueReleases(database)
    expect(await stateOf(sent.id)).toBe('in_review')
    expect(await approve(reviewer, sent.id, 3)).toMatchObject({ state: 'published' })
    expect(
      await moveRelease(database, admin, { id: release, at: '2099-01-01 10:00' }),
    ).toMatchObject({ problem: { code: 'over' } })
  })

  test('is not published before its time while its checklist has an error', async () => {
    const release = await planned()
    expect(await publishRelease(database, admin, release)).toMatchObject({
      problem: { code: 'notReady' },
    })
    const held = await scheduled(release)
    await scheduled(await planned(), held.figure)
    const { items } = await readChecklist(release, database)
    expect(items.filter(({ level }) => level === 'error').map(({ code }) => code)).toEqual([
      'heldTwice',
    ])
    expect(await publishRelease(database, admin, release)).toMatchObject({ ok: false })
  })

  test('is closed to new figures once it is over', async () => {
    const release = await planned()
    await cancelRelease(database, admin, { id: release, reason: 'No survey.' })
    const sent = {
      id: randomUUID(),
      figure: freshFigure(),
      base: null,
      confirmed: [],
      version: null,
      releaseId: release,
    }
    expect(await submitFigure(database, admin, sent)).toMatchObject({
      problem: { code: 'releaseClosed' },
    })
  })

  test('that an admin filled alone is not theirs to publish once four eyes hold for everyone', async () => {
    const release = await planned()
    const sent = await submit(admin, release)
    expect(await stateOf(sent.id)).toBe('scheduled')
    await changeSettings(database, admin, { fourEyes: 'everyone', attribution: 'roles' })
    const { items } = await readChecklist(release, database)
    expect(items.map(({ code }) => code)).toContain('ownApproval')
    expect(await publishRelease(database, admin, release)).toMatchObject({
      problem: { code: 'notReady' },
    })
    await changeSettings(database, admin, { fourEyes: 'editors', attribution: 'roles' })
    expect(await publishRelease(database, admin, release)).toMatchObject({ ok: true })
  })

  test('tell how long it is to the next one', async () => {
    const release = await planned()
    await scheduled(release)
    await letPass(release, 5000)
    expect(await readDueIn(database)).toBeLessThan(-4000)
    await publishDueReleases(database)
    const after = await readDueIn(database)
    expect(after === null || after > 0).toBe(true)
  })
})

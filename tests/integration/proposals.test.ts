import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actorOf } from '@/features/accounts/data'
import type { Actor, UserRole } from '@/features/accounts/schema'
import { readFigures, readHistory } from '@/features/figures/data'
import { loadFirstContent } from '@/features/imports/mutations'
import { proposalsInReview, readProposal } from '@/features/proposals/data'
import {
  decideProposal,
  discardProposal,
  type SubmitOutcome,
  submitFigure,
} from '@/features/proposals/mutations'
import { encodeWarnings } from '@/features/proposals/rules'
import type { Decision, EnteredFigure, Submission } from '@/features/proposals/schema'
import type { Database } from '@/lib/db/client'
import { type TestDatabase, testDatabase } from '../support/database'

let home: TestDatabase
let database: Database
let admin: Actor
let reviewer: Actor
let editor: Actor

async function person(role: UserRole, database = home.database): Promise<Actor> {
  const id = randomUUID()
  await database.user.create({ data: { id, name: `A ${role}`, email: `${id}@example.org`, role } })
  return actorOf(database, id)
}

beforeAll(async () => {
  home = await testDatabase()
  database = home.database
  await loadFirstContent(database)
  admin = await person('admin')
  reviewer = await person('reviewer')
  editor = await person('editor')
})

afterAll(() => home.drop())

let taken = 0

/**
 * A figure of a key that no other test uses: a month of its own, each before those of earlier
 * tests, so that none of them is what it is compared with.
 */
function freshFigure(changes: Partial<EnteredFigure> = {}): EnteredFigure {
  taken += 1
  const month = new Date(Date.UTC(1999, -taken, 1))
  return {
    role: 'actual',
    indicator: 'TRAINING_SLOTS',
    programme: 'PSEB',
    area: 'PK-GB',
    academy: '_T',
    sex: '_T',
    kind: 'flow',
    unit: 'PLACES_PER_YEAR',
    period: month.toISOString().slice(0, 7),
    value: '1200',
    status: 'A',
    precision: 'exact',
    source: { publisher: 'Dawn', title: 'Places', publishedLabel: '2022-05-11', url: '' },
    note: '',
    reason: '',
    periodLabel: '',
    releasedOn: '2022-05-11',
    ...changes,
  }
}

function submission(figure: EnteredFigure, changes: Partial<Submission> = {}): Submission {
  return { id: randomUUID(), figure, base: null, confirmed: [], version: null, ...changes }
}

const submit = (actor: Actor, sent: Submission) => submitFigure(database, actor, sent)
const currentValue = async ({ indicator, programme, area, period }: EnteredFigure) => {
  const filter = { indicators: [indicator], programmes: [programme], areas: [area] }
  return (await readFigures(database, filter)).find((figure) => figure.period === period)?.value
}
const history = (figure: EnteredFigure) => readHistory(database, figure)
const steps = async (proposalId: string) => {
  const events = await database.proposalEvent.findMany({
    where: { proposalId },
    orderBy: { id: 'asc' },
  })
  return events.map(({ fromState, toState }) => `${fromState} ${toState}`)
}

/** How many rows there are of everything a submission could write. */
async function storedRows(from = database) {
  const [proposals, events, observations, revisions, commits, sources] = await Promise.all([
    from.proposal.count(),
    from.proposalEvent.count(),
    from.observation.count(),
    from.revision.count(),
    from.commit.count(),
    from.source.count(),
  ])
  return { proposals, events, observations, revisions, commits, sources }
}

async function proposed(figure = freshFigure()): Promise<Submission> {
  const sent = submission(figure)
  expect(await submit(editor, sent)).toMatchObject({ kind: 'stored', state: 'in_review' })
  return sent
}

const decide = (actor: Actor, decision: Partial<Decision> & { id: string }) =>
  decideProposal(database, actor, { step: 'approve', version: 1, comment: '', ...decision })

describe('an admin', () => {
  test('publishes at once: current value, revision, event and commit in one step', async () => {
    const sent = submission(freshFigure())
    expect(await submit(admin, sent)).toEqual({
      kind: 'stored',
      id: sent.id,
      state: 'published',
      indicator: 'TRAINING_SLOTS',
    })
    expect(await currentValue(sent.figure)).toBe('1200')
    expect(await steps(sent.id)).toEqual(['null published'])
    const [revision] = await database.revision.findMany({ where: { proposalId: sent.id } })
    expect(revision).toMatchObject({ authorId: admin.userId, approverId: admin.userId })
    const commit = await database.commit.findUnique({ where: { no: revision?.commitNo ?? 0 } })
    expect(commit?.idempotencyKey).toBe(`proposal:${sent.id}`)
  })
})

describe('an editor', () => {
  test('proposes; nothing is public until somebody else approves', async () => {
    const sent = await proposed()
    expect(await currentValue(sent.figure)).toBeUndefined()
    expect(await history(sent.figure)).toEqual([])

    expect(await decide(reviewer, { id: sent.id })).toMatchObject({
      kind: 'stored',
      state: 'published',
    })
    expect(await currentValue(sent.figure)).toBe('1200')
    expect(await steps(sent.id)).toEqual(['null in_review', 'in_review published'])
    const [revision] = await database.revision.findMany({ where: { proposalId: sent.id } })
    expect(revision).toMatchObject({ authorId: editor.userId, approverId: reviewer.userId })
  })

  test('edits what was returned and sends it again', async () => {
    const sent = await proposed()
    const comment = 'The source says 1,300.'
    await decide(reviewer, { id: sent.id, step: 'return', comment })
    const returned = await readProposal(database, sent.id)
    expect(returned).toMatchObject({ state: 'returned', version: 2, comment: { text: comment } })

    const figure = { ...sent.figure, value: '1300' }
    const again = submission(figure, { id: sent.id, version: 2 })
    expect(await submit(editor, again)).toMatchObject({ kind: 'stored', state: 'in_review' })
    expect(await decide(reviewer, { id: sent.id, version: 3 })).toMatchObject({ kind: 'stored' })
    expect(await currentValue(figure)).toBe('1300')
    expect(await steps(sent.id)).toEqual([
      'null in_review',
      'in_review returned',
      'returned in_review',
      'in_review published',
    ])
  })

  test('takes a proposal back; nobody can approve it then', async () => {
    const sent = await proposed()
    expect(await discardProposal(database, reviewer, { id: sent.id, version: 1 })).toMatchObject({
      problem: { code: 'notYours' },
    })
    expect(await discardProposal(database, editor, { id: sent.id, version: 1 })).toMatchObject({
      state: 'discarded',
    })
    expect(await decide(reviewer, { id: sent.id, version: 2 })).toMatchObject({
      problem: { code: 'moved' },
    })
  })
})

describe('four eyes', () => {
  test('a reviewer may not approve their own, also as an admin later', async () => {
    const sent = submission(freshFigure())
    const author = await person('reviewer')
    await submit(author, sent)
    const before = await storedRows()
    expect(await decide(author, { id: sent.id })).toMatchObject({
      problem: { code: 'ownProposal' },
    })
    await database.user.update({ where: { id: author.userId }, data: { role: 'admin' } })
    const promoted = await actorOf(database, author.userId)
    expect(await decide(promoted, { id: sent.id })).toMatchObject({
      problem: { code: 'ownProposal' },
    })
    expect(await storedRows()).toEqual(before)
    expect(await currentValue(sent.figure)).toBeUndefined()
  })

  test('an editor may not approve', async () => {
    const sent = await proposed()
    expect(await decide(await person('editor'), { id: sent.id })).toMatchObject({
      problem: { code: 'forbidden' },
    })
  })

  test('a role lost after signing in counts at once', async () => {
    const sent = await proposed()
    const former = await person('reviewer')
    await database.user.update({ where: { id: former.userId }, data: { role: 'editor' } })
    const before = await storedRows()
    expect(await decide(former, { id: sent.id })).toMatchObject({ problem: { code: 'forbidden' } })
    const gone = await person('admin')
    await database.user.update({ where: { id: gone.userId }, data: { active: false } })
    expect(await submit(gone, submission(freshFigure()))).toMatchObject({
      problem: { code: 'forbidden' },
    })
    expect(await storedRows()).toEqual(before)
  })
})

describe('one form, one effect', () => {
  test('sent again, also after the decision, it changes nothing and answers the same', async () => {
    const sent = submission(freshFigure())
    const first = await submit(admin, sent)
    const before = await storedRows()
    expect(await submit(admin, sent)).toEqual(first)
    expect(await storedRows()).toEqual(before)

    const proposal = await proposed()
    await decide(reviewer, { id: proposal.id })
    expect(await submit(editor, proposal)).toMatchObject({ kind: 'stored', state: 'published' })
    expect(await steps(proposal.id)).toHaveLength(2)
  })

  test.each([
    ['published', () => admin, 1],
    ['proposed', () => editor, 0],
  ])('sent ten times at once it is %s once', async (_, actor, revisions) => {
    const sent = submission(freshFigure())
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => submit(actor(), sent)))
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['stored']))
    expect(await steps(sent.id)).toHaveLength(1)
    expect(await history(sent.figure)).toHaveLength(revisions)
  })

  test('a sent form with another figure in it is refused, not mistaken for the first', async () => {
    const sent = submission(freshFigure())
    await submit(admin, sent)
    const before = await storedRows()
    const changed = { ...sent, figure: { ...sent.figure, value: '1201' } }
    expect(await submit(admin, changed)).toMatchObject({ problem: { code: 'sentAlready' } })
    expect(await submit(editor, sent)).toMatchObject({ problem: { code: 'notYours' } })
    expect(await storedRows()).toEqual(before)
  })

  test('ten approvals at once: one revision', async () => {
    const sent = await proposed()
    const reviewers = await Promise.all(Array.from({ length: 10 }, () => person('reviewer')))
    const outcomes = await Promise.all(reviewers.map((actor) => decide(actor, { id: sent.id })))
    expect(outcomes.filter(({ kind }) => kind === 'stored')).toHaveLength(1)
    expect(outcomes.filter(({ kind }) => kind === 'refused')).toHaveLength(9)
    expect(await history(sent.figure)).toHaveLength(1)
  })
})

describe('a figure that exists already', () => {
  async function existing() {
    const sent = submission(freshFigure())
    await submit(admin, sent)
    const [revision] = await history(sent.figure)
    return { figure: sent.figure, revision: revision?.id ?? 0 }
  }

  test('is shown first, and revised only by who has seen it', async () => {
    const { figure, revision } = await existing()
    const sent = submission({ ...figure, value: '1250' })
    const before = await storedRows()
    expect(await submit(admin, sent)).toMatchObject({
      kind: 'ask',
      existing: { newest: revision, current: { value: '1200' } },
    })
    expect(await storedRows()).toEqual(before)
    expect(await submit(admin, { ...sent, base: revision })).toMatchObject({ kind: 'stored' })
    expect(await currentValue(figure)).toBe('1250')
    expect(await history(figure)).toHaveLength(2)
  })

  test('repeated to the letter adds nothing and says so', async () => {
    const { figure, revision } = await existing()
    const before = await storedRows()
    expect(await submit(admin, submission(figure, { base: revision }))).toMatchObject({
      problem: { code: 'nothingNew' },
    })
    expect(await storedRows()).toEqual(before)
  })

  test('of an unknown period is another figure when its source is another', async () => {
    const undated = freshFigure({ period: '_U', area: 'PK-TA' })
    await submit(admin, submission(undated))
    const other = { ...undated.source, publisher: 'The News' }
    expect(await submit(admin, submission({ ...undated, source: other }))).toMatchObject({
      kind: 'stored',
    })
    expect(await submit(admin, submission({ ...undated, value: '1201' }))).toMatchObject({
      kind: 'ask',
    })
  })

  test('of 100 writers who saw the same revision one wins and 99 are shown it', async () => {
    const { figure, revision } = await existing()
    const before = await storedRows()
    const outcomes = await race(100, (n) =>
      submit(admin, submission({ ...figure, value: `${1300 + n}` }, { base: revision })),
    )
    const won = outcomes.filter(({ kind }) => kind === 'stored')
    const shown = outcomes.filter(hasExisting)
    expect(won).toHaveLength(1)
    expect(shown).toHaveLength(99)
    const after = await storedRows()
    expect(after.revisions).toBe(before.revisions + 1)
    expect(after.proposals).toBe(before.proposals + 1)
    expect(after.events).toBe(before.events + 1)
    expect(await currentValue(figure)).toBe(shown[0]?.existing.current.value)
  })

  test('of 100 writers of a new key one wins', async () => {
    const figure = freshFigure()
    const outcomes = await race(100, (n) =>
      submit(admin, submission({ ...figure, value: `${1300 + n}` })),
    )
    expect(outcomes.filter(({ kind }) => kind === 'stored')).toHaveLength(1)
    expect(outcomes.filter(hasExisting)).toHaveLength(99)
    expect(await history(figure)).toHaveLength(1)
  })
})

/**
 * Runs so many at once as there are connections, the rest as soon as one is done: on a busy machine
 * those at the end of one long queue would give up waiting for a connection.
 */
async function race<T>(count: number, run: (n: number) => Promise<T>): Promise<T[]> {
  const waiting = Array.from({ length: count }, (_, n) => n)
  const results: T[] = []
  const work = async () => {
    for (let n = waiting.pop(); n !== undefined; n = waiting.pop()) results.push(await run(n))
  }
  await Promise.all(Array.from({ length: 10 }, work))
  return results
}

type Asked = Extract<SubmitOutcome, { kind: 'ask' }>
function hasExisting(
  outcome: SubmitOutcome,
): outcome is Asked & { existing: NonNullable<Asked['existing']> } {
  return outcome.kind === 'ask' && outcome.existing !== null
}

describe('warnings', () => {
  test('are asked before anything is stored, and kept with the reason', async () => {
    const figure = freshFigure({ value: '-5' })
    const before = await storedRows()
    const asked = await submit(admin, submission(figure))
    expect(asked).toMatchObject({ kind: 'ask', warnings: [{ code: 'negative' }], existing: null })
    expect(await storedRows()).toEqual(before)

    const confirmed = encodeWarnings(asked.kind === 'ask' ? asked.warnings : [])
    expect(await submit(admin, submission(figure, { confirmed }))).toMatchObject({ kind: 'ask' })
    const reason = 'Returned places were booked here.'
    const sent = submission({ ...figure, reason }, { confirmed })
    expect(await submit(admin, sent)).toMatchObject({ kind: 'stored' })
    expect(await readProposal(database, sent.id)).toMatchObject({ warnings: confirmed, reason })
    expect((await history(figure))[0]?.reason).toBe(reason)
  })

  test('that were not confirmed ask again', async () => {
    const figure = freshFigure({ value: '-5', reason: 'Checked.' })
    const confirmed = encodeWarnings([{ code: 'percentOver100', params: {} }])
    expect(await submit(admin, submission(figure, { confirmed }))).toMatchObject({ kind: 'ask' })
  })

  test('reach the reviewer together with those that are new', async () => {
    const figure = freshFigure({ value: '-5', reason: 'Checked.' })
    const sent = submission(figure, { confirmed: ['negative?'] })
    await submit(editor, sent)
    const source = { ...figure.source, publisher: 'The News' }
    await submit(admin, submission({ ...figure, value: '7', source }))
    const items = await proposalsInReview(500, database)
    const item = items.find(({ proposal }) => proposal.id === sent.id)
    expect(item?.warnings.map(({ code }) => code)).toEqual(['negative', 'otherPublisher'])
    expect(item).toMatchObject({ current: { value: '7' }, proposal: { base: null } })
    expect(item?.proposal.reason).toBe('Checked.')
  })
})

describe('a decision', () => {
  test('on another version than the one seen is refused', async () => {
    const sent = await proposed()
    const before = await storedRows()
    expect(await decide(reviewer, { id: sent.id, version: 2 })).toMatchObject({
      kind: 'refused',
      problem: { code: 'moved' },
    })
    expect(await storedRows()).toEqual(before)
  })

  test('to return says why', async () => {
    const sent = await proposed()
    expect(await decide(reviewer, { id: sent.id, step: 'return' })).toMatchObject({
      problem: { code: 'commentMissing' },
    })
    expect(await readProposal(database, sent.id)).toMatchObject({ state: 'in_review', version: 1 })
  })

  test('on nothing is refused', async () => {
    expect(await decide(reviewer, { id: randomUUID() })).toMatchObject({
      problem: { code: 'missing' },
    })
  })

  test('over a revision that came meanwhile shows it first, and publishes once it was seen', async () => {
    const sent = await proposed()
    const published = submission({ ...sent.figure, value: '1100' })
    await submit(admin, published)
    const before = await storedRows()
    const conflict = await decide(reviewer, { id: sent.id })
    expect(conflict).toMatchObject({
      kind: 'conflict',
      existing: { current: { value: '1100' } },
    })
    expect(await storedRows()).toEqual(before)
    expect(await readProposal(database, sent.id)).toMatchObject({ state: 'in_review', version: 1 })

    const seen = conflict.kind === 'conflict' ? conflict.existing.newest : null
    expect(await decide(reviewer, { id: sent.id, seen })).toMatchObject({ kind: 'stored' })
    expect(await currentValue(sent.figure)).toBe('1200')
    expect(await readProposal(database, sent.id)).toMatchObject({ base: seen })
  })

  test('on what somebody else has published meanwhile to the letter adds nothing', async () => {
    const sent = await proposed()
    await submit(admin, submission(sent.figure))
    const [revision] = await history(sent.figure)
    expect(await decide(reviewer, { id: sent.id, seen: revision?.id ?? null })).toMatchObject({
      problem: { code: 'nothingNew' },
    })
    expect(await readProposal(database, sent.id)).toMatchObject({ state: 'in_review' })
  })
})

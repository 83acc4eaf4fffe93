import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { actorOf, readScopes } from '@/features/accounts/data'
import type { Actor, UserRole } from '@/features/accounts/schema'
import { readCatalogue } from '@/features/catalogue/data'
import { readFigureHistory, readFigures, readHistory } from '@/features/figures/data'
import { OwnApproval, publishFigures } from '@/features/figures/mutations'
import { loadFirstContent } from '@/features/imports/mutations'
import { countInReview, proposalsInReview, readProposal } from '@/features/proposals/data'
import {
  decideProposal,
  discardProposal,
  type SubmitOutcome,
  saveDraft,
  submitFigure,
  submitWithdrawal,
} from '@/features/proposals/mutations'
import { encodeWarnings, startEntry } from '@/features/proposals/rules'
import type { Decision, EnteredFigure, Submission } from '@/features/proposals/schema'
import { changeSettings } from '@/features/settings/mutations'
import type { FourEyes } from '@/features/settings/schema'
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
  admin = await newActor(home.database, 'admin')
  reviewer = await newActor(home.database, 'reviewer')
  editor = await newActor(home.database, 'editor')
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
  return {
    id: randomUUID(),
    figure,
    base: null,
    confirmed: [],
    version: null,
    releaseId: null,
    ...changes,
  }
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
      transaction: expect.any(String),
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
    const author = await newActor(home.database, 'reviewer')
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
    expect(await decide(await newActor(home.database, 'editor'), { id: sent.id })).toMatchObject({
      problem: { code: 'forbidden' },
    })
  })

  test('a role lost after signing in counts at once', async () => {
    const sent = await proposed()
    const former = await newActor(home.database, 'reviewer')
    await database.user.update({ where: { id: former.userId }, data: { role: 'editor' } })
    const before = await storedRows()
    expect(await decide(former, { id: sent.id })).toMatchObject({ problem: { code: 'forbidden' } })
    const gone = await newActor(home.database, 'admin')
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
    expect(await submit(admin, sent)).toEqual({ ...first, transaction: undefined })
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
    const reviewers = await Promise.all(
      Array.from({ length: 10 }, () => newActor(home.database, 'reviewer')),
    )
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
    const items = await proposalsInReview(500, [], database)
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

describe('the setting of four eyes', () => {
  const set = (fourEyes: FourEyes) =>
    changeSettings(database, admin, { fourEyes, attribution: 'roles' })
  afterEach(() => set('editors'))

  test('for everyone sends an admin to review too, and lets no author approve', async () => {
    await set('everyone')
    const sent = submission(freshFigure())
    expect(await submit(admin, sent)).toMatchObject({ kind: 'stored', state: 'in_review' })
    expect(await decide(admin, { id: sent.id })).toMatchObject({
      problem: { code: 'ownProposal' },
    })
    expect(await decide(reviewer, { id: sent.id })).toMatchObject({ state: 'published' })
  })

  test('off publishes at once, and a reviewer may decide on their own', async () => {
    const sent = submission(freshFigure())
    await submit(reviewer, sent)
    await set('off')
    expect(await submit(editor, submission(freshFigure()))).toMatchObject({ state: 'published' })
    expect(await decide(reviewer, { id: sent.id })).toMatchObject({ state: 'published' })
  })

  test('that is turned on again counts for the very next decision on what was proposed', async () => {
    await set('off')
    const author = await newActor(home.database, 'reviewer')
    await set('editors')
    const sent = submission(freshFigure())
    await submit(author, sent)
    await set('off')
    await set('everyone')
    expect(await decide(author, { id: sent.id })).toMatchObject({
      problem: { code: 'ownProposal' },
    })
  })

  test('holds for whoever calls the record itself', async () => {
    const direct = (actor: Actor) =>
      database.$transaction((tx) =>
        publishFigures(tx, actor, [freshFigure()], {
          kind: 'publication',
          message: '',
          idempotencyKey: randomUUID(),
        }),
      )
    await expect(direct(editor)).rejects.toThrow(OwnApproval)
    await expect(direct(reviewer)).rejects.toThrow(OwnApproval)
    await expect(direct(admin)).resolves.toMatchObject({ isNew: true })
    await set('everyone')
    await expect(direct(admin)).rejects.toThrow(OwnApproval)
    await set('off')
    await expect(direct(editor)).resolves.toMatchObject({ isNew: true })
  })

  test('stays as it is until an approval under way is through', async () => {
    await set('off')
    const sent = submission(freshFigure())
    await submit(editor, sent)
    const proposal = submission(freshFigure())
    await set('editors')
    await submit(reviewer, proposal)
    await set('off')
    let changed = false
    await database.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT value FROM settings WHERE key = 'fourEyes' FOR SHARE`
      const change = set('everyone').then(() => {
        changed = true
      })
      await new Promise((resolve) => setTimeout(resolve, 200))
      expect(changed).toBe(false)
      void change
    })
    await expect.poll(() => changed).toBe(true)
    expect(await decide(reviewer, { id: proposal.id })).toMatchObject({
      problem: { code: 'ownProposal' },
    })
  })

  test('is changed by admins alone', async () => {
    const settings = { fourEyes: 'off', attribution: 'names' } as const
    expect(await changeSettings(database, reviewer, settings)).toMatchObject({
      problem: { code: 'forbidden' },
    })
  })
})

describe('a draft', () => {
  const typedAs = async (changes: Record<string, string> = {}) => {
    const { indicators } = await readCatalogue(database)
    const indicator = indicators.find(({ code }) => code === 'TRAINING_SLOTS')
    if (!indicator) throw new Error('There is no such indicator.')
    const key = { programme: 'PSEB', area: 'PK-GB', academy: '_T', sex: '_T' }
    const place = { indicator: indicator.code, ...key }
    return startEntry(place, indicator, { value: '1.5bn', period: 'soon', ...changes })
  }
  const save = async (actor: Actor, id: string, version: number | null, changes = {}) =>
    saveDraft(
      database,
      actor,
      { id, version, typed: await typedAs(changes) },
      await readCatalogue(database),
    )

  test('keeps what was typed, also what cannot be read, and is nobody else’s', async () => {
    const id = randomUUID()
    expect(await save(editor, id, null)).toMatchObject({ kind: 'stored', state: 'draft' })
    expect(await readProposal(database, id)).toMatchObject({
      state: 'draft',
      value: '',
      typed: { value: '1.5bn', period: 'soon' },
    })
    expect(await save(reviewer, id, 1)).toMatchObject({ problem: { code: 'notYours' } })
    expect(await save(editor, id, 1, { value: '5' })).toMatchObject({ state: 'draft' })
    expect(await save(editor, id, 1, { value: '6' })).toMatchObject({ problem: { code: 'moved' } })
    expect(await readProposal(database, id)).toMatchObject({ value: '5', version: 2 })
    expect(await proposalsInReview(500, [], database)).not.toContainEqual(
      expect.objectContaining({ proposal: expect.objectContaining({ id }) }),
    )
  })

  test('is sent as a figure, once it is one', async () => {
    const id = randomUUID()
    await save(editor, id, null)
    const sent = submission(freshFigure(), { id, version: 1 })
    expect(await submit(editor, sent)).toMatchObject({ state: 'in_review' })
    expect(await submit(editor, sent)).toMatchObject({ state: 'in_review' })
    expect(await steps(id)).toEqual(['null draft', 'draft in_review'])
    expect(await save(editor, id, 2)).toMatchObject({ problem: { code: 'moved' } })
  })

  test('is thrown away by its author', async () => {
    const id = randomUUID()
    await save(editor, id, null)
    expect(await discardProposal(database, editor, { id, version: 1 })).toMatchObject({
      state: 'discarded',
    })
  })
})

describe('a withdrawal', () => {
  async function published() {
    const sent = submission(freshFigure())
    await submit(admin, sent)
    const revision = await database.revision.findFirstOrThrow({ where: { proposalId: sent.id } })
    return { figure: revision.observationId, base: revision.id, entered: sent.figure }
  }
  const withdraw = (actor: Actor, at: { figure: number; base: number | null }, reason = 'Wrong.') =>
    submitWithdrawal(database, actor, {
      id: randomUUID(),
      version: null,
      reason,
      source: null,
      figure: at.figure,
      base: at.base,
    })

  test('by an editor is reviewed; then the figure is gone and its history stays', async () => {
    const at = await published()
    const sent = await withdraw(editor, at, 'The gazette took it back.')
    if (sent.kind !== 'stored') throw new Error(sent.kind)
    expect(sent.state).toBe('in_review')
    expect(await currentValue(at.entered)).toBe('1200')
    const item = (await proposalsInReview(500, [], database)).find(
      ({ proposal }) => proposal.id === sent.id,
    )
    expect(item).toMatchObject({ current: { value: '1200' }, proposal: { purpose: 'withdrawal' } })

    expect(await decide(reviewer, { id: sent.id })).toMatchObject({ state: 'published' })
    expect(await currentValue(at.entered)).toBeUndefined()
    const history = await readFigureHistory(database, at.figure)
    expect(history?.revisions[0]).toMatchObject({
      kind: 'withdrawal',
      value: null,
      reason: 'The gazette took it back.',
      source: null,
    })
    expect(history?.revisions).toHaveLength(2)
    const { releasedOn, recordedOn, commit } = await database.revision.findFirstOrThrow({
      where: { proposalId: sent.id },
      include: { commit: true },
    })
    expect(releasedOn).toEqual(recordedOn)
    expect(commit.kind).toBe('withdrawal')
  })

  test('is taken back by a later publication', async () => {
    const at = await published()
    expect(await withdraw(admin, at)).toMatchObject({ state: 'published' })
    const newest = (await history(at.entered))[0]
    expect(await withdraw(admin, { ...at, base: newest?.id ?? null })).toMatchObject({
      problem: { code: 'withdrawnAlready' },
    })
    const releasedOn = newest?.releasedOn ?? ''
    const again = submission({ ...at.entered, releasedOn }, { base: newest?.id ?? null })
    expect(await submit(admin, again)).toMatchObject({ state: 'published' })
    expect(await currentValue(at.entered)).toBe('1200')
  })

  test('of a figure that was revised since the page was opened is refused', async () => {
    const at = await published()
    await submit(admin, submission({ ...at.entered, value: '1300' }, { base: at.base }))
    expect(await withdraw(admin, at)).toMatchObject({ problem: { code: 'figureMoved' } })
    expect(await withdraw(admin, { figure: 999_999, base: null })).toMatchObject({
      problem: { code: 'missing' },
    })
  })
})

describe('somebody limited to programmes', () => {
  async function limited(role: UserRole, programmeCode: string): Promise<Actor> {
    const actor = await newActor(home.database, role)
    await database.userScope.create({ data: { userId: actor.userId, programmeCode } })
    return actor
  }
  const refused = { kind: 'refused', problem: { code: 'outOfScope' } }

  test('enters, keeps and withdraws figures of those, and leaves nothing of others', async () => {
    const officer = await limited('editor', 'NAVTTC')
    const within = freshFigure({ programme: 'NAVTTC_SFA' })
    expect(await submit(officer, submission(within))).toMatchObject({ state: 'in_review' })

    const before = await storedRows()
    expect(await submit(officer, submission(freshFigure()))).toEqual(refused)
    const typed = startEntry(
      { indicator: 'TRAINING_SLOTS', programme: 'PSEB', area: 'PK', academy: '_T', sex: '_T' },
      (await readCatalogue(database)).indicators.find(({ code }) => code === 'TRAINING_SLOTS') ??
        never(),
      {},
    )
    const draft = { id: randomUUID(), version: null, typed }
    expect(await saveDraft(database, officer, draft, await readCatalogue(database))).toEqual(
      refused,
    )
    expect(await storedRows()).toEqual(before)

    const published = submission(freshFigure())
    await submit(admin, published)
    const { id: base, observationId } = await database.revision.findFirstOrThrow({
      where: { proposalId: published.id },
    })
    const withdrawal = { id: randomUUID(), version: null, reason: 'Wrong.', source: null }
    expect(
      await submitWithdrawal(database, officer, { ...withdrawal, base, figure: observationId }),
    ).toEqual(refused)
  })

  test('decides on those alone, and is shown no others', async () => {
    const inside = await proposed(freshFigure({ programme: 'NAVTTC_SFA' }))
    const outside = await proposed()
    const limitedReviewer = await limited('reviewer', 'NAVTTC')
    const scopes = await readScopes(database, limitedReviewer.userId)
    const listed = (await proposalsInReview(500, scopes, database)).map(
      ({ proposal }) => proposal.id,
    )
    expect(listed).toContain(inside.id)
    expect(listed).not.toContain(outside.id)
    expect(await countInReview(scopes, database)).toBe(listed.length)
    expect(await decide(limitedReviewer, { id: outside.id })).toEqual(refused)
    expect(await decide(limitedReviewer, { id: inside.id })).toMatchObject({ state: 'published' })
  })
})

function never(): never {
  throw new Error('There is no such indicator.')
}

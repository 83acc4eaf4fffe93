import { ActorRefused, readLimits, recheck } from '@/features/accounts/data'
import { inLimits } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import { type Ground, readGround } from '@/features/catalogue/data'
import { judgeFiguresApart } from '@/features/checks/data'
import {
  OwnApproval,
  type Publication,
  type Publishing,
  publishFigures,
  publishTogether,
  RevisionConflict,
  storeSources,
} from '@/features/figures/mutations'
import { entryStep, nextState, stepProblem } from '@/features/proposals/rules'
import type { ProposalState } from '@/features/proposals/schema'
import { holdFourEyes } from '@/features/settings/data'
import type { Database, Transaction } from '@/lib/db/client'
import { Prisma } from '@/lib/db/generated/client'
import type { Problem } from '@/lib/result'
import { lockSet, readMembers, readPublic, readUndo } from './data'
import {
  byFigure,
  citationOf,
  digestOf,
  encodeWarned,
  publicationOf,
  reasonOf,
  recordFindings,
  seenOf,
} from './rules'
import type {
  Change,
  Evidence,
  FigureSet,
  PublicFigure,
  SetDecision,
  SetFinding,
  SetMember,
  SetSubmission,
} from './schema'

export interface StoredSet {
  kind: 'stored'
  id: string
  state: ProposalState
  commit: number | null
  indicators: string[]
  /** What was written of its changes, by their place; empty where it was stored before. */
  revisions: Publication['revisions']
  /** As of `Publication`; null where nothing was published just now. */
  transaction: string | null
}

export type SetOutcome =
  | StoredSet
  /** Nothing was stored: warnings are to be confirmed with a reason, or errors to be mended. */
  | { kind: 'ask'; findings: SetFinding[] }
  | { kind: 'refused'; problem: Problem }

/** Rolls back what a transaction has done so far and tells why. */
export class SetRefused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code)
  }
}

/** Rolls back and asks: see `SetOutcome`. */
class SetAsks extends Error {
  constructor(readonly findings: SetFinding[]) {
    super('The set has findings that nobody has confirmed.')
  }
}

/** Runs a transaction that stores or decides on a set; what it refuses comes back as an outcome. */
export async function inSetTransaction(
  database: Database,
  work: (tx: Transaction) => Promise<SetOutcome>,
): Promise<SetOutcome> {
  try {
    return await database.$transaction(work)
  } catch (error) {
    if (error instanceof SetRefused) return { kind: 'refused', problem: error.problem }
    if (error instanceof SetAsks) return { kind: 'ask', findings: error.findings }
    if (error instanceof ActorRefused) return { kind: 'refused', problem: { code: 'forbidden' } }
    if (error instanceof OwnApproval) return { kind: 'refused', problem: { code: 'ownProposal' } }
    if (error instanceof RevisionConflict) return { kind: 'refused', problem: { code: 'changed' } }
    throw error
  }
}

/**
 * Stores changes as one set in the caller's transaction: publishes them in one commit where the
 * actor may, else proposes them as one. Sent again, a set has no second effect.
 * @throws SetRefused `forbidden`, `outOfScope`, `sentAlready`, `nothingNew`, `changed`, and what asks
 * for an answer
 */
export async function storeSet(
  tx: Transaction,
  actor: Actor,
  submission: SetSubmission,
): Promise<StoredSet> {
  const { id, changes, purpose } = submission
  await recheck(tx, actor)
  const earlier = await queuedSet(tx, actor, id)
  if (earlier) return earlier
  const step = await stepFor(tx, actor, changes)
  const known = await readPublic(changes, tx)
  refuseStale(changes, known)
  // What an undo restores was public before: no rule keeps the record from going back to it.
  const findings = purpose === 'undo' ? [] : await judgeChanges(tx, changes, known)
  const [stored] = await storeJudged(tx, actor, step, [{ submission, findings }])
  if (!stored) throw new Error(`Set ${id} was not stored.`)
  return stored
}

/** A new set, with what its caller has just asked the record in the same transaction. */
export interface NewSet {
  submission: SetSubmission
  evidence: Evidence
}

/**
 * Stores several new sets by the same few statements, each published in a commit of its own or
 * proposed: all or none of them. Their numbers are the caller's own, and no two are about one figure.
 * @param beside writes by the last of the statements, as named parts of it, what is known only then
 * @throws SetRefused as `storeSet`
 */
export async function storeSets(
  tx: Transaction,
  actor: Actor,
  sets: readonly NewSet[],
  beside: Beside,
): Promise<StoredSet[]> {
  await recheck(tx, actor)
  const all = sets.flatMap(({ submission }) => submission.changes)
  const step = await stepFor(tx, actor, all)
  for (const { submission, evidence } of sets) {
    if (submission.changes.length === 0) throw new SetRefused({ code: 'nothingNew' })
    refuseStale(submission.changes, evidence.known)
  }
  const judged = sets.map(({ submission, evidence: { findings } }) => ({ submission, findings }))
  return storeJudged(tx, actor, step, judged, beside)
}

type Beside = (stored: readonly StoredSet[]) => Prisma.Sql

/** Whether an actor publishes or sends changes for review, where they may do either. */
async function stepFor(
  tx: Transaction,
  actor: Actor,
  changes: readonly Change[],
): Promise<'publish' | 'send'> {
  const step = entryStep(actor, await holdFourEyes(tx))
  if (!step) throw new SetRefused({ code: 'forbidden' })
  if (changes.length === 0) throw new SetRefused({ code: 'nothingNew' })
  await refuseOutOfScope(tx, actor, changes)
  return step
}

function refuseStale(changes: readonly Change[], known: readonly (PublicFigure | null)[]): void {
  const isStale = changes.some(({ base }, n) => base !== (known[n]?.newest ?? null))
  if (isStale) throw new SetRefused({ code: 'changed' })
}

interface JudgedSet {
  submission: SetSubmission
  findings: readonly SetFinding[]
}

async function storeJudged(
  tx: Transaction,
  actor: Actor,
  step: 'publish' | 'send',
  sets: readonly JudgedSet[],
  beside?: Beside,
): Promise<StoredSet[]> {
  for (const { submission, findings } of sets) refuseUnconfirmed(findings, submission)
  const state = nextState(null, step)
  if (!state) throw new SetRefused({ code: 'moved' })
  const withMembers = sets.map(({ submission, findings }) => {
    const warnings = byFigure(submission.changes.length, findings)
    const members = submission.changes.map((change, n) => ({
      ...change,
      warnings: warnings[n] ?? [],
    }))
    return { submission, members }
  })
  const publications =
    state === 'published'
      ? await publishTogether(
          tx,
          actor,
          withMembers.map(({ submission, members }) =>
            publishingOf(actor, submission, members, actor.userId),
          ),
        )
      : []
  if (publications.some(({ revisions }) => revisions.length === 0)) {
    throw new SetRefused({ code: 'nothingNew' })
  }
  const stored = withMembers.map(
    ({ submission: { id, changes } }, n): StoredSet => ({
      kind: 'stored',
      id,
      state,
      commit: publications[n]?.commit ?? null,
      indicators: indicatorsOf(changes),
      revisions: publications[n]?.revisions ?? [],
      transaction: publications[n]?.transaction ?? null,
    }),
  )
  await insertSets(
    tx,
    actor,
    state,
    withMembers.map((one, n) => ({ ...one, publication: publications[n] ?? null })),
    beside ? Prisma.sql`${beside(stored)},` : Prisma.empty,
  )
  return stored
}

async function refuseOutOfScope(
  tx: Transaction,
  actor: Actor,
  changes: readonly Change[],
): Promise<void> {
  const limits = await readLimits(tx, actor)
  if (!changes.every((change) => inLimits(limits, change))) {
    throw new SetRefused({ code: 'outOfScope' })
  }
}

const indicatorsOf = (changes: readonly Change[]) => [
  ...new Set(changes.map(({ indicator }) => indicator)),
]

/** A set has no row to lock before it is stored: sent twice at once, the second waits here. */
export async function queuedSet(
  tx: Transaction,
  actor: Actor,
  id: string,
): Promise<StoredSet | null> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${id}, 0))`
  const earlier = await lockSet(tx, id)
  if (!earlier) return null
  if (earlier.author.id !== actor.userId) throw new SetRefused({ code: 'sentAlready' })
  const { state, commit } = earlier
  return { kind: 'stored', id, state, commit, indicators: [], revisions: [], transaction: null }
}

/** What the rules and the record say about changes; the index is the place of the change. */
export async function judgeChanges(
  tx: Transaction,
  changes: readonly Change[],
  known: readonly (PublicFigure | null)[],
): Promise<SetFinding[]> {
  const [findings = []] = await judgeApart(tx, [{ changes, known }], await readGround(tx))
  return findings
}

/** `judgeChanges` of several sets that know nothing of each other, at the cost of one. */
export async function judgeApart(
  tx: Transaction,
  sets: readonly { changes: readonly Change[]; known: readonly (PublicFigure | null)[] }[],
  { stamp, today }: Ground,
): Promise<SetFinding[][]> {
  const asked = sets.map(({ changes, known }) => {
    const figures = changes.flatMap((change, place) => {
      const figure = publicationOf(change, '')
      return figure ? [{ place, figure, beside: known[place] ?? null }] : []
    })
    return { figures, inputs: figures.map(({ figure }) => figure) }
  })
  const byRules = await judgeFiguresApart(
    tx,
    asked.map(({ inputs }) => inputs),
    stamp,
  )
  return asked.map(({ figures, inputs }, n) => {
    const byRecord = recordFindings(
      inputs,
      figures.map(({ beside }) => beside),
      today,
    )
    return [...(byRules[n] ?? []), ...byRecord]
      .map((one) => ({ ...one, index: figures[one.index]?.place ?? one.index }))
      .sort((a, b) => a.index - b.index)
  })
}

function refuseUnconfirmed(findings: readonly SetFinding[], submission: SetSubmission): void {
  if (findings.length === 0) return
  const isConfirmed =
    submission.confirmed === digestOf(findings) &&
    findings.every(
      ({ severity, index }) =>
        severity === 'warning' && (submission.changes[index]?.reason || submission.reason),
    )
  if (!isConfirmed) throw new SetAsks([...findings])
}

interface Said {
  id: string
  message: string
  reason: string
}

/** How the members of a set become one commit. */
function publishingOf(
  actor: Actor,
  said: Said,
  members: readonly SetMember[],
  authorId: string,
): Publishing {
  const attribution = { authorId, approverId: actor.userId, proposalId: null }
  const figures = members.flatMap((member) => publicationOf(member, reasonOf(member, said)) ?? [])
  const withdrawals = members.flatMap(({ purpose, observation, source, base }) =>
    purpose === 'withdrawal' && observation !== null
      ? {
          observationId: observation,
          reason: said.message,
          source: citationOf(source),
          baseRevision: base,
          ...attribution,
        }
      : [],
  )
  return {
    figures,
    options: {
      kind: 'publication',
      message: said.message,
      idempotencyKey: `set:${said.id}`,
      attributions: figures.map(() => attribution),
      withdrawals,
    },
  }
}

interface InsertedSet {
  submission: SetSubmission
  members: readonly SetMember[]
  publication: Publication | null
}

/** Numbers of the sources of members, where they have all been stored and all have one. */
async function sourcesOf(
  tx: Transaction,
  sets: readonly InsertedSet[],
): Promise<readonly number[]> {
  const members = sets.flatMap((one) => one.members)
  const stored = sets.flatMap(({ publication }) => publication?.sources ?? [])
  const cited = members.flatMap(({ source }) => citationOf(source) ?? [])
  const isStored = cited.length === members.length && stored.length === members.length
  return isStored ? stored : storeSources(tx, cited)
}

/** Writes sets, each with its first step and its members. */
async function insertSets(
  tx: Transaction,
  actor: Actor,
  state: ProposalState,
  sets: readonly InsertedSet[],
  beside: Prisma.Sql,
): Promise<void> {
  const stored = await sourcesOf(tx, sets)
  let next = 0
  const rows = sets.flatMap(({ submission, members }) =>
    members.map(({ source, warnings, ...member }, position) => ({
      ...member,
      set: submission.id,
      position,
      source: source ? (stored[next++] ?? null) : null,
      warnings: warnings.map(encodeWarned),
      reason: member.reason ?? '',
    })),
  )
  const given = sets.map(({ submission, members, publication }) => {
    const { id, purpose, message, reason, address, undoes } = submission
    const commit = publication?.commit ?? null
    return { id, purpose, message, reason, address, undoes, count: members.length, commit }
  })
  // One statement for all: thousands of them as values of their own take ten times as long.
  await tx.$executeRaw`
    WITH ${beside} stored AS (
      INSERT INTO figure_sets (id, purpose, state, author_id, message, reason, address, count,
        commit_no, undoes_no, token_id)
      SELECT "id", "purpose", ${state}::proposal_state, ${actor.userId}, "message", "reason",
        "address", "count", "commit", "undoes", ${actor.token?.id ?? null}::text
      FROM jsonb_to_recordset(${JSON.stringify(given)}::jsonb) AS s("id" text,
        "purpose" figure_set_purpose, "message" text, "reason" text, "address" text, "count" int,
        "commit" int, "undoes" int)
      RETURNING id
    ), step AS (
      INSERT INTO figure_set_events (set_id, to_state, actor_id)
      SELECT id, ${state}::proposal_state, ${actor.userId} FROM stored
    )
    INSERT INTO figure_set_members (set_id, position, purpose, observation_id, role, indicator_code,
      programme_code, area_code, academy_code, sex, kind, unit_code, period, value_text, status,
      "precision", source_id, note, warnings, reason, released_on, base_revision_id)
    SELECT m."set", m."position", m."purpose", m."observation", m."role", m."indicator",
      m."programme", m."area", m."academy", m."sex", m."kind", m."unit", m."period", m."value",
      m."status", m."precision", m."source", m."note", m."warnings", m."reason", m."releasedOn",
      m."base"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS m("set" text, "position" int,
      "purpose" "revision_kind", "observation" int, "role" "role", "indicator" text,
      "programme" text, "area" text, "academy" text, "sex" text, "kind" "kind", "unit" text,
      "period" text, "value" text, "status" text, "precision" "precision", "source" int,
      "note" text, "warnings" text[], "reason" text, "releasedOn" date, "base" int)`
}

async function recordStep(
  tx: Transaction,
  actor: Actor,
  setId: string,
  { from, to, comment = '' }: { from: ProposalState | null; to: ProposalState; comment?: string },
): Promise<void> {
  await tx.figureSetEvent.create({
    data: { setId, fromState: from, toState: to, actorId: actor.userId, comment },
  })
}

/**
 * Approves a set as a whole, which publishes it in one commit, or returns it to its author, or
 * takes it back. Refuses with `forbidden`, `outOfScope`, `ownProposal`, `notYours`, `moved`,
 * `missing`, `commentMissing` (a return says why), `changed` (a figure was revised since the page was made).
 */
export function decideSet(
  database: Database,
  actor: Actor,
  decision: SetDecision,
): Promise<SetOutcome> {
  return inSetTransaction(database, (tx) => decideLocked(tx, actor, decision))
}

/** `decideSet` in the caller's transaction. */
export async function decideLocked(
  tx: Transaction,
  actor: Actor,
  { id, step, version, seen, comment }: SetDecision,
): Promise<StoredSet> {
  await recheck(tx, actor)
  const set = await lockSet(tx, id)
  if (!set) throw new SetRefused({ code: 'missing' })
  const fourEyes = await holdFourEyes(tx)
  const owned = { authorId: set.author.id, state: set.state, version: set.version }
  const problem = stepProblem(actor, owned, step, version, fourEyes)
  if (problem) throw new SetRefused({ code: problem })
  if (step === 'return' && comment === '') throw new SetRefused({ code: 'commentMissing' })
  const state = nextState(set.state, step)
  if (!state) throw new SetRefused({ code: 'moved' })
  const members = await readMembers(id, tx)
  if (step !== 'discard') await refuseOutOfScope(tx, actor, members)
  const publication = step === 'approve' ? await approve(tx, actor, set, members, seen) : null
  const commit = publication?.commit ?? null
  await tx.figureSet.update({
    where: { id },
    data: { state, version: set.version + 1, commitNo: commit },
  })
  await recordStep(tx, actor, id, { from: set.state, to: state, comment })
  return {
    kind: 'stored',
    id,
    state,
    commit,
    indicators: indicatorsOf(members),
    revisions: publication?.revisions ?? [],
    transaction: publication?.transaction ?? null,
  }
}

async function approve(
  tx: Transaction,
  actor: Actor,
  set: FigureSet,
  members: readonly SetMember[],
  seen: string,
): Promise<Publication> {
  const known = await readPublic(members, tx)
  if (seenOf(known) !== seen) throw new SetRefused({ code: 'changed' })
  // The reviewer has seen what is public now, and so replaces it knowingly.
  const onTop = members.map((member, n) => ({ ...member, base: known[n]?.newest ?? null }))
  if (set.purpose === 'entry') {
    // Rules may have changed since it was sent, as may what it stands beside.
    const findings = await judgeChanges(tx, onTop, known)
    const errors = findings.filter(({ severity }) => severity === 'error')
    if (errors.length > 0) throw new SetAsks(errors)
  }
  const { figures, options } = publishingOf(actor, set, onTop, set.author.id)
  const publication = await publishFigures(tx, actor, figures, options)
  if (publication.revisions.length === 0) throw new SetRefused({ code: 'nothingNew' })
  return publication
}

export interface UndoSubmission {
  id: string
  commit: number
  message: string
  /** What the page showed: `UndoPlan.seen`. */
  seen: string
}

/**
 * Takes a commit back: each of its figures that nobody has revised since becomes what it was before,
 * as a new revision, or is withdrawn where there was none; all in one commit, or one set for review.
 * Refuses with `missing`, `changed`, `nothingNew`, `forbidden`.
 */
export function undoCommit(
  database: Database,
  actor: Actor,
  { id, commit, message, seen }: UndoSubmission,
): Promise<SetOutcome> {
  return inSetTransaction(database, async (tx) => {
    await recheck(tx, actor)
    const earlier = await queuedSet(tx, actor, id)
    if (earlier) return earlier
    const plan = await readUndo(commit, tx)
    if (!plan) throw new SetRefused({ code: 'missing' })
    if (plan.seen !== seen) throw new SetRefused({ code: 'changed' })
    return storeSet(tx, actor, {
      id,
      purpose: 'undo',
      undoes: commit,
      address: '',
      message,
      reason: '',
      confirmed: '',
      changes: plan.changes,
    })
  })
}

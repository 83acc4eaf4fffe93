import { ActorRefused, recheck } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { readHistory } from '@/features/figures/data'
import { publishFigures, RevisionConflict, storeSources } from '@/features/figures/mutations'
import type { Revision } from '@/features/figures/schema'
import type { Database, Transaction } from '@/lib/db/client'
import type { Problem } from '@/lib/result'
import { figureOf, lockProposal, readEvidence } from './data'
import {
  addsNothing,
  currentRevision,
  encodeWarnings,
  entryStep,
  newestRevision,
  nextState,
  sameEntry,
  stepProblem,
  unconfirmed,
  warningsOf,
} from './rules'
import type {
  Decision,
  EnteredFigure,
  Proposal,
  ProposalState,
  Step,
  Submission,
  Warning,
} from './schema'

/** A figure of the same key that the form has not shown yet. */
export interface Existing {
  /** What is public now. */
  current: Revision
  /** What a form that has shown it names as its base. */
  newest: number
}

export type Refusal = { kind: 'refused'; problem: Problem }

export type SubmitOutcome =
  /** It is in the record, or waits for review. */
  | { kind: 'stored'; id: string; state: ProposalState; indicator: string }
  /** Nothing was stored: first confirm the warnings, or that an existing figure is revised. */
  | { kind: 'ask'; warnings: Warning[]; existing: Existing | null }
  | Refusal

export type DecisionOutcome =
  | { kind: 'stored'; id: string; state: ProposalState; indicator: string }
  /** Nothing was stored: the key has been revised since the reviewer looked. */
  | { kind: 'conflict'; existing: Existing; figure: EnteredFigure }
  | Refusal

/** Rolls back what a transaction has done so far and tells why. */
class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code)
  }
}

/**
 * Enters a figure: publishes it where the actor may, else proposes it. The submission's id is the
 * proposal's id: sent again, a submission has no second effect. Refuses with `forbidden`,
 * `nothingNew`, `sentAlready` (the id was used for another figure), `notYours`, `moved`.
 */
export async function submitFigure(
  database: Database,
  actor: Actor,
  submission: Submission,
): Promise<SubmitOutcome> {
  try {
    return await database.$transaction((tx) => submit(tx, actor, submission))
  } catch (error) {
    if (!(error instanceof RevisionConflict)) return refusalOf(error)
    const existing = await readExisting(database, submission.figure)
    if (!existing) throw error
    return { kind: 'ask', warnings: [], existing }
  }
}

async function submit(
  tx: Transaction,
  actor: Actor,
  submission: Submission,
): Promise<SubmitOutcome> {
  await recheck(tx, actor)
  // A new proposal has no row to lock: the same form, sent twice at once, queues up here.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${submission.id}, 0))`
  const stored = await lockProposal(tx, submission.id)
  const step = stored ? 'send' : entryStep(actor)
  if (!step) throw new Refused({ code: 'forbidden' })
  if (stored) {
    if (isReplay(actor, stored, submission)) return outcome(stored)
    refuseResend(actor, stored, submission)
  }
  const question = await questionOn(tx, submission)
  if ('kind' in question) return question

  const [sourceId] = await storeSources(tx, [submission.figure.source])
  const state = nextState(stored?.state ?? null, step)
  if (sourceId === undefined || !state) throw new Error(`No way to ${step} ${submission.id}.`)
  const columns = {
    ...columnsOf(submission.figure),
    sourceId,
    state,
    warnings: encodeWarnings(question.warnings),
    baseRevisionId: question.newest,
  }
  if (stored) {
    await tx.proposal.update({
      where: { id: stored.id },
      data: { ...columns, version: stored.version + 1 },
    })
  } else {
    await tx.proposal.create({ data: { ...columns, id: submission.id, authorId: actor.userId } })
  }
  await recordStep(tx, actor, submission.id, { from: stored?.state ?? null, to: state })
  if (step === 'publish') {
    await publish(tx, actor, submission.figure, {
      id: submission.id,
      base: question.newest,
      authorId: actor.userId,
    })
  }
  return { kind: 'stored', id: submission.id, state, indicator: submission.figure.indicator }
}

function outcome({ id, state, indicator }: Proposal): SubmitOutcome {
  return { kind: 'stored', id, state, indicator }
}

/** The same form again, whatever has become of the proposal since. */
function isReplay(actor: Actor, stored: Proposal, submission: Submission): boolean {
  return (
    stored.author.id === actor.userId &&
    stored.version > (submission.version ?? 0) &&
    sameEntry(figureOf(stored), submission.figure)
  )
}

function refuseResend(actor: Actor, stored: Proposal, submission: Submission): void {
  const isOwn = stored.author.id === actor.userId
  if (isOwn && submission.version === null) throw new Refused({ code: 'sentAlready' })
  const problem = stepProblem(
    actor,
    { ...stored, authorId: stored.author.id },
    'send',
    submission.version ?? 0,
  )
  if (problem) throw new Refused({ code: problem })
}

/** What the person must be asked first; else the warnings to keep and the base to build on. */
async function questionOn(
  tx: Transaction,
  { figure, base, confirmed }: Submission,
): Promise<SubmitOutcome | { warnings: Warning[]; newest: number | null }> {
  const evidence = await readEvidence(tx, figure)
  if (addsNothing(figure, evidence.history)) throw new Refused({ code: 'nothingNew' })
  const newest = newestRevision(evidence.history)
  const warnings = warningsOf(figure, evidence)
  const existing = newest === base ? null : existingOf(evidence.history)
  const isReasonMissing = warnings.length > 0 && figure.reason === ''
  if (existing || isReasonMissing || unconfirmed(warnings, confirmed).length > 0) {
    return { kind: 'ask', warnings, existing }
  }
  return { warnings, newest }
}

function existingOf(history: readonly Revision[]): Existing | null {
  const current = currentRevision(history)
  const newest = newestRevision(history)
  return current && newest !== null ? { current, newest } : null
}

async function readExisting(tx: Transaction, figure: EnteredFigure): Promise<Existing | null> {
  return existingOf(await readHistory(tx, figure, figure.source))
}

function columnsOf(figure: EnteredFigure) {
  return {
    role: figure.role,
    indicatorCode: figure.indicator,
    programmeCode: figure.programme,
    areaCode: figure.area,
    academyCode: figure.academy,
    sex: figure.sex,
    kind: figure.kind,
    unitCode: figure.unit,
    period: figure.period,
    valueText: figure.value,
    status: figure.status,
    precision: figure.precision,
    note: figure.note,
    reason: figure.reason,
    releasedOn: new Date(`${figure.releasedOn}T00:00:00Z`),
  }
}

async function recordStep(
  tx: Transaction,
  actor: Actor,
  proposalId: string,
  { from, to, comment = '' }: { from: ProposalState | null; to: ProposalState; comment?: string },
): Promise<void> {
  await tx.proposalEvent.create({
    data: { proposalId, fromState: from, toState: to, actorId: actor.userId, comment },
  })
}

/** @throws RevisionConflict when `base` is no longer the newest revision of the key. */
async function publish(
  tx: Transaction,
  actor: Actor,
  figure: EnteredFigure,
  by: { id: string; base: number | null; authorId: string },
): Promise<void> {
  const publication = await publishFigures(tx, actor, [{ ...figure, baseRevision: by.base }], {
    kind: 'publication',
    message: figure.reason,
    idempotencyKey: `proposal:${by.id}`,
    authorId: by.authorId,
    proposalId: by.id,
  })
  if (publication.revisions.length === 0) throw new Refused({ code: 'nothingNew' })
}

/**
 * Approves a proposal, which publishes it, or returns it to its author. Four eyes: nobody decides
 * on their own. Refuses with `forbidden`, `ownProposal`, `moved`, `missing`, `commentMissing` (a
 * return says why), `nothingNew`.
 */
export async function decideProposal(
  database: Database,
  actor: Actor,
  decision: Decision,
): Promise<DecisionOutcome> {
  let figure: EnteredFigure | undefined
  try {
    return await database.$transaction(async (tx) => {
      const proposal = await lockForStep(tx, actor, decision)
      figure = figureOf(proposal)
      return decide(tx, actor, proposal, decision)
    })
  } catch (error) {
    if (!(error instanceof RevisionConflict) || !figure) return refusalOf(error)
    const existing = await readExisting(database, figure)
    if (!existing) throw error
    return { kind: 'conflict', existing, figure }
  }
}

async function decide(
  tx: Transaction,
  actor: Actor,
  proposal: Proposal,
  { step, comment, seen }: Decision,
): Promise<DecisionOutcome> {
  if (step === 'return' && comment === '') throw new Refused({ code: 'commentMissing' })
  const base = seen === undefined ? proposal.base : seen
  const state = await takeStep(tx, actor, proposal, step, {
    comment,
    ...(step === 'approve' && { base }),
  })
  if (step === 'approve') {
    const authorId = proposal.author.id
    await publish(tx, actor, figureOf(proposal), { id: proposal.id, base, authorId })
  }
  return { kind: 'stored', id: proposal.id, state, indicator: proposal.indicator }
}

/** Takes a proposal back for good; only its author can. Refuses with `notYours`, `moved`, `missing`. */
export async function discardProposal(
  database: Database,
  actor: Actor,
  { id, version }: { id: string; version: number },
): Promise<DecisionOutcome> {
  try {
    return await database.$transaction(async (tx) => {
      const proposal = await lockForStep(tx, actor, { id, version, step: 'discard' })
      const state = await takeStep(tx, actor, proposal, 'discard', {})
      return { kind: 'stored', id, state, indicator: proposal.indicator }
    })
  } catch (error) {
    return refusalOf(error)
  }
}

async function lockForStep(
  tx: Transaction,
  actor: Actor,
  { id, version, step }: { id: string; version: number; step: Exclude<Step, 'publish'> },
): Promise<Proposal> {
  await recheck(tx, actor)
  const proposal = await lockProposal(tx, id)
  if (!proposal) throw new Refused({ code: 'missing' })
  const problem = stepProblem(actor, { ...proposal, authorId: proposal.author.id }, step, version)
  if (problem) throw new Refused({ code: problem })
  return proposal
}

async function takeStep(
  tx: Transaction,
  actor: Actor,
  proposal: Proposal,
  step: Step,
  { comment = '', base }: { comment?: string; base?: number | null },
): Promise<ProposalState> {
  const state = nextState(proposal.state, step)
  if (!state) throw new Refused({ code: 'moved' })
  await tx.proposal.update({
    where: { id: proposal.id },
    data: {
      state,
      version: proposal.version + 1,
      ...(base !== undefined && { baseRevisionId: base }),
    },
  })
  await recordStep(tx, actor, proposal.id, { from: proposal.state, to: state, comment })
  return state
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refused) return { kind: 'refused', problem: error.problem }
  if (error instanceof ActorRefused) return { kind: 'refused', problem: { code: 'forbidden' } }
  throw error
}

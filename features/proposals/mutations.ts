import { ActorRefused, readScopes, recheck } from '@/features/accounts/data'
import { inScope } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import type { Catalogue } from '@/features/catalogue/schema'
import { judgeFigures } from '@/features/checks/data'
import type { Finding } from '@/features/checks/schema'
import { readHistory, readHistoryOf } from '@/features/figures/data'
import {
  OwnApproval,
  publishFigures,
  RevisionConflict,
  storeSources,
  withdrawFigure,
} from '@/features/figures/mutations'
import type { Revision } from '@/features/figures/schema'
import { holdFourEyes } from '@/features/settings/data'
import type { Database, Transaction } from '@/lib/db/client'
import type { ProposalUncheckedCreateInput } from '@/lib/db/generated/models'
import type { Problem } from '@/lib/result'
import { figureOf, holdRelease, lockProposal, readEvidence } from './data'
import {
  addsNothing,
  currentRevision,
  encodeWarnings,
  entryStep,
  newestRevision,
  nextState,
  readDraft,
  resendProblem,
  sameEntry,
  stepProblem,
  unconfirmed,
  warningsOf,
} from './rules'
import type {
  Decision,
  DraftInput,
  EnteredFigure,
  Proposal,
  ProposalState,
  Step,
  Submission,
  Warning,
  WithdrawalSubmission,
} from './schema'

/** A figure of the same key that the form has not shown yet. */
export interface Existing {
  /** What is public now. */
  current: Revision
  /** What a form that has shown it names as its base. */
  newest: number
}

export type Refusal =
  | { kind: 'refused'; problem: Problem }
  /** Rules forbid the figure; nothing was stored. */
  | { kind: 'blocked'; findings: Finding[]; unit: string }

/** What has become of a proposal. */
interface Stored {
  kind: 'stored'
  id: string
  state: ProposalState
  indicator: string
  /** As of `Publication`; null or left out where it is not known. */
  transaction?: string | null
}

export type SubmitOutcome =
  /** It is in the record, or waits for review. */
  | Stored
  /** Nothing was stored: first confirm the warnings, or that an existing figure is revised. */
  | { kind: 'ask'; warnings: Warning[]; existing: Existing | null }
  | Refusal

export type DecisionOutcome =
  | Stored
  /** Nothing was stored: the key has been revised since the reviewer looked. */
  | { kind: 'conflict'; existing: Existing; figure: EnteredFigure }
  | Refusal

/** Rolls back what a transaction has done so far and tells why. */
class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code)
  }
}

/** Rolls back what a transaction has done so far: rules forbid the figure. */
class Blocked extends Error {
  constructor(
    readonly findings: Finding[],
    readonly unit: string,
  ) {
    super(findings.map(({ rule }) => rule).join(' '))
  }
}

function refuseErrors(findings: readonly Finding[], unit: string): void {
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Blocked(errors, unit)
}

/**
 * Enters a figure: publishes it where the actor may, else proposes it; a figure that is held for a
 * release stays out of the record until then. The submission's id is the proposal's id: sent again,
 * a submission has no second effect. Refuses with `forbidden`, `nothingNew`, `sentAlready` (the id
 * was used for another figure), `notYours`, `moved`, `releaseClosed`, `outOfScope`, or as `blocked`
 * by rules.
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
  await queueUp(tx, submission.id)
  const isHeld = await holdRelease(tx, submission.releaseId)
  const stored = await lockProposal(tx, submission.id)
  const step = newStep(stored, entryStep(actor, await holdFourEyes(tx)))
  if (stored) {
    if (isReplay(actor, stored, submission)) return outcome(stored)
    refuseResend(actor, stored, submission)
  }
  await refuseOutOfScope(tx, actor, submission.figure)
  if (submission.releaseId !== null && !isHeld) throw new Refused({ code: 'releaseClosed' })
  const question = await questionOn(tx, submission)
  if ('kind' in question) return question

  const [sourceId] = await storeSources(tx, [submission.figure.source])
  if (sourceId === undefined) throw new Error(`The source of ${submission.id} was not stored.`)
  const state = await store(tx, actor, stored, submission.id, step, isHeld, {
    ...columnsOf(submission.figure),
    sourceId,
    releaseId: submission.releaseId,
    warnings: encodeWarnings(question.warnings),
    baseRevisionId: question.newest,
  })
  const transaction =
    state === 'published'
      ? await publish(tx, actor, submission.figure, {
          id: submission.id,
          base: question.newest,
          authorId: actor.userId,
          isFirst: stored === null,
        })
      : null
  const { indicator } = submission.figure
  return { kind: 'stored', id: submission.id, state, indicator, transaction }
}

async function refuseOutOfScope(
  tx: Transaction,
  actor: Actor,
  place: { programme: string; academy: string },
): Promise<void> {
  if (!inScope(await readScopes(tx, actor.userId), place)) {
    throw new Refused({ code: 'outOfScope' })
  }
}

/** A new proposal has no row to lock: the same form, sent twice at once, queues up here. */
async function queueUp(tx: Transaction, id: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${id}, 0))`
}

/** What was returned goes back to who returned it, whatever its author may do. */
function newStep(stored: Proposal | null, step: 'publish' | 'send' | null): 'publish' | 'send' {
  if (!step) throw new Refused({ code: 'forbidden' })
  return stored === null || stored.state === 'draft' ? step : 'send'
}

type Columns = Omit<ProposalUncheckedCreateInput, 'id' | 'authorId' | 'state' | 'version'>

async function store(
  tx: Transaction,
  actor: Actor,
  stored: Proposal | null,
  id: string,
  step: 'publish' | 'send' | 'draft',
  isHeld: boolean,
  columns: Columns,
): Promise<ProposalState> {
  const from = stored?.state ?? null
  const state = nextState(from, step, isHeld)
  if (!state) throw new Refused({ code: 'moved' })
  const approval = state === 'scheduled' ? { approverId: actor.userId, approvedAt: new Date() } : {}
  const data = { ...columns, ...approval, state }
  if (stored) {
    await tx.proposal.update({ where: { id }, data: { ...data, version: stored.version + 1 } })
  } else {
    await tx.proposal.create({ data: { ...data, id, authorId: actor.userId } })
  }
  if (state !== from) await recordStep(tx, actor, id, { from, to: state })
  return state
}

/**
 * Puts a form aside as it was typed, for its author alone. Refuses with `forbidden`, `formBroken`
 * (no such place), `sentAlready` (no draft any more), `notYours`, `moved`, `outOfScope`.
 */
export async function saveDraft(
  database: Database,
  actor: Actor,
  { id, version, typed }: DraftInput,
  catalogue: Catalogue,
): Promise<SubmitOutcome> {
  try {
    return await database.$transaction(async (tx) => {
      await recheck(tx, actor)
      await queueUp(tx, id)
      const stored = await lockProposal(tx, id)
      if (!entryStep(actor, 'off')) throw new Refused({ code: 'forbidden' })
      const draft = readDraft(typed, catalogue)
      if (!draft) throw new Refused({ code: 'formBroken' })
      await refuseOutOfScope(tx, actor, draft)
      if (stored) {
        const problem = resendProblem(actor, ownership(stored), version)
        if (problem) throw new Refused({ code: problem })
      }
      const state = await store(tx, actor, stored, id, 'draft', false, {
        role: draft.role,
        indicatorCode: draft.indicator,
        programmeCode: draft.programme,
        areaCode: draft.area,
        academyCode: draft.academy,
        sex: draft.sex,
        kind: draft.kind,
        unitCode: draft.unit,
        period: draft.period,
        valueText: draft.value,
        typed,
      })
      return { kind: 'stored', id, state, indicator: draft.indicator }
    })
  } catch (error) {
    return refusalOf(error)
  }
}

const ownership = ({ author, state, version }: Proposal) => ({
  authorId: author.id,
  state,
  version,
})

function outcome({ id, state, indicator }: Proposal): SubmitOutcome {
  return { kind: 'stored', id, state, indicator }
}

/** The same form again, whatever has become of the proposal since. */
function isReplay(actor: Actor, stored: Proposal, submission: Submission): boolean {
  const held = stored.release?.id ?? null
  return (
    stored.author.id === actor.userId &&
    stored.state !== 'draft' &&
    stored.version > (submission.version ?? 0) &&
    (held === null || held === submission.releaseId) &&
    sameEntry(figureOf(stored), submission.figure)
  )
}

function refuseResend(
  actor: Actor,
  stored: Proposal,
  { version }: Pick<Submission, 'version'>,
): void {
  const problem = resendProblem(actor, ownership(stored), version)
  if (problem) throw new Refused({ code: problem })
}

/**
 * Withdraws a figure, or proposes to, as `submitFigure` does with a value. Refuses with
 * `forbidden`, `missing`, `withdrawnAlready`, `figureMoved` (revised since the form was opened),
 * `sentAlready`, `notYours`, `moved`, `outOfScope`.
 */
export async function submitWithdrawal(
  database: Database,
  actor: Actor,
  submission: WithdrawalSubmission,
): Promise<SubmitOutcome> {
  try {
    return await database.$transaction((tx) => proposeWithdrawal(tx, actor, submission))
  } catch (error) {
    if (error instanceof RevisionConflict) {
      return { kind: 'refused', problem: { code: 'figureMoved' } }
    }
    return refusalOf(error)
  }
}

async function proposeWithdrawal(
  tx: Transaction,
  actor: Actor,
  { id, base, version, figure: observationId, reason, source }: WithdrawalSubmission,
): Promise<SubmitOutcome> {
  await recheck(tx, actor)
  await queueUp(tx, id)
  const stored = await lockProposal(tx, id)
  const step = newStep(stored, entryStep(actor, await holdFourEyes(tx)))
  if (stored) {
    const isSame = stored.observation === observationId && stored.reason === reason
    const isSentAgain = isSame && stored.version > (version ?? 0)
    if (isSentAgain && stored.author.id === actor.userId) return outcome(stored)
    refuseResend(actor, stored, { version })
  }
  const figure = await tx.observation.findUnique({ where: { id: observationId } })
  const history = await readHistoryOf(tx, observationId)
  const current = currentRevision(history)
  if (!figure || !current) throw new Refused({ code: 'missing' })
  const { programmeCode: programme, academyCode: academy } = figure
  await refuseOutOfScope(tx, actor, { programme, academy })
  if (current.value === null) throw new Refused({ code: 'withdrawnAlready' })
  if (newestRevision(history) !== base) throw new Refused({ code: 'figureMoved' })

  const [sourceId = null] = source ? await storeSources(tx, [source]) : []
  const state = await store(tx, actor, stored, id, step, false, {
    purpose: 'withdrawal',
    observationId,
    role: figure.role,
    indicatorCode: figure.indicatorCode,
    programmeCode: figure.programmeCode,
    areaCode: figure.areaCode,
    academyCode: figure.academyCode,
    sex: figure.sex,
    kind: figure.kind,
    unitCode: figure.unitCode,
    period: figure.period,
    valueText: current.value,
    status: current.status,
    precision: current.precision,
    sourceId,
    reason,
    baseRevisionId: base,
  })
  if (state === 'published') {
    const attribution = { authorId: actor.userId, approverId: actor.userId, proposalId: id }
    await withdrawFigure(
      tx,
      actor,
      { observationId, reason, source, baseRevision: base },
      { idempotencyKey: `proposal:${id}`, attribution },
    )
  }
  return { kind: 'stored', id, state, indicator: figure.indicatorCode }
}

/** What the person must be asked first; else the warnings to keep and the base to build on. */
async function questionOn(
  tx: Transaction,
  { figure, base, confirmed }: Submission,
): Promise<SubmitOutcome | { warnings: Warning[]; newest: number | null }> {
  const evidence = await readEvidence(tx, figure)
  if (addsNothing(figure, evidence.history)) throw new Refused({ code: 'nothingNew' })
  refuseErrors(evidence.findings, figure.unit)
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

/**
 * The value is the number that PostgreSQL gave the transaction.
 * @throws RevisionConflict when `base` is no longer the newest revision of the key.
 */
async function publish(
  tx: Transaction,
  actor: Actor,
  figure: EnteredFigure,
  by: { id: string; base: number | null; authorId: string; isFirst?: boolean },
): Promise<string | null> {
  const publication = await publishFigures(tx, actor, [{ ...figure, baseRevision: by.base }], {
    kind: 'publication',
    message: figure.reason,
    idempotencyKey: `proposal:${by.id}`,
    attributions: [{ authorId: by.authorId, approverId: actor.userId, proposalId: by.id }],
    isFirst: by.isFirst ?? false,
  })
  if (publication.revisions.length === 0) throw new Refused({ code: 'nothingNew' })
  return publication.transaction
}

/**
 * Approves a proposal, which publishes it or keeps it back for its release, or returns it to its
 * author. Where four eyes hold, nobody decides on their own. Refuses with `forbidden`,
 * `ownProposal`, `moved`, `missing`, `commentMissing` (a return says why), `nothingNew`,
 * `outOfScope`.
 */
export async function decideProposal(
  database: Database,
  actor: Actor,
  decision: Decision,
): Promise<DecisionOutcome> {
  let proposal: Proposal | undefined
  try {
    return await database.$transaction(async (tx) => {
      const locked = await lockForStep(tx, actor, decision)
      proposal = locked.proposal
      return decide(tx, actor, locked, decision)
    })
  } catch (error) {
    if (!(error instanceof RevisionConflict) || !proposal) return refusalOf(error)
    const existing = existingOf(await historyOf(database, proposal))
    if (!existing) throw error
    return { kind: 'conflict', existing, figure: figureOf(proposal) }
  }
}

interface Locked {
  proposal: Proposal
  /** Whether it is kept back for a release once it is approved. */
  isHeld: boolean
}

async function decide(
  tx: Transaction,
  actor: Actor,
  { proposal, isHeld }: Locked,
  { step, comment, seen }: Decision,
): Promise<DecisionOutcome> {
  if (step === 'return' && comment === '') throw new Refused({ code: 'commentMissing' })
  const base = seen === undefined ? proposal.base : seen
  const isApproval = step === 'approve'
  if (isApproval && proposal.purpose === 'publication') {
    // Rules may have changed since it was sent, as may what it stands beside.
    refuseErrors(await judgeFigures(tx, [figureOf(proposal)]), proposal.unit)
  }
  const state = await takeStep(tx, actor, proposal, step, {
    comment,
    isHeld,
    columns: {
      ...(isApproval && { baseRevisionId: base }),
      ...(isApproval && isHeld && { approverId: actor.userId, approvedAt: new Date() }),
      ...(!isApproval && { approverId: null, approvedAt: null }),
    },
  })
  if (state === 'scheduled') await refuseUnseen(tx, proposal, base)
  const transaction =
    state === 'published' ? await publishProposal(tx, actor, proposal, base) : null
  return { kind: 'stored', id: proposal.id, state, indicator: proposal.indicator, transaction }
}

const historyOf = (tx: Transaction, proposal: Proposal) =>
  proposal.observation === null
    ? readHistory(tx, proposal, proposal.source)
    : readHistoryOf(tx, proposal.observation)

/** @throws RevisionConflict when the key has another newest revision than the one seen. */
async function refuseUnseen(
  tx: Transaction,
  proposal: Proposal,
  base: number | null,
): Promise<void> {
  const newest = newestRevision(await historyOf(tx, proposal))
  if (newest !== base) throw new RevisionConflict(0, newest)
}

async function publishProposal(
  tx: Transaction,
  actor: Actor,
  proposal: Proposal,
  base: number | null,
): Promise<string | null> {
  const { id, author, observation, reason, source } = proposal
  if (observation === null) {
    return publish(tx, actor, figureOf(proposal), { id, base, authorId: author.id })
  }
  const cited = source.publisher === '' ? null : (source as EnteredFigure['source'])
  await withdrawFigure(
    tx,
    actor,
    { observationId: observation, reason, source: cited, baseRevision: base },
    {
      idempotencyKey: `proposal:${id}`,
      attribution: { authorId: author.id, approverId: actor.userId, proposalId: id },
    },
  )
  return null
}

/** Takes a proposal back for good; only its author can. Refuses with `notYours`, `moved`, `missing`. */
export async function discardProposal(
  database: Database,
  actor: Actor,
  { id, version }: { id: string; version: number },
): Promise<DecisionOutcome> {
  try {
    return await database.$transaction(async (tx) => {
      const { proposal } = await lockForStep(tx, actor, { id, version, step: 'discard' })
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
  { id, version, step }: { id: string; version: number; step: 'approve' | 'return' | 'discard' },
): Promise<Locked> {
  await recheck(tx, actor)
  const known = await tx.proposal.findUnique({ where: { id }, select: { releaseId: true } })
  const isHeld = await holdRelease(tx, known?.releaseId ?? null)
  const proposal = await lockProposal(tx, id)
  if (!proposal) throw new Refused({ code: 'missing' })
  if (step !== 'discard') await refuseOutOfScope(tx, actor, proposal)
  const fourEyes = await holdFourEyes(tx)
  const problem = stepProblem(actor, ownership(proposal), step, version, fourEyes)
  if (problem) throw new Refused({ code: problem })
  if ((proposal.release?.id ?? null) !== known?.releaseId) throw new Refused({ code: 'moved' })
  return { proposal, isHeld }
}

async function takeStep(
  tx: Transaction,
  actor: Actor,
  proposal: Pick<Proposal, 'id' | 'state' | 'version'>,
  step: Step,
  {
    comment = '',
    isHeld = false,
    columns = {},
  }: { comment?: string; isHeld?: boolean; columns?: Partial<StepColumns> },
): Promise<ProposalState> {
  const state = nextState(proposal.state, step, isHeld)
  if (!state) throw new Refused({ code: 'moved' })
  await tx.proposal.update({
    where: { id: proposal.id },
    data: { ...columns, state, version: proposal.version + 1 },
  })
  await recordStep(tx, actor, proposal.id, { from: proposal.state, to: state, comment })
  return state
}

interface StepColumns {
  baseRevisionId: number | null
  releaseId: number | null
  approverId: string | null
  approvedAt: Date | null
}

/** The proposals of a release that are public now, by its commit. The caller has locked them. */
export async function markReleased(
  tx: Transaction,
  actor: Actor,
  proposals: readonly Proposal[],
): Promise<void> {
  await tx.proposal.updateMany({
    where: { id: { in: proposals.map(({ id }) => id) } },
    data: { state: 'published', version: { increment: 1 } },
  })
  await tx.proposalEvent.createMany({
    data: proposals.map(({ id, state }) => ({
      proposalId: id,
      fromState: state,
      toState: 'published' as const,
      actorId: actor.userId,
    })),
  })
}

/**
 * Takes a cancelled release's proposals out of it: what was approved for it is reviewed anew. A
 * page opened before shows another version by then. The caller has locked the release.
 */
export async function recallProposals(
  tx: Transaction,
  actor: Actor,
  releaseId: number,
  reason: string,
): Promise<void> {
  const proposals = await tx.proposal.findMany({
    where: { releaseId, state: { in: ['scheduled', 'in_review', 'returned'] } },
    orderBy: { id: 'asc' },
  })
  for (const { id, state, version } of proposals) {
    const to = nextState(state, 'recall') ?? state
    await tx.proposal.update({
      where: { id },
      data: {
        state: to,
        version: version + 1,
        releaseId: null,
        approverId: null,
        approvedAt: null,
      },
    })
    await recordStep(tx, actor, id, { from: state, to, comment: reason })
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Blocked) {
    return { kind: 'blocked', findings: error.findings, unit: error.unit }
  }
  if (error instanceof Refused) return { kind: 'refused', problem: error.problem }
  if (error instanceof ActorRefused) return { kind: 'refused', problem: { code: 'forbidden' } }
  if (error instanceof OwnApproval) return { kind: 'refused', problem: { code: 'ownProposal' } }
  throw error
}

import { createHash, randomUUID } from 'node:crypto'
import { ActorRefused, recheck } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { type Ground, groundColumns } from '@/features/catalogue/data'
import { RevisionConflict } from '@/features/figures/mutations'
import { entryStep } from '@/features/proposals/rules'
import { SetRefused, type StoredSet, storeSet } from '@/features/sets/mutations'
import { digestOf } from '@/features/sets/rules'
import { holdFourEyes } from '@/features/settings/data'
import type { Database, Transaction } from '@/lib/db/client'
import { fail, ok, type Result } from '@/lib/result'
import { type JudgedBatch, type JudgedRow, judgeBatch } from './data'
import type { Batch, Remark } from './rules'
import { inTwo } from './rules'
import {
  type BatchAnswer,
  type BatchOutcome,
  type Counts,
  keptDays,
  type RowProblem,
  type RowReport,
} from './schema'

/** What is answered, as it is kept for whoever sends the same again. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body: string
}

export type TakenBatch =
  | { kind: 'answered'; answer: Answer; isReplayed: boolean; indicators: string[] }
  /** Rows are wrong, or have been revised since; nothing is stored. */
  | { kind: 'refused'; isConflict: boolean; counts: Counts; rows: RowReport[] }

/** How the texts of remarks are found. */
export type Say = (remark: Remark, unit: string) => string
const sayNothing: Say = () => ''

export interface Sending {
  /** Null of a dry run. */
  key: string | null
  /** Stands for all that was sent. */
  fingerprint: string
  /** Asked for only where something is to be said. */
  words: () => Promise<Say>
  /** The address of a set. */
  addressOf: (set: string) => string
}

const patient = { timeout: 120_000, maxWait: 10_000 }
const mostTries = 3

/**
 * Takes a batch of figures as its author's forms would: all of it in one commit, or as one set that
 * waits for review, or nothing. Sent again under its key, it has no second effect, and the first
 * answer is given once more; what was refused is not kept, as it had no effect. Fails with
 * `underWay` (the same key at the same time), `otherBody` (the key was used for something else),
 * `forbidden` (the actor may not any more), `busy` (others publish the same figures all the time).
 */
export async function takeBatch(
  database: Database,
  actor: Actor,
  batch: Batch,
  sending: Sending,
): Promise<Result<TakenBatch>> {
  for (let tries = 1; ; tries++) {
    try {
      return await database.$transaction((tx) => takeOnce(tx, actor, batch, sending), patient)
    } catch (error) {
      if (error instanceof ActorRefused) return fail('forbidden')
      const isRaced = error instanceof RevisionConflict || error instanceof SetRefused
      if (isRaced && tries < mostTries) continue
      if (isRaced) return fail('busy')
      // A connection can be cut after its COMMIT has arrived: the record knows what became of it.
      const before = await readBefore(database, actor, sending).catch(() => null)
      if (before?.kept) return before.kept
      throw error
    }
  }
}

async function takeOnce(
  tx: Transaction,
  actor: Actor,
  batch: Batch,
  sending: Sending,
): Promise<Result<TakenBatch>> {
  const lock = sending.key === null ? null : `batch:${actor.userId}:${sending.key}`
  const [row] = await tx.$queryRaw<{ isFree: boolean | null }[]>`
    SELECT set_config('statement_timeout', '60s', true), set_config('lock_timeout', '30s', true),
      set_config('idle_in_transaction_session_timeout', '60s', true),
      pg_try_advisory_xact_lock(hashtextextended(${lock}::text, 0)) AS "isFree"`
  if (lock !== null && !row?.isFree) return fail('underWay')
  // By a statement of its own, which sees what whoever had the lock before has stored.
  const { kept, ground } = await readBefore(tx, actor, sending)
  if (kept) return kept
  await recheck(tx, actor)
  const judged = await judgeBatch(tx, actor, batch, ground)
  const { rows } = judged
  const isWrong = rows.some(({ outcome }) => outcome === 'refused' || outcome === 'conflict')
  const say = rows.some(({ remarks }) => remarks.length > 0) ? await sending.words() : sayNothing
  if (isWrong) return ok(refusal(rows, say))
  const step = entryStep(actor, await holdFourEyes(tx))
  if (!step) return fail('forbidden')
  if (batch.isDry || sending.key === null) return ok(dryRun(judged, step, say))
  return ok(await store(tx, actor, batch, judged, { ...sending, say }))
}

function refusal(rows: readonly JudgedRow[], say: Say): TakenBatch {
  return {
    kind: 'refused',
    isConflict: rows.every(({ outcome }) => outcome !== 'refused'),
    counts: countsOf(rows),
    rows: rows.map((row) => reported(row, say)),
  }
}

function dryRun({ rows, changes }: JudgedBatch, step: 'publish' | 'send', say: Say): TakenBatch {
  const wouldBe = step === 'publish' ? 'published' : 'in_review'
  const body: BatchAnswer = {
    outcome: 'checked',
    would: changes.length === 0 ? 'unchanged' : wouldBe,
    set: null,
    commit: null,
    counts: countsOf(rows),
    rows: rows.map((row) => reported(row, say)),
  }
  const answer = { status: 200, headers: {}, body: `${JSON.stringify(body)}\n` }
  return { kind: 'answered', answer, isReplayed: false, indicators: [] }
}

async function store(
  tx: Transaction,
  actor: Actor,
  batch: Batch,
  { rows, changes, known, findings }: JudgedBatch,
  sending: Sending & { say: Say },
): Promise<TakenBatch> {
  const id = randomUUID()
  const stored =
    changes.length === 0
      ? null
      : await storeSet(
          tx,
          actor,
          {
            id,
            purpose: 'entry',
            undoes: null,
            address: '',
            message: batch.message,
            reason: batch.reason,
            confirmed: findings.length > 0 ? digestOf(findings) : '',
            changes,
          },
          { known, findings },
        )
  const outcome = (stored?.state ?? 'unchanged') as BatchOutcome
  if (stored) renumber(rows, stored.revisions)
  const address = stored && sending.addressOf(id)
  const body: BatchAnswer = {
    outcome,
    set: address ? { id, address } : null,
    commit: stored?.commit ?? null,
    counts: countsOf(rows),
    rows: rows.map((row) => reported(row, sending.say)),
  }
  const statuses = { published: 201, in_review: 202, unchanged: 200 }
  const answer: Answer = {
    status: statuses[outcome],
    headers: address ? { Location: address } : {},
    body: `${JSON.stringify(body)}\n`,
  }
  await keep(tx, actor, sending, answer)
  const indicators = outcome === 'published' ? (stored?.indicators ?? []) : []
  return { kind: 'answered', answer, isReplayed: false, indicators }
}

/** After publication: the numbers by which the next batch names what it starts from. */
function renumber(rows: readonly JudgedRow[], revisions: StoredSet['revisions']): void {
  const changed = rows.filter(({ outcome }) => outcome === 'new' || outcome === 'changed')
  for (const { index, id, observationId } of revisions) {
    const row = changed[index]
    if (!row) continue
    row.observation = observationId
    row.newest = id
  }
}

function countsOf(rows: readonly JudgedRow[]): Counts {
  const count = (outcome: JudgedRow['outcome']) =>
    rows.filter((row) => row.outcome === outcome).length
  return {
    rows: rows.length,
    new: count('new'),
    changed: count('changed'),
    same: count('same'),
    refused: count('refused'),
    conflicts: count('conflict'),
    warnings: rows.filter(({ remarks }) => remarks.some(({ severity }) => severity === 'warning'))
      .length,
  }
}

function reported(row: JudgedRow, say: Say): RowReport {
  return {
    row: row.row,
    ...(row.line !== null && { line: row.line }),
    outcome: row.outcome,
    ...(row.observation !== null && { observation: row.observation }),
    ...(row.newest !== null && { revision: String(row.newest) }),
    ...(row.remarks.length > 0 && {
      problems: row.remarks.map(
        (remark): RowProblem => ({
          field: remark.field,
          value: remark.value,
          severity: remark.severity,
          code: remark.code,
          ...inTwo(say(remark, row.unit)),
        }),
      ),
    }),
    ...(row.conflict && { conflict: row.conflict }),
  }
}

// Answers that are kept

/** What a batch is told apart by under one key. */
export const fingerprintOf = (parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}

type KeptRow = Ground & Answer & { fingerprint: string | null }

/** What was answered to the same before, and what a batch is judged on. */
async function readBefore(
  database: Database | Transaction,
  actor: Actor,
  sending: Sending,
): Promise<{ kept: Result<TakenBatch> | null; ground: Ground }> {
  const [row] = await database.$queryRaw<KeptRow[]>`
    SELECT ${groundColumns}, k.fingerprint, k.status, k.headers, k.body
    FROM (VALUES (1)) AS one LEFT JOIN kept_answers k
      ON k.user_id = ${actor.userId} AND k.key = ${sending.key}::text`
  if (!row) throw new Error('The database did not tell the day.')
  const { stamp, today } = row
  return { kept: keptAnswer(row, sending), ground: { stamp, today } }
}

function keptAnswer(row: KeptRow, { fingerprint }: Sending): Result<TakenBatch> | null {
  if (row.fingerprint === null) return null
  if (row.fingerprint !== fingerprint) return fail('otherBody')
  const { status, headers, body } = row
  const answer = { status, headers, body }
  return ok({ kind: 'answered', answer, isReplayed: true, indicators: [] })
}

async function keep(
  tx: Transaction,
  actor: Actor,
  { key, fingerprint }: Sending,
  answer: Answer,
): Promise<void> {
  if (key === null) throw new Error('A batch is stored under a key.')
  const { status, headers, body } = answer
  await tx.$executeRaw`
    WITH old AS (
      DELETE FROM kept_answers WHERE created_at < now() - make_interval(days => ${keptDays}::int)
    )
    INSERT INTO kept_answers (user_id, key, fingerprint, status, headers, body)
    VALUES (${actor.userId}, ${key}, ${fingerprint}, ${status}::int,
      ${JSON.stringify(headers)}::jsonb, ${body})`
}

import { AsyncResource } from 'node:async_hooks'
import { createHash, randomUUID } from 'node:crypto'
import {
  ActorRefused,
  type LimitRow,
  limitsColumn,
  noteLimits,
  recheck,
} from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { type Ground, groundColumns } from '@/features/catalogue/data'
import { RevisionConflict } from '@/features/figures/mutations'
import { entryStep } from '@/features/proposals/rules'
import { type NewSet, SetRefused, type StoredSet, storeSets } from '@/features/sets/mutations'
import { digestOf } from '@/features/sets/rules'
import { fourEyesColumn, holdFourEyes, noteFourEyes } from '@/features/settings/data'
import type { Database, Transaction } from '@/lib/db/client'
import { Prisma } from '@/lib/db/generated/client'
import { Places } from '@/lib/places'
import { fail, ok, type Result } from '@/lib/result'
import { Together } from '@/lib/together'
import { type JudgedBatch, type JudgedRow, judgeBatches, keyName } from './data'
import type { Batch, Remark } from './rules'
import { inTwo, roughName } from './rules'
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
  | {
      kind: 'answered'
      answer: Answer
      isReplayed: boolean
      indicators: string[]
      /** The number of the transaction that has published them; null where none has just now. */
      transaction: string | null
    }
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

/** Each holds a connection for as long as a transaction takes: readers must find some too. */
const places = new Places(3, 15_000)

/** Batches that are small enough are taken together; of those, so many at most. */
const together = { rows: 20, batches: 100 }

interface Sent {
  actor: Actor
  batch: Batch
  sending: Sending
}

type Taken = Result<TakenBatch>
/** Batches of one actor. */
type Several = readonly [Sent, ...Sent[]]

/**
 * Takes a batch of figures as its author's forms would: all of it in one commit, or as one set that
 * waits for review, or nothing. Sent again under its key, it has no second effect, and the first
 * answer is given once more; what was refused is not kept, as it had no effect. Fails with
 * `underWay` (the same key at the same time), `otherBody` (the key was used for something else),
 * `forbidden` (the actor may not any more), `busy` (others publish the same figures all the time),
 * `crowded` (too many do at once).
 */
export function takeBatch(
  database: Database,
  actor: Actor,
  batch: Batch,
  sending: Sending,
): Promise<Taken> {
  const isSmall = sending.key !== null && !batch.isDry && batch.rows.length <= together.rows
  if (!isSmall) return takeAlone(database, { actor, batch, sending })
  // Whoever writes for several asks for the words of each in the request that they are for.
  const words = AsyncResource.bind(sending.words)
  return queueOf(database, actor).take({ actor, batch, sending: { ...sending, words } })
}

const queues = new WeakMap<Database, Map<string, Queue>>()

/** Small batches of one actor, who alone answers for whatever a transaction does. */
function queueOf(database: Database, actor: Actor): Queue {
  const { userId, role, token } = actor
  const name = JSON.stringify([userId, role, token])
  const known = queues.get(database) ?? new Map<string, Queue>()
  queues.set(database, known)
  const queue = known.get(name) ?? new Queue(database, () => known.delete(name))
  known.set(name, queue)
  return queue
}

/** Takes together the batches that come while others of their actor are being written. */
class Queue {
  readonly #keys = new Set<string>()
  readonly #work: Together<Sent, Taken>

  /** @param forget called when nobody waits any more */
  constructor(
    database: Database,
    private readonly forget: () => void,
  ) {
    this.#work = new Together((sent) => takeTogether(database, sent), chooseNext)
  }

  async take(sent: Sent): Promise<Taken> {
    const { key } = sent.sending
    if (key === null || this.#keys.has(key)) return fail('underWay')
    this.#keys.add(key)
    try {
      return await this.#work.ask(sent)
    } finally {
      this.#keys.delete(key)
      if (this.#keys.size === 0) this.forget()
    }
  }
}

/** Those that go next, in their order: of what looks like one figure, the first alone. */
function chooseNext(sent: readonly Sent[]): Set<number> {
  const chosen = new Set<number>()
  const named = new Set<string>()
  for (const [place, { batch }] of sent.entries()) {
    if (chosen.size === together.batches) break
    const names = batch.rows.map(roughName)
    // Those that are passed over have their turn before whoever comes after them.
    if (!names.some((name) => named.has(name))) chosen.add(place)
    for (const name of names) named.add(name)
  }
  return chosen
}

/**
 * Takes batches of one actor in one transaction, each with a commit, a set and an answer of its own.
 * Where that fails, for whatever reason, nothing of it is there, and each is taken as if it had come
 * alone: what makes one fail is no business of the others.
 */
async function takeTogether(
  database: Database,
  sent: readonly Sent[],
): Promise<(Taken | Promise<Taken>)[]> {
  const alone = (one: Sent) => takeAlone(database, one)
  const [first, ...others] = sent
  if (!first || others.length === 0) return sent.map(alone)
  const work = () => database.$transaction((tx) => takeOnce(tx, [first, ...others]), patient)
  const taken = await places.use(work).catch(() => sent.map(() => null))
  if (taken === null) return sent.map(() => fail('crowded'))
  return sent.map((one, n) => taken[n] ?? alone(one))
}

async function takeAlone(database: Database, sent: Sent): Promise<Taken> {
  const taken = await places.use(() => tryAlone(database, sent))
  return taken ?? fail('crowded')
}

async function tryAlone(database: Database, sent: Sent): Promise<Taken> {
  for (let tries = 1; ; tries++) {
    try {
      const [taken] = await database.$transaction((tx) => takeOnce(tx, [sent]), patient)
      if (!taken) throw new Error('A batch was not taken.')
      return taken
    } catch (error) {
      if (error instanceof ActorRefused) return fail('forbidden')
      const isRaced = error instanceof RevisionConflict || error instanceof SetRefused
      if (isRaced && tries < mostTries) continue
      if (isRaced) return fail('busy')
      // A connection can be cut after its COMMIT has arrived: the record knows what became of it.
      const [before] = (await readBefore(database, [sent]).catch(() => null))?.kept ?? []
      if (before) return before
      throw error
    }
  }
}

/**
 * Takes batches of one actor in the caller's transaction. The value is null for one that is about a
 * figure of an earlier one: it must know what that has said.
 */
async function takeOnce(tx: Transaction, sent: Several): Promise<(Taken | null)[]> {
  const [{ actor }] = sent
  const isFree = await lockKeys(tx, sent)
  await recheck(tx, actor)
  // By a statement of its own, which sees what whoever had these locks before has stored.
  const { kept, ground, limits, fourEyes } = await readBefore(tx, sent)
  noteLimits(tx, actor, limits)
  noteFourEyes(tx, fourEyes)
  const taken = sent.map((_, n) => (isFree[n] ? (kept[n] ?? null) : fail('underWay')))
  const open = sent.flatMap((one, place) => (taken[place] ? [] : [{ ...one, place }]))
  if (open.length === 0) return taken
  const judged = await judgeBatches(
    tx,
    actor,
    open.map(({ batch }) => batch),
    ground,
  )
  const fresh: Judged[] = []
  const changed = new Set<string>()
  for (const [n, one] of open.entries()) {
    const result = judged[n]
    if (!result) continue
    const isSilent = result.rows.every(({ remarks }) => remarks.length === 0)
    const whole = { ...one, ...result, say: isSilent ? sayNothing : await one.sending.words() }
    taken[one.place] = await unstored(tx, whole)
    const names = result.changes.map(keyName)
    if (taken[one.place] || names.some((name) => changed.has(name))) continue
    for (const name of names) changed.add(name)
    fresh.push(whole)
  }
  const stored = await store(tx, actor, fresh)
  for (const [n, one] of stored.entries()) taken[fresh[n]?.place ?? -1] = ok(one)
  return taken
}

/** What is answered to a batch that nothing is stored of; null where something is to be. */
async function unstored(tx: Transaction, judged: Judged): Promise<Taken | null> {
  const { actor, batch, rows, say } = judged
  const isWrong = rows.some(({ outcome }) => outcome === 'refused' || outcome === 'conflict')
  if (isWrong) return ok(refusal(rows, say))
  const step = entryStep(actor, await holdFourEyes(tx))
  if (!step) return fail('forbidden')
  return batch.isDry ? ok(dryRun(judged, step, say)) : null
}

/** Waits for nobody: whoever has the lock of a key is at work under it. */
async function lockKeys(tx: Transaction, sent: readonly Sent[]): Promise<boolean[]> {
  const locks = sent.map(({ actor, sending }) =>
    sending.key === null ? '' : `batch:${actor.userId}:${sending.key}`,
  )
  const [row] = await tx.$queryRaw<{ isFree: boolean[] }[]>`
    SELECT set_config('statement_timeout', '60s', true), set_config('lock_timeout', '30s', true),
      set_config('idle_in_transaction_session_timeout', '60s', true),
      ARRAY(SELECT lock = '' OR pg_try_advisory_xact_lock(hashtextextended(lock, 0))
        FROM unnest(${locks}::text[]) WITH ORDINALITY AS l(lock, n) ORDER BY n) AS "isFree"`
  return row?.isFree ?? []
}

interface Judged extends Sent, JudgedBatch {
  place: number
  say: Say
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
  return { kind: 'answered', answer, isReplayed: false, indicators: [], transaction: null }
}

/** Stores what has been judged, each batch as a set with an answer that is kept. */
async function store(
  tx: Transaction,
  actor: Actor,
  judged: readonly Judged[],
): Promise<TakenBatch[]> {
  const sets = judged.map(({ batch, changes, known, findings }): NewSet | null =>
    changes.length === 0
      ? null
      : {
          submission: {
            id: randomUUID(),
            purpose: 'entry',
            undoes: null,
            address: '',
            message: batch.message,
            reason: batch.reason,
            confirmed: findings.length > 0 ? digestOf(findings) : '',
            changes,
          },
          evidence: { known, findings },
        },
  )
  const answersTo = (stored: readonly StoredSet[]) => {
    const byId = new Map(stored.map((one) => [one.id, one]))
    return judged.map((one, n) => answerTo(one, byId.get(sets[n]?.submission.id ?? '') ?? null))
  }
  const wanted = sets.filter((set) => set !== null)
  if (wanted.length === 0) {
    const answers = answersTo([])
    if (answers.length > 0) await tx.$executeRaw`WITH ${keeping(actor, judged, answers)} SELECT 1`
    return answers
  }
  let answers: TakenBatch[] = []
  await storeSets(tx, actor, wanted, (stored) => {
    const made = answersTo(stored)
    answers = made
    return keeping(actor, judged, made)
  })
  return answers
}

function answerTo(
  { rows, sending, say }: Judged,
  stored: StoredSet | null,
): TakenBatch & { kind: 'answered' } {
  const outcome = (stored?.state ?? 'unchanged') as BatchOutcome
  if (stored) renumber(rows, stored.revisions)
  const address = stored && sending.addressOf(stored.id)
  const body: BatchAnswer = {
    outcome,
    set: stored && address ? { id: stored.id, address } : null,
    commit: stored?.commit ?? null,
    counts: countsOf(rows),
    rows: rows.map((row) => reported(row, say)),
  }
  const statuses = { published: 201, in_review: 202, unchanged: 200 }
  const answer: Answer = {
    status: statuses[outcome],
    headers: address ? { Location: address } : {},
    body: `${JSON.stringify(body)}\n`,
  }
  const indicators = outcome === 'published' ? (stored?.indicators ?? []) : []
  const transaction = stored?.transaction ?? null
  return { kind: 'answered', answer, isReplayed: false, indicators, transaction }
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

interface Before extends Ground {
  limits: LimitRow[]
  fourEyes: unknown
}
type KeptRow = Before & Answer & { fingerprint: string | null }

/** What was answered to the same before, and what batches are judged on. */
async function readBefore(
  database: Database | Transaction,
  sent: Several,
): Promise<Pick<Before, 'limits' | 'fourEyes'> & { kept: (Taken | null)[]; ground: Ground }> {
  const [{ actor }] = sent
  // No key is empty.
  const keys = sent.map(({ sending }) => sending.key ?? '')
  const rows = await database.$queryRaw<KeptRow[]>`
    SELECT ${groundColumns}, ${limitsColumn(actor)} AS limits, ${fourEyesColumn} AS "fourEyes",
      k.fingerprint, k.status, k.headers, k.body
    FROM unnest(${keys}::text[]) WITH ORDINALITY AS s(key, n) LEFT JOIN kept_answers k
      ON k.user_id = ${actor.userId} AND k.key = s.key
    ORDER BY s.n`
  const [row] = rows
  if (!row) throw new Error('The database did not tell the day.')
  const { stamp, today, limits, fourEyes } = row
  const kept = sent.map(({ sending }, n) => keptAnswer(rows[n] ?? row, sending))
  return { kept, ground: { stamp, today }, limits, fourEyes }
}

function keptAnswer(row: KeptRow, { fingerprint }: Sending): Taken | null {
  if (row.fingerprint === null) return null
  if (row.fingerprint !== fingerprint) return fail('otherBody')
  const { status, headers, body } = row
  const answer = { status, headers, body }
  return ok({ kind: 'answered', answer, isReplayed: true, indicators: [], transaction: null })
}

/** Parts of a statement that keep answers, and let go of those that are old. */
function keeping(
  actor: Actor,
  sent: readonly Sent[],
  answers: readonly { answer: Answer }[],
): Prisma.Sql {
  const keys = sent.map(({ sending }) => sending.key)
  if (!keys.every((key) => key !== null)) throw new Error('A batch is stored under a key.')
  return Prisma.sql`old AS (
      DELETE FROM kept_answers WHERE created_at < now() - make_interval(days => ${keptDays}::int)
    ), kept AS (
      INSERT INTO kept_answers (user_id, key, fingerprint, status, headers, body)
      SELECT ${actor.userId}, k.key, k.fingerprint, k.status, k.headers::jsonb, k.body
      FROM unnest(${keys}::text[], ${sent.map(({ sending }) => sending.fingerprint)}::text[],
        ${answers.map(({ answer }) => answer.status)}::int[],
        ${answers.map(({ answer }) => JSON.stringify(answer.headers))}::text[],
        ${answers.map(({ answer }) => answer.body)}::text[])
        AS k(key, fingerprint, status, headers, body)
    )`
}

import { createHash } from 'node:crypto'
import { ActorRefused, readScopes, recheck } from '@/features/accounts/data'
import { may } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import { readCatalogue } from '@/features/catalogue/data'
import type { Academy } from '@/features/catalogue/schema'
import type { Database, Transaction } from '@/lib/db/client'
import type { TableRow } from '@/lib/text-table'
import { changeKey, countEnteredSince, mayKeep, readAllTies, readContact, readTies } from './data'
import {
  type Act,
  academyValues,
  afterAct,
  changedFields,
  isAcademy,
  planRegistry,
  readAcademy,
  readLine,
  twinIndex,
  type WrittenAcademy,
} from './rules'
import type {
  AcademyChange,
  AcademyField,
  AcademyProblem,
  ActField,
  RegistryReport,
  TypedAcademy,
} from './schema'

const registryLock = 5_021

export type AcademyOutcome =
  | { kind: 'stored'; code: string }
  | { kind: 'refused'; problems: AcademyProblem[] }
  /** Somebody changed it since: the academy as it is now, to be seen beside what was typed. */
  | { kind: 'moved'; version: number; now: Record<AcademyField, string> }

const refused = (code: string, params?: AcademyProblem['params']): AcademyOutcome => ({
  kind: 'refused',
  problems: [params ? { field: null, code, params } : { field: null, code }],
})

/** Runs a change of the registry, one at a time, so that no two make twins or a circle together. */
async function changing<Outcome>(
  database: Database,
  actor: Actor,
  forbidden: Outcome,
  change: (tx: Transaction) => Promise<Outcome>,
): Promise<Outcome> {
  if (!may(actor.role, 'academies.keep')) return forbidden
  try {
    return await database.$transaction(async (tx) => {
      await recheck(tx, actor)
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${registryLock}::bigint)`
      return change(tx)
    })
  } catch (error) {
    if (error instanceof ActorRefused) return forbidden
    throw error
  }
}

/** Whether a form of any kind was stored before. */
const isSent = async (tx: Transaction, key: string) =>
  (await tx.commit.findUnique({ where: { idempotencyKey: key } })) !== null

/** Everything that a change is seen against: the registry, and what the actor may keep of it. */
async function registryOf(tx: Transaction, actor: Actor) {
  const catalogue = await readCatalogue(tx)
  return { catalogue, keeps: mayKeep(await readScopes(tx, actor.userId)) }
}

async function commitOf(
  tx: Transaction,
  actor: Actor,
  act: AcademyChange['act'],
  id: string,
  message: string,
): Promise<number> {
  const { no } = await tx.commit.create({
    data: { kind: 'catalogue', message, actorId: actor.userId, idempotencyKey: changeKey(act, id) },
  })
  return no
}

/** Each change has a version of the name, also one that leaves the name: it tells who and why. */
async function write(
  tx: Transaction,
  commitNo: number,
  before: Academy | null,
  academy: WrittenAcademy,
): Promise<void> {
  const { code } = academy
  const date = (iso: string | null) => (iso === null ? null : new Date(`${iso}T00:00:00Z`))
  const data = {
    programmeCode: academy.programme,
    areaCode: academy.area,
    city: academy.city,
    host: academy.host,
    openedOn: date(academy.openedOn),
    closedOn: date(academy.closedOn),
    mergedIntoCode: academy.mergedInto,
    version: (before?.version ?? 0) + 1,
  }
  await tx.academy.upsert({ where: { code }, create: { code, ...data }, update: data })
  await tx.academyVersion.create({ data: { academyCode: code, commitNo, name: academy.name } })
}

// One academy

export interface AcademySubmission {
  /** Null for a new one. */
  code: string | null
  /** The id of the form: sent again, it has no second effect. */
  id: string
  /** The version that the form showed; 0 for a new one. */
  version: number
  typed: TypedAcademy
  contact: string
  reason: string
}

/**
 * Adds an academy or changes one, in one commit. What changes nothing makes no commit. Refuses with
 * `forbidden`, `outOfScope`, `gone`, and all that is wrong with the fields; `moved` shows what
 * somebody stored since the form was opened.
 */
export function saveAcademy(
  database: Database,
  actor: Actor,
  submission: AcademySubmission,
): Promise<AcademyOutcome> {
  return changing(database, actor, refused('forbidden'), (tx) => save(tx, actor, submission))
}

async function save(
  tx: Transaction,
  actor: Actor,
  { code, id, version, typed, contact: typedContact, reason: typedReason }: AcademySubmission,
): Promise<AcademyOutcome> {
  if (await isSent(tx, changeKey('save', id))) {
    return { kind: 'stored', code: code ?? typed.code?.trim() ?? '' }
  }
  const { catalogue, keeps } = await registryOf(tx, actor)
  const before = code === null ? null : findKept(catalogue.academies, code)
  if (code !== null && !before) return refused('gone')
  if (before && !keeps(before)) return refused('outOfScope')
  const known = before ? await readContact(tx, before.code) : ''
  if (before && before.version !== version) {
    const now = { ...academyValues(before), contact: known, reason: '' }
    return { kind: 'moved', version: before.version, now }
  }
  const read = readAcademy(typed, {
    catalogue,
    twins: twinIndex(catalogue.academies),
    before,
    ties: before ? await readTies(tx, before.code) : { figures: 0, mergers: 0 },
  })
  const contact = readLine(typedContact, 300, false)
  const reason = readLine(typedReason, 500, false)
  const problems: AcademyProblem[] = read.ok ? [] : [...read.problems]
  if (contact.problem) problems.push({ field: 'contact', ...contact.problem })
  if (reason.problem) problems.push({ field: 'reason', ...reason.problem })
  if (read.ok && !keeps(read.academy)) problems.push({ field: 'programme', code: 'outOfScope' })
  if (!read.ok || problems.length > 0) return { kind: 'refused', problems }
  const stored: AcademyOutcome = { kind: 'stored', code: read.academy.code }
  const isSame = before !== null && changedFields(before, read.academy).length === 0
  if (isSame && contact.text === known) return stored
  const commitNo = await commitOf(tx, actor, 'save', id, reason.text)
  await write(tx, commitNo, before, read.academy)
  if (contact.text !== known) await writeContact(tx, read.academy.code, contact.text)
  return stored
}

const findKept = (academies: readonly Academy[], code: string) =>
  academies.find((academy) => isAcademy(academy) && academy.code === code) ?? null

async function writeContact(tx: Transaction, academyCode: string, contact: string): Promise<void> {
  if (contact === '') await tx.academyContact.delete({ where: { academyCode } })
  else {
    await tx.academyContact.upsert({
      where: { academyCode },
      create: { academyCode, contact },
      update: { contact },
    })
  }
}

export interface ActSubmission {
  code: string
  id: string
  version: number
  act: Act
  reason: string
}

/**
 * Closes an academy, opens it again, merges it into another one of its programme, or undoes that.
 * Figures stay under the code that they were published for. Refuses with `forbidden`, `outOfScope`,
 * `gone`, `movedAct`, what `afterAct` refuses, and `enteredSince`: what the other academy has been
 * given since a merger may belong to both of them.
 */
export function changeAcademy(
  database: Database,
  actor: Actor,
  submission: ActSubmission,
): Promise<AcademyOutcome> {
  return changing(database, actor, refused('forbidden'), (tx) => perform(tx, actor, submission))
}

async function perform(
  tx: Transaction,
  actor: Actor,
  { code, id, version, act, reason }: ActSubmission,
): Promise<AcademyOutcome> {
  if (await isSent(tx, changeKey(act.act, id))) return { kind: 'stored', code }
  const { catalogue, keeps } = await registryOf(tx, actor)
  const before = findKept(catalogue.academies, code)
  if (!before) return refused('gone')
  if (!keeps(before)) return refused('outOfScope')
  if (before.version !== version) return refused('movedAct')
  const after = afterAct(catalogue.academies, before, act)
  if (!after.ok) return { kind: 'refused', problems: [after.problem] }
  const other = act.act === 'merge' ? act.into : act.act === 'undo' ? before.mergedInto : null
  const target = other === null ? null : findKept(catalogue.academies, other)
  if (target && !keeps(target)) {
    const field: ActField | null = act.act === 'merge' ? 'into' : null
    return { kind: 'refused', problems: [{ field, code: 'outOfScope' }] }
  }
  if (act.act === 'undo' && target) {
    const count = await enteredSinceMerger(tx, code, target.code)
    if (count > 0) return refused('enteredSince', { count, code: target.code })
  }
  await write(tx, await commitOf(tx, actor, act.act, id, reason), before, after.academy)
  return { kind: 'stored', code }
}

async function enteredSinceMerger(tx: Transaction, code: string, into: string): Promise<number> {
  const merger = await tx.commit.findFirst({
    where: {
      academies: { some: { academyCode: code } },
      idempotencyKey: { startsWith: changeKey('merge', '') },
    },
    orderBy: { no: 'desc' },
  })
  return merger ? countEnteredSince(tx, into, { no: merger.no, at: merger.committedAt }) : 0
}

// A file

export interface RegistrySubmission {
  id: string
  /** The header first. */
  rows: readonly TableRow[]
  /** What the report that was shown would have done; empty to be told only. */
  seen: string
}

export type RegistryOutcome =
  | { kind: 'checked'; report: RegistryReport; seen: string }
  | { kind: 'stored'; count: number }
  | { kind: 'refused'; code: string }

/**
 * Checks a file of academies against the registry, or stores all of it in one commit, or nothing.
 * Where the file would do something else than the report that was shown, it is only checked anew.
 */
export function importRegistry(
  database: Database,
  actor: Actor,
  submission: RegistrySubmission,
): Promise<RegistryOutcome> {
  const forbidden: RegistryOutcome = { kind: 'refused', code: 'forbidden' }
  return changing(database, actor, forbidden, (tx) => takeRegistry(tx, actor, submission))
}

async function takeRegistry(
  tx: Transaction,
  actor: Actor,
  { id, rows, seen }: RegistrySubmission,
): Promise<RegistryOutcome> {
  const sent = await tx.commit.findUnique({
    where: { idempotencyKey: changeKey('import', id) },
    include: { _count: { select: { academies: true } } },
  })
  if (sent) return { kind: 'stored', count: sent._count.academies }
  const { catalogue, keeps } = await registryOf(tx, actor)
  const ties = await readAllTies(tx, catalogue.academies)
  const { report, writes } = planRegistry(rows, catalogue, ties, keeps)
  const fingerprint = createHash('sha256').update(JSON.stringify(writes)).digest('hex')
  const isStorable = report.problems.length === 0 && writes.length > 0
  if (!isStorable || seen !== fingerprint) return { kind: 'checked', report, seen: fingerprint }
  const commitNo = await commitOf(tx, actor, 'import', id, '')
  for (const { before, academy } of writes) await write(tx, commitNo, before, academy)
  return { kind: 'stored', count: writes.length }
}

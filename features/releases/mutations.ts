import { ActorRefused, recheck, systemActor } from '@/features/accounts/data'
import { may } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import { OwnApproval, publishFigures } from '@/features/figures/mutations'
import { readToday } from '@/features/imports/data'
import { figureOf, proposalsOf } from '@/features/proposals/data'
import { markReleased, recallProposals } from '@/features/proposals/mutations'
import type { Database, Transaction } from '@/lib/db/client'
import type { LocalText } from '@/lib/i18n'
import { fail, ok, type Problem, type Result } from '@/lib/result'
import { readChecklist } from './data'
import { slugOf } from './rules'
import type { ReleaseInput, ReleaseState } from './schema'

class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code)
  }
}

/** Runs a change of somebody who may plan releases; a refusal rolls it back. */
async function planning<T>(
  database: Database,
  actor: Actor,
  change: (tx: Transaction) => Promise<T>,
): Promise<Result<T>> {
  if (!may(actor.role, 'releases.plan')) return fail('forbidden')
  try {
    return ok(
      await database.$transaction(async (tx) => {
        await recheck(tx, actor)
        return change(tx)
      }),
    )
  } catch (error) {
    if (error instanceof Refused) return { ok: false, problem: error.problem }
    if (error instanceof ActorRefused) return fail('forbidden')
    if (error instanceof OwnApproval) return fail('notReady')
    throw error
  }
}

/** The instant of a wall-clock time in Karachi, which must be ahead by the database's clock. */
async function futureInstant(tx: Transaction, at: string): Promise<Date> {
  const [row] = await tx.$queryRaw<{ at: Date; isAhead: boolean }[]>`
    SELECT a.at, a.at > clock_timestamp() AS "isAhead"
    FROM (SELECT ${at}::timestamp AT TIME ZONE 'Asia/Karachi' AS at) a`
  if (!row) throw new Error(`The database did not read ${at}.`)
  if (!row.isAhead) throw new Refused({ code: 'inThePast' })
  return row.at
}

/** Announces a release; the value is its slug. Refuses with `forbidden`, `inThePast`. */
export async function createRelease(
  database: Database,
  actor: Actor,
  input: ReleaseInput,
): Promise<Result<string>> {
  return planning(database, actor, async (tx) => {
    const announcedAt = await futureInstant(tx, input.at)
    const slug = await freeSlug(tx, slugOf(input.title.en))
    const { title, note } = input
    const release = await tx.release.create({
      data: { slug, title, note, announcedAt, createdById: actor.userId },
    })
    await tx.releaseEvent.create({
      data: { releaseId: release.id, kind: 'created', toAt: announcedAt, actorId: actor.userId },
    })
    return slug
  })
}

async function freeSlug(tx: Transaction, wanted: string): Promise<string> {
  // Two of one name at once: the second one waits here and gets a number.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('shumar release slugs'))`
  const taken = await tx.release.findMany({
    where: { slug: { startsWith: wanted } },
    select: { slug: true },
  })
  const slugs = new Set(taken.map(({ slug }) => slug))
  for (let n = 1; ; n += 1) {
    const slug = n === 1 ? wanted : `${wanted}-${n}`
    if (!slugs.has(slug)) return slug
  }
}

interface LockedRelease {
  id: number
  slug: string
  title: LocalText
  announcedAt: Date
  announcedOn: string
  state: ReleaseState
}

async function lockRelease(tx: Transaction, id: number): Promise<LockedRelease> {
  const [row] = await tx.$queryRaw<LockedRelease[]>`
    SELECT id, slug, title, announced_at AS "announcedAt", state::text,
      to_char(announced_at AT TIME ZONE 'Asia/Karachi', 'YYYY-MM-DD') AS "announcedOn"
    FROM releases WHERE id = ${id} FOR UPDATE`
  if (!row) throw new Refused({ code: 'missing' })
  return row
}

/** A release that is still to come; else refused with `over`. */
async function lockOpen(tx: Transaction, id: number): Promise<LockedRelease> {
  const release = await lockRelease(tx, id)
  if (release.state !== 'planned' && release.state !== 'late') throw new Refused({ code: 'over' })
  return release
}

/** Announces another time. Refuses with `forbidden`, `missing`, `over`, `inThePast`. */
export async function moveRelease(
  database: Database,
  actor: Actor,
  { id, at }: { id: number; at: string },
): Promise<Result<null>> {
  return planning(database, actor, async (tx) => {
    const release = await lockOpen(tx, id)
    const announcedAt = await futureInstant(tx, at)
    if (announcedAt.getTime() === release.announcedAt.getTime()) return null
    await tx.release.update({ where: { id }, data: { announcedAt, state: 'planned' } })
    await tx.releaseEvent.create({
      data: {
        releaseId: id,
        kind: 'moved',
        fromAt: release.announcedAt,
        toAt: announcedAt,
        actorId: actor.userId,
      },
    })
    return null
  })
}

/** Gives a release another title or note; its address stays. Refuses with `forbidden`, `missing`, `over`. */
export async function rewordRelease(
  database: Database,
  actor: Actor,
  { id, title, note }: Pick<ReleaseInput, 'title' | 'note'> & { id: number },
): Promise<Result<null>> {
  return planning(database, actor, async (tx) => {
    const release = await lockOpen(tx, id)
    await tx.release.update({ where: { id }, data: { title, note } })
    await tx.releaseEvent.create({
      data: { releaseId: id, kind: 'reworded', title: release.title, actorId: actor.userId },
    })
    return null
  })
}

/**
 * Cancels a release for good. What was approved for it goes back to review, as nobody decided that
 * it be public without it. Refuses with `forbidden`, `missing`, `over`.
 */
export async function cancelRelease(
  database: Database,
  actor: Actor,
  { id, reason }: { id: number; reason: string },
): Promise<Result<null>> {
  return planning(database, actor, async (tx) => {
    const release = await lockOpen(tx, id)
    await tx.release.update({ where: { id }, data: { state: 'cancelled' } })
    await tx.releaseEvent.create({
      data: {
        releaseId: id,
        kind: 'cancelled',
        fromAt: release.announcedAt,
        reason,
        actorId: actor.userId,
      },
    })
    await recallProposals(tx, actor, id, reason)
    return null
  })
}

/**
 * Publishes a release before its time, or after it came too early for its figures. Refuses with
 * `forbidden`, `missing`, `over`, `notReady` (an error on its checklist).
 */
export async function publishRelease(
  database: Database,
  actor: Actor,
  id: number,
): Promise<Result<{ indicators: string[] }>> {
  return planning(database, actor, async (tx) => {
    const release = await lockOpen(tx, id)
    const { items } = await readChecklist(id, tx)
    if (items.some(({ level }) => level === 'error')) throw new Refused({ code: 'notReady' })
    return { indicators: await publishLocked(tx, actor, release, await readToday(tx)) }
  })
}

/** All approved figures of a release in one commit, all or none; the value is their indicators. */
async function publishLocked(
  tx: Transaction,
  actor: Actor,
  release: LockedRelease,
  releasedOn: string,
): Promise<string[]> {
  await tx.$queryRaw`
    SELECT id FROM proposals WHERE release_id = ${release.id} AND state = 'scheduled'
    ORDER BY id FOR UPDATE`
  const proposals = await proposalsOf(release.id, ['scheduled'], tx)
  const publication = await publishFigures(
    tx,
    actor,
    // Without a base: announced is announced, and the release is the later word.
    proposals.map((proposal) => ({ ...figureOf(proposal), releasedOn })),
    {
      kind: 'publication',
      message: release.title.en,
      idempotencyKey: `release:${release.id}`,
      attributions: proposals.map(({ id, author, approver }) => ({
        authorId: author.id,
        approverId: approver?.id ?? '',
        proposalId: id,
      })),
    },
  )
  await markReleased(tx, actor, proposals)
  await tx.release.update({
    where: { id: release.id },
    data: {
      state: 'published',
      publishedCommitNo: publication.isNew ? publication.commit : null,
    },
  })
  await tx.releaseEvent.create({
    data: {
      releaseId: release.id,
      kind: 'published',
      fromAt: release.announcedAt,
      actorId: actor.userId,
    },
  })
  return [...new Set(proposals.map(({ indicator }) => indicator))]
}

export interface Due {
  /** Slugs of what is public now. */
  published: string[]
  /** Slugs of releases whose time came with no figure approved. */
  late: string[]
}

/**
 * Publishes every release whose time has come by the database's clock, each all or none. Callers
 * at the same time take turns at the release's row, and one publishes it. Throws after all were
 * tried, with what went wrong.
 */
export async function publishDueReleases(database: Database): Promise<Due> {
  const due = await database.$queryRaw<{ id: number }[]>`
    SELECT id FROM releases WHERE state = 'planned' AND announced_at <= clock_timestamp()
    ORDER BY announced_at, id`
  const done: Due = { published: [], late: [] }
  if (due.length === 0) return done
  const actor = await systemActor(database)
  const failures: unknown[] = []
  for (const { id } of due) {
    try {
      await database.$transaction((tx) => publishDue(tx, actor, id, done))
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'A release could not be published.')
  return done
}

async function publishDue(tx: Transaction, actor: Actor, id: number, done: Due): Promise<void> {
  const release = await lockRelease(tx, id)
  const [row] = await tx.$queryRaw<{ isDue: boolean; figures: number }[]>`
    SELECT r.announced_at <= clock_timestamp() AS "isDue",
      (SELECT count(*)::int FROM proposals p
        WHERE p.release_id = r.id AND p.state = 'scheduled') AS figures
    FROM releases r WHERE r.id = ${id}`
  // Somebody else was first, or it was moved while this waited.
  if (release.state !== 'planned' || !row?.isDue) return
  if (row.figures > 0) {
    await publishLocked(tx, actor, release, release.announcedOn)
    done.published.push(release.slug)
    return
  }
  await tx.release.update({ where: { id }, data: { state: 'late' } })
  await tx.releaseEvent.create({
    data: { releaseId: id, kind: 'late', fromAt: release.announcedAt, actorId: actor.userId },
  })
  done.late.push(release.slug)
}

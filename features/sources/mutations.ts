import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { ActorRefused, recheck } from '@/features/accounts/data'
import { may } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import { storeSources } from '@/features/figures/mutations'
import type { SourceInput } from '@/features/figures/schema'
import { readToday } from '@/features/imports/data'
import type { Database, Transaction } from '@/lib/db/client'
import type { LinkAnswer } from '@/lib/link-probe'
import { fail, ok, type Result } from '@/lib/result'
import { type CitedLink, isPublicSource, readLinks, readNewestStep, readStates } from './data'
import { copyName, copyTypeOf, linkOutcome } from './rules'
import {
  type CopyInput,
  type LinkOutcome,
  largestCopy,
  linkOutcomes,
  type SourceStepKind,
} from './schema'

const day = (text: string) => new Date(`${text}T00:00:00Z`)

/**
 * Stores a file as a copy of a source. The same file again has no second effect and is told by
 * `isNew`. Refuses with `forbidden`, `sourceMissing` (nothing public cites it), `fileMissing`,
 * `fileTooLarge`, `fileType`, `capturedInFuture`.
 */
export async function storeCopy(
  database: Database,
  actor: Actor,
  { sourceId, bytes, fileName, capturedOn, note }: CopyInput,
): Promise<Result<{ sha256: string; isNew: boolean }>> {
  if (!may(actor.role, 'sources.keep')) return fail('forbidden')
  if (bytes.length === 0) return fail('fileMissing')
  if (bytes.length > largestCopy) return fail('fileTooLarge')
  const mediaType = copyTypeOf(bytes)
  if (!mediaType) return fail('fileType')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  try {
    return await database.$transaction(
      async (tx) => {
        await recheck(tx, actor)
        if (capturedOn > (await readToday(tx))) return fail('capturedInFuture')
        if (!(await isPublicSource(tx, sourceId))) return fail('sourceMissing')
        const { count } = await tx.sourceCopy.createMany({
          data: {
            sourceId,
            sha256,
            mediaType,
            fileName: copyName(fileName, mediaType),
            size: bytes.length,
            bytes: new Uint8Array(bytes),
            capturedOn: day(capturedOn),
            note,
            storedById: actor.userId,
          },
          skipDuplicates: true,
        })
        return ok({ sha256, isNew: count > 0 })
      },
      { timeout: 30_000 },
    )
  } catch (error) {
    if (error instanceof ActorRefused) return fail('forbidden')
    throw error
  }
}

export interface CheckOptions {
  /** Addresses asked less than so many hours ago are left alone. */
  hours: number
  ask: (url: string) => Promise<LinkAnswer>
  /** Milliseconds between two requests to one host. */
  pause: number
  told?: (url: string, outcome: LinkOutcome) => void
}

export type CheckSummary = Record<LinkOutcome, number> & {
  /** Addresses whose name could not be looked up while no other could either: nothing was recorded. */
  offline: number
}

const hostsAtOnce = 4

/** Asks every cited address once, each host one request at a time, and records what it answered. */
export async function checkSources(
  database: Database,
  { hours, ask, pause, told = () => {} }: CheckOptions,
): Promise<CheckSummary> {
  const links = await readLinks(database, hours)
  const hosts = [...groupBy(links, ({ url }) => hostOf(url)).values()]
  const summary = Object.fromEntries(
    [...linkOutcomes, 'offline'].map((name) => [name, 0]),
  ) as CheckSummary
  // Held back until some name can be looked up: else it is our own network that is away.
  const held: [CitedLink, LinkAnswer][] = []
  let isOnline = false

  const record = async (link: CitedLink, answer: LinkAnswer) => {
    const outcome = linkOutcome(link.url, answer, link.before)
    await database.sourceCheck.createMany({
      data: link.sources.map((sourceId) => ({
        sourceId,
        outcome,
        status: answer.status,
        error: answer.error,
        finalUrl: answer.finalUrl === link.url ? '' : answer.finalUrl.slice(0, 2000),
      })),
    })
    summary[outcome] += 1
    told(link.url, outcome)
  }
  const askHost = async (ofHost: readonly CitedLink[]) => {
    for (const [n, link] of ofHost.entries()) {
      if (n > 0) await sleep(pause)
      const answer = await ask(link.url)
      const isUnresolved = answer.error === 'ENOTFOUND' || answer.error === 'EAI_AGAIN'
      if (isUnresolved && !isOnline) held.push([link, answer])
      else {
        isOnline = true
        await record(link, answer)
      }
    }
  }
  const worker = async () => {
    for (let host = hosts.pop(); host; host = hosts.pop()) await askHost(host)
  }
  await Promise.all(Array.from({ length: hostsAtOnce }, worker))
  for (const [link, answer] of held) {
    if (isOnline) await record(link, answer)
    else summary.offline += 1
  }
  return summary
}

const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).host : url)

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const key = keyOf(row)
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return groups
}

// What becomes of sources

const sourcesLock = 5_013

export interface SourceChange {
  /** The id of the form: sent again, it has no second effect. */
  id: string
  source: number
  /** The newest step that the form showed. */
  seen: string
  /** Why; public. */
  reason: string
}

interface Step {
  source: number
  kind: SourceStepKind
  into?: number
}

/** Refuses with `forbidden`, `sourceMissing`, `moved` (something became of it since). */
async function inOneCommit(
  database: Database,
  actor: Actor,
  { id, source, seen, reason }: SourceChange,
  decide: (tx: Transaction) => Promise<Result<Step[]>>,
): Promise<Result<null>> {
  if (!may(actor.role, 'catalogue.edit')) return fail('forbidden')
  try {
    return await database.$transaction(async (tx) => {
      await recheck(tx, actor)
      // One at a time, so that no two sources come to lead to each other.
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${sourcesLock}::bigint)`
      const idempotencyKey = `source:${id}`
      if (await tx.commit.findUnique({ where: { idempotencyKey } })) return ok(null)
      if (!(await isPublicSource(tx, source))) return fail('sourceMissing')
      if (String(await readNewestStep(tx, source)) !== seen) return fail('moved')
      const steps = await decide(tx)
      if (!steps.ok) return steps
      const commit = await tx.commit.create({
        data: { kind: 'catalogue', message: reason, actorId: actor.userId, idempotencyKey },
      })
      await tx.sourceStep.createMany({
        data: steps.value.map((step) => ({
          sourceId: step.source,
          kind: step.kind,
          intoId: step.into ?? null,
          commitNo: commit.no,
        })),
      })
      return ok(null)
    })
  } catch (error) {
    if (error instanceof ActorRefused) return fail('forbidden')
    throw error
  }
}

/** Whether nothing rests on a citation, as on one whose correction was taken back. */
async function isUnused(tx: Transaction, id: number): Promise<boolean> {
  const row = await tx.source.findUniqueOrThrow({
    where: { id },
    select: { _count: { select: { revisions: true, proposals: true, setMembers: true } } },
  })
  const counts = Object.values(row._count)
  return counts.every((count) => count === 0) && !(await isPublicSource(tx, id))
}

/**
 * Gives a source another wording: a citation of its own that takes the place of the old one, which
 * stays as it was cited. Refuses with `nothingNew`, `sourceExists` (params `id`: it is to be merged
 * into that one), `led` (the source leads to another one already) and what `inOneCommit` refuses with.
 */
export async function correctSource(
  database: Database,
  actor: Actor,
  { citation, ...change }: SourceChange & { citation: SourceInput },
): Promise<Result<null>> {
  return inOneCommit(database, actor, change, async (tx) => {
    const { source } = change
    const states = await readStates(tx)
    if (states.get(source)?.into) return fail('led')
    const before = await tx.source.findFirst({ where: citation, select: { id: true } })
    if (before?.id === source) return fail('nothingNew')
    if (before && !(await isUnused(tx, before.id))) return fail('sourceExists', { id: before.id })
    const [into] = await storeSources(tx, [citation])
    if (into === undefined) throw new Error('The citation was not stored.')
    const reopened: Step[] = states.has(into) ? [{ source: into, kind: 'reopened' }] : []
    return ok([{ source, kind: 'corrected', into }, ...reopened])
  })
}

/**
 * Makes a source lead to the one it doubles. Refuses with `same`, `intoMissing`, `intoLed` (that one
 * leads elsewhere itself), `led` and what `inOneCommit` refuses with.
 */
export async function mergeSource(
  database: Database,
  actor: Actor,
  { into, ...change }: SourceChange & { into: number },
): Promise<Result<null>> {
  return inOneCommit(database, actor, change, async (tx) => {
    const { source } = change
    if (into === source) return fail('same')
    if (!(await isPublicSource(tx, into))) return fail('intoMissing')
    const states = await readStates(tx)
    if (states.get(source)?.into) return fail('led')
    if (states.get(into)?.into) return fail('intoLed')
    return ok([{ source, kind: 'merged', into }])
  })
}

/** Offers a source no longer where figures are entered. Refuses with `archived`, `led` and the like. */
export async function archiveSource(
  database: Database,
  actor: Actor,
  change: SourceChange,
): Promise<Result<null>> {
  return inOneCommit(database, actor, change, async (tx) => {
    const state = (await readStates(tx)).get(change.source)
    if (state) return fail(state.into ? 'led' : 'archived')
    return ok([{ source: change.source, kind: 'archived' }])
  })
}

/**
 * Takes back what became of a source: a correction, a merger or its archiving. A wording that nothing
 * else rests on goes out of use with it. Refuses with `open` and what `inOneCommit` refuses with.
 */
export async function reopenSource(
  database: Database,
  actor: Actor,
  change: SourceChange,
): Promise<Result<null>> {
  return inOneCommit(database, actor, change, async (tx) => {
    const state = (await readStates(tx)).get(change.source)
    if (!state) return fail('open')
    const steps: Step[] = [{ source: change.source, kind: 'reopened' }]
    const { into } = state
    if (state.kind === 'corrected' && into && (await isLeftAlone(tx, change.source, into))) {
      steps.push({ source: into, kind: 'archived' })
    }
    return ok(steps)
  })
}

/** Whether a source rests on nothing but the one correction that is taken back. */
async function isLeftAlone(tx: Transaction, from: number, into: number): Promise<boolean> {
  const states = await readStates(tx)
  const others = [...states].some(([source, state]) => state.into === into && source !== from)
  const cited = await tx.revision.findFirst({ where: { sourceId: into }, select: { id: true } })
  return !others && !cited && !states.has(into)
}

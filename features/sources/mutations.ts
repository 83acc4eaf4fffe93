import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { ActorRefused, recheck } from '@/features/accounts/data'
import { may } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import { readToday } from '@/features/imports/data'
import type { Database } from '@/lib/db/client'
import type { LinkAnswer } from '@/lib/link-probe'
import { fail, ok, type Result } from '@/lib/result'
import { type CitedLink, readLinks } from './data'
import { copyName, copyTypeOf, linkOutcome } from './rules'
import { type CopyInput, type LinkOutcome, largestCopy, linkOutcomes } from './schema'

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
        const cited = await tx.revision.findFirst({
          where: { sourceId, releaseAt: { lte: new Date() } },
          select: { id: true },
        })
        if (!cited) return fail('sourceMissing')
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

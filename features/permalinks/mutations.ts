import { createHash } from 'node:crypto'
import { readToday } from '@/features/imports/data'
import { countInHour } from '@/features/limits/mutations'
import { vintageOf } from '@/features/record/data'
import type { Database } from '@/lib/db/client'
import { locales } from '@/lib/i18n'
import type { Problem, Result } from '@/lib/result'
import { ok } from '@/lib/result'
import { linkCode, readLinkPath } from './rules'
import { longestCode, shortestCode } from './schema'

/** Links that all readers together, and one network address, may make in an hour. */
export const hourlyLinks = { forAddress: 60, ceiling: 2000 }

class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code)
  }
}

/**
 * Makes a short link to a page in the state that its address names, else in today's: anybody may.
 * The same page in the same state has one link, however often it is asked for. Refuses with what
 * `readLinkPath` and `vintageOf` refuse with, and `tooMany`.
 *
 * @param address the reader's network address; null where unknown
 */
export async function makePermalink(
  database: Database,
  page: string,
  address: string | null,
): Promise<Result<{ code: string }>> {
  const read = readLinkPath(page, locales)
  if (!read.ok) return read
  const { path, asOf, v } = read.value
  const words = { asOf: asOf ?? (await readToday(database)), v: v ?? undefined }
  const vintage = await vintageOf(words, database)
  if (!vintage.ok) return vintage
  const { asOf: day, commit } = vintage.value
  const digest = createHash('sha256').update(`${path}\n${day}\n${commit}`).digest()
  try {
    return await database.$transaction(async (tx) => {
      const data = { path, asOf: new Date(`${day}T00:00:00Z`), commitNo: commit }
      for (let length = shortestCode; length <= longestCode; length += 2) {
        const code = linkCode(digest, length)
        const stored = await tx.permalink.findUnique({ where: { code } })
        if (!stored) {
          const room = await countInHour(tx, 'link:', address, hourlyLinks)
          if (!room.ok) throw new Refused(room.problem)
          const made = await tx.permalink.createMany({
            data: { code, ...data },
            skipDuplicates: true,
          })
          if (made.count === 1) return ok({ code })
        }
        const there = stored ?? (await tx.permalink.findUniqueOrThrow({ where: { code } }))
        const isSame =
          there.path === path && there.commitNo === commit && +there.asOf === +data.asOf
        if (isSame) return ok({ code })
      }
      throw new Error('Two pages have one digest.')
    })
  } catch (error) {
    if (error instanceof Refused) return { ok: false, problem: error.problem }
    throw error
  }
}

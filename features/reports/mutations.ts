import { ActorRefused, recheck } from '@/features/accounts/data'
import { may } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import { countInHour } from '@/features/limits/mutations'
import type { Database, Transaction } from '@/lib/db/client'
import { fail, ok, type Problem, type Result } from '@/lib/result'
import { freshReportId, revisionsSince } from './data'
import { hourlyCeiling, hourlyForAddress, isAnswered, nextState } from './rules'
import type { ReportInput, ReportState, StepInput } from './schema'

/** Rolls back what a transaction has done so far and tells why. */
class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code)
  }
}

function refusalOf(error: unknown): Result<never> {
  if (error instanceof Refused) return { ok: false, problem: error.problem }
  if (error instanceof ActorRefused) return fail('forbidden')
  throw error
}

/**
 * Files what a reader says is wrong with a figure: anybody may, so there is no actor. The same form
 * sent again has no second effect. Refuses with `figureMissing` (none that is public), `tooMany`
 * (`minutes` until more are taken).
 *
 * @param address the reader's network address, kept only as a hash of the day; null where unknown
 */
export async function fileReport(
  database: Database,
  { id, figure, ...words }: ReportInput,
  address: string | null,
): Promise<Result<{ id: string }>> {
  try {
    return await database.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${id}, 0))`
      const stored = await tx.errorReport.findUnique({ where: { id } })
      const isReplay = stored?.observationId === figure && stored.wrong === words.wrong
      if (isReplay) return ok({ id })
      const revision = await tx.revision.findFirst({
        where: { observationId: figure },
        select: { id: true },
      })
      if (!revision) throw new Refused({ code: 'figureMissing' })
      const room = await countInHour(tx, '', address, {
        forAddress: hourlyForAddress,
        ceiling: hourlyCeiling,
      })
      if (!room.ok) throw new Refused(room.problem)
      const report = { id: stored ? freshReportId() : id, observationId: figure, ...words }
      await tx.errorReport.create({ data: report })
      await tx.errorReportEvent.create({ data: { reportId: report.id, toState: 'received' } })
      return ok({ id: report.id })
    })
  } catch (error) {
    return refusalOf(error)
  }
}

/**
 * Takes a report up, or answers it: accepts it, perhaps with the revision that corrected the
 * figure, or declines it. Refuses with `forbidden`, `missing`, `moved` (somebody was faster),
 * `answerMissing`, `revisionUnknown`.
 */
export async function stepReport(
  database: Database,
  actor: Actor,
  { id, version, step, answer, revision, share }: StepInput,
): Promise<Result<{ state: ReportState }>> {
  if (!may(actor.role, 'reports.answer')) return fail('forbidden')
  try {
    return await database.$transaction(async (tx) => {
      await recheck(tx, actor)
      const report = await lockReport(tx, id)
      const state = nextState(report.state, step)
      if (!state || report.version !== version) throw new Refused({ code: 'moved' })
      if (isAnswered(state) && answer === '') throw new Refused({ code: 'answerMissing' })
      const correction = step === 'accept' ? revision : null
      if (correction !== null) {
        const since = await revisionsSince(report, tx)
        if (!since.some((one) => one.id === correction))
          throw new Refused({ code: 'revisionUnknown' })
      }
      await tx.errorReport.update({
        where: { id },
        data: {
          state,
          version: version + 1,
          ...(isAnswered(state) && {
            answer,
            isShared: share,
            revisionId: correction,
            answeredAt: new Date(),
          }),
        },
      })
      await tx.errorReportEvent.create({
        data: {
          reportId: id,
          fromState: report.state,
          toState: state,
          actorId: actor.userId,
          answer: isAnswered(state) ? answer : '',
        },
      })
      return ok({ state })
    })
  } catch (error) {
    return refusalOf(error)
  }
}

/** Locks a report until the transaction ends, so that steps on it queue up. */
async function lockReport(tx: Transaction, id: string) {
  await tx.$queryRaw`SELECT 1 FROM error_reports WHERE id = ${id} FOR UPDATE`
  const report = await tx.errorReport.findUnique({ where: { id } })
  if (!report) throw new Refused({ code: 'missing' })
  return report
}

import { recheck } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import type { Academy } from '@/features/catalogue/schema'
import { readToday } from '@/features/imports/data'
import {
  inSetTransaction,
  queuedSet,
  type SetOutcome,
  SetRefused,
  storeSet,
} from '@/features/sets/mutations'
import { sheetAddress } from '@/features/sheets/rules'
import type { Database } from '@/lib/db/client'
import { readAcademySheet } from './data'
import { readReport } from './rules'
import type { AcademySheet, Line, ReportReading, TypedReport } from './schema'
import { questionWords } from './series'

export interface ReportSubmission {
  id: string
  academy: Academy
  period: string
  lines: readonly Line[]
  typed: TypedReport
  message: string
  reason: string
  /** What `digestOf` made of the warnings that were shown; empty where none were. */
  confirmed: string
}

export type ReportOutcome =
  | (SetOutcome & { lines: readonly Line[] })
  /** Nothing was stored: something is to be mended, or somebody else has published since. */
  | { kind: 'mend'; sheet: AcademySheet; reading: ReportReading }

/** Rolls back what is to be mended first. */
class ToMend extends Error {
  constructor(
    readonly sheet: AcademySheet,
    readonly reading: ReportReading,
  ) {
    super('The report is to be mended first.')
  }
}

/**
 * Submits the report of one academy as one set: published in one commit, or sent for review. Sent
 * again, it has no second effect. Refuses as `storeSet` does.
 */
export async function submitReport(
  database: Database,
  actor: Actor,
  submission: ReportSubmission,
): Promise<ReportOutcome> {
  const outcome = await submitOnce(database, actor, submission)
  const isOvertaken = outcome.kind === 'refused' && outcome.problem.code === 'changed'
  // Somebody has published between two of its questions: asked again, it tells what.
  return isOvertaken ? submitOnce(database, actor, submission) : outcome
}

async function submitOnce(
  database: Database,
  actor: Actor,
  { id, academy, period, lines, typed, message, reason, confirmed }: ReportSubmission,
): Promise<ReportOutcome> {
  let changed: readonly Line[] = []
  try {
    const outcome = await inSetTransaction(database, async (tx) => {
      await recheck(tx, actor)
      const earlier = await queuedSet(tx, actor, id)
      if (earlier) return earlier
      const sheet = await readAcademySheet(actor, academy, period, lines, tx)
      if (!sheet.isInScope) throw new SetRefused({ code: 'outOfScope' })
      const reading = readReport(sheet.facts, typed, await readToday(tx))
      if (reading.problems.length + reading.conflicts.length > 0) throw new ToMend(sheet, reading)
      if (reading.changes.length === 0) throw new SetRefused({ code: 'nothingNew' })
      changed = reading.lines
      return storeSet(tx, actor, {
        id,
        purpose: 'entry',
        undoes: null,
        address: sheetAddressOf(academy.programme, period, reading.lines),
        message,
        reason,
        confirmed,
        changes: reading.changes,
      })
    })
    return { ...outcome, lines: changed }
  } catch (error) {
    if (error instanceof ToMend) {
      return { kind: 'mend', sheet: error.sheet, reading: error.reading }
    }
    throw error
  }
}

/** The grid in which a report that comes back is mended. */
function sheetAddressOf(programme: string, period: string, lines: readonly Line[]): string {
  const words = new URLSearchParams(questionWords({ programme, period, lines }))
  return sheetAddress({
    programme,
    rows: 'academies',
    indicator: words.getAll('indicator'),
    sex: words.getAll('sex'),
    period,
  })
}

import type { Problem } from '@/lib/result'
import {
  longestDetail,
  longestReport,
  type ReportField,
  type ReportState,
  type ReportStep,
  reportFields,
  reportLetters,
  shortestReport,
} from './schema'

/** Reports that all readers together, and one network address, may send in an hour. */
export const hourlyCeiling = 60
export const hourlyForAddress = 6

const steps: Record<ReportStep, { from: readonly ReportState[]; to: ReportState }> = {
  take: { from: ['received'], to: 'in_hand' },
  accept: { from: ['received', 'in_hand'], to: 'accepted' },
  decline: { from: ['received', 'in_hand'], to: 'declined' },
}

/** The state a step leads to; null where it cannot be taken. */
export function nextState(state: ReportState, step: ReportStep): ReportState | null {
  const { from, to } = steps[step]
  return from.includes(state) ? to : null
}

export function isAnswered(state: ReportState): boolean {
  return state === 'accepted' || state === 'declined'
}

/** A report's id out of random bytes, a letter each. */
export function reportIdFrom(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => reportLetters[byte % reportLetters.length]).join('')
}

interface Issue {
  code?: string
  path: readonly PropertyKey[]
  minimum?: unknown
}

/** What is wrong with a report, the first problem of each field; null stands for the form itself. */
export function problemsOf(
  issues: readonly Issue[],
): { field: ReportField | null; problem: Problem }[] {
  const found = new Map<ReportField | null, Problem>()
  for (const { path, code } of issues) {
    const field = reportFields.find((name) => name === path[0]) ?? null
    if (!found.has(field)) found.set(field, problemOf(field, code))
  }
  return [...found].map(([field, problem]) => ({ field, problem }))
}

function problemOf(field: ReportField | null, code: string | undefined): Problem {
  if (field === null) return { code: 'formBroken' }
  if (code === 'too_small') return { code: 'wrongMissing', params: { least: shortestReport } }
  if (code !== 'too_big') return { code: 'hiddenCharacter' }
  return { code: 'tooLong', params: { most: field === 'wrong' ? longestReport : longestDetail } }
}

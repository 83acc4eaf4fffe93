import type { PublicationInput } from '@/features/figures/schema'
import type { Period } from '@/features/periods/rules'

export const outcomes = ['new', 'changed', 'same'] as const
export type Outcome = (typeof outcomes)[number]

/** A row of a file that was found right, on its way into the record. */
export interface StagedInput {
  /** Place in the file, counted from 1 over all rows. */
  no: number
  line: number
  figure: PublicationInput
  period: Period
}

export interface StagedProblem {
  line: number
  column: string
  value: string
  severity: 'error' | 'warning'
  /** A message with its namespace: `numbers.missing`. */
  code: string
  params: Record<string, string | number>
}

export interface StagedRow {
  line: number
  figure: Omit<PublicationInput, 'reason' | 'baseRevision'>
  /** What is public now; null where nothing is. */
  before: { value: string; unit: string } | null
}

export interface StagedTallies {
  new: number
  changed: number
  same: number
  /** Fingerprint of what the record has under the keys of the file. */
  seen: string
}

import { z } from 'zod'
import type { Severity } from '@/features/checks/schema'
import { type Citation, type FigureKey, type Precision, plainText } from '@/features/figures/schema'
import type { ProposalState, ProposalStep, Warning } from '@/features/proposals/schema'

/** More changes than this are an import. */
export const mostInSet = 10_000

export type SetPurpose = 'entry' | 'undo'

/** What a set would do to one figure. */
export interface Change extends FigureKey {
  purpose: 'publication' | 'withdrawal'
  /** The figure as the record numbers it, where a period does not tell it: of withdrawals, always. */
  observation: number | null
  /** Null of a withdrawal. */
  value: string | null
  status: string
  precision: Precision
  /** Null only of a withdrawal. */
  source: Citation | null
  note: string
  releasedOn: string | null
  /** The newest revision of the key that the author saw. */
  base: number | null
  /** Why it is right, where it was warned about and the set's reason does not say so. */
  reason?: string
}

/** What a rule or the record says about one figure of a set. */
export interface Warned extends Warning {
  /** Code of the rule; see `recordRule`. */
  rule: string
  /** An error blocks; a warning asks for a reason, which is kept. */
  severity: Severity
}

export interface SetFinding extends Warned {
  /** Place of the figure in the set. */
  index: number
}

export interface SetMember extends Change {
  warnings: Warned[]
}

/** What is public about a key. */
export interface PublicFigure {
  observation: number
  /** The newest revision, current or not; null where there is none. */
  newest: number | null
  /** Null where it is withdrawn. */
  value: string | null
  status: string
  precision: Precision
  releasedOn: string | null
  source: Citation | null
}

export interface FigureSet {
  id: string
  purpose: SetPurpose
  state: ProposalState
  version: number
  author: { id: string; name: string }
  message: string
  reason: string
  /** The query of the sheet it came from; empty for an undo. */
  address: string
  count: number
  commit: number | null
  /** The commit that it takes back. */
  undoes: number | null
  /** The newest commit that took it back; null where none did. */
  undoneBy: number | null
  /** The name of the token by which a program sent it. */
  token: string | null
  updatedAt: string
  /** Oldest first. */
  steps: ProposalStep[]
}

export interface SetSubmission {
  id: string
  purpose: SetPurpose
  undoes: number | null
  address: string
  message: string
  reason: string
  /** What `digestOf` made of the warnings that were shown; empty where none were. */
  confirmed: string
  changes: readonly Change[]
}

/**
 * What the caller of `storeSet` has asked the record in the same transaction, about a set whose
 * number it has just made.
 */
export interface Evidence {
  known: readonly (PublicFigure | null)[]
  findings: readonly SetFinding[]
}

/** What a form of a set carries besides its texts. */
export const setTicket = z.object({
  id: z.uuid(),
  /** Stands for what the page showed. */
  seen: z.string().max(100),
  confirmed: z.string().max(100),
})

export const setMessage = plainText(300).pipe(z.string().min(1))
export const setReason = plainText(300)

export const setDecision = z.object({
  id: z.uuid(),
  step: z.enum(['approve', 'return', 'discard']),
  version: z.coerce.number().int().positive(),
  seen: z.string().max(100),
  comment: plainText(1000),
})

export type SetDecision = z.infer<typeof setDecision>

/** Why a figure of a commit stays as it is when the commit is undone. */
export type UndoObstacle =
  /** Somebody has revised it since. */
  | 'revisedSince'
  /** It was never the current value, so there is nothing to take back. */
  | 'notCurrent'

export interface UndoLine {
  key: FigureKey
  unit: string
  /** What the commit made of it. */
  now: { value: string | null; status: string; precision: Precision }
  /** What it would be again; a null value is a withdrawal. */
  restored: { value: string | null; status: string; precision: Precision }
  /** Where that came from. */
  source: Citation | null
  obstacle: UndoObstacle | null
}

export interface UndoPlan {
  commit: number
  lines: UndoLine[]
  changes: Change[]
  /** Stands for all of it. */
  seen: string
}

// What the forms are given and answer. All texts are in the reader's language.

export interface AnswerState {
  attempt: number
  values: Record<string, string>
  /** `field` is null where the form as a whole is at fault. */
  problems: { field: string | null; text: string }[]
  isSignedOut: boolean
  goTo: string | null
}

/** One change as pages show it. */
export interface ChangeRow {
  id: string
  key: FigureKey
  before: Said | null
  /** Null where a text is no number: `typed` is shown. */
  after: Said | null
  typed?: string
  /** Left out where the page says nothing of sources. */
  source?: Citation | null
  warnings: readonly Warned[]
}

interface Said {
  value: string | null
  status: string
  precision: Precision
}

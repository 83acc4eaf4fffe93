import { z } from 'zod'
import { plainText } from '@/features/figures/schema'
import type { Proposal, ProposalInReview, Warning } from '@/features/proposals/schema'
import type { LocalText } from '@/lib/i18n'

export type ReleaseState = 'planned' | 'late' | 'published' | 'cancelled'

/** A release as everybody may see it. Instants are ISO strings in UTC. */
export interface Release {
  id: number
  slug: string
  title: LocalText
  note: LocalText
  announcedAt: string
  state: ReleaseState
  /** Each time it was announced for before, oldest first. */
  moves: { from: string; to: string; at: string }[]
  /** When and why it was cancelled. */
  cancelled: { at: string; reason: string } | null
  publishedAt: string | null
  /** The commit of its figures; null before, and where they added nothing to the record. */
  commit: number | null
  /** How many figures it published; nothing of what is held is counted before. */
  figures: number
}

/** A figure that a release published, as it was then. */
export interface ReleasedFigure {
  observation: number
  indicator: string
  programme: string
  area: string
  academy: string
  sex: string
  unit: string
  period: string
  value: string
  status: string
  precision: 'exact' | 'rounded' | 'over' | 'about'
}

export const errorCodes = ['empty', 'waiting', 'returned', 'heldTwice', 'ownApproval'] as const
export const warningCodes = ['figure', 'revised', 'noLink', 'provisional', 'estimated'] as const

/** Something in the way of a release, or worth a second look before it. */
export interface CheckItem {
  level: 'error' | 'warning'
  code: (typeof errorCodes)[number] | (typeof warningCodes)[number]
  proposal: Proposal | null
  /** The release that holds the same key, of `heldTwice`. */
  other?: LocalText
  /** Of `figure`: what its author was warned of, or what has come up since. */
  warning?: Warning
}

/** A figure in a release, with what its check needs to know. */
export interface HeldFigure extends ProposalInReview {
  /** Titles of the open releases that hold an approved figure of the same key, this one included. */
  alsoHeldBy: LocalText[]
  /** Whether its author approved it although four eyes hold for them by now. */
  isOwnApproval: boolean
}

// What the forms send.

export const releaseFields = ['titleEn', 'titleUr', 'noteEn', 'noteUr', 'day', 'time'] as const
export type ReleaseField = (typeof releaseFields)[number]
export type TypedRelease = Record<ReleaseField, string>

export const releaseTexts = z.object({
  titleEn: plainText(120).pipe(z.string().min(1)),
  titleUr: plainText(120).pipe(z.string().min(1)),
  noteEn: plainText(1000),
  noteUr: plainText(1000),
})

/** A checked form; `at` is a wall-clock time in Karachi, `2026-12-01 15:30`. */
export interface ReleaseInput {
  title: LocalText
  note: LocalText
  at: string
}

export interface ReleaseProblem {
  field: ReleaseField | 'reason' | null
  from: 'releases' | 'periods'
  code: string
  params?: Record<string, string | number>
}

export const reasonInput = plainText(500).pipe(z.string().min(1))

/** What the form to plan or move a release answers, in the reader's language. */
export interface ReleaseFormState {
  attempt: number
  values: TypedRelease
  problems: { field: ReleaseField | null; text: string }[]
  goTo: string | null
}

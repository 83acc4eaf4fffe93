import { z } from 'zod'
import { type Citation, type FigureKey, type Precision, plainText } from '@/features/figures/schema'

export const linkOutcomes = ['alive', 'moved', 'dead', 'unsure'] as const
export type LinkOutcome = (typeof linkOutcomes)[number]

/** What a source's address answered when it was last asked. */
export interface LinkCheck {
  outcome: LinkOutcome
  /** HTTP status; null where nothing answered. */
  status: number | null
  /** Why nothing answered, such as `ENOTFOUND`; else empty. */
  error: string
  /** Where redirects ended; empty where there were none. */
  finalUrl: string
  /** The day (Asia/Karachi). */
  day: string
}

/** The media types a stored copy may have, with the ending its file is given. */
export const copyTypes = {
  'application/pdf': 'pdf',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'text/html': 'html',
  'multipart/related': 'mhtml',
  'text/plain': 'txt',
} as const
export type CopyType = keyof typeof copyTypes

/** Bytes; the database holds the same limit. */
export const largestCopy = 20 * 1024 * 1024

/** What stands about a stored copy; its bytes are read apart. */
export interface SourceCopy {
  sha256: string
  mediaType: CopyType
  fileName: string
  /** Bytes. */
  size: number
  capturedOn: string
  note: string
  storedOn: string
}

export const copyInput = z.object({
  sourceId: z.int().positive(),
  fileName: z.string(),
  /** The day the page was saved. */
  capturedOn: z.iso.date().refine((day) => day >= '1990'),
  note: plainText(500),
})
export type CopyInput = z.infer<typeof copyInput> & { bytes: Uint8Array }

/** Why a copy was not stored; each is a message under `sources.problems`. */
export const copyProblems = [
  'fileMissing',
  'fileTooLarge',
  'fileType',
  'dayMissing',
  'capturedInFuture',
  'noteInvalid',
  'sourceMissing',
  'forbidden',
  'wrongAddress',
  'signedOut',
  'unavailable',
] as const
export type CopyProblem = (typeof copyProblems)[number]

/** A source in the list of all. */
export interface SourceItem extends Citation {
  id: number
  /** How many figures have a revision from it. */
  figures: number
  copies: number
  check: LinkCheck | null
}

/** A value as one source gave it. */
export interface SourcedFigure extends FigureKey {
  /** The observation. */
  id: number
  revision: number
  /** Null for a withdrawal. */
  value: string | null
  status: string
  precision: Precision
  releasedOn: string | null
  /** Whether it is what the figure says today. */
  isCurrent: boolean
}

export interface SourceDetails extends Citation {
  id: number
  check: LinkCheck | null
  /** Also of the citations that it took the place of, as are its figures. */
  copies: (SourceCopy & { source: number })[]
  figures: SourcedFigure[]
  /** The citation that has taken its place. */
  now: LedSource | null
  /** Those that it took the place of. */
  former: LedSource[]
}

/** What a figure's page says about a source beside its citation. */
export interface SourceNote {
  check: LinkCheck | null
  copies: number
  /** The citation that has taken its place. */
  now: LedSource | null
}

// What becomes of a source

export const sourceStepKinds = ['corrected', 'merged', 'archived', 'reopened'] as const
export type SourceStepKind = (typeof sourceStepKinds)[number]

/** What holds of a source that is not simply open. */
export interface SourceState {
  kind: Exclude<SourceStepKind, 'reopened'>
  /** The source that it leads to; null for one that is archived. */
  into: number | null
  /** The day (Asia/Karachi). */
  day: string
  /** Why, as it was typed. */
  reason: string
}

/** A citation that another one leads to, or is led to by, and why. */
export interface LedSource extends Citation {
  id: number
  kind: 'corrected' | 'merged'
  day: string
  reason: string
}

/** What a commit did to a source. */
export interface SourceStepTaken {
  kind: SourceStepKind
  source: Citation & { id: number }
  into: (Citation & { id: number }) | null
  reason: string
}

/** A source in the desk's list. */
export interface DeskSource extends SourceItem {
  state: SourceState | null
}

/** A source as its forms at the desk show it. */
export interface EditedSource extends Citation {
  id: number
  state: SourceState | null
  /** Tells whether something became of it since: the number of its newest step. */
  seen: string
  /** Current figures that cite it, or what it took the place of. */
  figures: number
  now: LedSource | null
  former: LedSource[]
}

export const correctionFields = ['publisher', 'title', 'sourceDate', 'url'] as const

export const sourceTicket = z.object({
  id: z.uuid(),
  source: z.string().regex(/^[1-9]\d{0,8}$/),
  seen: z.string().regex(/^\d{1,9}$/),
})

export const sourceReason = plainText(500).pipe(z.string().regex(/[\p{L}\p{N}]/u))

/** What the forms of a source are given and answer; texts are in the reader's language. */
export interface SourceFormState {
  attempt: number
  values: Record<string, string>
  ticket: { id: string; seen: string }
  problems: readonly { field: string | null; text: string }[]
  goTo: string | null
}

/** What the list of sources was asked for; cut, never refused: it is only a search. */
export function readSearch(query: Record<string, string | string[] | undefined>): string {
  const { q } = query
  return typeof q === 'string' ? q.normalize('NFC').trim().slice(0, 200) : ''
}

/** The number in a source's address, or null. */
export function readSourceId(text: string): number | null {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null
}

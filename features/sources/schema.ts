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
  copies: SourceCopy[]
  figures: SourcedFigure[]
}

/** What a figure's page says about a source beside its citation. */
export interface SourceNote {
  check: LinkCheck | null
  copies: number
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

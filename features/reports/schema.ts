import { z } from 'zod'
import { type FigureKey, plainText } from '@/features/figures/schema'

export type ReportState = 'received' | 'in_hand' | 'accepted' | 'declined'
export type ReportStep = 'take' | 'accept' | 'decline'

/** Crockford's letters and digits: none that is read for another. */
export const reportLetters = '0123456789abcdefghjkmnpqrstvwxyz'
export const reportIdLength = 10
const reportId = z.string().regex(new RegExp(`^[${reportLetters}]{${reportIdLength}}$`))

/** Line breaks of a text box become spaces. */
const typed = (most: number) =>
  z
    .string()
    .transform((text) => text.replace(/\s+/g, ' '))
    .pipe(plainText(most))

export const longestReport = 2000
export const shortestReport = 10
export const longestDetail = 500

// A field that fails is named by its path, why by the issue: see `problemOf` in rules.ts.

/** What a reader says is wrong. `id` is the report's own: one form has one effect. */
export const reportInput = z.object({
  id: reportId,
  figure: z.coerce.number().int().positive().max(999_999_999),
  wrong: typed(longestReport).pipe(z.string().min(shortestReport)),
  instead: typed(longestDetail),
  shownAt: typed(longestDetail),
})
export type ReportInput = z.infer<typeof reportInput>

export const reportFields = ['wrong', 'instead', 'shownAt'] as const
export type ReportField = (typeof reportFields)[number]
export type ReportWords = Record<ReportField, string>

/** An officer's step on one report, and the version the page showed. */
export const stepInput = z.object({
  id: reportId,
  version: z.coerce.number().int().positive(),
  step: z.enum(['take', 'accept', 'decline']),
  answer: typed(longestReport),
  /** The correcting revision; null where there is none. */
  revision: z
    .string()
    .regex(/^\d{0,9}$/)
    .transform((text) => (text === '' ? null : Number(text))),
  share: z.string().transform((text) => text === 'yes'),
})
export type StepInput = z.infer<typeof stepInput>

export function readReportId(text: string): string | null {
  const parsed = reportId.safeParse(text.toLowerCase())
  return parsed.success ? parsed.data : null
}

/** A report as everybody may see it. Days are days in Asia/Karachi. */
export interface Report {
  id: string
  state: ReportState
  figure: { id: number; key: FigureKey }
  receivedOn: string
  /** The day each later state began. */
  inHandOn: string | null
  answeredOn: string | null
  answer: string
  /** The revision that corrected the figure. */
  revision: number | null
  /** The reader's words; null until an officer has answered and lets them be read. */
  words: ReportWords | null
}

/** A report on the desk, with what only officers may read. */
export interface DeskReport extends Report {
  version: number
  words: ReportWords
  /** Public revisions of the figure since the report came in, the newest first. */
  revisions: { id: number; value: string | null; knownOn: string }[]
}

/** What the reports on one figure come to. */
export interface FigureReports {
  waiting: number
  answered: Report[]
}

// What the forms answer. All texts are in the reader's language.

export interface ReportFormState {
  attempt: number
  id: string
  values: ReportWords
  problems: { field: ReportField | null; text: string }[]
  goTo: string | null
}

export interface StepState {
  attempt: number
  ticket: { id: string; version: string }
  values: { answer: string; revision: string; share: boolean }
  problem: { field: 'answer' | 'revision' | null; text: string } | null
  isSignedOut: boolean
  goTo: string | null
}

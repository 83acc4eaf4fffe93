import { z } from 'zod'
import { findingCodes } from '@/features/checks/schema'
import {
  type Citation,
  type FigureKey,
  type Precision,
  type PublicationInput,
  plainText,
  type Revision,
  type SourceInput,
} from '@/features/figures/schema'
import type { LocalText } from '@/lib/i18n'

/** What a person types or chooses to enter a figure; `reason` answers warnings. */
export const entryFields = [
  'indicator',
  'programme',
  'area',
  'sex',
  'period',
  'value',
  'role',
  'kind',
  'unit',
  'status',
  'precision',
  'publisher',
  'title',
  'sourceDate',
  'url',
  'releasedOn',
  'note',
  'reason',
  'release',
] as const

export type EntryField = (typeof entryFields)[number]
/** Every field as typed; nothing was checked yet. */
export type TypedEntry = Record<EntryField, string>

/** The series a figure is entered for; chosen before the form opens. */
export type Place = Pick<FigureKey, 'indicator' | 'programme' | 'area' | 'sex'>

type Query = Record<string, string | string[] | undefined>

const textIn = (query: Query, name: string) => {
  const value = query[name]
  return typeof value === 'string' ? value : undefined
}

/** The place that an address names, as far as it does; its codes are not checked. */
export function readPlace(query: Query): Partial<Place> {
  const names = ['indicator', 'programme', 'area', 'sex'] as const
  return Object.fromEntries(names.map((name) => [name, textIn(query, name)]))
}

const given = [
  'indicator',
  'programme',
  'area',
  'sex',
  'role',
  'kind',
  'unit',
  'period',
  'releasedOn',
  'like',
  'proposal',
] as const

/** What an address to the form gives: the place, a sort of figure, a figure to begin from. */
export type Given = Partial<Record<(typeof given)[number], string>>

export function readGiven(query: Query): Given {
  return Object.fromEntries(
    given.flatMap((name) => {
      const text = textIn(query, name)
      return text === undefined ? [] : [[name, text]]
    }),
  )
}

/** A checked figure on its way to the record; its base is told apart from it. */
export type EnteredFigure = Omit<PublicationInput, 'baseRevision' | 'releasedOn'> & {
  releasedOn: string
}

/** Something wrong with one field; `code` names a message of the namespace `from`. */
export interface EntryProblem {
  field: EntryField
  from: 'entry' | 'numbers' | 'periods'
  code: string
  params?: Record<string, string | number>
}

/** What rules say, and what the record says. */
export const warningCodes = [
  ...findingCodes,
  'notOverYet',
  'unusualKind',
  'unusualUnit',
  'releasedEarlier',
  'otherPublisher',
] as const

export type WarningCode = (typeof warningCodes)[number]

/** Something to look at twice. `params` are raw values (decimals, period codes, days, codes). */
export interface Warning {
  code: WarningCode
  params: Record<string, string>
}

export type ProposalState =
  | 'draft'
  | 'in_review'
  | 'returned'
  | 'scheduled'
  | 'published'
  | 'discarded'

/** `release` and `recall` are a release's doing: its time came, or it was cancelled. */
export type Step =
  | 'draft'
  | 'publish'
  | 'send'
  | 'approve'
  | 'return'
  | 'discard'
  | 'release'
  | 'recall'

/** What a form carries besides the figure. One form has one id, and one effect. */
export const submissionTicket = z.object({
  id: z.uuid(),
  /** The newest revision of the key that the form showed; empty where it showed none. */
  base: z
    .string()
    .regex(/^\d{0,9}$/)
    .transform((text) => (text === '' ? null : Number(text))),
  /** The warnings that the person has seen and passes over, encoded, with spaces between. */
  confirmed: z
    .string()
    .max(10_000)
    .transform((text) => text.split(' ').filter(Boolean)),
  /** The version of the returned proposal that is sent again; empty for a new one. */
  version: z
    .string()
    .regex(/^\d{0,9}$/)
    .transform((text) => (text === '' ? null : Number(text))),
})

export interface Submission extends z.infer<typeof submissionTicket> {
  figure: EnteredFigure
  /** The release that the figure is held for; null where it is public as soon as approved. */
  releaseId: number | null
}

/** A form put aside as it is. */
export interface DraftInput extends Pick<Submission, 'id' | 'version'> {
  typed: TypedEntry
}

/** What a form to withdraw a figure carries. */
export const withdrawalInput = submissionTicket
  .pick({ id: true, base: true, version: true })
  .extend({
    figure: z.coerce.number().int().positive(),
    reason: plainText(1000).pipe(z.string().min(1)),
  })

export interface WithdrawalSubmission extends z.infer<typeof withdrawalInput> {
  source: SourceInput | null
}

/** A reviewer's decision on one proposal, and what the page showed when it was taken. */
export const decisionInput = z.object({
  id: z.uuid(),
  step: z.enum(['approve', 'return']),
  version: z.coerce.number().int().positive(),
  /** The newest revision of the key that the reviewer saw; null where there was none. */
  seen: z
    .string()
    .regex(/^\d{0,9}$/)
    .transform((text) => (text === '' ? null : Number(text))),
  comment: z
    .string()
    .transform((text) => text.normalize('NFC').replace(/\s+/g, ' ').trim())
    .pipe(
      z
        .string()
        .max(1000)
        .regex(/^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]*$/u),
    ),
})

export type Decision = Omit<z.infer<typeof decisionInput>, 'seen'> & {
  /** Left out, the proposal's own base is what must still be the newest. */
  seen?: number | null
}

/** A proposal with its figure. Instants are ISO strings in UTC. */
export interface Proposal extends FigureKey {
  id: string
  state: ProposalState
  version: number
  purpose: 'publication' | 'withdrawal' | 'pin'
  /** The figure that a withdrawal takes back. */
  observation: number | null
  /** Empty in a draft without one; of a withdrawal, the value that it takes back. */
  value: string
  status: string
  precision: Precision
  /** All empty in a draft, and in a withdrawal without a source. */
  source: Citation
  note: string
  /** Encoded; see `decodeWarnings`. */
  warnings: string[]
  reason: string
  releasedOn: string | null
  base: number | null
  author: { id: string; name: string }
  /** Who approved it, where it is kept back since then. */
  approver: { id: string; name: string } | null
  release: HeldFor | null
  /** A draft as typed. */
  typed: TypedEntry | null
  updatedAt: string
  /** Oldest first. */
  steps: ProposalStep[]
  /** The newest event that carries a comment: why it was returned. */
  comment: { text: string; by: string } | null
}

export interface ProposalStep {
  from: ProposalState | null
  to: ProposalState
  by: string
  at: string
  comment: string
}

/** The release that a proposal is held for. */
export interface HeldFor {
  id: number
  slug: string
  title: LocalText
  announcedAt: string
  isOpen: boolean
}

/** A proposal that waits for a decision, beside what is public now. */
export interface ProposalInReview {
  proposal: Proposal
  current: Revision | null
  /** The newest revision of the key, current or not; a decision names it. */
  newest: number | null
  warnings: Warning[]
}

// What the forms are given and answer. All texts are in the reader's language.

export interface FormProblem {
  /** Null where the form as a whole is at fault. */
  field: EntryField | null
  text: string
}

export interface EntryTicket {
  id: string
  base: string
  confirmed: string
  version: string
}

export interface EntryQuestion {
  warnings: string[]
  /** What is public and what was typed, side by side; null where the key is new. */
  existing: { term: string; detail: string }[] | null
}

export interface EntryState {
  /** Rises with every answer. */
  attempt: number
  values: TypedEntry
  ticket: EntryTicket
  problems: FormProblem[]
  question: EntryQuestion | null
  isSignedOut: boolean
  /** Where the stored figure leads; null while there is something to answer. */
  goTo: string | null
}

export const withdrawalFields = ['reason', 'publisher', 'title', 'sourceDate', 'url'] as const

export interface WithdrawalState {
  attempt: number
  values: Record<(typeof withdrawalFields)[number], string>
  ticket: { id: string; base: string; version: string; figure: string }
  problems: FormProblem[]
  isSignedOut: boolean
  goTo: string | null
}

export interface DecisionState {
  attempt: number
  /** The proposal and what the page showed of it. */
  ticket: { id: string; version: string; seen: string }
  comment: string
  problem: string | null
  isSignedOut: boolean
  goTo: string | null
}

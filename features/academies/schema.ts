import { z } from 'zod'
import type { Period } from '@/features/periods/rules'
import type { LocalText } from '@/lib/i18n'
import { searchIn } from '@/lib/search-text'

/** Which academies a list holds; what is left out narrows nothing. */
export interface AcademyFilter {
  /** The code of a programme; those under it count too. */
  programme?: string
  /** The code of an area; those in it count too. */
  area?: string
  /** Words to be found in name (either language), code, city or host. */
  search?: string
  /** A reference period on a day of which the academy was open. */
  openIn?: Pick<Period, 'start' | 'end'>
  /** False: only those without a last day. */
  includeClosed?: boolean
}

// The desk: an academy field by field, as text.

/** The fields of an academy's form, in the order of the form. */
export const academyFields = [
  'code',
  'nameEn',
  'nameUr',
  'programme',
  'area',
  'city',
  'host',
  'openedOn',
  'contact',
  'reason',
] as const
export type AcademyField = (typeof academyFields)[number]

/** Columns of the registry as a file, in order: all that is public. */
export const registryColumns = [
  'code',
  'programme',
  'area',
  'name_en',
  'name_ur',
  'city',
  'host',
  'opened_on',
  'closed_on',
  'merged_into',
] as const
export type RegistryColumn = (typeof registryColumns)[number]

/** What is typed for an academy, or stands in a row of a file; what is left out stays as it is. */
export type TypedField = Exclude<AcademyField, 'contact' | 'reason'> | 'closedOn' | 'mergedInto'
export type TypedAcademy = Partial<Record<TypedField, string>>

/** What holds an academy's programme and area fast. */
export interface AcademyTies {
  /** Figures under its code, also those withdrawn since. */
  figures: number
  /** Academies that became a part of it, and the one it became a part of. */
  mergers: number
}

/** `code` is a message under `academies.problems`; `field` null: the form as a whole. */
export interface AcademyProblem<Field extends string = TypedField | AcademyField | ActField> {
  field: Field | null
  code: string
  params?: Record<string, string | number>
}

/** What becomes of an academy, each with the fields of its own form. */
export const actFields = {
  close: ['closedOn', 'closeReason'],
  reopen: ['reopenReason'],
  merge: ['into', 'mergedOn', 'mergeReason'],
  undo: ['undoReason'],
} as const
export type ActName = keyof typeof actFields
export const actNames = Object.keys(actFields) as ActName[]
export type ActField = (typeof actFields)[ActName][number]
export type ActValues = Partial<Record<ActField, string>>

/** A form is known by its id, so that it has one effect however often it is sent. */
export const academyTicket = z.object({
  id: z.uuid(),
  /** The version of the academy that the form showed; 0 for a new one. */
  version: z.coerce.number().int().min(0).max(2_147_483_647),
})

export interface AcademyFormState {
  attempt: number
  values: Partial<Record<AcademyField, string>>
  ticket: { id: string; version: string }
  problems: readonly { field: AcademyField | null; text: string }[]
  goTo: string | null
}

export interface ActFormState {
  attempt: number
  act: ActName
  values: ActValues
  ticket: { id: string; version: string }
  problems: readonly { field: ActField | null; text: string }[]
  goTo: string | null
}

/** One change of an academy; `name` as it was from then on. */
export interface AcademyChange {
  commit: number
  at: string
  author: string
  act: 'save' | 'import' | ActName
  reason: string
  name: LocalText
}

// A file of academies

/** At most so many bytes: some 5,000 academies. */
export const largestRegistryFile = 900_000

/** One thing wrong in a file: the row it stands in, and a message code with the remedy. */
export interface RegistryProblem {
  line: number
  column: string
  value: string
  code: string
  params?: Record<string, string | number>
}

export type RowOutcome = 'new' | 'changed' | 'same'

/** What a file would do, or why it does nothing. */
export interface RegistryReport {
  counts: Record<RowOutcome | 'refused', number>
  problems: RegistryProblem[]
  /** What would be new or changed, by row. */
  changes: { line: number; code: string; outcome: RowOutcome; columns: RegistryColumn[] }[]
}

export interface RegistryFormState {
  attempt: number
  /** The table as text; empty before one was given. */
  text: string
  ticket: { id: string; seen: string }
  /** Why the file could not be read or stored. */
  problem: string | null
  report: RegistryReportInWords | null
  goTo: string | null
}

export interface RegistryReportInWords {
  summary: string
  isStorable: boolean
  problems: readonly { line: string; column: string; value: string; text: string }[]
  changes: readonly { line: string; code: string; outcome: string; columns: string }[]
  /** How many more changes and problems there are than are listed. */
  more: string | null
}

// The list at the desk

export const registryStates = ['open', 'closed'] as const
export const academiesOnPage = 50

/** What a list shows, as the words of its address; empty: all. */
export interface RegistryView {
  search: string
  programme: string
  area: string
  state: '' | (typeof registryStates)[number]
  /** From 1. */
  page: number
}

type Words = Readonly<Record<string, string | string[] | undefined>>

/** Anybody can write anything into an address: what is not understood narrows nothing. */
export function readView(words: Words): RegistryView {
  const one = (name: string) => searchIn(words[name])
  const code = (name: string) => (/^[A-Z0-9_-]{1,60}$/.test(one(name)) ? one(name) : '')
  return {
    search: one('q'),
    programme: code('programme'),
    area: code('area'),
    state: registryStates.find((state) => state === one('state')) ?? '',
    page: /^[1-9]\d{0,4}$/.test(one('page')) ? Number(one('page')) : 1,
  }
}

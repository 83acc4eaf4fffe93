import { z } from 'zod'
import { fail, ok, type Result } from '@/lib/result'

/** One committed change. `at` is an ISO instant in UTC with milliseconds. */
export interface AuditEntry {
  no: number
  at: string
  /** The user's id; empty where nobody was signed in, as for a change by hand. */
  actor: string
  /** `table.operation` */
  action: string
  /** `table/key` */
  subject: string
  /** The row before and after, as JSON text in PostgreSQL's own spelling, which is what is hashed. */
  detail: string
  commit: number | null
  /** SHA-256 (hex) of the rows that a commit stands for; empty for anything else. */
  digest: string
  /** The hash of the entry before; empty for the first. */
  previous: string
  /** SHA-256 (hex) of all the above. */
  hash: string
}

/** An entry as people read it. */
export interface AuditLine extends Omit<AuditEntry, 'digest' | 'previous'> {
  /** The actor's name; empty where there is none. */
  name: string
}

/** The newest entry at the end of a day (Asia/Karachi): what an outsider keeps to check against. */
export interface AuditHead {
  day: string
  no: number
  hash: string
}

/** Why the log or the record does not hold, in the order in which the log tells of things. */
export type AuditProblemCode =
  /** Entries are not numbered one after the other: some were removed. */
  | 'gap'
  /** The entry does not follow the one before it. */
  | 'unchained'
  /** The entry itself was changed. */
  | 'entryChanged'
  /** The list of rows of a commit was changed. */
  | 'digest'
  | 'rowChanged'
  | 'rowMissing'
  /** A row that no entry tells of. */
  | 'rowUnrecorded'
  /** What is shown as the current value is not what the revisions say. */
  | 'notCurrent'
  /** The log does not hold an entry that was published, or another one in its place. */
  | 'headMissing'

export interface AuditProblem {
  code: AuditProblemCode
  /** The entry that is wrong or tells what should be there; null where none does. */
  entry: number | null
  /** `table/key` of the bad row; the entry's own subject where the entry is bad. */
  subject: string
}

export interface AuditReport {
  entries: number
  rows: number
  head: { no: number; hash: string } | null
  /** The first ones by entry. */
  problems: AuditProblem[]
  problemCount: number
}

const day = z.iso.date()

export interface AuditFilter {
  /** Part of a subject, an action, a name or a detail. */
  text?: string
  /** Days in Asia/Karachi, inclusive. */
  from?: string
  to?: string
  /** Entries before this one. */
  before?: number
}

/** Reads the words of an address. Fails with `notADay` or `notANumber`, naming the word. */
export function readAuditFilter(query: URLSearchParams): Result<AuditFilter> {
  const text = (query.get('text') ?? '').normalize('NFC').trim().slice(0, 200)
  const days = { from: query.get('from') ?? '', to: query.get('to') ?? '' }
  for (const [word, value] of Object.entries(days)) {
    if (value !== '' && !day.safeParse(value).success) {
      return fail('notADay', { word, value: value.slice(0, 40) })
    }
  }
  const before = query.get('before') ?? ''
  if (!/^(?:[1-9]\d{0,8})?$/.test(before)) {
    return fail('notANumber', { word: 'before', value: before.slice(0, 40) })
  }
  return ok({
    ...(text && { text }),
    ...(days.from && { from: days.from }),
    ...(days.to && { to: days.to }),
    ...(before && { before: Number(before) }),
  })
}

/** The columns of the downloaded log. */
export const auditColumns = [
  'no',
  'at',
  'actor',
  'name',
  'action',
  'subject',
  'detail',
  'commit',
  'digest',
  'previous',
  'hash',
] as const

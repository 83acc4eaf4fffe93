import { createHash } from 'node:crypto'
import type { AuditEntry, AuditProblem } from './schema'

const separator = '\x1f'
const absent = '\x1e'

/** SHA-256 (hex) of an entry: what the database's function `audit_append` says, said once more. */
export function entryHash(entry: Omit<AuditEntry, 'hash'>): string {
  const { no, at, actor, action, subject, detail, commit, digest, previous } = entry
  const parts = [no, at, actor, action, subject, detail, commit, digest, previous]
  const text = parts.map((part) => (part === null ? absent : String(part))).join(separator)
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/** What is wrong with an entry, given the one before it (null for the first); at most one thing. */
export function entryProblem(before: AuditEntry | null, entry: AuditEntry): AuditProblem | null {
  const problem = (code: AuditProblem['code']) => ({
    code,
    entry: entry.no,
    subject: entry.subject,
  })
  if (entry.no !== (before?.no ?? 0) + 1) return problem('gap')
  if (entry.hash !== entryHash(entry)) return problem('entryChanged')
  if (entry.previous !== (before?.hash ?? '')) return problem('unchained')
  return null
}

/** A published head, `number:hash`, as the feed gives it; null where it is none. */
export function parseHead(text: string): { no: number; hash: string } | null {
  const [, no, hash] = /^([1-9]\d{0,8}):([0-9a-f]{64})$/.exec(text.trim()) ?? []
  return no && hash ? { no: Number(no), hash } : null
}

/** By entry, what no entry tells of last. */
export function inOrder(problems: readonly AuditProblem[]): AuditProblem[] {
  const place = ({ entry }: AuditProblem) => entry ?? Number.POSITIVE_INFINITY
  return [...problems].sort((a, b) =>
    place(a) === place(b) ? (a.subject < b.subject ? -1 : 1) : place(a) - place(b),
  )
}

export interface ColumnChange {
  column: string
  /** Null where the column was not there before, or is not there any more. */
  before: string | null
  after: string | null
}

type Row = Record<string, unknown>

/** What an entry's detail says, column by column; a changed row tells the changed columns alone. */
export function columnChanges(detail: string): ColumnChange[] {
  const {
    before,
    after,
    secrets = [],
    ...rest
  } = JSON.parse(detail) as {
    before?: Row
    after?: Row
    secrets?: string[]
  }
  const text = (value: unknown) =>
    value === undefined || value === null
      ? null
      : typeof value === 'string'
        ? value
        : JSON.stringify(value)
  const row: Row = { ...before, ...after, ...rest }
  const columns = Object.keys(row).map((column) => ({
    column,
    before: text(before?.[column]),
    after: text((after ?? (rest as Row))[column]),
  }))
  const hidden = secrets.map((column) => ({ column, before: '•••', after: '•••' }))
  return [...columns.filter((one) => one.before !== one.after), ...hidden]
}

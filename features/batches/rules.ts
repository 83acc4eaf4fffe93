import { z } from 'zod'
import type { FigureRow } from '@/features/figures/schema'
import { fromOwn, type ImportRow, lastDayOf } from '@/features/imports/rules'
import type { ImportProblem } from '@/features/imports/schema'
import { setMessage } from '@/features/sets/schema'
import { problemCode } from '@/features/uploads/rules'
import { type CsvRow, readCsv } from '@/lib/csv'
import { readJsonText } from '@/lib/json-text'
import { fail, ok, type Problem, type Result } from '@/lib/result'
import { batchReason, deepest, mostBrackets, mostRows, neededFields, rowInput } from './schema'

/** A batch as it was sent; its rows are read one by one, so that each is named that is wrong. */
export interface Batch {
  message: string
  /** Why figures that rules warn of are right. */
  reason: string
  isDry: boolean
  rows: readonly SentRow[]
}

export interface SentRow {
  /** Line of a CSV; null of JSON. */
  line: number | null
  fields: unknown
}

/** Something about one row, before it is put into words. */
export interface Remark {
  field: string
  value: string | null
  severity: 'error' | 'warning'
  /** A message with its namespace: `numbers.missing`. */
  code: string
  params: Record<string, string | number>
}

// The whole

const envelope = z.strictObject({
  message: setMessage,
  reason: batchReason.optional(),
  dryRun: z.boolean().optional(),
  observations: z.array(z.unknown()).min(1),
})

/** Reads a batch of JSON. Refuses with a problem whose `field` is the part of the body at fault. */
export function readJsonBatch(bytes: Uint8Array, isDry: boolean): Result<Batch> {
  const read = readJsonText(bytes, { deepest, mostBrackets })
  if (!read.ok) return read.problem.code === 'tooMany' ? tooManyRows('') : read
  const parsed = envelope.safeParse(read.value)
  if (!parsed.success) return envelopeProblem(parsed.error)
  const { message, reason = '', dryRun = false, observations } = parsed.data
  if (observations.length > mostRows) return tooManyRows(observations.length)
  return ok({
    message,
    reason,
    isDry: isDry || dryRun,
    rows: observations.map((fields) => ({ line: null, fields })),
  })
}

const tooManyRows = (count: number | string) => fail('tooManyRows', { count, most: mostRows })

function envelopeProblem({ issues: [issue] }: z.ZodError): Result<Batch> {
  if (issue?.code === 'unrecognized_keys') {
    return fail('unknownField', { field: String(issue.keys[0]).slice(0, 60) })
  }
  const [field] = issue?.path ?? []
  if (field === undefined) return fail('notABatch')
  return fail(`${String(field)}Invalid`, { field: String(field) })
}

/** What the address says of a CSV, which has no place for it. */
export interface Said {
  message: string | null
  reason: string | null
}

/** Reads a batch of CSV in Shumar's own columns; refuses with `csv.*`, or as `readJsonBatch`. */
export function readCsvBatch(bytes: Uint8Array, said: Said, isDry: boolean): Result<Batch> {
  const message = setMessage.safeParse(said.message ?? '')
  if (!message.success) return fail('messageInvalid', { field: 'message' })
  const reason = batchReason.safeParse(said.reason ?? '')
  if (!reason.success) return fail('reasonInvalid', { field: 'reason' })
  const table = readCsv(bytes, { required: neededFields, optional: Object.keys(rowInput.shape) })
  if (!table.ok) return table
  if (table.value.length > mostRows) return tooManyRows(table.value.length)
  return ok({
    message: message.data,
    reason: reason.data,
    isDry,
    rows: table.value.map((row) => ({ line: row.line, fields: plainFields(row) })),
  })
}

/** An empty cell of a table is one that is left out, but for the day of release: there it is none. */
function plainFields({ line, cells }: CsvRow): Record<string, string | null> {
  const [row] = fromOwn([
    { line, cells: { publisher: '', title: '', source_url: '', note: '', ...cells } },
  ])
  const filled = Object.entries(cells).filter(([name, text]) => text !== '' || name === 'value')
  const texts = Object.fromEntries(
    filled.map(([name, text]) => [name, row?.cells[name as keyof FigureRow] ?? text]),
  )
  return cells.released_on === '' ? { ...texts, released_on: null } : texts
}

// Rows

/** The figure that a row seems to be about, before anything of it is read: the same for one figure. */
export function roughName({ fields }: SentRow): string {
  const { indicator, programme, area, period } = Object(fields) as Record<string, unknown>
  return JSON.stringify([indicator, programme, area, period])
}

/** What an indicator is measured in, and how, where nothing else is said. */
export type Usual = ReadonlyMap<string, { kind: string; unit: string }>

export interface ReadRow {
  /** Place in the batch, from 1. */
  row: number
  line: number | null
  /** For `rowChecker`; null where the row is no object. */
  check: ImportRow | null
  /** The newest revision that its author knew, null for none; undefined where nothing is said. */
  expected: number | null | undefined
  reason: string
  /** What is wrong with all else. */
  remarks: Remark[]
}

const accepted = new Set(Object.keys(rowInput.shape))

export const wrong = (
  field: string,
  value: unknown,
  { code, params = {} }: Problem,
  severity: Remark['severity'] = 'error',
): Remark => ({
  field,
  value: typeof value === 'string' ? value.slice(0, 200) : null,
  severity,
  code,
  params,
})

/** Reads a row as `rowChecker` takes it; what has no text of its own kind is told and not guessed. */
export function readRow(
  { line, fields }: SentRow,
  row: number,
  { usual, today }: { usual: Usual; today: string },
): ReadRow {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    const remarks = [wrong('', fields, { code: 'batches.notAnObject' })]
    return { row, line, check: null, expected: undefined, reason: '', remarks }
  }
  const sent = fields as Record<string, unknown>
  const remarks = Object.keys(sent)
    .filter((name) => !accepted.has(name))
    .map((name) =>
      wrong(name.slice(0, 60), sent[name], {
        code: 'batches.unknownField',
        params: { field: name.slice(0, 60) },
      }),
    )
  const untranslated = new Map<keyof FigureRow, Problem>()
  const text = (name: keyof FigureRow, otherwise: string): string => {
    const value = Object.hasOwn(sent, name) ? sent[name] : undefined
    if (typeof value === 'string') return value
    if (value !== undefined && value !== null) untranslated.set(name, notText(value))
    else if (needed.has(name)) untranslated.set(name, { code: 'fieldMissing' })
    return otherwise
  }
  const indicator = text('indicator', '')
  const usually = usual.get(indicator)
  const sourceDate = text('source_date', '')
  const hasRelease = Object.hasOwn(sent, 'released_on') && sent.released_on !== undefined
  const cells: FigureRow = {
    role: text('role', 'actual'),
    indicator,
    programme: text('programme', ''),
    area: text('area', ''),
    academy: text('academy', '_T'),
    sex: text('sex', '_T'),
    kind: text('kind', usually?.kind ?? 'stock'),
    // Of an indicator that is not known only that is told, not what would follow from it.
    unit: text('unit', usually?.unit ?? [...usual.values()][0]?.unit ?? ''),
    period: text('period', '_U'),
    period_start: text('period_start', ''),
    period_end: text('period_end', ''),
    frequency: '',
    value: text('value', '0'),
    status: text('status', 'A'),
    precision: text('precision', 'exact'),
    released_on: hasRelease ? text('released_on', '') : lastDayOf(sourceDate, today),
    revision: '',
    publisher: text('publisher', ''),
    title: text('title', ''),
    source_date: sourceDate,
    source_url: text('source_url', ''),
    note: text('note', ''),
  }
  const expected = expectedIn(sent, remarks)
  const reason = reasonIn(sent, remarks)
  const check = { line: row, cells, ...(untranslated.size > 0 && { untranslated }) }
  return { row, line, check, expected, reason, remarks }
}

const needed = new Set<string>(neededFields)

function notText(value: unknown): Problem {
  if (typeof value === 'number') return { code: 'numberSent' }
  return { code: 'notText', params: { kind: Array.isArray(value) ? 'array' : typeof value } }
}

function expectedIn(sent: Record<string, unknown>, remarks: Remark[]): number | null | undefined {
  const value = Object.hasOwn(sent, 'expected_revision') ? sent.expected_revision : undefined
  if (value === undefined || value === null) return value
  if (/^[1-9]\d{0,8}$/.test(String(value)) && ['string', 'number'].includes(typeof value)) {
    return Number(value)
  }
  remarks.push(wrong('expected_revision', value, { code: 'batches.notARevision' }))
  return undefined
}

function reasonIn(sent: Record<string, unknown>, remarks: Remark[]): string {
  const value = Object.hasOwn(sent, 'reason') ? sent.reason : null
  const read = batchReason.safeParse(value ?? '')
  if (read.success) return read.data
  remarks.push(wrong('reason', value, { code: 'batches.reasonInvalid' }))
  return ''
}

const ownCodes = new Set(['numberSent', 'notText', 'fieldMissing'])

/** What `rowChecker` says of a row, as a remark. */
export function remarkOf({ column, value, code, params }: ImportProblem): Remark {
  const isOwn = ownCodes.has(code)
  const named = isOwn ? `batches.${code}` : problemCode({ code, target: column })
  // Of what was no text there is none to show.
  return wrong(column, isOwn ? null : value, { code: named, ...(params && { params }) })
}

// Words

/** A message in two: what is wrong, and what to do about it; the second may be empty. */
export function inTwo(message: string): { reason: string; remedy: string } {
  const plain = message.replace(/[\u200e\u200f\u2066-\u2069]/g, '')
  const [, reason = plain, remedy = ''] = /^((?:“[^”]*”|[^“])*?[.?!])\s+(.+)$/su.exec(plain) ?? []
  return { reason, remedy }
}

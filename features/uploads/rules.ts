import { createHash } from 'node:crypto'
import type { FigureRow } from '@/features/figures/schema'
import { type ImportRow, lastDayOf } from '@/features/imports/rules'
import { parsePeriod, periodFromDates, readDay, readPeriod } from '@/features/periods/rules'
import { uncoverDecimal, uncoverText, withoutFormulaGuard } from '@/lib/csv'
import { type Locale, locales, translator } from '@/lib/i18n'
import { readDecimal } from '@/lib/number'
import { fail, ok, type Problem, type Result } from '@/lib/result'
import { searchable } from '@/lib/search-text'
import { mostColumns, type TableRow } from '@/lib/text-table'
import { withoutDirectionMarks } from '@/lib/typed-text'
import { type Mapping, type Target, targets } from './schema'

// Columns

/** A word as it is compared: without case, accents, and whatever stands between its parts. */
export const wordKey = (text: string) =>
  searchable(withoutDirectionMarks(text))
    .replace(/[\s_\-./()\u200c]+/g, ' ')
    .trim()

/** Words for the columns, of every language, from `imports.headers`. */
function headerWords(): Map<string, Target> {
  const known = new Map<string, Target>()
  for (const target of targets) known.set(wordKey(target), target)
  for (const locale of locales) {
    const t = translator(locale, 'imports.headers')
    for (const target of targets) {
      for (const word of String(t.raw(target)).split('|')) {
        if (!known.has(wordKey(word))) known.set(wordKey(word), target)
      }
    }
  }
  return known
}

let words: Map<string, Target> | undefined

/** What the columns of a header most likely hold; the first of several columns with one meaning. */
export function guessMapping(header: readonly string[]): Mapping {
  words ??= headerWords()
  const guessed: Mapping = {}
  for (const [column, name] of header.entries()) {
    const target = words.get(wordKey(name))
    if (target && !guessed[target]) guessed[target] = { column }
  }
  return guessed
}

/** What our report puts beside the columns of a file, in each language; a sheet only of a workbook. */
export const reportNames = (locale: Locale): { sheet: string; row: string; problems: string } => {
  const t = translator(locale, 'imports.reportFile')
  return { sheet: t('sheet'), row: t('row'), problems: t('problems') }
}

/** The columns of a file without those that a report has put beside them. */
export function ownColumns(header: readonly string[]): readonly string[] {
  const [sheet, row, problems] = header.slice(-3)
  const names = locales.map(reportNames)
  const found = names.find((name) => name.row === row && name.problems === problems)
  if (!found) return header
  return header.slice(0, found.sheet === sheet ? -3 : -2)
}

/**
 * The same for files whose headers read alike, whatever they are called: also for a report that
 * comes back mended.
 */
export function shapeOf(header: readonly string[]): string {
  const names = ownColumns(header).map((name) => name.normalize('NFC').trim())
  return createHash('sha256').update(JSON.stringify(names)).digest('hex')
}

/** Rows at the beginning of a file among which the names of its columns are looked for. */
export const mostTitleRows = 20

/**
 * Line of the row that most likely names the columns, of the first rows of a file: the one of whose
 * cells most are known, else the first that says more than a title does.
 */
export function guessHeader(rows: readonly TableRow[]): number {
  const known = rows.map(({ cells }) => Object.keys(guessMapping(cells)).length)
  const most = Math.max(0, ...known)
  const [first] = rows
  if (most >= 2) return rows[known.indexOf(most)]?.line ?? 0
  const said = ({ cells }: TableRow) =>
    new Set(cells.map((cell) => cell.trim()).filter(Boolean)).size
  const isTitle = first && said(first) === 1 && first.cells.length <= mostColumns
  const header = isTitle ? rows.find((row) => said(row) > 1) : first
  return (header ?? first)?.line ?? 0
}

/** What is wrong with a header: `headerMissing`, `tooManyColumns`, `duplicateColumn`. */
export function headerProblem(header: readonly string[], most: number): Problem | null {
  if (header.every((name) => name.trim() === '')) return { code: 'headerMissing' }
  if (header.length > most) {
    return { code: 'tooManyColumns', params: { count: header.length, most } }
  }
  const named = header.map((name) => name.trim()).filter(Boolean)
  const twice = named.find((name, at) => named.indexOf(name) !== at)
  return twice === undefined ? null : { code: 'duplicateColumn', params: { column: twice } }
}

/** Without these no figure can be made; a period may come as its first and last day. */
export function missingTargets(mapping: Mapping): Target[] {
  const needed: Target[] = ['indicator', 'programme', 'area', 'value', 'publisher']
  const missing = needed.filter((target) => !mapping[target])
  const hasPeriod = mapping.period || mapping.period_start || mapping.period_end
  return hasPeriod ? missing : [...missing, 'period']
}

// Rows

export interface ImportWords {
  /** Codes by the words that people write for them, folded by `wordKey`. */
  codes: Record<CodeTarget, ReadonlyMap<string, readonly string[]>>
  /** Publishers' codes for an indicator in a role. */
  aliases: ReadonlyMap<string, { indicator: string; role: string }>
  /** What an indicator is measured in, and how, where nothing else is said. */
  defaults: ReadonlyMap<string, { kind: string; unit: string }>
}

export const codeTargets = [
  'indicator',
  'programme',
  'area',
  'academy',
  'unit',
  'sex',
  'role',
  'kind',
  'status',
  'precision',
] as const
export type CodeTarget = (typeof codeTargets)[number]

export interface RowOptions {
  header: readonly string[]
  mapping: Mapping
  words: ImportWords
  decimalComma: boolean
  today: string
}

const frequencyCodes = new Set(['A', 'Q', 'M', 'D', '_O', '_U'])

/**
 * What a part of a figure is called in a file: the name of its column, else its number; where the
 * part is in no column, its own name.
 */
export function columnName(
  { header, mapping }: { header: readonly string[]; mapping: Mapping },
  part: keyof FigureRow,
): string {
  const origin = mapping[part as Target]
  if (!origin || !('column' in origin)) return part
  return header[origin.column] || `${origin.column + 1}`
}

/**
 * Turns rows of a file into Shumar's own columns, as its mapping says. A text that stands for no
 * code is passed on for `rowChecker` to name; what cannot be read is told as it is found.
 */
export function rowTranslator(options: RowOptions): (row: TableRow) => ImportRow {
  const { header, mapping, words, decimalComma, today } = options
  const { text: bare, decimal } = uncoveringOf(header)
  const cell = (row: TableRow, target: Target): string => {
    const origin = mapping[target]
    if (!origin) return ''
    if ('text' in origin) return origin.text
    const written = row.cells[origin.column] ?? ''
    return target === 'value' ? decimal(written) : bare(written)
  }
  const codeOf = memory((target: CodeTarget, text) => readCode(words, target, text))
  const periodOf = memory((way: 'code' | 'words', text) =>
    way === 'code' ? canonical(text) : codeOrProblem(readPeriod(text)),
  )
  const dayOf = memory((target: 'released_on' | 'source_date', text) =>
    readDate(target, text, today),
  )
  const limitOf = memory((_: 'day', text) => limitDay(text))
  const placeOf = (row: TableRow) => (column: keyof FigureRow) => {
    const value = cell(row, column as Target)
    return { column: columnName({ header, mapping }, column), value }
  }

  const [anyUsual] = words.defaults.values()

  return (row) => {
    const problems = new Map<keyof FigureRow, Problem>()
    const take = (column: keyof FigureRow, read: Result<string>, otherwise: string): string => {
      if (read.ok) return read.value
      problems.set(column, read.problem)
      return otherwise
    }
    const code = (target: CodeTarget) => {
      const text = cell(row, target)
      return text === '' ? '' : take(target, codeOf(target, text), text)
    }
    const written = code('indicator')
    const alias = words.aliases.get(written)
    const indicator = alias?.indicator ?? written
    // Of an indicator that is not known only that is told, not what would follow from it.
    const usual = words.defaults.get(indicator) ?? anyUsual
    const unit = code('unit') || (usual?.unit ?? '')
    const status = code('status') || 'A'
    const start = limitOf('day', cell(row, 'period_start'))
    const end = limitOf('day', cell(row, 'period_end'))
    const frequency = cell(row, 'frequency')
    const isCode = frequencyCodes.has(frequency)
    const typedPeriod = cell(row, 'period').trim()
    const hasDates = mapping.period_start !== undefined || mapping.period_end !== undefined
    const day = (target: 'released_on' | 'source_date') => {
      const text = cell(row, target).trim()
      return text === '' ? '' : take(target, dayOf(target, text), text)
    }
    const sourceDate = day('source_date')
    const cells: FigureRow = {
      role: code('role') || (alias?.role ?? 'actual'),
      indicator,
      programme: code('programme'),
      area: code('area'),
      academy: code('academy') || '_T',
      sex: code('sex') || '_T',
      kind: code('kind') || (usual?.kind ?? ''),
      unit,
      period:
        typedPeriod === '' && hasDates
          ? takePeriod(problems, start, end)
          : take('period', periodOf(isCode ? 'code' : 'words', typedPeriod), typedPeriod),
      period_start: start.ok ? start.value : '',
      period_end: end.ok ? end.value : '',
      frequency,
      value: take('value', readValue(cell(row, 'value'), unit, decimalComma), '0'),
      status,
      precision: code('precision') || (status === 'E' ? 'rounded' : 'exact'),
      released_on: mapping.released_on ? day('released_on') : lastDayOf(sourceDate, today),
      revision: '',
      publisher: cell(row, 'publisher'),
      title: cell(row, 'title').replaceAll('\n', ' '),
      source_date: sourceDate,
      source_url: cell(row, 'source_url').trim(),
      note: cell(row, 'note').replaceAll('\n', ' '),
    }
    return {
      line: row.line,
      cells,
      placeOf: placeOf(row),
      ...(problems.size > 0 && { untranslated: problems }),
    }
  }
}

function memory<Column extends string>(
  read: (column: Column, text: string) => Result<string>,
): (column: Column, text: string) => Result<string> {
  const known = new Map<string, Result<string>>()
  return (column, text) => {
    const key = `${column} ${text}`
    const before = known.get(key)
    if (before) return before
    if (known.size > 20_000) known.clear()
    const found = read(column, text)
    if (text.length < 500) known.set(key, found)
    return found
  }
}

function readCode(words: ImportWords, target: CodeTarget, text: string): Result<string> {
  const found = words.codes[target].get(wordKey(text)) ?? []
  const typed = text.trim()
  if (found.length < 2 || found.includes(typed)) {
    return ok(found.includes(typed) ? typed : (found[0] ?? typed))
  }
  return fail('ambiguous', { codes: found.join(', ') })
}

const codeOrProblem = (period: ReturnType<typeof readPeriod>): Result<string> =>
  period.ok ? ok(period.value.code) : period

/** A code as our own files have it: `2011-12` is a month there, and needs no second thought. */
const canonical = (text: string) => {
  const period = parsePeriod(text)
  return period.ok ? ok(text) : codeOrProblem(readPeriod(text))
}

const limitDay = (text: string): Result<string> => (text.trim() === '' ? ok('') : readDay(text))

function takePeriod(
  problems: Map<keyof FigureRow, Problem>,
  start: Result<string>,
  end: Result<string>,
): string {
  if (!start.ok) problems.set('period_start', start.problem)
  if (!end.ok) problems.set('period_end', end.problem)
  if (!start.ok || !end.ok) return '_U'
  const period = periodFromDates(start.value || null, end.value || null)
  if (period.ok) return period.value.code
  problems.set('period_end', period.problem)
  return '_U'
}

/** A day or, of a source, a month; a month of release means its last day. */
function readDate(target: string, text: string, today: string): Result<string> {
  const period = readPeriod(text)
  if (!period.ok) return period
  const { frequency, code } = period.value
  if (frequency === 'D') return ok(code)
  if (frequency !== 'M') return fail('notADay', { value: text })
  return ok(target === 'source_date' ? code : lastDayOf(code, today))
}

/**
 * What takes off the apostrophes of a file. Our own for analysis has none, our own for spreadsheets
 * says that it has some, and of any other file only those before formulas are surely no part of it.
 */
function uncoveringOf(header: readonly string[]) {
  const has = (name: string) => header.some((one) => one.trim() === name)
  const isOwn = has('revision') && has('marks') && has('licence')
  if (isOwn && has('guarded')) return { text: uncoverText, decimal: uncoverDecimal }
  const asItIs = (text: string) => text
  const isReport = ownColumns(header) !== header
  if (isOwn && !isReport) return { text: asItIs, decimal: asItIs }
  return { text: withoutFormulaGuard, decimal: withoutFormulaGuard }
}

/** A percent sign says what the unit says too. */
function readValue(typed: string, unit: string, decimalComma: boolean): Result<string> {
  const bare = unit === 'PERCENT' ? typed.replace(/[%٪％]\s*$/u, '') : typed
  return readDecimal(bare, { decimalComma })
}

// Files

const startsWith = (bytes: Uint8Array, ...start: number[]) =>
  start.every((byte, at) => bytes[at] === byte)

/** What a file is by its first bytes, whatever it is called. Refuses archives and old workbooks. */
export function mediaOf(beginning: Uint8Array): Result<'csv' | 'xlsx'> {
  if (startsWith(beginning, 0x50, 0x4b, 0x03, 0x04)) return ok('xlsx')
  if (startsWith(beginning, 0x1f, 0x8b)) return fail('compressed')
  if (startsWith(beginning, 0xd0, 0xcf, 0x11, 0xe0)) return fail('oldWorkbook')
  const isPdf = startsWith(beginning, 0x25, 0x50, 0x44, 0x46)
  return isPdf || startsWith(beginning, 0x50, 0x4b) ? fail('notATable') : ok('csv')
}

const ownCodes = new Set([
  'unknownCode',
  'computed',
  'ambiguous',
  'periodDates',
  'releasedInFuture',
  'sourceInFuture',
  'duplicate',
  'invalid',
])

/** The message for a problem with a cell: numbers and periods have their own. */
export function problemCode({
  code,
  target,
}: {
  code: string
  target?: string | undefined
}): string {
  if (ownCodes.has(code)) return `imports.${code}`
  return target === 'value' ? `numbers.${code}` : `periods.${code}`
}

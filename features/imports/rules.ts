import { z } from 'zod'
import { type FigureRow, type PublicationInput, publicationInput } from '@/features/figures/schema'
import { type Period, parsePeriod, periodFromDates } from '@/features/periods/rules'
import { type CsvRow, uncoverDecimal, uncoverText } from '@/lib/csv'
import { readDecimal } from '@/lib/number'
import { ok, type Problem } from '@/lib/result'
import type { ImportCheck, ImportProblem, PublishedRow } from './schema'

/** The codes an import may use. Publishers' aliases and unit texts are looked up by their own words. */
export interface CodeLists {
  indicators: ReadonlySet<string>
  /** Rates that are computed and never stored, with their parts. */
  computed: ReadonlyMap<string, { numerator: string; denominator: string }>
  aliases: ReadonlyMap<string, { indicator: string; role: string }>
  programmes: ReadonlySet<string>
  areas: ReadonlySet<string>
  academies: ReadonlySet<string>
  units: ReadonlySet<string>
  publishedUnits: ReadonlyMap<string, string>
}

/** A row to check. `written` is the row as it stands in a list of published figures. */
export interface ImportRow {
  line: number
  cells: FigureRow
  written?: PublishedRow
  /** Where a column stands in a file whose columns were mapped, and what is written there. */
  placeOf?: (column: keyof FigureRow) => { column: string; value: string }
  /** What was wrong with a cell already when it was translated; nothing else is said of it. */
  untranslated?: ReadonlyMap<keyof FigureRow, Problem>
}

/** Rows of a file in Shumar's own columns; those of one made for spreadsheets without its covers. */
export function fromOwn(rows: readonly CsvRow[]): ImportRow[] {
  return rows.map(({ line, cells }) => ({
    line,
    cells: ('guarded' in cells ? uncovered(cells) : cells) as FigureRow,
  }))
}

const uncovered = (cells: CsvRow['cells']): CsvRow['cells'] =>
  Object.fromEntries(
    Object.entries(cells).map(([column, text]) => [
      column,
      column === 'value' ? uncoverDecimal(text) : uncoverText(text),
    ]),
  )

/**
 * Rows of a list of published figures, turned into Shumar's own columns. What cannot be translated
 * is passed on as it stands, for `checkFigures` to name.
 */
export function fromPublished(
  rows: readonly CsvRow[],
  codes: CodeLists,
  today: string,
): ImportRow[] {
  return rows.map(({ line, cells }) => {
    const written = cells as PublishedRow
    return { line, cells: translated(written, codes, today), written }
  })
}

function translated(row: PublishedRow, codes: CodeLists, today: string): FigureRow {
  const alias = codes.aliases.get(row.indicator)
  const period = periodFromDates(row.period_start || null, row.period_end || null)
  return {
    role: alias?.role ?? 'actual',
    indicator: alias?.indicator ?? row.indicator,
    programme: row.programme,
    area: row.area,
    academy: '_T',
    sex: row.sex,
    kind: row.kind,
    unit: codes.publishedUnits.get(row.unit) ?? row.unit,
    period: period.ok ? period.value.code : `${row.period_start}/${row.period_end}`,
    period_start: row.period_start,
    period_end: row.period_end,
    frequency: row.frequency,
    value: row.value,
    status: row.status,
    // A publisher's "over" and "about" reach us as status E alone: how it was rounded is not known.
    precision: row.status === 'E' ? 'rounded' : 'exact',
    released_on: lastDayOf(row.published_on, today),
    revision: '',
    publisher: row.publisher,
    title: row.title,
    source_date: row.published_on,
    source_url: row.url,
    note: '',
  }
}

/** A day is itself; a month means its last day, today where it is not over; else it is passed on. */
export function lastDayOf(label: string, today: string): string {
  const month = /^(\d{4})-(\d{2})$/.exec(label)
  if (!month) return label
  if (today.startsWith(label)) return today
  return new Date(Date.UTC(Number(month[1]), Number(month[2]), 0)).toISOString().slice(0, 10)
}

/** Checks every row; answers all figures, or every problem found, each with its line and column. */
export function checkFigures(
  rows: readonly ImportRow[],
  codes: CodeLists,
  today: string,
): ImportCheck<PublicationInput> {
  const figures: PublicationInput[] = []
  const problems: ImportProblem[] = []
  const lines = new Map<string, number>()
  const check = rowChecker(codes, today)
  for (const row of rows) {
    const checked = check(row)
    if (!checked.ok) {
      problems.push(...checked.problems)
      continue
    }
    figures.push(checked.figure)
    const key = statementKey(checked.figure)
    const line = lines.get(key)
    if (line === undefined) lines.set(key, row.line)
    else problems.push(problemAt(row, 'value', { code: 'duplicate', params: { line } }))
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, figures }
}

/** One source says one thing about one key on one day. */
function statementKey(figure: PublicationInput): string {
  const { role, indicator, programme, area, academy, sex, kind, unit, period } = figure
  const { publisher, title, publishedLabel, url } = figure.source
  const key = [role, indicator, programme, area, academy, sex, kind, unit, period]
  return JSON.stringify([...key, publisher, title, publishedLabel, url, figure.releasedOn])
}

/** A problem with a cell, under the name and with the text that the file has for it. */
function problemAt(
  { line, cells, written, placeOf }: ImportRow,
  column: keyof FigureRow,
  { code, params }: Problem,
): ImportProblem {
  const place = written
    ? publishedPlace(written, column)
    : (placeOf?.(column) ?? { column: column as string, value: cells[column] })
  return { line, ...place, code, ...(params && { params }), ...(placeOf && { target: column }) }
}

const publishedNames: Partial<Record<keyof FigureRow, keyof PublishedRow>> = {
  released_on: 'published_on',
  source_date: 'published_on',
  source_url: 'url',
}

function publishedPlace(row: PublishedRow, column: keyof FigureRow) {
  const named = column === 'period' ? faultyDate(row) : (publishedNames[column] ?? column)
  return { column: named, value: row[named as keyof PublishedRow] ?? '' }
}

const faultyDate = (row: PublishedRow) =>
  periodFromDates(row.period_start || null, null).ok ? 'period_end' : 'period_start'

type CellReading = { ok: true; value: string | null } | { ok: false }

/** A figure that was found right, with what its period means, or all that is wrong with its row. */
export type RowCheck =
  | { ok: true; figure: PublicationInput; period: Period }
  | { ok: false; problems: ImportProblem[] }

/**
 * Checks row after row as `checkFigures` does, but for duplicates. Cells repeat: what each text
 * means in its column is looked up once.
 */
export function rowChecker(codes: CodeLists, today: string) {
  const read = remembered((column: keyof FigureRow, text): CellReading => {
    const parsed = cellSchemas[column]?.safeParse(text)
    if (!parsed) return { ok: true, value: text }
    const isRight = parsed.success && isKnown(codes, today, column, text)
    return isRight ? { ok: true, value: parsed.data as string | null } : { ok: false }
  })
  const readPeriodCode = remembered((_: 'period', text) => parsePeriod(text))
  return (row: ImportRow): RowCheck => {
    const figure = row.untranslated?.size ? null : figureOf(row.cells, read)
    const period = readPeriodCode('period', row.cells.period)
    if (figure && period.ok && datesAgree(period.value, row.cells)) {
      return { ok: true, figure, period: period.value }
    }
    const checked = checkRow(row, codes, today)
    if (checked.ok) throw new Error(`Line ${row.line} is right and wrong.`)
    return checked
  }
}

/** A function of a column and a text that keeps what it found, as far as memory goes. */
function remembered<Column extends string, T>(find: (column: Column, text: string) => T) {
  const known = new Map<Column, Map<string, T>>()
  return (column: Column, text: string): T => {
    let ofColumn = known.get(column)
    if (!ofColumn || ofColumn.size > mostRemembered) {
      ofColumn = new Map()
      known.set(column, ofColumn)
    }
    const before = ofColumn.get(text)
    if (before !== undefined) return before
    const found = find(column, text)
    if (text.length < 500) ofColumn.set(text, found)
    return found
  }
}

const mostRemembered = 5_000

const plainDecimal = /^(?:0|-?[1-9]\d{0,14})(?:\.\d{1,10})?$/
const { shape } = publicationInput

/** One schema a cell: the parts of `publicationInput`, each under its column. */
const cellSchemas: Partial<Record<keyof FigureRow, z.ZodType>> = {
  role: shape.role,
  indicator: shape.indicator,
  programme: shape.programme,
  area: shape.area,
  academy: shape.academy,
  sex: shape.sex,
  kind: shape.kind,
  unit: shape.unit,
  status: shape.status,
  precision: shape.precision,
  publisher: shape.source.shape.publisher,
  title: shape.source.shape.title,
  source_date: shape.source.shape.publishedLabel,
  source_url: shape.source.shape.url,
  note: shape.note,
  frequency: shape.periodLabel,
  released_on: z.preprocess((text) => text || null, shape.releasedOn),
}

function isKnown(codes: CodeLists, today: string, column: keyof FigureRow, text: string): boolean {
  if (column === 'indicator') return codes.indicators.has(text) && !codes.computed.has(text)
  if (column === 'released_on' || column === 'source_date') return !isAhead(text, today)
  const list = codeColumns.find(([name]) => name === column)?.[1]
  return !list || codes[list].has(text)
}

function figureOf(
  cells: FigureRow,
  read: (column: keyof FigureRow, text: string) => CellReading,
): PublicationInput | null {
  let isRight = true
  const text = (column: keyof FigureRow) => {
    const cell = read(column, cells[column])
    if (!cell.ok) isRight = false
    return cell.ok ? cell.value : null
  }
  const value = plainDecimal.test(cells.value) ? ok(cells.value) : readDecimal(cells.value)
  const figure = {
    role: text('role'),
    indicator: text('indicator'),
    programme: text('programme'),
    area: text('area'),
    academy: text('academy'),
    sex: text('sex'),
    kind: text('kind'),
    unit: text('unit'),
    period: cells.period,
    value: value.ok ? value.value : '',
    status: text('status'),
    precision: text('precision'),
    source: {
      publisher: text('publisher'),
      title: text('title'),
      publishedLabel: text('source_date'),
      url: text('source_url'),
    },
    note: text('note'),
    reason: '',
    periodLabel: text('frequency'),
    releasedOn: text('released_on'),
  }
  return isRight && figure.value !== '' ? (figure as PublicationInput) : null
}

function checkRow(row: ImportRow, codes: CodeLists, today: string): ImportCheck<PublicationInput> {
  if (row.untranslated?.size) return untranslated(row, row.untranslated, codes, today)
  const { cells } = row
  const value = readDecimal(cells.value)
  const parsed = publicationInput.safeParse(asPublication(cells, value.ok ? value.value : '0'))
  const problems = [
    ...unknownCodes(row, codes),
    ...computedProblems(row, codes),
    ...(value.ok ? [] : [problemAt(row, 'value', value.problem)]),
    ...periodProblems(row),
    ...futureProblems(row, today),
  ]
  const named = new Set(problems.map(({ column }) => column))
  const invalid = (parsed.error?.issues ?? [])
    .map(({ path }) => problemAt(row, columnOf(path), { code: 'invalid' }))
    .filter(({ column }) => !named.has(column))
  problems.push(...new Map(invalid.map((problem) => [problem.column, problem])).values())
  if (problems.length > 0 || !parsed.success) return { ok: false, problems }
  return { ok: true, figures: [parsed.data] }
}

/** What could not be translated first, then what is wrong with other cells. */
function untranslated(
  row: ImportRow,
  problems: ReadonlyMap<keyof FigureRow, Problem>,
  codes: CodeLists,
  today: string,
): ImportCheck<PublicationInput> {
  const own = [...problems].map(([column, problem]) => problemAt(row, column, problem))
  const { untranslated: _, ...rest } = row
  const others = checkRow(rest, codes, today)
  if (others.ok) return { ok: false, problems: own }
  const named = new Set(own.map(({ column }) => column))
  return {
    ok: false,
    problems: [...own, ...others.problems.filter(({ column }) => !named.has(column))],
  }
}

const asPublication = (cells: FigureRow, value: string) => ({
  role: cells.role,
  indicator: cells.indicator,
  programme: cells.programme,
  area: cells.area,
  academy: cells.academy,
  sex: cells.sex,
  kind: cells.kind,
  unit: cells.unit,
  period: cells.period,
  value,
  status: cells.status,
  precision: cells.precision,
  source: {
    publisher: cells.publisher,
    title: cells.title,
    publishedLabel: cells.source_date,
    url: cells.source_url,
  },
  note: cells.note,
  reason: '',
  periodLabel: cells.frequency,
  releasedOn: cells.released_on || null,
})

const codeColumns = [
  ['indicator', 'indicators'],
  ['programme', 'programmes'],
  ['area', 'areas'],
  ['academy', 'academies'],
  ['unit', 'units'],
] as const

function unknownCodes(row: ImportRow, codes: CodeLists): ImportProblem[] {
  return codeColumns
    .filter(([column, list]) => !codes[list].has(row.cells[column]))
    .map(([column]) => problemAt(row, column, { code: 'unknownCode' }))
}

/** A computed rate has no figures of its own: its parts are to be given instead. */
function computedProblems(row: ImportRow, codes: CodeLists): ImportProblem[] {
  const parts = codes.computed.get(row.cells.indicator)
  return parts ? [problemAt(row, 'indicator', { code: 'computed', params: parts })] : []
}

function periodProblems(row: ImportRow): ImportProblem[] {
  const period = parsePeriod(row.cells.period)
  if (!period.ok) return [problemAt(row, 'period', period.problem)]
  return datesAgree(period.value, row.cells)
    ? []
    : [problemAt(row, 'period', { code: 'periodDates', params: datesOf(period.value) })]
}

/** Nothing is known of a day before it comes: embargoes are set in the product, not in a file. */
function futureProblems(row: ImportRow, today: string): ImportProblem[] {
  const { cells } = row
  if (isAhead(cells.released_on, today))
    return [problemAt(row, 'released_on', { code: 'releasedInFuture' })]
  return isAhead(cells.source_date, today)
    ? [problemAt(row, 'source_date', { code: 'sourceInFuture' })]
    : []
}

const isAhead = (text: string, today: string) =>
  /^\d{4}-(?:0[1-9]|1[0-2])(?:-\d{2})?$/.test(text) && text > today

/** The days that the period's code means, for the remedy: correct the dates or the code. */
const datesOf = ({ start, end }: { start: string | null; end: string | null }) => ({
  start: start ?? '',
  end: end ?? '',
})

/** Dates beside the period code may be left out, but must not contradict it. */
function datesAgree(period: { start: string | null; end: string | null }, cells: FigureRow) {
  return (
    (cells.period_start === '' || cells.period_start === period.start) &&
    (cells.period_end === '' || cells.period_end === period.end)
  )
}

const columnsOfSource: Record<string, keyof FigureRow> = {
  publisher: 'publisher',
  title: 'title',
  publishedLabel: 'source_date',
  url: 'source_url',
}

function columnOf(path: readonly PropertyKey[]): keyof FigureRow {
  const [first, second] = path.map(String)
  if (first === 'source') return columnsOfSource[second ?? 'publisher'] ?? 'publisher'
  if (first === 'periodLabel') return 'frequency'
  if (first === 'releasedOn') return 'released_on'
  return (first ?? 'value') as keyof FigureRow
}

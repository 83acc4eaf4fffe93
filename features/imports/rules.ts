import { type FigureRow, type PublicationInput, publicationInput } from '@/features/figures/schema'
import { parsePeriod, periodFromDates } from '@/features/periods/rules'
import type { CsvRow } from '@/lib/csv'
import { readDecimal } from '@/lib/number'
import type { Problem } from '@/lib/result'
import type { ImportCheck, ImportProblem, PublishedRow } from './schema'

/** The codes an import may use. Publishers' aliases and unit texts are looked up by their own words. */
export interface CodeLists {
  indicators: ReadonlySet<string>
  aliases: ReadonlyMap<string, { indicator: string; role: string }>
  programmes: ReadonlySet<string>
  areas: ReadonlySet<string>
  academies: ReadonlySet<string>
  units: ReadonlySet<string>
  publishedUnits: ReadonlyMap<string, string>
}

/**
 * Turns a row of published figures into a row of Shumar's own columns. What cannot be translated is
 * passed on as it stands, for `checkFigures` to name.
 */
export function fromPublished(row: PublishedRow, codes: CodeLists): FigureRow {
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
    released_on: lastDayOf(row.published_on),
    revision: '',
    publisher: row.publisher,
    title: row.title,
    source_date: row.published_on,
    source_url: row.url,
    note: '',
  }
}

/** A month means its last day; a day is itself; anything else is passed on. */
export function lastDayOf(label: string): string {
  const month = /^(\d{4})-(\d{2})$/.exec(label)
  if (!month) return label
  return new Date(Date.UTC(Number(month[1]), Number(month[2]), 0)).toISOString().slice(0, 10)
}

/** Checks every row; answers all figures, or every problem found, each with its line and column. */
export function checkFigures(
  rows: readonly { line: number; cells: FigureRow }[],
  codes: CodeLists,
  today: string,
): ImportCheck<PublicationInput> {
  const figures: PublicationInput[] = []
  const problems: ImportProblem[] = []
  const seen = new Map<string, number>()
  for (const row of rows) {
    const checked = checkRow(row, codes, today)
    const earlier = seen.get(identity(row.cells))
    if (!checked.ok) problems.push(...checked.problems)
    else if (earlier !== undefined) problems.push(duplicate(row, earlier))
    else figures.push(...checked.figures)
    seen.set(identity(row.cells), row.line)
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, figures }
}

/** One source says one thing about one key. */
function identity(cells: FigureRow): string {
  const said: ReadonlySet<string> = new Set(['value', 'status', 'precision', 'note', 'revision'])
  return JSON.stringify(Object.entries(cells).filter(([column]) => !said.has(column)))
}

function duplicate(row: { line: number; cells: FigureRow }, earlier: number): ImportProblem {
  const params = { line: earlier }
  return { line: row.line, column: 'value', value: row.cells.value, code: 'duplicate', params }
}

function checkRow(
  { line, cells }: { line: number; cells: FigureRow },
  codes: CodeLists,
  today: string,
): ImportCheck<PublicationInput> {
  const problems: ImportProblem[] = []
  const report = (column: keyof FigureRow, { code, params }: Problem) =>
    problems.push({ line, column, value: cells[column], code, ...(params && { params }) })

  const lists = [
    ['indicator', codes.indicators],
    ['programme', codes.programmes],
    ['area', codes.areas],
    ['academy', codes.academies],
    ['unit', codes.units],
  ] as const
  for (const [column, list] of lists) {
    if (!list.has(cells[column])) report(column, { code: 'unknownCode' })
  }
  const value = readDecimal(cells.value)
  if (!value.ok) report('value', value.problem)
  const period = parsePeriod(cells.period)
  if (!period.ok) report('period', period.problem)
  else if (!datesAgree(period.value, cells)) report('period', { code: 'periodDates' })
  if (cells.released_on > today) report('released_on', { code: 'releasedInFuture' })

  const parsed = publicationInput.safeParse({
    role: cells.role,
    indicator: cells.indicator,
    programme: cells.programme,
    area: cells.area,
    academy: cells.academy,
    sex: cells.sex,
    kind: cells.kind,
    unit: cells.unit,
    period: cells.period,
    value: value.ok ? value.value : '0',
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
  if (!parsed.success) {
    for (const issue of parsed.error.issues) report(columnOf(issue.path), { code: 'invalid' })
  }
  if (problems.length > 0 || !parsed.success) return { ok: false, problems }
  return { ok: true, figures: [parsed.data] }
}

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

/** Rows of a file as read, with every own column present. */
export function figureRows(rows: readonly CsvRow[]): { line: number; cells: FigureRow }[] {
  return rows.map(({ line, cells }) => ({ line, cells: cells as FigureRow }))
}

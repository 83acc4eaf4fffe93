import { findIndicator } from '@/features/catalogue/rules'
import type { Catalogue } from '@/features/catalogue/schema'
import { type FigureKey, plainText, sexes } from '@/features/figures/schema'
import { readDay, readPeriod } from '@/features/periods/rules'
import { defaultRelease, readSource } from '@/features/proposals/rules'
import { compareDecimals, readDecimal } from '@/lib/number'
import {
  type Block,
  type CellFacts,
  type DiffLine,
  type Draft,
  type Frame,
  mostCells,
  mostColumns,
  rowKinds,
  type Selection,
  type SelectionProblem,
  type SheetColumn,
  type SheetRow,
  type TypedSelection,
} from './schema'

// Choosing

type Query = Record<string, string | string[] | undefined>

const all = (query: Query, name: string) => [query[name] ?? []].flat()

/** The words of an address that choose a sheet, in one order; empty where there are none. */
export function sheetAddress(query: Query): string {
  const words = ['programme', 'rows', 'indicator', 'sex', 'period']
  return new URLSearchParams(
    words.flatMap((word) => all(query, word).map((text) => [word, text])),
  ).toString()
}

/** The words of an address, not checked yet. Several periods stand in lines or between semicolons. */
export function typedSelection(query: Query): TypedSelection {
  const rows = rowKinds.find((kind) => kind === all(query, 'rows')[0]) ?? 'areas'
  return {
    programme: all(query, 'programme')[0] ?? '',
    rows,
    indicators: [...new Set(all(query, 'indicator').filter(Boolean))],
    sexes: [...new Set(all(query, 'sex').filter(Boolean))],
    period: all(query, 'period').join('\n'),
  }
}

/** What an address chooses, or what is wrong with it. */
export function readSelection(
  typed: TypedSelection,
  catalogue: Catalogue,
): { ok: true; selection: Selection } | { ok: false; problems: SelectionProblem[] } {
  const problems: SelectionProblem[] = []
  const refuse = (
    field: SelectionProblem['field'],
    code: string,
    params?: SelectionProblem['params'],
  ) => problems.push({ field, from: 'sheets', code, ...(params && { params }) })
  if (!catalogue.programmes.some(({ code }) => code === typed.programme)) {
    refuse('programme', 'programmeMissing')
  }
  if (typed.indicators.length === 0) refuse('indicator', 'indicatorMissing')
  for (const code of typed.indicators) {
    const indicator = findIndicator(catalogue, code)
    if (!indicator || indicator.method === 'computed') refuse('indicator', 'indicatorUnknown')
  }
  const periods = readPeriods(typed.period, problems)
  const chosen = sexes.filter((sex) => typed.sexes.includes(sex))
  const selection: Selection = {
    programme: typed.programme,
    rows: typed.rows,
    indicators: typed.indicators,
    sexes: chosen.length > 0 ? chosen : ['_T'],
    periods,
  }
  const columns = periods.length * typed.indicators.length * selection.sexes.length
  if (columns > mostColumns) refuse('period', 'tooManyColumns', { columns, most: mostColumns })
  return problems.length > 0 ? { ok: false, problems } : { ok: true, selection }
}

function readPeriods(text: string, problems: SelectionProblem[]): string[] {
  const typed = text.split(/[\n\r;؛]+/).map((line) => line.trim())
  const named = typed.filter(Boolean)
  if (named.length === 0) problems.push({ field: 'period', from: 'sheets', code: 'periodMissing' })
  const codes = named.flatMap((line) => {
    const period = readPeriod(line)
    if (!period.ok) {
      problems.push({ field: 'period', from: 'periods', ...period.problem })
      return []
    }
    if (period.value.code === '_U') {
      problems.push({ field: 'period', from: 'sheets', code: 'periodUnknown' })
      return []
    }
    return [period.value.code]
  })
  return [...new Set(codes)]
}

/** The query of a sheet's address; the same selection always has the same. */
export function addressOf({
  programme,
  rows,
  indicators,
  sexes: chosen,
  periods,
}: Selection): string {
  return new URLSearchParams([
    ['programme', programme],
    ['rows', rows],
    ...indicators.map((code) => ['indicator', code]),
    ...(chosen.length === 1 && chosen[0] === '_T' ? [] : chosen.map((sex) => ['sex', sex])),
    ...periods.map((code) => ['period', code]),
  ]).toString()
}

/** The rows and columns of a selection; null where it has no rows or too many cells. */
export function frameOf(
  selection: Selection,
  catalogue: Catalogue,
  academies: readonly SheetRow[],
): Frame | null {
  const columns = selection.periods.flatMap((period) =>
    selection.indicators.flatMap((code) =>
      selection.sexes.flatMap((sex): SheetColumn[] => {
        const indicator = findIndicator(catalogue, code)
        if (!indicator) return []
        const { defaultKind: kind, defaultUnit: unit } = indicator
        return [{ id: `${code}.${sex}.${period}`, indicator: code, sex, kind, unit, period }]
      }),
    ),
  )
  const rows = selection.rows === 'academies' ? [...academies] : areaRows(catalogue)
  if (rows.length === 0 || rows.length * columns.length > mostCells) return null
  return { selection, address: addressOf(selection), rows, columns }
}

/** The areas that are there today; the world is context and has no figures of programmes. */
const areaRows = ({ areas }: Catalogue): SheetRow[] =>
  areas
    .filter(({ code, endedOn }) => code !== '001' && endedOn === null)
    .map(({ code, name }) => ({ id: code, name, area: code, academy: '_T' }))

export function keyAt(
  { selection }: Pick<Frame, 'selection'>,
  row: SheetRow,
  column: SheetColumn,
): FigureKey {
  const { id: _, ...part } = column
  return {
    role: 'actual',
    programme: selection.programme,
    area: row.area,
    academy: row.academy,
    ...part,
  }
}

/** Names a key within a sheet. */
export const keyText = ({ indicator, area, academy, sex, kind, unit, period }: FigureKey) =>
  [indicator, area, academy, sex, kind, unit, period].join('\t')

// What a cell started from

const otherSpan = 2 ** 14
const ownSpan = 2 ** 8

export const draftToken = (draft: Pick<Draft, 'id' | 'version'> | null) =>
  draft ? `${draft.id}.${draft.version}` : ''

/**
 * One number for what a cell shows: the newest revision of its key, the newest draft of somebody
 * else, and one's own draft. A change names it; another number by then means that something has
 * happened since. Fits a safe integer while revisions are numbered below 2^31.
 */
export function stateNumber({ known, other, mine }: Pick<CellFacts, 'known' | 'other' | 'mine'>) {
  return numberOf(known?.newest ?? 0, other, mine)
}

type Numbered = Pick<Draft, 'id' | 'version'> | null

function numberOf(revision: number, other: Numbered, mine: Numbered): number {
  const theirs = other ? ((other.id * 61 + other.version) % (otherSpan - 1)) + 1 : 0
  return (revision * otherSpan + theirs) * ownSpan + ((mine?.version ?? 0) % ownSpan)
}

/** The number that one's own draft started from, where somebody else has been there since. */
export function startedNumber({ mine }: Pick<CellFacts, 'mine'>): number {
  const [id = 0, version = 0] = (mine?.seenDraft || '0.0').split('.').map(Number)
  const other = id > 0 ? { id, version } : null
  return numberOf(mine?.base ?? 0, other, mine)
}

/** The revision that a state number was made of. */
export function revisionIn(number: number): number | null {
  return Math.floor(number / (otherSpan * ownSpan)) || null
}

/** Whether one's own draft is another one than when the number was made. */
export function isOwnChanged(number: number, mine: Draft | null): boolean {
  return number % ownSpan !== (mine?.version ?? 0) % ownSpan
}

/** What somebody else has done to a cell since its draft began. */
export function conflictOf({
  mine,
  other,
  known,
  column,
}: Pick<CellFacts, 'known' | 'other' | 'mine' | 'column'>): 'published' | 'drafted' | null {
  if (!mine || mine.typed === '') return null
  if ((mine.base ?? null) !== (known?.newest ?? null)) {
    return known && saysTheSame(mine.typed, known.value, column.unit) ? null : 'published'
  }
  if (!other || mine.seenDraft === draftToken(other)) return null
  return other.typed.trim() === mine.typed.trim() ? null : 'drafted'
}

/** Whether a text says a published value; `unit` where it is as typed, and not read yet. */
export function saysTheSame(typed: string, value: string | null, unit = ''): boolean {
  const read = readCell(typed, unit)
  return read.ok && value !== null && compareDecimals(read.value, value) === 0
}

// From drafts to changes

/** A cell as typed; a percent sign says nothing more where figures are percentages. */
export function readCell(text: string, unit: string) {
  return readDecimal(text, { percent: unit === 'PERCENT' })
}

/** A note on one line, as figures have it; null where it has characters that none may have. */
export function readNote(note: string): string | null {
  const read = plainText(2000).safeParse(note.replace(/\s+/g, ' '))
  return read.success ? read.data : null
}

/** What one draft would do to the record; the caller adds what rules say. */
export function diffLine(facts: CellFacts, block: Block, today: string): DiffLine {
  const draft = facts.mine
  const problems: DiffLine['problems'] = []
  const value = readCell(draft?.typed ?? '', facts.column.unit)
  if (!value.ok) problems.push({ from: 'numbers', ...value.problem })
  const typed = draft?.source ?? block
  const source = readSource(typed, today)
  if (!source.ok) {
    for (const { from, code, params } of source.problems) {
      problems.push({ from, code, ...(params && { params }) })
    }
  }
  if (source.ok && !source.source) problems.push({ from: 'sheets', code: 'sourceMissing' })
  const note = readNote(draft?.note ?? '')
  if (note === null) problems.push({ from: 'sheets', code: 'noteInvalid' })
  const released = readReleased(
    draft?.source ? '' : block.releasedOn,
    source.ok ? (source.source?.publishedLabel ?? '') : '',
    today,
  )
  if (!released.ok) problems.push({ from: released.from, ...released.problem })
  if (facts.isLocked) problems.push({ from: 'sheets', code: 'outOfScope' })
  if (conflictOf(facts) === 'published') problems.push({ from: 'sheets', code: 'changedSince' })
  const isSame =
    value.ok &&
    draft?.note === '' &&
    draft.source === null &&
    saysTheSame(value.value, facts.known?.value ?? null)
  return {
    facts,
    value: value.ok ? value.value : null,
    source: source.ok ? source.source : null,
    note: note ?? '',
    status: block.status as DiffLine['status'],
    precision: block.precision as DiffLine['precision'],
    releasedOn: released.ok ? released.value : today,
    problems: isSame ? [] : problems,
    findings: [],
    isSame,
  }
}

function readReleased(text: string, sourceDate: string, today: string) {
  if (text.trim() === '') return { ok: true as const, value: defaultRelease(sourceDate, today) }
  const day = readDay(text)
  if (!day.ok) return { ...day, from: 'periods' as const }
  return day.value > today
    ? {
        ok: false as const,
        from: 'entry' as const,
        problem: { code: 'releasedInFuture', params: { value: text.trim() } },
      }
    : day
}

import { isProgramme } from '@/features/catalogue/rules'
import type { Academy, Catalogue } from '@/features/catalogue/schema'
import { type Period, readDay } from '@/features/periods/rules'
import { guardFormula, withoutFormulaGuard } from '@/lib/csv'
import type { Problem } from '@/lib/result'
import { searchable } from '@/lib/search-text'
import { type TableRow, TextSniffer, textRows } from '@/lib/text-table'
import { hiddenCharacter } from '@/lib/typed-text'
import {
  type AcademyProblem,
  type AcademyTies,
  type ActField,
  type ActName,
  type ActValues,
  type RegistryColumn,
  type RegistryProblem,
  type RegistryReport,
  registryColumns,
  type TypedAcademy,
  type TypedField,
} from './schema'

/** All of them together, which is none itself. */
export const isAcademy = ({ code }: Pick<Academy, 'code'>) => code !== '_T'

/**
 * Whether an academy was open on any day of a reference period; a day that nobody knows closes
 * nothing. A merged academy was its own until the day that it closed.
 */
export function openIn(
  { openedOn, closedOn }: Pick<Academy, 'openedOn' | 'closedOn'>,
  { start, end }: Pick<Period, 'start' | 'end'>,
): boolean {
  const isBegun = openedOn === null || end === null || openedOn <= end
  const isOver = closedOn !== null && start !== null && closedOn < start
  return isBegun && !isOver
}

/** Where a chain of mergers ends; the code itself for an academy that is in none. */
export function successorOf(
  academies: readonly Pick<Academy, 'code' | 'mergedInto'>[],
  code: string,
): string {
  const next = new Map(academies.map((academy) => [academy.code, academy.mergedInto]))
  const passed = new Set<string>()
  let end = code
  for (let into = next.get(end); into && !passed.has(end); into = next.get(end)) {
    passed.add(end)
    end = into
  }
  return end
}

// Reading what is typed

/** An academy as it is written: what its form and its row in a file hold. */
export type WrittenAcademy = Omit<Academy, 'version'>

const codePattern = /^[A-Z][A-Z0-9_]{0,49}$/

/** Controls, lone surrogates, and marks that reorder a text or hide in it; Urdu's joiners belong to it. */
const hidden = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}]|(?![\u200c-\u200f\u061c])\p{Cf}/u

/** A text on one line, or what is wrong with it. */
export function readLine(
  typed: string,
  most: number,
  isRequired: boolean,
): { text: string; problem: Problem | null } {
  const text = typed.replace(/\s+/g, ' ').trim().normalize('NFC')
  const found = hidden.exec(text)?.[0]
  const character = found && (hiddenCharacter(found) ?? '')
  const problem: Problem | null =
    character !== undefined
      ? { code: 'hiddenCharacter', params: { character } }
      : text === '' && !isRequired
        ? null
        : !/[\p{L}\p{N}]/u.test(text)
          ? { code: 'missing' }
          : Array.from(text).length > most
            ? { code: 'tooLong', params: { most } }
            : null
  return { text, problem }
}

/** What an academy is checked against. */
export interface Surroundings {
  catalogue: Pick<Catalogue, 'programmes' | 'areas' | 'academies'>
  twins: TwinIndex
  /** The academy as it is; null for a new one. */
  before: Academy | null
  ties: AcademyTies
}

class Reading {
  readonly problems: AcademyProblem<TypedField>[] = []
  constructor(private readonly typed: TypedAcademy) {}

  refuse(field: TypedField, { code, params }: Problem): void {
    this.problems.push(params ? { field, code, params } : { field, code })
  }

  text(field: TypedField, before: string | undefined, most: number, isRequired: boolean): string {
    const given = this.typed[field] ?? before ?? ''
    if (given === before) return given
    const { text, problem } = readLine(given, most, isRequired)
    if (problem) this.refuse(field, problem)
    return text
  }

  choice(field: TypedField, before: string | undefined, codes: readonly string[]): string {
    const given = (this.typed[field] ?? before ?? '').trim()
    if (given === '') this.refuse(field, { code: 'notChosen' })
    else if (given !== before && !codes.includes(given)) this.refuse(field, { code: 'notInList' })
    return given
  }

  day(field: 'openedOn' | 'closedOn', before: string | null): string | null {
    const given = this.typed[field]?.trim()
    if (given === undefined) return before
    if (given === '') return null
    const day = readDay(given)
    if (!day.ok) this.refuse(field, { code: 'notDay' })
    return day.ok ? day.value : null
  }
}

/** Reads an academy, new or known: all that is wrong with it, each with its field, or the academy. */
export function readAcademy(
  typed: TypedAcademy,
  { catalogue, twins, before, ties }: Surroundings,
): { ok: true; academy: WrittenAcademy } | { ok: false; problems: AcademyProblem<TypedField>[] } {
  const reading = new Reading(typed)
  const programmes = catalogue.programmes.filter(isProgramme).map(({ code }) => code)
  const areas = catalogue.areas.map(({ code }) => code).filter((code) => code !== '001')
  const academy: WrittenAcademy = {
    code: readCode(reading, typed, catalogue, before),
    name: {
      en: reading.text('nameEn', before?.name.en, 160, true),
      ur: reading.text('nameUr', before?.name.ur, 160, true),
    },
    programme: reading.choice('programme', before?.programme, programmes),
    area: reading.choice('area', before?.area, areas),
    city: reading.text('city', before?.city, 80, false),
    host: reading.text('host', before?.host, 160, false),
    openedOn: reading.day('openedOn', before?.openedOn ?? null),
    closedOn: reading.day('closedOn', before?.closedOn ?? null),
    mergedInto: before?.mergedInto ?? null,
  }
  checkDays(reading, academy)
  if (before) checkTies(reading, academy, before, ties)
  checkMerger(reading, typed, academy)
  checkTwins(reading, academy, twins)
  return reading.problems.length > 0
    ? { ok: false, problems: reading.problems }
    : { ok: true, academy }
}

/** A code never changes: that of a known academy is taken from there. */
function readCode(
  reading: Reading,
  typed: TypedAcademy,
  { academies }: Pick<Catalogue, 'academies'>,
  before: Academy | null,
): string {
  if (before) return before.code
  const code = (typed.code ?? '').trim()
  if (!codePattern.test(code)) reading.refuse('code', { code: 'codeForm' })
  else if (academies.some((academy) => academy.code === code)) {
    reading.refuse('code', { code: 'codeTaken' })
  }
  return code
}

function checkDays(reading: Reading, { openedOn, closedOn }: WrittenAcademy): void {
  if (openedOn === null || closedOn === null || openedOn <= closedOn) return
  reading.refuse('openedOn', { code: 'daysOrder', params: { day: closedOn } })
}

function checkTies(
  reading: Reading,
  academy: WrittenAcademy,
  before: Academy,
  { figures, mergers }: AcademyTies,
): void {
  const holds = { code: 'fixed', params: { count: figures } }
  if (figures > 0 && academy.area !== before.area) reading.refuse('area', holds)
  if (academy.programme === before.programme) return
  if (figures > 0) reading.refuse('programme', holds)
  else if (mergers > 0) reading.refuse('programme', { code: 'mergedProgramme' })
}

function checkMerger(reading: Reading, typed: TypedAcademy, academy: WrittenAcademy): void {
  const { mergedInto } = academy
  if (typed.mergedInto !== undefined && typed.mergedInto.trim() !== (mergedInto ?? '')) {
    reading.refuse('mergedInto', { code: 'mergeByHand' })
  } else if (mergedInto !== null && academy.closedOn === null) {
    reading.refuse('closedOn', { code: 'mergedStays', params: { code: mergedInto } })
  }
}

/** Two of one programme in one place whose names nobody could tell apart are one. */
function checkTwins(reading: Reading, academy: WrittenAcademy, twins: TwinIndex): void {
  for (const [field, language] of nameFields) {
    const twin = twins.get(twinKey(academy, language))
    if (academy.name[language] && twin !== undefined && twin !== academy.code) {
      reading.refuse(field, { code: 'nameTaken', params: { code: twin } })
    }
  }
}

const nameFields = [
  ['nameEn', 'en'],
  ['nameUr', 'ur'],
] as const

const twinKey = ({ programme, area, city, name }: WrittenAcademy, language: 'en' | 'ur') =>
  [programme, area, searchable(city), language, searchable(name[language] ?? '')].join('\n')

/** Codes by what makes a name one of a kind. */
export type TwinIndex = Map<string, string>

export function twinIndex(academies: readonly WrittenAcademy[]): TwinIndex {
  const index: TwinIndex = new Map()
  for (const academy of academies) if (isAcademy(academy)) addTwin(index, academy)
  return index
}

function addTwin(index: TwinIndex, academy: WrittenAcademy): void {
  for (const [, language] of nameFields) index.set(twinKey(academy, language), academy.code)
}

/** The fields of an academy as its form shows them. */
export function academyValues(academy: WrittenAcademy): Record<TypedField, string> {
  return {
    code: academy.code,
    nameEn: academy.name.en,
    nameUr: academy.name.ur ?? '',
    programme: academy.programme,
    area: academy.area,
    city: academy.city,
    host: academy.host,
    openedOn: academy.openedOn ?? '',
    closedOn: academy.closedOn ?? '',
    mergedInto: academy.mergedInto ?? '',
  }
}

/** Fields in which two states of an academy differ. */
export function changedFields(one: WrittenAcademy, other: WrittenAcademy): TypedField[] {
  const [a, b] = [academyValues(one), academyValues(other)]
  return (Object.keys(a) as TypedField[]).filter((field) => a[field] !== b[field])
}

// What becomes of one

/** What to do with an academy; days are ISO days. */
export type Act =
  | { act: 'close'; on: string }
  | { act: 'reopen' }
  | { act: 'merge'; into: string; on: string }
  | { act: 'undo' }

/** Reads the form of an act: the act and why, or all that is wrong. The reason is never empty. */
export function readAct(
  name: ActName,
  values: ActValues,
): { ok: true; act: Act; reason: string } | { ok: false; problems: AcademyProblem<ActField>[] } {
  const problems: AcademyProblem<ActField>[] = []
  const reasonField = `${name}Reason` as const
  const { text: reason, problem } = readLine(values[reasonField] ?? '', 500, true)
  const day = (field: 'closedOn' | 'mergedOn') => {
    const read = readDay(values[field]?.trim() ?? '')
    if (!read.ok) problems.push({ field, code: 'notDay' })
    return read.ok ? read.value : ''
  }
  const into = values.into?.trim() ?? ''
  if (name === 'merge' && into === '') problems.push({ field: 'into', code: 'notChosen' })
  const act: Act =
    name === 'close'
      ? { act: name, on: day('closedOn') }
      : name === 'merge'
        ? { act: name, into, on: day('mergedOn') }
        : { act: name }
  if (problem) {
    const code = problem.code === 'missing' ? 'reasonMissing' : problem.code
    problems.push({ field: reasonField, ...problem, code })
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, act, reason }
}

/**
 * What an academy is after an act, or why it cannot be done. That an undone merger has had no
 * figures since is for the caller to see.
 */
export function afterAct(
  academies: readonly Academy[],
  academy: Academy,
  act: Act,
): { ok: true; academy: Academy } | { ok: false; problem: AcademyProblem<ActField> } {
  const refuse = (field: ActField | null, code: string, params?: Problem['params']) => ({
    ok: false as const,
    problem: params ? { field, code, params } : { field, code },
  })
  const { mergedInto, closedOn, openedOn } = academy
  if (act.act === 'undo') {
    if (mergedInto === null) return refuse(null, 'notMerged')
    return { ok: true, academy: { ...academy, mergedInto: null, closedOn: null } }
  }
  if (mergedInto !== null) return refuse(null, 'merged', { code: mergedInto })
  if (act.act === 'reopen') {
    if (closedOn === null) return refuse(null, 'notClosed')
    return { ok: true, academy: { ...academy, closedOn: null } }
  }
  const dayField = act.act === 'close' ? 'closedOn' : 'mergedOn'
  if (openedOn !== null && act.on < openedOn) {
    return refuse(dayField, 'beforeOpened', { day: openedOn })
  }
  if (act.act === 'close') {
    if (closedOn !== null) return refuse(null, 'closed', { day: closedOn })
    return { ok: true, academy: { ...academy, closedOn: act.on } }
  }
  const into = academies.find((other) => isAcademy(other) && other.code === act.into)
  if (!into) return refuse('into', 'notInList')
  if (into.programme !== academy.programme) return refuse('into', 'otherProgramme')
  if (successorOf(academies, into.code) === academy.code) {
    return refuse('into', 'circle', { code: into.code })
  }
  return { ok: true, academy: { ...academy, mergedInto: into.code, closedOn: act.on } }
}

// A file of academies

const columnFields: Record<RegistryColumn, TypedField> = {
  code: 'code',
  programme: 'programme',
  area: 'area',
  name_en: 'nameEn',
  name_ur: 'nameUr',
  city: 'city',
  host: 'host',
  opened_on: 'openedOn',
  closed_on: 'closedOn',
  merged_into: 'mergedInto',
}
const columnOf = (field: TypedField) =>
  registryColumns.find((column) => columnFields[column] === field) ?? field
const guarded = new Set<RegistryColumn>(['name_en', 'name_ur', 'city', 'host'])

/** The registry as rows of a file, with its header: what a file of it holds, and nothing private. */
export function registryRows(academies: readonly WrittenAcademy[]): string[][] {
  const rows = academies.filter(isAcademy).map((academy) => {
    const values = academyValues(academy)
    return registryColumns.map((column) => {
      const value = values[columnFields[column]]
      return guarded.has(column) ? guardFormula(value) : value
    })
  })
  return [[...registryColumns], ...rows]
}

export interface RegistryPlan {
  report: RegistryReport
  /** What would be new or changed, in the order of the file. */
  writes: { before: Academy | null; academy: WrittenAcademy }[]
}

/**
 * What a file would do to the registry: rows that are new, changed, the same, and all that is wrong.
 *
 * @param rows the header first
 * @param mayKeep whether its reader may write an academy of a programme
 */
export function planRegistry(
  rows: readonly TableRow[],
  catalogue: Surroundings['catalogue'],
  tiesOf: (code: string) => AcademyTies,
  mayKeep: (academy: Pick<Academy, 'code' | 'programme'>) => boolean,
): RegistryPlan {
  const report: RegistryReport = {
    counts: { new: 0, changed: 0, same: 0, refused: 0 },
    problems: [],
    changes: [],
  }
  const plan: RegistryPlan = { report, writes: [] }
  const [header, ...body] = rows
  const columns = readHeader(header, report)
  if (!columns) return plan
  if (body.length === 0) report.problems.push(atLine(1, 'code', '', { code: 'noRows' }))
  const known = new Map(catalogue.academies.filter(isAcademy).map((row) => [row.code, row]))
  const twins = twinIndex(catalogue.academies)
  const lines = new Map<string, number>()
  for (const row of body) {
    const typed = typedRow(columns, row)
    const code = (typed.code ?? '').trim()
    const before = known.get(code) ?? null
    const problems = cellProblems(columns, row)
    const first = lines.get(code)
    if (first !== undefined) {
      problems.push({ field: 'code', code: 'codeTwice', params: { line: first } })
    }
    lines.set(code, first ?? row.line)
    const read = readAcademy(typed, { catalogue, twins, before, ties: tiesOf(code) })
    if (!read.ok) problems.push(...read.problems)
    else if (!(mayKeep(read.academy) && (!before || mayKeep(before)))) {
      problems.push({ field: 'code', code: 'outOfScope' })
    }
    if (!read.ok || problems.length > 0) {
      report.counts.refused += 1
      report.problems.push(
        ...problems.map(({ field, ...problem }) =>
          atLine(row.line, columnOf(field ?? 'code'), typed[field ?? 'code'] ?? '', problem),
        ),
      )
    } else keepRow(plan, row.line, before, read.academy, twins)
  }
  return plan
}

const atLine = (
  line: number,
  column: string,
  value: string,
  problem: Problem,
): RegistryProblem => ({
  line,
  column,
  value,
  ...problem,
})

function keepRow(
  { report, writes }: RegistryPlan,
  line: number,
  before: Academy | null,
  academy: WrittenAcademy,
  twins: TwinIndex,
): void {
  const fields = before ? changedFields(before, academy) : []
  const outcome = before === null ? 'new' : fields.length > 0 ? 'changed' : 'same'
  report.counts[outcome] += 1
  if (outcome === 'same') return
  const columns = registryColumns.filter((column) => fields.includes(columnFields[column]))
  report.changes.push({ line, code: academy.code, outcome, columns })
  writes.push({ before, academy })
  addTwin(twins, academy)
}

/** The columns of a file in its order; null, with what is wrong, where they cannot be read. */
function readHeader(header: TableRow | undefined, report: RegistryReport): RegistryColumn[] | null {
  const { problems } = report
  const cells = (header?.cells ?? []).map((cell) => cell.trim().toLowerCase())
  // Cells beyond the last name are left over by spreadsheets.
  while (cells.at(-1) === '') cells.pop()
  const columns = cells.flatMap((cell, at) => {
    const column = registryColumns.find((known) => known === cell)
    if (!column) problems.push(atLine(1, cell, cell, { code: 'unknownColumn' }))
    else if (cells.indexOf(cell) < at) problems.push(atLine(1, cell, cell, { code: 'columnTwice' }))
    return column ?? []
  })
  if (!columns.includes('code')) problems.push(atLine(1, 'code', '', { code: 'codeColumnMissing' }))
  return problems.length > 0 ? null : columns
}

function typedRow(columns: readonly RegistryColumn[], { cells }: TableRow): TypedAcademy {
  return Object.fromEntries(
    columns.map((column, at) => {
      const cell = cells[at] ?? ''
      return [columnFields[column], guarded.has(column) ? withoutFormulaGuard(cell) : cell]
    }),
  )
}

function cellProblems(
  columns: readonly RegistryColumn[],
  { cells }: TableRow,
): AcademyProblem<TypedField>[] {
  const spare = cells.slice(columns.length).some((cell) => cell.trim() !== '')
  return spare ? [{ field: 'code', code: 'tooManyCells', params: { most: columns.length } }] : []
}

/**
 * A file or a pasted table as text and rows, whatever its encoding and separator.
 * @throws TableProblem as `textRows` does
 */
export async function readTable(bytes: Uint8Array): Promise<{ text: string; rows: TableRow[] }> {
  const sniffer = new TextSniffer()
  sniffer.write(bytes)
  const { encoding, delimiter } = sniffer.end()
  const text = new TextDecoder(encoding).decode(bytes)
  const rows: TableRow[] = []
  const format = { encoding: 'utf-8', delimiter } as const
  for await (const batch of textRows(inChunks(text), format)) rows.push(...batch)
  return { text, rows }
}

async function* inChunks(text: string) {
  yield new TextEncoder().encode(text)
}

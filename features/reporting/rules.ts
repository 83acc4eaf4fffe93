import { isAcademy, openIn } from '@/features/academies/rules'
import type { Academy, Area, Catalogue, Indicator } from '@/features/catalogue/schema'
import { type FigureKey, type SourceInput, statuses } from '@/features/figures/schema'
import { type Period, parsePeriod } from '@/features/periods/rules'
import { defaultRelease, readSource } from '@/features/proposals/rules'
import { readCell, saysTheSame } from '@/features/sheets/rules'
import { compareDecimals, percentChange, subtract, sum } from '@/lib/number'
import type {
  Coverage,
  Difference,
  Duty,
  Line,
  LineFacts,
  NoTotal,
  Question,
  Reporter,
  ReportProblem,
  ReportReading,
  RollUp,
  RollUpRow,
  Said,
  TypedReport,
  TypedSource,
} from './schema'

/** Names a line within a form or an address. */
export const lineName = ({ indicator, sex }: Pick<Line, 'indicator' | 'sex'>) =>
  `${indicator}.${sex}`

export const lineOf = (indicator: Indicator, sex: string): Line => ({
  indicator: indicator.code,
  sex,
  kind: indicator.defaultKind,
  unit: indicator.defaultUnit,
})

/** Whether a figure is one of a line: of its indicator and sex, in its kind and unit. */
export const isOfLine = (line: Line, said: FigureKey) =>
  said.role === 'actual' &&
  said.indicator === line.indicator &&
  said.sex === line.sex &&
  said.kind === line.kind &&
  said.unit === line.unit

/** The key of an academy's figure of a line. */
export const keyFor = (
  { code, programme, area }: Pick<Academy, 'code' | 'programme' | 'area'>,
  line: Line,
  period: string,
): FigureKey => ({ ...line, role: 'actual', programme, area, academy: code, period })

export function periodNamed(code: string): Period {
  const period = parsePeriod(code)
  if (!period.ok) throw new Error(`Period ${code} was not checked.`)
  return period.value
}

/** Why values of several areas have no sum; null where they have one. */
export function noTotalOf(indicator: Indicator): NoTotal | null {
  if (indicator.defaultKind === 'ratio') return 'share'
  return indicator.acrossAreas === 'sum' ? null : 'notAdditive'
}

/** The academies of a programme, in the order of the catalogue; `_T` is none. */
export const academiesOf = ({ academies }: Catalogue, programme: string): Academy[] =>
  academies.filter((one) => isAcademy(one) && one.programme === programme)

/** What the difference between a sum and a published total is; null where either is missing. */
export function differenceOf(total: string | null, published: string | null): Difference | null {
  if (total === null || published === null) return null
  return { absolute: subtract(total, published), percent: percentChange(published, total) }
}

/**
 * One figure for each academy: of an academy that has figures under two areas, because it moved or
 * was set right, the one of the area it is in now, else the one that was entered last. Nobody
 * counts twice.
 */
export function reportersOf(academies: readonly Academy[], said: readonly Said[]): Reporter[] {
  const byAcademy = new Map<string, Said>()
  const registered = new Map(academies.map((academy) => [academy.code, academy]))
  for (const figure of said) {
    const before = byAcademy.get(figure.academy)
    const home = registered.get(figure.academy)?.area
    const isBetter =
      !before ||
      (figure.area === home && before.area !== home) ||
      ((figure.area === home) === (before.area === home) && figure.id > before.id)
    if (isBetter) byAcademy.set(figure.academy, figure)
  }
  return [...byAcademy].flatMap(([code, figure]) => {
    const academy = registered.get(code)
    return academy ? { academy, figure } : []
  })
}

/** An area and all above it, without the world. */
function areasAbove(areas: ReadonlyMap<string, Area>, code: string): string[] {
  const area = areas.get(code)
  if (!area || code === '001') return []
  return [code, ...(area.parent ? areasAbove(areas, area.parent) : [])]
}

/** The area that has no other one above it: the country. */
const countryOf = ({ areas }: Catalogue) =>
  areas.find(({ code, parent }) => code !== '001' && parent === null)?.code ?? 'PK'

/**
 * Figures of academies added up to their areas and the country, beside who was expected to report
 * and what was published for all academies together.
 *
 * @param academies of the programme, and any others that have figures in it
 * @param said public figures of the question's programme and period, of academies and of areas
 */
export function rollUp(
  question: Question,
  catalogue: Catalogue,
  academies: readonly Academy[],
  said: readonly Said[],
): RollUp {
  const { line, programme, period } = question
  const indicator = catalogue.indicators.find(({ code }) => code === line.indicator)
  const noTotal = indicator ? noTotalOf(indicator) : 'notAdditive'
  const own = said.filter((one) => isOfLine(line, one) && one.period === period)
  const together = new Map(
    own.filter(({ academy }) => academy === '_T').map((one) => [one.area, one]),
  )
  const known = academies.filter(isAcademy)
  const reporters = reportersOf(
    known,
    own.filter(({ academy }) => academy !== '_T'),
  )
  const saidBy = new Map(reporters.map(({ academy, figure }) => [academy.code, figure]))
  const when = periodNamed(period)
  const expected = known.filter((one) => one.programme === programme && openIn(one, when))
  const isExpected = new Set(expected.map(({ code }) => code))

  const areas = new Map(catalogue.areas.map((area) => [area.code, area]))
  // An academy stands where its figure does, so that a row's sum and its coverage are of the same.
  const placeOf = ({ code, area }: Academy) => saidBy.get(code)?.area ?? area
  const inArea = new Map<string, Academy[]>()
  for (const academy of known) {
    if (!isExpected.has(academy.code) && !saidBy.has(academy.code)) continue
    for (const area of areasAbove(areas, placeOf(academy))) {
      inArea.set(area, [...(inArea.get(area) ?? []), academy])
    }
  }

  const rowOf = (area: string): RollUpRow => {
    const members = inArea.get(area) ?? []
    const figures = members.flatMap(({ code }) => saidBy.get(code) ?? [])
    const total =
      noTotal === null && figures.length > 0 ? sum(figures.map(({ value }) => value)) : null
    const published = together.get(area) ?? null
    return {
      area,
      coverage: coverageOf(members, isExpected, saidBy),
      sum: total,
      isExact: figures.every(({ precision, status }) => precision === 'exact' && status !== 'E'),
      published,
      difference: differenceOf(total, published?.value ?? null),
    }
  }
  const country = countryOf(catalogue)
  return {
    ...question,
    noTotal,
    country: rowOf(country),
    areas: catalogue.areas
      .filter(({ code }) => code !== country && inArea.has(code))
      .map(({ code }) => rowOf(code)),
    missing: byPlace(
      catalogue,
      expected.filter(({ code }) => !saidBy.has(code)),
    ),
  }
}

function coverageOf(
  members: readonly Academy[],
  isExpected: ReadonlySet<string>,
  saidBy: ReadonlyMap<string, unknown>,
): Coverage {
  const expected = members.filter(({ code }) => isExpected.has(code))
  const reported = expected.filter(({ code }) => saidBy.has(code)).length
  const others = members.filter(({ code }) => saidBy.has(code)).length - reported
  return { expected: expected.length, reported, others }
}

/** By area, in the order of the catalogue, then by code. */
export function byPlace({ areas }: Catalogue, academies: readonly Academy[]): Academy[] {
  const place = new Map(areas.map(({ code }, n) => [code, n]))
  const at = ({ area }: Academy) => place.get(area) ?? areas.length
  return [...academies].sort((a, b) => at(a) - at(b) || (a.code < b.code ? -1 : 1))
}

/**
 * Who has not reported everything that is asked for, of those who were open in the period: who has
 * never reported first, then who reported longest ago.
 *
 * @param said figures of academies in any period
 */
export function dutiesOf(
  academies: readonly Academy[],
  lines: readonly Line[],
  period: string,
  said: readonly Said[],
): Duty[] {
  const when = periodNamed(period)
  const byAcademy = new Map<string, Said[]>()
  for (const one of said) byAcademy.set(one.academy, [...(byAcademy.get(one.academy) ?? []), one])
  const duties = academies
    .filter((academy) => openIn(academy, when))
    .map((academy): Duty & { end: string } => {
      const own = (byAcademy.get(academy.code) ?? []).filter((one) =>
        lines.some((line) => isOfLine(line, one)),
      )
      const now = own.filter((one) => one.period === period)
      const missing = lines.filter((line) => !now.some((one) => isOfLine(line, one)))
      const [last] = own
        .filter(({ periodEnd }) => periodEnd !== null)
        .sort((a, b) => ((a.periodEnd ?? '') < (b.periodEnd ?? '') ? 1 : -1))
      return {
        academy,
        missing,
        reported: lines.length - missing.length,
        last: last?.period ?? null,
        end: last?.periodEnd ?? '',
      }
    })
  return duties
    .filter(({ missing }) => missing.length > 0)
    .sort(
      (a, b) =>
        (a.end === b.end ? 0 : a.end < b.end ? -1 : 1) ||
        (a.academy.code < b.academy.code ? -1 : 1),
    )
    .map(({ end: _, ...duty }) => duty)
}

/** Which way a difference points. */
export function sideOf({ absolute }: Difference): 'above' | 'below' | 'same' {
  const side = compareDecimals(absolute, '0')
  return side > 0 ? 'above' : side < 0 ? 'below' : 'same'
}

/** The first e-mail address in a contact; null where it has none. */
export function addressIn(contact: string): string | null {
  return /[\p{L}\p{N}._+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/u.exec(contact)?.[0] ?? null
}

/** Opens a letter in the reader's own mail program. */
export function mailtoOf(address: string, subject: string, body: string): string {
  const words = [`subject=${encodeURIComponent(subject)}`, `body=${encodeURIComponent(body)}`]
  return `mailto:${encodeURIComponent(address).replace('%40', '@')}?${words.join('&')}`
}

// The page for one academy

const isEmpty = (source: TypedSource) => Object.values(source).every((text) => text.trim() === '')

/**
 * Reads what was typed for one academy. A line left empty changes nothing, as does one that says
 * what is public already. `today` is a Karachi day (ISO).
 */
export function readReport(
  facts: readonly LineFacts[],
  typed: TypedReport,
  today: string,
): ReportReading {
  const reading: ReportReading = { changes: [], lines: [], problems: [], conflicts: [] }
  const shared = readSourceOf(typed.source, null, today)
  reading.problems.push(...shared.problems)
  let lacksSource = false
  for (const fact of facts) {
    const name = lineName(fact.line)
    const line = typed.lines.get(name)
    if (!line || line.text.trim() === '') continue
    const value = readCell(line.text, fact.line.unit)
    if (!value.ok) {
      reading.problems.push({ field: 'value', line: name, from: 'numbers', ...value.problem })
    }
    const own = isEmpty(line.source) ? null : readSourceOf(line.source, name, today)
    if (own) reading.problems.push(...own.problems)
    const source = own ? own.source : shared.source
    if (value.ok && !own && saysTheSame(value.value, fact.known?.value ?? null)) continue
    if (!source && !own && shared.problems.length === 0) lacksSource = true
    if (line.base !== (fact.known?.newest ?? null)) reading.conflicts.push(fact)
    if (!value.ok || !source) continue
    reading.lines.push(fact.line)
    reading.changes.push({
      ...fact.key,
      purpose: 'publication',
      observation: null,
      value: value.value,
      status: statuses.find((known) => known === typed.status) ?? 'A',
      precision: 'exact',
      source,
      note: '',
      releasedOn: defaultRelease(source.publishedLabel, today),
      base: fact.known?.newest ?? null,
    })
  }
  if (lacksSource) {
    const missing = { from: 'reporting', code: 'sourceMissing' } as const
    reading.problems.unshift({ field: 'publisher', line: null, ...missing })
  }
  return reading
}

function readSourceOf(
  typed: TypedSource,
  line: string | null,
  today: string,
): { source: SourceInput | null; problems: ReportProblem[] } {
  const read = readSource(typed, today)
  if (read.ok) return { source: read.source, problems: [] }
  return {
    source: null,
    problems: read.problems.map(({ field, from, code, params }) => ({
      field: field as keyof TypedSource,
      line,
      from: from as ReportProblem['from'],
      code,
      ...(params && { params }),
    })),
  }
}

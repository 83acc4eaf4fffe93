import { isAcademy } from '@/features/academies/rules'
import type { CatalogueNames } from '@/features/catalogue/rules'
import { findIndicator } from '@/features/catalogue/rules'
import type { Catalogue } from '@/features/catalogue/schema'
import { sexes } from '@/features/figures/schema'
import { readPeriod } from '@/features/periods/rules'
import { lineOf } from './rules'
import type {
  Asked,
  Custom,
  Duty,
  Line,
  QuestionProblem,
  RollUp,
  RollUpRow,
  TypedQuestion,
} from './schema'

type Query = Record<string, string | string[] | undefined>

/** The query of an address again, as it was sent. */
export const queryText = (query: Query): string =>
  new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) =>
      [value ?? []].flat().map((one) => [name, one]),
    ),
  ).toString()

const all = (query: Query, name: string) => [query[name] ?? []].flat()

export function typedQuestion(query: Query): TypedQuestion {
  return {
    programme: all(query, 'programme')[0] ?? '',
    indicators: [...new Set(all(query, 'indicator').filter(Boolean))],
    sexes: [...new Set(all(query, 'sex').filter(Boolean))],
    period: all(query, 'period')[0]?.slice(0, 200) ?? '',
  }
}

/** Programmes that have academies, in the order of the catalogue. */
export function programmesWithAcademies({ programmes, academies }: Catalogue) {
  const found = new Set(academies.filter(isAcademy).map((one) => one.programme))
  return programmes.filter(({ code }) => found.has(code))
}

/**
 * What somebody is shown who has not said what they want: the programme they named, or else the
 * first one with academies, and of it what was reported last.
 */
export function usualQuestion(
  typed: TypedQuestion,
  programme: string,
  { lines: [line], periods: [period] }: Custom,
): TypedQuestion {
  return {
    programme: typed.programme || programme,
    indicators: typed.indicators.length > 0 || !line ? typed.indicators : [line.indicator],
    sexes: typed.sexes.length > 0 || !line ? typed.sexes : [line.sex],
    period: typed.period || (period?.code ?? ''),
  }
}

/** What an address asks for, or what is wrong with it. */
export function readQuestion(
  typed: TypedQuestion,
  catalogue: Catalogue,
): { ok: true; asked: Asked } | { ok: false; problems: QuestionProblem[] } {
  const problems: QuestionProblem[] = []
  if (!catalogue.programmes.some(({ code }) => code === typed.programme)) {
    problems.push({ field: 'programme', from: 'reporting', code: 'programmeMissing' })
  }
  const lines = linesNamed(typed, catalogue)
  if (lines === null) {
    problems.push({ field: 'indicator', from: 'reporting', code: 'indicatorUnknown' })
  }
  const period = readPeriod(typed.period)
  if (!period.ok) problems.push({ field: 'period', from: 'periods', ...period.problem })
  else if (period.value.code === '_U') {
    problems.push({ field: 'period', from: 'reporting', code: 'periodUnknown' })
  }
  return problems.length > 0 || !period.ok || lines === null
    ? { ok: false, problems }
    : { ok: true, asked: { programme: typed.programme, period: period.value.code, lines } }
}

/** The lines that an address names; null where one of them is none, or is computed here. */
export function linesNamed(
  { indicators, sexes: named }: Pick<TypedQuestion, 'indicators' | 'sexes'>,
  catalogue: Catalogue,
): Line[] | null {
  const chosen = sexes.filter((sex) => named.includes(sex))
  const lines: Line[] = []
  for (const code of indicators) {
    const indicator = findIndicator(catalogue, code)
    if (!indicator || indicator.method === 'computed') return null
    for (const sex of chosen.length > 0 ? chosen : ['_T']) lines.push(lineOf(indicator, sex))
  }
  return lines
}

/** The words of an address that asks this; lines are left out where they are the usual ones. */
export function questionWords({
  programme,
  period,
  lines = [],
}: {
  programme: string
  period: string
  lines?: readonly Pick<Line, 'indicator' | 'sex'>[]
}): string {
  const chosen = [...new Set(lines.map(({ sex }) => sex))]
  return new URLSearchParams([
    ['programme', programme],
    ...[...new Set(lines.map(({ indicator }) => indicator))].map((code) => ['indicator', code]),
    ...(chosen.every((sex) => sex === '_T') ? [] : chosen.map((sex) => ['sex', sex])),
    ['period', period],
  ]).toString()
}

export const rollUpColumns = [
  'indicator',
  'programme',
  'area',
  'sex',
  'kind',
  'unit',
  'period',
  'method',
  'expected',
  'reported',
  'others',
  'value',
  'published',
  'difference',
  'difference_percent',
] as const

/** A roll-up as the rows of a file, the country first. */
export function rollUpRows({ country, areas, line, programme, period }: RollUp): string[][] {
  return [country, ...areas].map((row: RollUpRow) => [
    line.indicator,
    programme,
    row.area,
    line.sex,
    line.kind,
    line.unit,
    period,
    'computed',
    String(row.coverage.expected),
    String(row.coverage.reported),
    String(row.coverage.others),
    row.sum ?? '',
    row.published?.value ?? '',
    row.difference?.absolute ?? '',
    row.difference?.percent ?? '',
  ])
}

export const reminderColumns = [
  'academy',
  'name',
  'area',
  'city',
  'period',
  'missing',
  'last_period',
  'contact',
] as const

/** Reminders as the rows of a file. */
export function reminderRows(
  duties: readonly Duty[],
  contacts: ReadonlyMap<string, string>,
  names: CatalogueNames,
  period: string,
): string[][] {
  return duties.map(({ academy, missing, last }) => [
    academy.code,
    names.academy(academy.code),
    academy.area,
    academy.city,
    period,
    missing
      .map(({ indicator, sex }) => (sex === '_T' ? indicator : `${indicator} ${sex}`))
      .join('; '),
    last ?? '',
    contacts.get(academy.code) ?? '',
  ])
}

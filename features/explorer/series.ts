import type { Catalogue } from '@/features/catalogue/schema'
import { type FilterWord, filterEntries, frequencies } from '@/features/downloads/schema'
import { kinds, roles, sexes, statuses } from '@/features/figures/schema'
import type { FigureWriter } from '@/features/figures/series'
import { formatPeriod, parsePeriod, readPeriod } from '@/features/periods/rules'
import type { Vintage } from '@/features/vintages/schema'
import { type Language, type Locale, languageOf, localePath, translator } from '@/lib/i18n'
import {
  type Dimension,
  type ExplorerState,
  explorerPath,
  type Facets,
  type FacetWord,
  type NameOrder,
  type SortColumn,
  withFilter,
} from './schema'

const collators = new Map<Language, Intl.Collator>()

/** How a language sorts: dear to make. */
function collatorOf(language: Language): Intl.Collator {
  const collator = collators.get(language) ?? new Intl.Collator(language)
  collators.set(language, collator)
  return collator
}

/** The catalogue's codes in the order of their names. */
export function nameOrder(catalogue: Catalogue, { locale, names }: FigureWriter): NameOrder {
  const collator = collatorOf(languageOf(locale))
  const ordered = (rows: readonly { code: string }[], name: (code: string) => string) =>
    rows
      .map(({ code }) => ({ code, name: name(code) }))
      .sort((a, b) => collator.compare(a.name, b.name))
      .map(({ code }) => code)
  return {
    indicator: ordered(catalogue.indicators, names.indicator),
    programme: ordered(catalogue.programmes, names.programme),
    area: ordered(catalogue.areas, names.area),
  }
}

/** What one value of a filter or of a dimension is called. */
export function valueName(
  word: FilterWord | Dimension,
  value: string,
  { locale, names }: FigureWriter,
): string {
  const t = translator(locale, 'explorer')
  const figures = translator(locale, 'figures')
  const writers: Partial<Record<FilterWord | Dimension, (value: string) => string>> = {
    indicator: names.indicator,
    programme: (code) => (code === '_Z' ? t('noProgramme') : names.programme(code)),
    area: names.area,
    academy: names.academy,
    unit: names.unit,
    sex: (code) => (isOneOf(sexes, code) ? figures(`sex.${code}`) : code),
    role: (code) => (isOneOf(roles, code) ? figures(`role.${code}`) : code),
    kind: (code) => (isOneOf(kinds, code) ? figures(`kind.${code}`) : code),
    status: (code) => (isOneOf(statuses, code) ? figures(`status.${code}`) : code),
    frequency: (code) => (isOneOf(frequencies, code) ? t(`frequency.${code}`) : code),
    period: (code) => periodName(code, locale),
    year: (code) => periodName(code, locale),
    from: (text) => limitName(text, locale),
    to: (text) => limitName(text, locale),
  }
  return writers[word]?.(value) ?? value
}

const isOneOf = <T extends string>(choices: readonly T[], value: string): value is T =>
  choices.some((choice) => choice === value)

function periodName(code: string, locale: Locale): string {
  const period = parsePeriod(code)
  return period.ok ? formatPeriod(period.value, locale) : code
}

function limitName(text: string, locale: Locale): string {
  const period = readPeriod(text)
  return period.ok ? formatPeriod(period.value, locale) : text
}

export interface Choice {
  value: string
  name: string
  /** Null where it was not counted. */
  count: number | null
  isChosen: boolean
}

const ownOrder: Partial<Record<FacetWord, readonly string[]>> = {
  sex: sexes,
  role: roles,
  kind: kinds,
  status: statuses,
  frequency: frequencies,
}

/** What a part of the filter can be set to: by name, or in the order that its codes have. */
export function choicesOf(
  word: FacetWord,
  { facets, state, writer }: { facets: Facets; state: ExplorerState; writer: FigureWriter },
): Choice[] {
  const chosen = state.filter[word] ?? []
  const offered = facets[word]
  const missing = chosen.filter((value) => !offered.some((one) => one.value === value))
  const choices = [...offered, ...missing.map((value) => ({ value, count: 0 }))].map(
    ({ value, count }) => ({
      value,
      count,
      name: valueName(word, value, writer),
      isChosen: chosen.some((one) => one === value),
    }),
  )
  return inOrder(choices, ({ value }) => value, word, writer)
}

/** Codes of a dimension in the order of a table's rows or columns. */
export function orderOf(writer: FigureWriter) {
  return (codes: readonly string[], dimension: Dimension): string[] =>
    inOrder(codes, (code) => code, dimension, writer)
}

function inOrder<T>(
  rows: readonly T[],
  codeOf: (row: T) => string,
  dimension: FacetWord | Dimension,
  writer: FigureWriter,
): T[] {
  const own = isOneOf(Object.keys(ownOrder) as FacetWord[], dimension)
    ? ownOrder[dimension]
    : undefined
  if (own) return [...rows].sort((a, b) => own.indexOf(codeOf(a)) - own.indexOf(codeOf(b)))
  if (dimension === 'period' || dimension === 'year') {
    const byCode = new Map(rows.map((row) => [row, sortablePeriod(codeOf(row))]))
    return [...rows].sort((a, b) => ((byCode.get(a) ?? '') < (byCode.get(b) ?? '') ? -1 : 1))
  }
  const { compare } = collatorOf(languageOf(writer.locale))
  return rows
    .map((row) => ({ row, name: valueName(dimension, codeOf(row), writer) }))
    .sort((a, b) => compare(a.name, b.name))
    .map(({ row }) => row)
}

/** Oldest end first; what has no end comes last. */
function sortablePeriod(code: string): string {
  const period = parsePeriod(code)
  const { end, start } = period.ok ? period.value : { end: null, start: null }
  return `${end ?? '9999'} ${start ?? ''} ${code}`
}

export interface Chip {
  word: FilterWord
  /** `Area: Punjab` */
  text: string
  /** The same state without it. */
  href: string
}

/** The parts of the filter in force, each with the way out of it. */
export function chipsOf(
  state: ExplorerState,
  vintage: Vintage | null,
  writer: FigureWriter,
): Chip[] {
  const t = translator(writer.locale, 'explorer')
  return filterEntries(state.filter).map(([word, value]) => {
    const left = (state.filter[word] ?? []).filter((one) => one !== value)
    return {
      word,
      text: t('chip', {
        part: t(`words.${word}`),
        value: `\u2068${valueName(word, value, writer)}\u2069`,
      }),
      href: localePath(writer.locale, explorerPath(withFilter(state, word, left), vintage)),
    }
  })
}

/** Where the head of a column leads: sorted by it, or the other way round where it is already. */
export function sortLink(state: ExplorerState, column: SortColumn): ExplorerState {
  const isSorted = state.sort.column === column
  const startsWithLast = column === 'period' || column === 'value' || column === 'released'
  const descending = isSorted ? !state.sort.descending : startsWithLast
  return { ...state, sort: { column, descending }, page: 1 }
}

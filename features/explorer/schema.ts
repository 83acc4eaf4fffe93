import {
  type DownloadFilter,
  type FileSize,
  type FilterWord,
  filterEntries,
  filterWords,
  readFilter,
} from '@/features/downloads/schema'
import type { Figure } from '@/features/figures/schema'
import type { Vintage } from '@/features/vintages/schema'
import { defaultLocale, isLocale } from '@/lib/i18n'
import { fail, type Problem } from '@/lib/result'

export const sortColumns = [
  'indicator',
  'programme',
  'area',
  'sex',
  'kind',
  'period',
  'value',
  'status',
  'publisher',
  'released',
] as const
export type SortColumn = (typeof sortColumns)[number]

export const pageSizes = [25, 50, 100, 200] as const

/** What the rows and columns of a cross table can be. */
export const dimensions = [
  'indicator',
  'programme',
  'area',
  'sex',
  'role',
  'kind',
  'unit',
  'year',
  'period',
] as const
export type Dimension = (typeof dimensions)[number]

/** What a reader of the explorer has chosen, beside the state of the record. */
export interface ExplorerState {
  filter: DownloadFilter
  view: 'table' | 'pivot'
  sort: { column: SortColumn; descending: boolean }
  size: number
  /** From 1. */
  page: number
  rows: Dimension
  columns: Dimension
}

export const usualState: ExplorerState = {
  filter: {},
  view: 'table',
  sort: { column: 'period', descending: true },
  size: 25,
  page: 1,
  rows: 'programme',
  columns: 'year',
}

/** The codes of names in the order in which a language sorts them. */
export type NameOrder = Record<'indicator' | 'programme' | 'area', string[]>

/** Parts of a filter that a form offers as choices. */
export const facetWords = [
  'indicator',
  'programme',
  'area',
  'sex',
  'role',
  'kind',
  'unit',
  'status',
  'frequency',
  'publisher',
] as const
export type FacetWord = (typeof facetWords)[number]

/**
 * The values that figures of a state of the record have, with the number of figures of each; null
 * where a past state has more than are counted: then some may have been there later only.
 */
export type Facets = Record<FacetWord, { value: string; count: number | null }[]>

/** A cross table of more figures than this is nothing that anybody reads. */
export const mostInPivot = 2_000

export interface ExplorerData {
  /** Of the page, or of the whole cross table. */
  figures: Figure[]
  /** How many figures the filter has. */
  total: number
  /** How much a file of them holds. */
  size: FileSize
  /** Too many for one cross table, which is then empty. */
  isTooMany: boolean
  /** Set where a past state has so many figures that they come by their periods, whatever was asked. */
  isByTime?: boolean
  facets: Facets
}

export interface ExplorerRequest {
  state: ExplorerState
  /** The past state that the address names. */
  vintage: { asOf: string; v?: string } | null
  /** What could not be read of it; it is left out of the state. */
  problems: Problem[]
}

/** Words of the explorer beside those of the filter and of the vintage. */
const ownWords = ['view', 'sort', 'size', 'page', 'rows', 'columns'] as const

/** Words that others append to addresses to follow readers; they mean nothing here. */
const isForeign = (word: string) => /^(?:utm_|fbclid$|gclid$|mc_)/.test(word)

const isOneOf = <T extends string>(choices: readonly T[], value: string): value is T =>
  choices.some((choice) => choice === value)

const quoted = (text: string) => text.slice(0, 60)

/**
 * Reads an address of the explorer. What a form sends empty is left out; a word that cannot be read
 * becomes a problem that names it, under `explorer.problems`.
 */
export function readExplorerRequest(query: URLSearchParams): ExplorerRequest {
  const problems: Problem[] = []
  const given = new URLSearchParams(
    [...query].filter(([word, value]) => value.trim() !== '' && !isForeign(word)),
  )
  const own = readOwnWords(given, problems)
  const filter = readKnownFilter(given, problems)
  const asOf = given.get('asOf')
  const v = given.get('v') ?? undefined
  // A form that empties the day has its commit along still.
  if (v !== undefined && asOf === null && !query.has('asOf')) {
    problems.push({ code: 'commitWithoutDay' })
  }
  const vintage = asOf === null ? null : { asOf, ...(v !== undefined && { v }) }
  return { state: { ...usualState, ...own, filter }, vintage, problems }
}

type OwnWords = Partial<Omit<ExplorerState, 'filter'>>

function readOwnWords(given: URLSearchParams, problems: Problem[]): OwnWords {
  const readers: Record<(typeof ownWords)[number], (value: string) => OwnWords | null> = {
    view: (value) => (value === 'table' || value === 'pivot' ? { view: value } : null),
    sort: readSort,
    size: (value) => {
      const size = pageSizes.find((one) => String(one) === value)
      return size === undefined ? null : { size }
    },
    page: (value) => (/^[1-9]\d{0,5}$/.test(value) ? { page: Number(value) } : null),
    rows: (value) => (isOneOf(dimensions, value) ? { rows: value } : null),
    columns: (value) => (isOneOf(dimensions, value) ? { columns: value } : null),
  }
  const read = ownWords.flatMap((word) => {
    const value = given.get(word)
    if (value === null) return []
    const part = readers[word](value)
    if (part) return [part]
    problems.push({ code: 'invalidWord', params: { word, value: quoted(value) } })
    return []
  })
  return Object.assign({}, ...read)
}

function readSort(value: string): OwnWords | null {
  const descending = value.startsWith('-')
  const column = descending ? value.slice(1) : value
  return isOneOf(sortColumns, column) ? { sort: { column, descending } } : null
}

function readKnownFilter(given: URLSearchParams, problems: Problem[]): DownloadFilter {
  const left = new URLSearchParams()
  const others = ['asOf', 'v', ...ownWords]
  for (const [word, value] of given) {
    if (isOneOf(filterWords, word)) left.append(word, value)
    else if (
      !others.includes(word) &&
      !problems.some(({ params }) => params?.word === quoted(word))
    )
      problems.push({ code: 'unknownWord', params: { word: quoted(word) } })
  }
  for (;;) {
    const filter = readFilter(left)
    if (filter.ok) return filter.value
    problems.push(filter.problem)
    left.delete(String(filter.problem.params?.word))
  }
}

/** The words of a state, without what is usual, in one order: one state has one address. */
export function explorerWords(state: ExplorerState, vintage: Vintage | null): [string, string][] {
  const { view, sort, size, page, rows, columns } = state
  const usual = usualState
  const sorted = `${sort.descending ? '-' : ''}${sort.column}`
  const isUsualSort = sort.column === usual.sort.column && sort.descending === usual.sort.descending
  const own: [string, string | false][] = [
    ['view', view !== usual.view && view],
    ['rows', rows !== usual.rows && rows],
    ['columns', columns !== usual.columns && columns],
    ['sort', !isUsualSort && sorted],
    ['size', size !== usual.size && String(size)],
    ['page', page !== usual.page && String(page)],
    ['asOf', vintage?.asOf ?? false],
    ['v', vintage?.isFrozen === true && String(vintage.commit)],
  ]
  return [
    ...filterEntries(state.filter),
    ...own.filter((word): word is [string, string] => word[1] !== false),
  ]
}

/** The path of a state, without the language: `/data?indicator=ICT_EXPORTS&sort=value`. */
export function explorerPath(state: ExplorerState, vintage: Vintage | null): string {
  const query = new URLSearchParams(explorerWords(state, vintage))
  return query.size > 0 ? `/data?${query}` : '/data'
}

/** The state with one word of its filter changed: from the first page on. */
export function withFilter(
  state: ExplorerState,
  word: FilterWord,
  values: readonly string[],
): ExplorerState {
  const { [word]: _, ...others } = state.filter
  const filter = values.length > 0 ? { ...others, [word]: [...values] } : others
  return { ...state, filter: filter as DownloadFilter, page: 1 }
}

/** Codes in a filter that nothing in the record has. */
export function unknownCodes(
  { filter }: ExplorerState,
  known: Record<'indicator' | 'programme' | 'area' | 'unit', ReadonlySet<string>>,
): Problem[] {
  return (['indicator', 'programme', 'area', 'unit'] as const).flatMap((word) =>
    (filter[word] ?? [])
      .filter((value) => !known[word].has(value))
      .flatMap((value) => {
        const unknown = fail('unknownCode', { word, value: quoted(value) })
        return unknown.ok ? [] : [unknown.problem]
      }),
  )
}

/**
 * Where the app answers an address of the explorer that has words of its own, and so cannot be
 * prerendered: `/ur/data?area=PK` is `/ur/data/filtered?area=PK`. Null for any other address.
 */
export function filteredPath(pathname: string, search: string): string | null {
  const [, first = '', ...rest] = pathname.split('/')
  const isPrefixed = isLocale(first)
  const under = isPrefixed ? rest.join('/') : [first, ...rest].join('/')
  if (under !== 'data' || !/^\?./.test(search)) return null
  return `/${isPrefixed ? first : defaultLocale}/data/filtered${search}`
}

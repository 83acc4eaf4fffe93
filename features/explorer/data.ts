import type { Catalogue } from '@/features/catalogue/schema'
import {
  isKept,
  keptOf,
  keysOf,
  readFileSize,
  type Selection,
  selectionOf,
} from '@/features/downloads/data'
import {
  type DownloadFilter,
  type FileSize,
  type FilterWord,
  mostCounted,
} from '@/features/downloads/schema'
import { readFigures, readFiguresAsOf } from '@/features/figures/data'
import { type Figure, kinds, roles, sexes, statuses } from '@/features/figures/schema'
import { figureWriter } from '@/features/figures/series'
import { findPast, type PastFigures, readPastPage } from '@/features/past/data'
import { readMoment, recordState } from '@/features/record/data'
import { findWords } from '@/features/searches/data'
import type { FoundWord } from '@/features/searches/schema'
import type { Vintage } from '@/features/vintages/schema'
import type { Database } from '@/lib/db/client'
import { remembered } from '@/lib/db/remembered'
import { publicDatabase } from '@/lib/db/replica'
import type { Locale } from '@/lib/i18n'
import type { Problem } from '@/lib/result'
import {
  type ExplorerData,
  type ExplorerRequest,
  type ExplorerState,
  type Facets,
  type FacetWord,
  facetWords,
  mostInPivot,
  type NameOrder,
  type SortColumn,
  unknownCodes,
  usualState,
} from './schema'
import { nameOrder } from './series'

const facetColumns: Record<FacetWord, string> = {
  indicator: 'o.indicator_code',
  programme: 'o.programme_code',
  area: 'o.area_code',
  sex: 'o.sex',
  role: 'o.role::text',
  kind: 'o.kind::text',
  unit: 'o.unit_code',
  status: 'r.status',
  frequency: "CASE WHEN o.period LIKE '%-A1' THEN 'A1' ELSE o.frequency END",
  publisher: 's.publisher',
}

/** The same in what is kept of each series. */
const sharedColumns: Record<FacetWord, string> = {
  indicator: 'indicator_code',
  programme: 'programme_code',
  area: 'area_code',
  sex: 'sex',
  role: 'role::text',
  kind: 'kind::text',
  unit: 'unit_code',
  status: 'status',
  frequency: 'frequency',
  publisher: "nullif(publisher, '')",
}

export interface ExplorerAnswer {
  catalogue: Catalogue
  state: ExplorerState
  data: ExplorerData
  vintage: Vintage | null
  /** The state of the record that was read, as a fixed link names it. */
  frozen: Vintage
  today: string
  problems: Problem[]
}

/** Answers an address of the explorer; what it names that there is not becomes a problem. */
export async function answerExplorer(
  { state, vintage: words, problems }: ExplorerRequest,
  locale: Locale,
  database: Database = publicDatabase(),
): Promise<ExplorerAnswer> {
  const moment = await readMoment(database)
  const { today, commit } = moment
  const wanted = await recordState(words ?? {}, database, moment)
  // A day that cannot be shown is left out, and the reader told so.
  const known = wanted.ok ? wanted : await recordState({}, database, moment)
  if (!known.ok) throw new Error('The present state of the record can always be read.')
  const { catalogue, vintage } = known.value
  const names = nameOrder(catalogue, figureWriter(catalogue, locale))
  const data = await readExplorer(state, { vintage, names, commit }, database)
  return {
    catalogue,
    state: data.isByTime ? { ...state, sort: usualState.sort } : state,
    data,
    vintage,
    frozen: { ...(vintage ?? { asOf: today, commit }), isFrozen: true },
    today,
    problems: [
      ...problems,
      ...(data.isByTime ? [{ code: 'tooManyToSort' }] : []),
      ...(wanted.ok ? [] : [wanted.problem]),
      ...unknownCodes(state, codesOf(catalogue)),
    ],
  }
}

function codesOf(catalogue: Catalogue) {
  const codes = (rows: readonly { code: string }[]) => new Set(rows.map(({ code }) => code))
  return {
    indicator: codes(catalogue.indicators),
    programme: codes(catalogue.programmes),
    area: codes(catalogue.areas),
    unit: codes(catalogue.units),
  }
}

/** More than these are not sorted for a page. */
const usualFew = 5_000

const rememberedFacets = remembered<Facets>(30)
const rememberedSizes = remembered<FileSize>(500)
const rememberedPast = remembered<PastFigures>(50)

/** The figures that a state of the explorer shows, out of a state of the record with its newest commit. */
export async function readExplorer(
  state: ExplorerState,
  {
    vintage,
    names,
    commit,
    few = usualFew,
  }: { vintage: Vintage | null; names: NameOrder; commit: number; few?: number },
  database: Database = publicDatabase(),
): Promise<ExplorerData> {
  // The same for everyone, whatever they have chosen.
  const key = vintage ? `${vintage.commit} ${vintage.asOf}` : String(commit)
  const own = JSON.stringify([key, state.filter])
  const { filter } = state
  const found = await findWords(database, filter.q?.[0] ?? '')
  const [past, facets] = await Promise.all([
    vintage && rememberedPast(database, own, () => findPast(database, { filter, vintage, found })),
    rememberedFacets(database, key, () => readFacets(database, vintage)),
  ])
  const size =
    past?.size ??
    (await rememberedSizes(database, own, () => readFileSize(database, filter, found)))
  const isTooMany = state.view === 'pivot' && size.rows > mostInPivot
  const isEmpty = isTooMany || size.rows === 0
  const told = { total: size.rows, size, isTooMany, facets }
  if (isEmpty) return { ...told, figures: [] }
  if (vintage && past?.ids === null) {
    const figures = await readPageByTime(database, state, { vintage, found })
    return { ...told, figures, isByTime: state.sort.column !== 'period' }
  }
  const reading = { vintage, names, found, few, total: size.rows, ids: past?.ids ?? null }
  return { ...told, figures: await readPage(database, state, reading) }
}

interface Reading {
  vintage: Vintage | null
  names: NameOrder
  /** In what the words of the search stand. */
  found: readonly FoundWord[]
  /** How many figures the filter has. */
  total: number
  /** Fewer than these are looked for by what they are, more by the order that they are wanted in. */
  few: number
  /** The figures of a past state by number. */
  ids: number[] | null
}

async function readPage(
  database: Database,
  state: ExplorerState,
  reading: Reading,
): Promise<Figure[]> {
  const ids = await readPageIds(database, state, reading)
  return figuresInOrder(database, ids, reading.vintage)
}

/** A page of a past state with more figures than are counted: no further than they are. */
async function readPageByTime(
  database: Database,
  { filter, sort, page, size }: ExplorerState,
  { vintage, found }: { vintage: Vintage; found: readonly FoundWord[] },
): Promise<Figure[]> {
  const offset = (page - 1) * size
  if (offset >= mostCounted) return []
  const descending = sort.column !== 'period' || sort.descending
  const wanted = { filter, vintage, found }
  const ids = await readPastPage(database, wanted, { descending, limit: size, offset })
  return figuresInOrder(database, ids, vintage)
}

async function figuresInOrder(
  database: Database,
  ids: readonly number[],
  vintage: Vintage | null,
): Promise<Figure[]> {
  const figures = vintage
    ? await readFiguresAsOf(database, vintage, { ids })
    : await readFigures(database, { ids })
  const byId = new Map(figures.map((figure) => [figure.id, figure]))
  // One that was withdrawn between the two reads is left out.
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** What orders ask of a figure beyond its key, its value and its status. */
const asks: Partial<Record<SortColumn, ('r' | 's')[]>> = { publisher: ['s'], released: ['r'] }

async function readPageIds(
  database: Database,
  state: ExplorerState,
  { vintage, names, found, total, few, ids }: Reading,
): Promise<number[]> {
  const limit = state.view === 'pivot' ? mostInPivot : state.size
  const offset = state.view === 'pivot' ? 0 : (state.page - 1) * state.size
  const group = vintage
    ? null
    : await readGroup(database, state, { names, found, total, few, offset, limit })
  const { parameter, values, from } = vintage
    ? pastOf(ids ?? [], vintage)
    : keysOf(group?.filter ?? state.filter, {
        isFew: (group?.total ?? total) < few,
        found,
        asks: asks[state.sort.column],
      })
  const order = orderBy(state.sort, names, parameter, {
    valued: vintage ? 'r' : 'o',
    isOne: group?.isOne ?? false,
  })
  const rows = await database.$queryRawUnsafe<{ id: number }[]>(
    `SELECT o.id ${from} ORDER BY ${order}
      LIMIT ${parameter(limit)}::int OFFSET ${parameter(group ? group.offset : offset)}::int`,
    ...values,
  )
  return rows.map(({ id }) => id)
}

function pastOf(ids: readonly number[], vintage: Vintage) {
  const { from, parameter, values } = selectionOf({}, vintage)
  return { from: `${from} AND o.id = ANY(${parameter(ids)}::int[])`, parameter, values }
}

/** What one group of an order is in a row of `series_shares`, and as a word of a filter. */
const groups: Partial<Record<SortColumn, { column: string; word: FilterWord }>> = {
  indicator: { column: 'indicator_code', word: 'indicator' },
  programme: { column: 'programme_code', word: 'programme' },
  area: { column: 'area_code', word: 'area' },
  sex: { column: 'sex', word: 'sex' },
  value: { column: 'unit_code', word: 'unit' },
  status: { column: 'status', word: 'status' },
  publisher: { column: 'publisher', word: 'publisher' },
}

interface Group {
  filter: DownloadFilter
  total: number
  /** Where in it the page begins. */
  offset: number
  isOne: boolean
}

/**
 * The groups of an order (one programme, one publisher) that a page lies in, as a filter of their own:
 * of many figures, an index then has the page in order, or only those groups are sorted. Null where
 * what is kept of series does not tell.
 */
async function readGroup(
  database: Database,
  { filter, sort }: ExplorerState,
  {
    names,
    found,
    total,
    few,
    offset,
    limit,
  }: Omit<Reading, 'vintage' | 'ids'> & { offset: number; limit: number },
): Promise<Group | null> {
  const group = groups[sort.column]
  if (!group || total < few || filter[group.word] || !isKept(filter, found)) return null
  const { from, values, parameter } = keptOf(filter, found)
  const order = groupOrder(sort, names, parameter, "nullif(o.publisher, '')").join(', ')
  const rows = await database.$queryRawUnsafe<{ codes: string[]; figures: number }[]>(
    `SELECT array_agg(DISTINCT o.${group.column}) AS codes, sum(figures)::int AS figures ${from}
      GROUP BY ${order.replaceAll(/ (?:ASC|DESC) NULLS LAST/g, '')} ORDER BY ${order}`,
    ...values,
  )
  let before = 0
  const shown = rows.flatMap((row) => {
    const begins = before
    before += row.figures
    return begins < offset + limit && before > offset ? [{ ...row, begins }] : []
  })
  const codes = shown.flatMap((row) => row.codes)
  const [first] = shown
  // Figures without a source have no publisher to ask for.
  if (!first || codes.includes('')) return null
  return {
    filter: { ...filter, [group.word]: codes },
    total: shown.reduce((sum, { figures }) => sum + figures, 0),
    offset: offset - first.begins,
    isOne: shown.length === 1,
  }
}

/** By one column, then the newest of each, then by number, so that no page repeats another. */
function orderBy(
  sort: ExplorerState['sort'],
  names: NameOrder,
  parameter: Selection['parameter'],
  {
    valued,
    isOne,
  }: {
    /** What holds the value: an observation has its present one beside its key. */
    valued: 'o' | 'r'
    /** Whether only one group of the order is asked for. */
    isOne: boolean
  },
): string {
  const way = sort.descending ? 'DESC' : 'ASC'
  const within: Partial<Record<SortColumn, string[]>> = {
    period: [`o.period_end ${way} NULLS LAST`, `o.period_start ${way} NULLS LAST`],
    // A figure always has one.
    value: [`${valued}.value ${way}`],
    released: [`r.released_on ${way} NULLS LAST`],
  }
  return [
    ...(isOne ? [] : groupOrder(sort, names, parameter, 's.publisher', valued)),
    ...(within[sort.column] ?? []),
    'o.period_end DESC NULLS LAST',
    'o.indicator_code',
    'o.id',
  ].join(', ')
}

/** The part of an order that many figures share. */
function groupOrder(
  { column, descending }: ExplorerState['sort'],
  names: NameOrder,
  parameter: Selection['parameter'],
  publisher: string,
  valued: 'o' | 'r' = 'o',
): string[] {
  const place = (codes: readonly string[], text: string) =>
    `array_position(${parameter(codes)}::text[], ${text})`
  const expressions: Partial<Record<SortColumn, () => string[]>> = {
    indicator: () => [place(names.indicator, 'o.indicator_code')],
    programme: () => [place(names.programme, 'o.programme_code')],
    area: () => [place(names.area, 'o.area_code')],
    sex: () => [place(sexes, 'o.sex')],
    kind: () => [place(roles, 'o.role::text'), place(kinds, 'o.kind::text')],
    // Dollars and persons have no order among each other.
    value: () => ['o.unit_code'],
    status: () => [place(statuses, `${valued}.status`)],
    publisher: () => [`lower(${publisher})`],
  }
  const way = descending ? 'DESC' : 'ASC'
  return (expressions[column]?.() ?? []).map((text) =>
    text === 'o.unit_code' ? text : `${text} ${way} NULLS LAST`,
  )
}

async function readFacets(database: Database, vintage: Vintage | null): Promise<Facets> {
  // What a large record had on a day is not counted: there was at most what has been there since.
  const isCounted = vintage === null || (await readFileSize(database, {})).rows <= mostCounted
  const { values, from } =
    vintage && isCounted ? selectionOf({}, vintage) : { values: [], from: 'FROM series_shares' }
  const read = vintage && isCounted ? facetColumns : sharedColumns
  const columns = facetWords.map((word) => `${read[word]} AS "${word}"`)
  const counted = vintage && isCounted ? '1 AS figures' : 'figures'
  const sets = facetWords.map((word) => `("${word}")`)
  const rows = await database.$queryRawUnsafe<FacetRow[]>(
    `SELECT ${facetWords.map((word) => `"${word}"`).join(', ')},
        ${isCounted ? 'sum(figures)::int' : 'NULL::int'} AS count
      FROM (SELECT ${[...columns, counted].join(', ')} ${from}) figures
      GROUP BY GROUPING SETS (${sets.join(', ')})`,
    ...values,
  )
  const of = (word: FacetWord) =>
    rows.flatMap((row) => {
      const value = row[word]
      return value === null ? [] : [{ value, count: row.count }]
    })
  return Object.fromEntries(facetWords.map((word) => [word, of(word)])) as Facets
}

type FacetRow = Record<FacetWord, string | null> & { count: number | null }

import type { Catalogue } from '@/features/catalogue/schema'
import { keysOf, readFileSize, type Selection, selectionOf } from '@/features/downloads/data'
import { readFigures, readFiguresAsOf } from '@/features/figures/data'
import { type Figure, kinds, roles, sexes, statuses } from '@/features/figures/schema'
import { figureWriter } from '@/features/figures/series'
import { readMoment, recordState } from '@/features/record/data'
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
  return {
    catalogue,
    state,
    data: await readExplorer(state, { vintage, names, commit }, database),
    vintage,
    frozen: { ...(vintage ?? { asOf: today, commit }), isFrozen: true },
    today,
    problems: [
      ...problems,
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

const rememberedFacets = remembered<Facets>(30)

/** The figures that a state of the explorer shows, out of a state of the record with its newest commit. */
export async function readExplorer(
  state: ExplorerState,
  { vintage, names, commit }: { vintage: Vintage | null; names: NameOrder; commit: number },
  database: Database = publicDatabase(),
): Promise<ExplorerData> {
  // The same for everyone, whatever they have chosen.
  const key = vintage ? `${vintage.commit} ${vintage.asOf}` : String(commit)
  const [size, facets] = await Promise.all([
    readFileSize(database, state.filter, vintage),
    rememberedFacets(database, key, () => readFacets(database, vintage)),
  ])
  const isTooMany = state.view === 'pivot' && size.rows > mostInPivot
  const isEmpty = isTooMany || size.rows === 0
  const figures = isEmpty
    ? []
    : await readPage(database, state, { vintage, names, total: size.rows })
  return { total: size.rows, size, isTooMany, figures, facets }
}

async function readPage(
  database: Database,
  state: ExplorerState,
  { vintage, names, total }: { vintage: Vintage | null; names: NameOrder; total: number },
): Promise<Figure[]> {
  const isOfRevision = ['publisher', 'released'].includes(state.sort.column)
  const { parameter, values, from } =
    vintage || isOfRevision ? selectionOf(state.filter, vintage) : keysOf(state.filter, total)
  const order = orderBy(state.sort, names, parameter, vintage || isOfRevision ? 'r' : 'o')
  const limit = state.view === 'pivot' ? mostInPivot : state.size
  const offset = state.view === 'pivot' ? 0 : (state.page - 1) * state.size
  const rows = await database.$queryRawUnsafe<{ id: number }[]>(
    `SELECT o.id ${from} ORDER BY ${order}
      LIMIT ${parameter(limit)}::int OFFSET ${parameter(offset)}::int`,
    ...values,
  )
  const ids = rows.map(({ id }) => id)
  const figures = vintage
    ? await readFiguresAsOf(database, vintage, { ids })
    : await readFigures(database, { ids })
  const byId = new Map(figures.map((figure) => [figure.id, figure]))
  // One that was withdrawn between the two reads is left out.
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** By one column, then the newest of each, then by number, so that no page repeats another. */
function orderBy(
  { column, descending }: ExplorerState['sort'],
  names: NameOrder,
  parameter: Selection['parameter'],
  /** What holds the value: an observation has its present one beside its key. */
  valued: 'o' | 'r',
): string {
  const place = (codes: readonly string[], text: string) =>
    `array_position(${parameter(codes)}::text[], ${text})`
  const expressions: Record<SortColumn, () => string[]> = {
    indicator: () => [place(names.indicator, 'o.indicator_code')],
    programme: () => [place(names.programme, 'o.programme_code')],
    area: () => [place(names.area, 'o.area_code')],
    sex: () => [place(sexes, 'o.sex')],
    kind: () => [place(roles, 'o.role::text'), place(kinds, 'o.kind::text')],
    period: () => ['o.period_end', 'o.period_start'],
    // Dollars and persons have no order among each other.
    value: () => ['o.unit_code', `${valued}.value`],
    status: () => [place(statuses, `${valued}.status`)],
    publisher: () => ['lower(s.publisher)'],
    released: () => ['r.released_on'],
  }
  const way = descending ? 'DESC' : 'ASC'
  const chosen = expressions[column]().map((text) =>
    text === 'o.unit_code' ? text : `${text} ${way} NULLS LAST`,
  )
  return [...chosen, 'o.period_end DESC NULLS LAST', 'o.indicator_code', 'o.id'].join(', ')
}

async function readFacets(database: Database, vintage: Vintage | null): Promise<Facets> {
  const { values, from } = vintage
    ? selectionOf({}, vintage)
    : { values: [], from: 'FROM series_shares' }
  const columns = facetWords.map(
    (word) => `${(vintage ? facetColumns : sharedColumns)[word]} AS "${word}"`,
  )
  const counted = vintage ? '1 AS figures' : 'figures'
  const sets = facetWords.map((word) => `("${word}")`)
  const rows = await database.$queryRawUnsafe<FacetRow[]>(
    `SELECT ${facetWords.map((word) => `"${word}"`).join(', ')}, sum(figures)::int AS count
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

type FacetRow = Record<FacetWord, string | null> & { count: number }

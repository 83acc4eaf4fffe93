import { readCatalogue } from '@/features/catalogue/data'
import { findIndicator } from '@/features/catalogue/rules'
import type { Catalogue } from '@/features/catalogue/schema'
import {
  codesFor,
  counterpart,
  findParts,
  isRate,
  type Parts,
  withComputed,
} from '@/features/computed/rules'
import { readAmong, readRevisionsAmong, readSmallRecord } from '@/features/extents/data'
import { extentOfFigures, recordExtentOf } from '@/features/extents/rules'
import type { Extent, RecordExtent, Selections } from '@/features/extents/schema'
import {
  type FigureHistory,
  type RevisionOfKey,
  readFigureHistory,
  readFigures,
  readFiguresAsOf,
} from '@/features/figures/data'
import { publisherName } from '@/features/figures/rules'
import type { Figure, FigureKey } from '@/features/figures/schema'
import { readVintage, type Vintage } from '@/features/vintages/schema'
import type { Database } from '@/lib/db/client'
import { remembered } from '@/lib/db/remembered'
import { publicDatabase } from '@/lib/db/replica'
import { ok, type Result } from '@/lib/result'

/** The record in one state: today's (`vintage` null) or a past one. */
export interface RecordState {
  catalogue: Catalogue
  vintage: Vintage | null
  /** The day that ages are counted to. */
  day: string
}

export interface VintageWords {
  asOf?: string
  v?: string
}

/** Where the record stands: what is read of it stays true while this does. */
export interface Moment {
  /** Today's day in Asia/Karachi, by the database's clock. */
  today: string
  /** The number of the newest commit. */
  commit: number
  /** The number of the newest entry of the log, which every change has. */
  entry: number
}

export async function readMoment(database: Database): Promise<Moment> {
  const [row] = await database.$queryRaw<Moment[]>`
    SELECT to_char(now() AT TIME ZONE 'Asia/Karachi', 'YYYY-MM-DD') AS today,
      (SELECT coalesce(max(no), 0)::int FROM commits) AS commit,
      (SELECT coalesce(max(no), 0)::int FROM audit_entries) AS entry`
  if (!row) throw new Error('The database did not tell the day.')
  return row
}

const rememberedCatalogue = remembered<Catalogue>(20)

/** The catalogue, now or as of a commit: read once, until anything is changed. */
function catalogueAt(
  database: Database,
  { entry }: Moment,
  commit: number | null,
): Promise<Catalogue> {
  const key = `${entry} ${commit ?? ''}`
  return rememberedCatalogue(database, key, () => readCatalogue(database, commit))
}

/** The vintage that an address names, checked against the record as it is now. */
export async function vintageOf(
  words: { asOf: string; v?: string },
  database: Database = publicDatabase(),
): Promise<Result<Vintage>> {
  return readVintage(words, await readMoment(database))
}

/** The catalogue in the state that an address names, without figures; at a moment that is known already. */
export async function recordState(
  words: VintageWords,
  database: Database = publicDatabase(),
  known?: Moment,
): Promise<Result<RecordState>> {
  const moment = known ?? (await readMoment(database))
  if (words.asOf === undefined) {
    const catalogue = await catalogueAt(database, moment, null)
    return ok({ catalogue, vintage: null, day: moment.today })
  }
  const vintage = readVintage({ asOf: words.asOf, v: words.v }, moment)
  if (!vintage.ok) return vintage
  const { asOf, commit, isFrozen } = vintage.value
  const catalogue = await catalogueAt(database, moment, isFrozen ? commit : null)
  return ok({ catalogue, vintage: vintage.value, day: asOf })
}

/** A past state, with the figures that a page shows of it. */
export interface PastRecord extends RecordState {
  vintage: Vintage
  figures: Figure[]
  /** What those cover; null where the record has more figures than are read for a page. */
  extent: RecordExtent | null
}

/** Figures of a past state, for pages: of some selections of series. */
export async function recordAsOf(
  words: { asOf: string; v?: string },
  select: (catalogue: Catalogue) => Selections = () => [[{}]],
  database: Database = publicDatabase(),
): Promise<Result<PastRecord>> {
  const state = await recordState(words, database)
  if (!state.ok) return state
  const { catalogue, vintage } = state.value
  if (!vintage) throw new Error('A past state needs its day.')
  const { figures, isWhole } = await readAmong(database, select(catalogue), vintage)
  const extent = isWhole ? recordExtentOf(figures) : null
  return ok({ ...state.value, vintage, figures, extent })
}

/** What a whole past state covers; null where it has more figures than are read for a page. */
export async function countedAsOf(
  vintage: Vintage,
  database: Database = publicDatabase(),
): Promise<{ extent: Extent; publishers: number } | null> {
  const figures = await readSmallRecord(database, vintage)
  if (!figures) return null
  const publishers = figures.flatMap(({ current: { source } }) =>
    source ? publisherName(source.publisher) : [],
  )
  return { extent: extentOfFigures(figures), publishers: new Set(publishers).size }
}

/** A past state with what it covers by each code, for pages that show no figure. */
export async function coveredAsOf(
  words: { asOf: string; v?: string },
  database: Database = publicDatabase(),
): Promise<Result<Omit<PastRecord, 'figures'>>> {
  const state = await recordState(words, database)
  if (!state.ok) return state
  const { vintage } = state.value
  if (!vintage) throw new Error('A past state needs its day.')
  const figures = await readSmallRecord(database, vintage)
  return ok({ ...state.value, vintage, extent: figures && recordExtentOf(figures) })
}

/** The figures of one indicator in a past state, with what its parts make. */
export async function indicatorAsOf(
  code: string,
  words: { asOf: string; v?: string },
  database: Database = publicDatabase(),
): Promise<Result<RecordState & { vintage: Vintage; figures: Figure[] }>> {
  const state = await recordState(words, database)
  if (!state.ok) return state
  const { catalogue, vintage } = state.value
  if (!vintage) throw new Error('A past state needs its day.')
  const indicator = findIndicator(catalogue, code)
  const figures = await figuresOfEach(database, vintage, indicator ? codesFor(indicator) : [code])
  const own = withComputed(catalogue, figures).filter((figure) => figure.indicator === code)
  return ok({ ...state.value, vintage, figures: own })
}

/** The figures of some indicators, with the parts of those that are rates, in the state asked for. */
export async function figuresOfIndicators(
  codes: readonly string[],
  words: VintageWords,
  database: Database = publicDatabase(),
): Promise<Result<RecordState & { figures: Figure[] }>> {
  const state = await recordState(words, database)
  if (!state.ok) return state
  const { catalogue, vintage } = state.value
  const wanted = codes.flatMap((code) => {
    const indicator = findIndicator(catalogue, code)
    return indicator ? codesFor(indicator) : []
  })
  const figures = await figuresOfEach(database, vintage, [...new Set(wanted)])
  return ok({ ...state.value, figures })
}

/** The revisions of an indicator that were known in a past state. */
export function revisionsAsOf(
  indicator: string,
  vintage: Vintage,
  database: Database = publicDatabase(),
): Promise<RevisionOfKey[]> {
  return readRevisionsAmong(database, indicator, vintage)
}

/** The figures of some indicators that a page can show, those of all academies together. */
async function figuresOfEach(
  database: Database,
  vintage: Vintage | null,
  indicators: readonly string[],
): Promise<Figure[]> {
  const selections = indicators.map((code) => [{ indicators: [code] }])
  return (await readAmong(database, selections, vintage)).figures
}

/** The figures of some indicators about the same programme, area and academy as a figure. */
function figuresBeside(
  database: Database,
  vintage: Vintage | null,
  indicators: readonly string[],
  { programme, area, academy }: FigureKey,
): Promise<Figure[]> {
  const filter = { indicators, programmes: [programme], areas: [area], academies: [academy] }
  return vintage ? readFiguresAsOf(database, vintage, filter) : readFigures(database, filter)
}

export interface ComputedProof extends RecordState {
  /** The computed value; marked where a published one contradicts it. */
  figure: Figure
  parts: Parts
  /** The published value of the same key. */
  published: Figure | null
}

/** The value that two figures make, by their numbers; null where they make none in this state. */
export async function computedProof(
  numbers: { numerator: number; denominator: number },
  words: VintageWords,
  database: Database = publicDatabase(),
): Promise<Result<ComputedProof | null>> {
  const state = await recordState(words, database)
  if (!state.ok) return state
  const { catalogue, vintage } = state.value
  const histories = await Promise.all(
    [numbers.numerator, numbers.denominator].map((id) => readFigureHistory(database, id, vintage)),
  )
  const [numerator, denominator] = histories
  if (!numerator || !denominator) return ok(null)
  const known = [numerator.key.indicator, denominator.key.indicator]
  const codes = catalogue.indicators
    .filter((one) => isRate(one) && known.includes(one.numerator))
    .flatMap(codesFor)
  const figures = await figuresBeside(database, vintage, [...new Set(codes)], numerator.key)
  const parts = findParts(catalogue, figures, numbers)
  const all = withComputed(catalogue, figures)
  const figure = all.find(
    ({ computed, indicator }) =>
      indicator === parts?.rate.code &&
      computed?.numerator === numbers.numerator &&
      computed.denominator === numbers.denominator,
  )
  if (!parts || !figure) return ok(null)
  return ok({ ...state.value, figure, parts, published: counterpart(figure, all) ?? null })
}

export interface FigureProof extends RecordState {
  history: FigureHistory
  /** The figure as it stands in this state; null where it is withdrawn. */
  figure: Figure | null
  /** All figures about the same in this state, computed ones too: its series, its targets. */
  related: Figure[]
}

/** Everything that stands behind one figure; null where the record has none of that number. */
export async function figureProof(
  id: number,
  words: VintageWords,
  database: Database = publicDatabase(),
): Promise<Result<FigureProof | null>> {
  const state = await recordState(words, database)
  if (!state.ok) return state
  const { vintage } = state.value
  const history = await readFigureHistory(database, id, vintage)
  if (!history) return ok(null)
  const { catalogue } = state.value
  const code = history.key.indicator
  const indicator = findIndicator(catalogue, code)
  const codes = indicator ? codesFor(indicator) : [code]
  const figures = await figuresBeside(database, vintage, codes, history.key)
  const related = withComputed(catalogue, figures).filter((one) => one.indicator === code)
  const figure = related.find((one) => one.id === id) ?? null
  return ok({ ...state.value, history, figure, related })
}

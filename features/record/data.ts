import { readCatalogue, readNewestCommit } from '@/features/catalogue/data'
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
import {
  type AsOfFilter,
  type FigureHistory,
  type RevisionOfKey,
  readFigureHistory,
  readFigures,
  readFiguresAsOf,
  readRevisions,
} from '@/features/figures/data'
import type { Figure } from '@/features/figures/schema'
import { readToday } from '@/features/imports/data'
import { readVintage, type Vintage } from '@/features/vintages/schema'
import type { Database } from '@/lib/db/client'
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

/** The vintage that an address names, checked against the record as it is now. */
export async function vintageOf(
  words: { asOf: string; v?: string },
  database: Database = publicDatabase(),
): Promise<Result<Vintage>> {
  const [today, commit] = await Promise.all([readToday(database), readNewestCommit(database)])
  return readVintage(words, { today, commit })
}

/** The catalogue in the state that an address names, without figures. */
export async function recordState(
  words: VintageWords,
  database: Database = publicDatabase(),
): Promise<Result<RecordState>> {
  if (words.asOf === undefined) {
    const [catalogue, day] = await Promise.all([readCatalogue(database), readToday(database)])
    return ok({ catalogue, vintage: null, day })
  }
  const vintage = await vintageOf({ asOf: words.asOf, v: words.v }, database)
  if (!vintage.ok) return vintage
  const { asOf, commit, isFrozen } = vintage.value
  const catalogue = await readCatalogue(database, isFrozen ? commit : null)
  return ok({ catalogue, vintage: vintage.value, day: asOf })
}

/** Figures of all academies together: a page never mixes them with those of single ones. */
const together = { academies: ['_T'] }

/** All figures of a past state, for pages. */
export async function recordAsOf(
  words: { asOf: string; v?: string },
  filter: AsOfFilter = {},
  database: Database = publicDatabase(),
): Promise<Result<RecordState & { vintage: Vintage; figures: Figure[] }>> {
  const state = await recordState(words, database)
  if (!state.ok) return state
  const { vintage } = state.value
  if (!vintage) throw new Error('A past state needs its day.')
  const figures = await readFiguresAsOf(database, vintage, { ...together, ...filter })
  return ok({ ...state.value, vintage, figures })
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
  const figures = await figuresIn(database, vintage, indicator ? codesFor(indicator) : [code])
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
  const figures = await figuresIn(database, vintage, [...new Set(wanted)])
  return ok({ ...state.value, figures })
}

/** The revisions of an indicator that were known in a past state. */
export function revisionsAsOf(
  indicator: string,
  vintage: Vintage,
  database: Database = publicDatabase(),
): Promise<RevisionOfKey[]> {
  return readRevisions(database, indicator, vintage)
}

function figuresIn(
  database: Database,
  vintage: Vintage | null,
  indicators: readonly string[],
  academies: readonly string[] = together.academies,
): Promise<Figure[]> {
  const filter = { indicators, academies }
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
  const known = histories.flatMap((history) => history?.key.indicator ?? [])
  const academies = histories.flatMap((history) => history?.key.academy ?? [])
  const codes = catalogue.indicators
    .filter((one) => isRate(one) && known.includes(one.numerator))
    .flatMap(codesFor)
  const figures = await figuresIn(database, vintage, [...new Set(codes)], academies)
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
  /** All figures of its indicator in this state, computed ones too: its series, its targets. */
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
  const figures = await figuresIn(database, vintage, codes, [history.key.academy])
  const related = withComputed(catalogue, figures).filter((one) => one.indicator === code)
  const figure = related.find((one) => one.id === id) ?? null
  return ok({ ...state.value, history, figure, related })
}

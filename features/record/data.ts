import { readCatalogue, readNewestCommit } from '@/features/catalogue/data'
import type { Catalogue } from '@/features/catalogue/schema'
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
import { type Database, database as sharedDatabase } from '@/lib/db/client'
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
  database: Database = sharedDatabase(),
): Promise<Result<Vintage>> {
  const [today, commit] = await Promise.all([readToday(database), readNewestCommit(database)])
  return readVintage(words, { today, commit })
}

async function stateOf(database: Database, words: VintageWords): Promise<Result<RecordState>> {
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

/** All figures of a past state, for pages. */
export async function recordAsOf(
  words: { asOf: string; v?: string },
  filter: AsOfFilter = {},
  database: Database = sharedDatabase(),
): Promise<Result<RecordState & { vintage: Vintage; figures: Figure[] }>> {
  const state = await stateOf(database, words)
  if (!state.ok) return state
  const { vintage } = state.value
  if (!vintage) throw new Error('A past state needs its day.')
  const figures = await readFiguresAsOf(database, vintage, filter)
  return ok({ ...state.value, vintage, figures })
}

/** The revisions of an indicator that were known in a past state. */
export function revisionsAsOf(
  indicator: string,
  vintage: Vintage,
  database: Database = sharedDatabase(),
): Promise<RevisionOfKey[]> {
  return readRevisions(database, indicator, vintage)
}

export interface FigureProof extends RecordState {
  history: FigureHistory
  /** The figure as it stands in this state; null where it is withdrawn. */
  figure: Figure | null
  /** All figures of its indicator in this state: its series, its targets, its parts. */
  related: Figure[]
}

/** Everything that stands behind one figure; null where the record has none of that number. */
export async function figureProof(
  id: number,
  words: VintageWords,
  database: Database = sharedDatabase(),
): Promise<Result<FigureProof | null>> {
  const state = await stateOf(database, words)
  if (!state.ok) return state
  const { vintage } = state.value
  const history = await readFigureHistory(database, id, vintage)
  if (!history) return ok(null)
  const { indicator } = history.key
  const related = vintage
    ? await readFiguresAsOf(database, vintage, { indicator })
    : await readFigures(database, { indicators: [indicator] })
  const figure = related.find((one) => one.id === id) ?? null
  return ok({ ...state.value, history, figure, related })
}

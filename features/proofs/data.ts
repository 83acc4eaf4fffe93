import { readNewestCommit } from '@/features/catalogue/data'
import {
  type ComputedProof,
  computedProof,
  type FigureProof,
  figureProof,
  type VintageWords,
} from '@/features/record/data'
import { reportsOfFigure } from '@/features/reports/data'
import type { FigureReports } from '@/features/reports/schema'
import { readSettings } from '@/features/settings/data'
import type { Settings } from '@/features/settings/schema'
import { readSourceNotes } from '@/features/sources/data'
import type { SourceNote } from '@/features/sources/schema'
import { readTargetChanges } from '@/features/targets/data'
import type { TargetChange } from '@/features/targets/schema'
import { publicDatabase } from '@/lib/db/replica'
import { publicOrigin } from '@/lib/public-origin'
import { ok, type Result } from '@/lib/result'

export interface FigurePageData {
  /** Link and copies of each source that the figure rests on, by its number; empty in a past state. */
  sources: Map<number, SourceNote>
  /** What readers reported; null in a past state. */
  reports: FigureReports | null
  proof: FigureProof
  settings: Settings
  changes: TargetChange[]
  commit: number
  origin: string
}

/** What a figure's page shows, in today's state or a past one; null where there is no such figure. */
export async function readFigurePage(
  id: string,
  words: VintageWords,
): Promise<Result<FigurePageData | null>> {
  if (!/^[1-9]\d{0,8}$/.test(id)) return ok(null)
  const [proof, settings, commit] = await Promise.all([
    figureProof(Number(id), words),
    readSettings(),
    readNewestCommit(publicDatabase()),
  ])
  if (!proof.ok) return proof
  if (!proof.value) return ok(null)
  const { vintage, history } = proof.value
  const changes = await readTargetChanges(vintage)
  const cited = history.revisions.flatMap(({ source }) => source?.id ?? [])
  const [sources, reports] = vintage
    ? [new Map<number, SourceNote>(), null]
    : await Promise.all([readSourceNotes(cited), reportsOfFigure(history.id)])
  return ok({
    proof: proof.value,
    settings,
    changes,
    commit,
    origin: publicOrigin(),
    sources,
    reports,
  })
}

export interface ComputedPageData {
  proof: ComputedProof
  commit: number
  origin: string
}

const address = /^([1-9]\d{0,8})-([1-9]\d{0,8})$/

/** Whether an address names two figures: a computed value. */
export const isComputedAddress = (id: string): boolean => address.test(id)

/** What the page of a computed value shows; null where the two figures make none in this state. */
export async function readComputedPage(
  id: string,
  words: VintageWords,
): Promise<Result<ComputedPageData | null>> {
  const [, numerator, denominator] = address.exec(id) ?? []
  if (!numerator || !denominator) return ok(null)
  const [proof, commit] = await Promise.all([
    computedProof({ numerator: Number(numerator), denominator: Number(denominator) }, words),
    readNewestCommit(publicDatabase()),
  ])
  if (!proof.ok) return proof
  return ok(proof.value && { proof: proof.value, commit, origin: publicOrigin() })
}

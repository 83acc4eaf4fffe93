import { readNewestCommit } from '@/features/catalogue/data'
import { type FigureProof, figureProof, type VintageWords } from '@/features/record/data'
import { reportsOfFigure } from '@/features/reports/data'
import type { FigureReports } from '@/features/reports/schema'
import { readSettings } from '@/features/settings/data'
import type { Settings } from '@/features/settings/schema'
import { readSourceNotes } from '@/features/sources/data'
import type { SourceNote } from '@/features/sources/schema'
import { database } from '@/lib/db/client'
import { ok, type Result } from '@/lib/result'

export interface FigurePageData {
  /** Link and copies of each source that the figure rests on, by its number; empty in a past state. */
  sources: Map<number, SourceNote>
  /** What readers reported; null in a past state. */
  reports: FigureReports | null
  proof: FigureProof
  settings: Settings
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
    readNewestCommit(database()),
  ])
  if (!proof.ok) return proof
  const origin = new URL(process.env.SHUMAR_URL ?? 'http://localhost:3000').origin
  if (!proof.value) return ok(null)
  const { vintage, history } = proof.value
  const cited = history.revisions.flatMap(({ source }) => source?.id ?? [])
  const [sources, reports] = vintage
    ? [new Map<number, SourceNote>(), null]
    : await Promise.all([readSourceNotes(cited), reportsOfFigure(history.id)])
  return ok({ proof: proof.value, settings, commit, origin, sources, reports })
}

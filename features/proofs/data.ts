import { readNewestCommit } from '@/features/catalogue/data'
import { type FigureProof, figureProof, type VintageWords } from '@/features/record/data'
import { readSettings } from '@/features/settings/data'
import type { Settings } from '@/features/settings/schema'
import { readTargetChanges } from '@/features/targets/data'
import type { TargetChange } from '@/features/targets/schema'
import { database } from '@/lib/db/client'
import { ok, type Result } from '@/lib/result'

export interface FigurePageData {
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
    readNewestCommit(database()),
  ])
  if (!proof.ok) return proof
  const origin = new URL(process.env.SHUMAR_URL ?? 'http://localhost:3000').origin
  if (!proof.value) return ok(null)
  const changes = await readTargetChanges(proof.value.vintage)
  return ok({ proof: proof.value, settings, changes, commit, origin })
}

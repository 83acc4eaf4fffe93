import { readTargetRevisions } from '@/features/figures/data'
import type { Vintage } from '@/features/vintages/schema'
import type { Transaction } from '@/lib/db/client'
import { publicDatabase } from '@/lib/db/replica'
import { lastChange } from './rules'
import type { TargetChange } from './schema'

/** Targets whose value was revised, of today's record or a past state of it. */
export async function readTargetChanges(
  vintage: Pick<Vintage, 'asOf' | 'commit'> | null,
  database: Transaction = publicDatabase(),
): Promise<TargetChange[]> {
  const histories = await readTargetRevisions(database, vintage)
  return [...histories].flatMap(([observation, revisions]) => {
    const change = lastChange(revisions)
    return change ? [{ observation, ...change }] : []
  })
}

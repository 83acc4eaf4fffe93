import type { Transaction } from '@/lib/db/client'
import type { Finding, JudgedFigure } from './schema'

/** What the active rules say about figures that are to be published together, beside what is public. */
export async function judgeFigures(
  _tx: Transaction,
  _figures: readonly JudgedFigure[],
): Promise<Finding[]> {
  return []
}

import type { Transaction } from '@/lib/db/client'
import type { SitemapEntry } from './series'
import { figuresInPart } from './series'

/** In how many parts the sitemap lists the figures. */
export async function countFigureParts(database: Transaction): Promise<number> {
  const [row] = await database.$queryRaw<{ last: number | null }[]>`
    SELECT max(id) AS last FROM observations`
  return Math.ceil((row?.last ?? 0) / figuresInPart)
}

/** The pages of the current figures of one part, the first being 1, each with the day it changed. */
export async function readFigurePart(database: Transaction, part: number): Promise<SitemapEntry[]> {
  const last = part * figuresInPart
  const rows = await database.$queryRaw<{ id: number; changed: string }[]>`
    SELECT o.id, to_char(r.known_on, 'YYYY-MM-DD') AS changed
    FROM observations o JOIN revisions r ON r.id = o.current_revision_id
    WHERE o.id > ${last - figuresInPart} AND o.id <= ${last} AND o.academy_code = '_T'
      AND o.value IS NOT NULL
    ORDER BY o.id`
  return rows.map(({ id, changed }) => ({ path: `/figures/${id}`, changed }))
}

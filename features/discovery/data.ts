import type { Database } from '@/lib/db/client'
import { publicDatabase } from '@/lib/db/replica'
import { figuresInPart, type SitemapEntry } from './series'

/** In how many parts the sitemap lists the figures. */
export async function countFigureParts(database: Database = publicDatabase()): Promise<number> {
  const [row] = await database.$queryRaw<{ last: number | null }[]>`
    SELECT max(id) AS last FROM observations`
  return Math.ceil((row?.last ?? 0) / figuresInPart)
}

/** The pages of the current figures of one part, the first being 1, each with the day it changed. */
export async function readFigurePart(
  part: number,
  database: Database = publicDatabase(),
): Promise<SitemapEntry[]> {
  const last = part * figuresInPart
  const rows = await database.$queryRaw<{ id: number; changed: string }[]>`
    SELECT o.id, to_char(r.known_on, 'YYYY-MM-DD') AS changed
    FROM observations o JOIN revisions r ON r.id = o.current_revision_id
    WHERE o.id > ${last - figuresInPart} AND o.id <= ${last} AND o.academy_code = '_T'
      AND o.value IS NOT NULL
    ORDER BY o.id`
  return rows.map(({ id, changed }) => ({ path: `/figures/${id}`, changed }))
}

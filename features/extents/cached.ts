import { cacheLife, cacheTag } from 'next/cache'
import { figuresTag } from '@/features/catalogue/cached'
import { indicatorTag } from '@/features/figures/cached'
import type { RevisionOfKey } from '@/features/figures/data'
import type { Figure } from '@/features/figures/schema'
import { publicDatabase } from '@/lib/db/replica'
import { publicTag } from '@/lib/public-tag'
import { countPublishers, readAmong, readRecordExtent, readRevisionsAmong } from './data'
import type { RecordExtent, Selections } from './schema'

export async function recordExtent(): Promise<RecordExtent> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, figuresTag)
  return readRecordExtent(publicDatabase())
}

export async function publishers(): Promise<number> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, figuresTag)
  return countPublishers(publicDatabase())
}

/** The figures that a page shows, out of several selections: see `readAmong`. */
export async function figuresAmong(selections: Selections): Promise<Figure[]> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, figuresTag)
  return (await readAmong(publicDatabase(), selections)).figures
}

/** The figures of one indicator that its page can show. */
export async function figuresOf(indicator: string): Promise<Figure[]> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, indicatorTag(indicator))
  return (await readAmong(publicDatabase(), [[{ indicators: [indicator] }]])).figures
}

/** The revisions of those figures. */
export async function revisionsOf(indicator: string): Promise<RevisionOfKey[]> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, indicatorTag(indicator))
  return readRevisionsAmong(publicDatabase(), indicator)
}

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

// Figures are kept as text: what is kept is otherwise taken apart and put together value by value,
// which for the figures of a page took longer than reading them from the database.

/** The figures that a page shows, out of several selections: see `readAmong`. */
export async function figuresAmong(selections: Selections): Promise<Figure[]> {
  return JSON.parse(await textAmong(selections))
}

async function textAmong(selections: Selections): Promise<string> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, figuresTag)
  return JSON.stringify((await readAmong(publicDatabase(), selections)).figures)
}

/** The figures of one indicator that its page can show. */
export async function figuresOf(indicator: string): Promise<Figure[]> {
  return JSON.parse(await figureText(indicator))
}

async function figureText(indicator: string): Promise<string> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, indicatorTag(indicator))
  const { figures } = await readAmong(publicDatabase(), [[{ indicators: [indicator] }]])
  return JSON.stringify(figures)
}

/** The revisions of those figures. */
export async function revisionsOf(indicator: string): Promise<RevisionOfKey[]> {
  return JSON.parse(await revisionText(indicator))
}

async function revisionText(indicator: string): Promise<string> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, indicatorTag(indicator))
  return JSON.stringify(await readRevisionsAmong(publicDatabase(), indicator))
}

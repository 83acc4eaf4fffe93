import { cacheLife, cacheTag } from 'next/cache'
import { catalogueTag, figuresTag } from '@/features/catalogue/cached'
import { readNewestCommit } from '@/features/catalogue/data'
import { publicDatabase } from '@/lib/db/replica'
import { publicTag } from '@/lib/public-tag'
import { readExplorer } from './data'
import { type ExplorerData, usualState } from './schema'

/** What the explorer shows to whoever has chosen nothing yet. */
export async function usualExplorer(): Promise<ExplorerData> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, figuresTag)
  // Its order needs no names.
  const names = { indicator: [], programme: [], area: [] }
  const commit = await readNewestCommit(publicDatabase())
  return readExplorer(usualState, { vintage: null, names, commit }, publicDatabase())
}

/** The number of the newest commit, for links that never change. */
export async function newestCommit(): Promise<number> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, figuresTag, catalogueTag)
  return readNewestCommit(publicDatabase())
}

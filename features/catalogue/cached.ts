import { cacheLife, cacheTag } from 'next/cache'
import { dayAt } from '@/features/periods/rules'
import { publicDatabase } from '@/lib/db/replica'
import { publicTag } from '@/lib/public-tag'
import { currentCatalogue, readNewestCommit } from './data'
import type { Catalogue } from './schema'

export const catalogueTag = 'catalogue'
/** Covers every answer that holds figures, of any indicator. */
export const figuresTag = 'figures'

/** As text: what is kept is otherwise taken apart and put together value by value, at each reading. */
async function catalogueText(): Promise<string> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, catalogueTag)
  return JSON.stringify(await currentCatalogue(publicDatabase()))
}

let last: { text: string; catalogue: Catalogue } | undefined

export async function catalogue(): Promise<Catalogue> {
  const text = await catalogueText()
  if (last?.text !== text) last = { text, catalogue: JSON.parse(text) }
  return last.catalogue
}

/** The day (Asia/Karachi) and the newest commit: what a link that must not change names. */
export async function stateOfNow(): Promise<{ asOf: string; commit: number }> {
  'use cache'
  cacheLife('hours')
  cacheTag(publicTag, catalogueTag, figuresTag)
  return { asOf: dayAt(new Date()), commit: await readNewestCommit(publicDatabase()) }
}

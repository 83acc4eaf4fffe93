import { cacheLife, cacheTag } from 'next/cache'
import { database } from '@/lib/db/client'
import { readCatalogue } from './data'
import type { Catalogue } from './schema'

/** Covers everything public, here and in every other feature. Start-up and releases expire it. */
export const publicTag = 'public'
export const catalogueTag = 'catalogue'

export async function catalogue(): Promise<Catalogue> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, catalogueTag)
  return readCatalogue(database())
}

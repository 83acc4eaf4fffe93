import { cacheLife, cacheTag } from 'next/cache'
import { catalogueTag, publicTag } from '@/features/catalogue/cached'
import { figuresTag } from '@/features/figures/cached'
import type { Vintage } from '@/features/vintages/schema'
import { database } from '@/lib/db/client'
import { readVintageOfNow } from './data'

/** The record as it is now, as a past state that will not change: for citations and fixed links. */
export async function vintageOfNow(): Promise<Vintage> {
  'use cache'
  cacheLife('hours')
  cacheTag(publicTag, catalogueTag, figuresTag)
  return readVintageOfNow(database())
}

import { cacheLife, cacheTag } from 'next/cache'
import { figuresTag, publicTag } from '@/features/catalogue/cached'
import { database } from '@/lib/db/client'
import { readTargetChanges } from './data'
import type { TargetChange } from './schema'

export async function targetChanges(): Promise<TargetChange[]> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, figuresTag)
  return readTargetChanges(null, database())
}

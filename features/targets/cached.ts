import { cacheLife, cacheTag } from 'next/cache'
import { publicTag } from '@/features/catalogue/cached'
import { figuresTag } from '@/features/figures/cached'
import { database } from '@/lib/db/client'
import { readTargetChanges } from './data'
import type { TargetChange } from './schema'

export async function targetChanges(): Promise<TargetChange[]> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, figuresTag)
  return readTargetChanges(null, database())
}

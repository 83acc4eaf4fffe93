import { cacheLife, cacheTag } from 'next/cache'
import { figuresTag } from '@/features/catalogue/cached'
import { publicDatabase } from '@/lib/db/replica'
import { publicTag } from '@/lib/public-tag'
import { readTargetChanges } from './data'
import type { TargetChange } from './schema'

export async function targetChanges(): Promise<TargetChange[]> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, figuresTag)
  return readTargetChanges(null, publicDatabase())
}

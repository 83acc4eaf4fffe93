import { cacheLife, cacheTag } from 'next/cache'
import { catalogue, catalogueTag, figuresTag } from '@/features/catalogue/cached'
import { publicDatabase } from '@/lib/db/replica'
import { publicTag } from '@/lib/public-tag'
import { readCoverage } from './data'
import type { CoverageLine } from './schema'

/** See `readCoverage`; of today. */
export async function coverageLines(): Promise<CoverageLine[]> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, catalogueTag, figuresTag)
  return readCoverage(await catalogue(), null, publicDatabase())
}

import { cacheLife, cacheTag } from 'next/cache'
import { publicTag } from '@/lib/public-tag'
import { readCalendar } from './data'
import type { Release } from './schema'

export const releasesTag = 'releases'

export async function releaseCalendar(): Promise<{ next: Release[]; past: Release[] }> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, releasesTag)
  return readCalendar()
}

import { cacheLife, cacheTag } from 'next/cache'
import { figuresTag } from '@/features/catalogue/cached'
import { dayAt } from '@/features/periods/rules'
import { publicTag } from '@/lib/public-tag'

export const indicatorTag = (indicator: string) => `figures:${indicator}`

/**
 * The tags to expire once figures of these indicators have been published: all that is public, as
 * whoever has expired them and says so (`noteExpired`) does not hear of it again.
 */
export function tagsOf(indicators: readonly string[]): string[] {
  return [publicTag, figuresTag, ...new Set(indicators.map(indicatorTag))]
}

/** Today's day in Asia/Karachi, for the ages of figures; renewed every hour. */
export async function today(): Promise<string> {
  'use cache'
  cacheLife('hours')
  cacheTag(publicTag)
  return dayAt(new Date())
}

import { cacheLife, cacheTag } from 'next/cache'
import { figuresTag } from '@/features/catalogue/cached'
import { dayAt } from '@/features/periods/rules'
import { publicDatabase } from '@/lib/db/replica'
import { publicTag } from '@/lib/public-tag'
import { type FigureFilter, type RevisionOfKey, readFigures, readRevisions } from './data'
import type { Figure } from './schema'

export const indicatorTag = (indicator: string) => `figures:${indicator}`

/** The tags to expire once figures of these indicators have been published. */
export function tagsOf(indicators: readonly string[]): string[] {
  return [figuresTag, ...new Set(indicators.map(indicatorTag))]
}

/** Figures that count all academies together: a page never mixes them with those of single ones. */
export async function allFigures(filter: FigureFilter = {}): Promise<Figure[]> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, figuresTag)
  return readFigures(publicDatabase(), { academies: ['_T'], ...filter })
}

export async function figuresOf(indicator: string): Promise<Figure[]> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, indicatorTag(indicator))
  return readFigures(publicDatabase(), { indicators: [indicator], academies: ['_T'] })
}

export async function revisionsOf(indicator: string): Promise<RevisionOfKey[]> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, indicatorTag(indicator))
  return readRevisions(publicDatabase(), indicator)
}

/** Today's day in Asia/Karachi, for the ages of figures; renewed every hour. */
export async function today(): Promise<string> {
  'use cache'
  cacheLife('hours')
  cacheTag(publicTag)
  return dayAt(new Date())
}

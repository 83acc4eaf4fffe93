import { cacheLife, cacheTag } from 'next/cache'
import { figuresTag } from '@/features/catalogue/cached'
import type { DownloadFilter, FileSize } from '@/features/downloads/schema'
import { readSize } from '@/features/past/data'
import type { Vintage } from '@/features/vintages/schema'
import { database } from '@/lib/db/client'
import { publicTag } from '@/lib/public-tag'

/** How much a file of the filter holds. */
export async function fileSize(filter: DownloadFilter, vintage: Vintage | null): Promise<FileSize> {
  'use cache'
  cacheLife('max')
  cacheTag(publicTag, figuresTag)
  return readSize(database(), filter, vintage)
}

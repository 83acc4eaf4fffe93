import { readingRoute, readReleases } from '@/features/resources/data'

export const { GET, OPTIONS, POST, PUT, PATCH, DELETE } = readingRoute('releases', readReleases)

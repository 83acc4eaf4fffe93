import { readingRoute, readSources } from '@/features/resources/data'

export const { GET, OPTIONS, POST, PUT, PATCH, DELETE } = readingRoute('sources', readSources)

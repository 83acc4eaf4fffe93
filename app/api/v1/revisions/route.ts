import { readingRoute, readRevisions } from '@/features/resources/data'

export const { GET, OPTIONS, POST, PUT, PATCH, DELETE } = readingRoute('revisions', readRevisions)

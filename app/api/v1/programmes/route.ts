import { readingRoute, readProgrammes } from '@/features/resources/data'

export const { GET, OPTIONS, POST, PUT, PATCH, DELETE } = readingRoute('programmes', readProgrammes)

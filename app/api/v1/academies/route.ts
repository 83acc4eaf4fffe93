import { readAcademies, readingRoute } from '@/features/resources/data'

export const { GET, OPTIONS, POST, PUT, PATCH, DELETE } = readingRoute('academies', readAcademies)

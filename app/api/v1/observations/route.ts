import { readingRoute, readObservations } from '@/features/resources/data'

export const { GET, OPTIONS, POST, PUT, PATCH, DELETE } = readingRoute(
  'observations',
  readObservations,
)

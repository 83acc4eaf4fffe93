import { receiveBatch } from '@/features/batches/actions'
import { readingRoute, readObservations } from '@/features/resources/data'

/** Figures to read, and a door for programs with a token that send some (docs/api-writing.md). */
export const { GET, OPTIONS, POST, PUT, PATCH, DELETE } = readingRoute(
  'observations',
  readObservations,
  { POST: receiveBatch },
)

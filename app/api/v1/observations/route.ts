import { answerPage } from '@/features/api/data'
import { readObservations } from '@/features/downloads/data'

/** Public figures, a page at a time: `?indicator=ICT_EXPORTS&asOf=2023-08-01&limit=100&after=…`. */
export function GET(request: Request): Promise<Response> {
  return answerPage(request, 'observations', readObservations)
}

import { answerPage } from '@/features/api/data'
import { receiveBatch } from '@/features/batches/actions'
import { readObservations } from '@/features/downloads/data'

/** Public figures, a page at a time: `?indicator=ICT_EXPORTS&asOf=2023-08-01&limit=100&after=…`. */
export function GET(request: Request): Promise<Response> {
  return answerPage(request, 'observations', readObservations)
}

/** Takes a batch of figures from a program with a token (docs/api-writing.md). */
export function POST(request: Request): Promise<Response> {
  return receiveBatch(request)
}

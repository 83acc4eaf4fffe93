import { answerPage } from '@/features/api/data'
import { readRevisionRows } from '@/features/downloads/data'

/** Public revisions, newest record first: `?indicator=ICT_EXPORTS&limit=100&after=…`. */
export function GET(request: Request): Promise<Response> {
  return answerPage(request, 'revisions', readRevisionRows)
}

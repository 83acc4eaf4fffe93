import { countFigureParts } from '@/features/discovery/data'
import { sitemapIndex } from '@/features/discovery/series'
import { conditionalResponse } from '@/lib/conditional-response'
import { publicOrigin } from '@/lib/public-origin'

/** The parts of the sitemap: one of pages, and as many of figures as there are. */
export async function GET(request: Request): Promise<Response> {
  const count = await countFigureParts()
  const figures = Array.from({ length: count }, (_, n) => `figures-${n + 1}`)
  return conditionalResponse(request, sitemapIndex(publicOrigin(), ['pages', ...figures]), {
    type: 'application/xml; charset=utf-8',
  })
}

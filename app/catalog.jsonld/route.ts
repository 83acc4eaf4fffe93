import { catalogue } from '@/features/catalogue/cached'
import { dcatCatalogue } from '@/features/discovery/series'
import { allFigures } from '@/features/figures/cached'
import { conditionalResponse } from '@/lib/conditional-response'
import { publicOrigin } from '@/lib/public-origin'

/** The data described for portals (DCAT). */
export async function GET(request: Request): Promise<Response> {
  const [names, figures] = await Promise.all([catalogue(), allFigures()])
  const described = dcatCatalogue(publicOrigin(), { catalogue: names, figures })
  return conditionalResponse(request, `${JSON.stringify(described)}\n`, {
    type: 'application/ld+json',
    headers: { 'Access-Control-Allow-Origin': '*' },
  })
}

import { catalogue } from '@/features/catalogue/cached'
import { dcatCatalogue } from '@/features/discovery/series'
import { recordExtent } from '@/features/extents/cached'
import { conditionalResponse } from '@/lib/conditional-response'
import { publicOrigin } from '@/lib/public-origin'

/** The data described for portals (DCAT). */
export async function GET(request: Request): Promise<Response> {
  const [names, extent] = await Promise.all([catalogue(), recordExtent()])
  const described = dcatCatalogue(publicOrigin(), { catalogue: names, extent })
  return conditionalResponse(request, `${JSON.stringify(described)}\n`, {
    type: 'application/ld+json',
    headers: { 'Access-Control-Allow-Origin': '*' },
  })
}

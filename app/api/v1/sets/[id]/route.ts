import { apiRoute } from '@/features/api/data'
import { tellSet } from '@/features/batches/actions'

/** What has become of a batch, for whoever's token sent it. */
export const { GET, OPTIONS, POST, PUT, PATCH, DELETE } = apiRoute<
  [RouteContext<'/api/v1/sets/[id]'>]
>({
  GET: async (request, { params }) => tellSet(request, (await params).id),
})

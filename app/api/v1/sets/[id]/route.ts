import { tellSet } from '@/features/batches/actions'

/** What has become of a batch, for whoever's token sent it. */
export async function GET(
  request: Request,
  { params }: RouteContext<'/api/v1/sets/[id]'>,
): Promise<Response> {
  return tellSet(request, (await params).id)
}

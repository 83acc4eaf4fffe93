import { receiveCells } from '@/features/sheets/actions'
import { largestRequest } from '@/features/sheets/schema'
import { readJson } from '@/lib/upload'

/** Takes cells of a sheet as JSON, and answers with what has become of them. */
export async function POST(
  request: Request,
  { params }: RouteContext<'/[locale]/entry/grid/cells'>,
): Promise<Response> {
  const { locale } = await params
  const headers = { 'Cache-Control': 'no-store' }
  if (!request.headers.get('content-type')?.startsWith('application/json')) {
    return new Response(null, { status: 415, headers })
  }
  const body = await readJson(request, largestRequest)
  if (body === null) return new Response(null, { status: 413, headers })
  const answer = await receiveCells(locale, body.value)
  return Response.json(answer, { status: answer.status, headers })
}

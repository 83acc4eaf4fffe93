import { siteOrigin } from '@/features/accounts/data'
import type { ApiPage } from '@/features/downloads/data'
import { type ApiRequest, readApiRequest } from '@/features/downloads/schema'
import { vintageOf } from '@/features/record/data'
import { dataLicence } from '@/features/settings/schema'
import type { Vintage } from '@/features/vintages/schema'
import { conditionalResponse } from '@/lib/conditional-response'
import { defaultLocale, translator } from '@/lib/i18n'
import { problemJson } from '@/lib/problem-json'
import type { Problem } from '@/lib/result'

/**
 * Answers an API call with a page of rows under `name`, the state they are of, and the address of
 * the next page. A wrong parameter is a problem with status 400 that names it.
 */
export async function answerPage<Row>(
  request: Request,
  name: string,
  read: (request: ApiRequest, vintage: Vintage | null) => Promise<ApiPage<Row>>,
): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url)
  const wanted = readApiRequest(searchParams)
  if (!wanted.ok) return refusal(wanted.problem)
  const vintage = wanted.value.vintage && (await vintageOf(wanted.value.vintage))
  if (vintage?.ok === false) return refusal(vintage.problem)
  const { rows, next } = await read(wanted.value, vintage?.value ?? null)
  const address = (after: number | null) => {
    if (after === null) return null
    searchParams.set('after', String(after))
    return `${siteOrigin()}${pathname}?${searchParams}`
  }
  const known = vintage && { asOf: vintage.value.asOf, v: vintage.value.commit }
  const body = { ...known, licence: dataLicence.url, [name]: rows, next: address(next) }
  return conditionalResponse(request, `${JSON.stringify(body)}\n`, {
    type: 'application/json; charset=utf-8',
    headers: { 'Access-Control-Allow-Origin': '*' },
  })
}

/** The parameter behind problems of the vintage, which do not name it themselves. */
const parameters: Record<string, string> = {
  commitWithoutDay: 'asOf',
  notADay: 'asOf',
  future: 'asOf',
  notACommit: 'v',
  unknownCommit: 'v',
}

function refusal({ code, params }: Problem): Response {
  const t = translator(defaultLocale, 'downloads')
  const detail = t(`problems.${code}` as Parameters<typeof t>[0], params)
  return problemJson({
    status: 400,
    type: `${siteOrigin()}/api/v1/problems/${code}`,
    title: t('wrongParameter'),
    detail,
    parameter: parameters[code] ?? String(params?.word ?? ''),
  })
}

import { siteOrigin, trustedProxies } from '@/features/accounts/data'
import { databaseAnswers } from '@/lib/db/readiness'
import { clientOf } from '@/lib/forwarded'
import { defaultLocale, translator } from '@/lib/i18n'
import { problemJson } from '@/lib/problem-json'
import { quotaHeaders, type RatePolicy, rateLimiter } from '@/lib/rate-limit'
import type { Problem } from '@/lib/result'
import { type Handler, routeMethods } from '@/lib/route-methods'

const exposed = 'ETag, Link, RateLimit, RateLimit-Policy, Retry-After, Deprecation, Sunset'

/** Pages of others may read, and see what the headers say. */
export const openToRead = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': exposed,
}

/**
 * What a route of the API exports: its own methods, the answer to a browser that asks first, and
 * refusals, as problems, of other methods and of what goes wrong on our side.
 */
export function apiRoute<Context extends unknown[] = []>(own: {
  GET?: Handler<Context>
  POST?: Handler<Context>
  PUT?: Handler<Context>
  PATCH?: Handler<Context>
  DELETE?: Handler<Context>
}) {
  const guarded = Object.fromEntries(
    Object.entries(own).map(([method, handler]) => [method, guard(handler)]),
  )
  return routeMethods<Context>(guarded, {
    preflight: (allow) =>
      new Response(null, {
        status: 204,
        headers: {
          ...openToRead,
          Allow: allow,
          'Access-Control-Allow-Methods': allow,
          'Access-Control-Allow-Headers':
            'Authorization, Content-Type, Idempotency-Key, If-None-Match',
          'Access-Control-Max-Age': '86400',
        },
      }),
    refuse: (allow) => apiProblem(405, { code: 'method', params: { allow } }, { Allow: allow }),
  })
}

function guard<Context extends unknown[]>(handler: Handler<Context>): Handler<Context> {
  return async (request, ...context) => {
    try {
      return await handler(request, ...context)
    } catch (error) {
      console.error(error)
      if (await databaseAnswers(1_000)) return apiProblem(500, { code: 'fault' })
      return apiProblem(503, { code: 'unavailable' }, { 'Retry-After': '5' })
    }
  }
}

/** The parameter behind problems of the vintage, which do not name it themselves. */
const parameters: Record<string, string> = {
  commitWithoutDay: 'asOf',
  notADay: 'asOf',
  future: 'asOf',
  notACommit: 'v',
  unknownCommit: 'v',
}

/** A problem with texts under `api.problems`, or `downloads.problems`; its type leads to its explanation. */
export function apiProblem(
  status: number,
  { code, params }: Problem,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const parameter = parameters[code] ?? params?.word
  return problemJson(
    {
      status,
      type: `${siteOrigin()}/developers#problem-${code}`,
      title: titleOf(status),
      detail: detailOf(code, params),
      ...(parameter !== undefined && { parameter: String(parameter) }),
    },
    { ...openToRead, ...headers },
  )
}

const titles: Record<number, 'wrong' | 'method' | 'tooMany' | 'unavailable'> = {
  400: 'wrong',
  405: 'method',
  429: 'tooMany',
  503: 'unavailable',
}

const titleOf = (status: number) =>
  translator(defaultLocale, 'api')(`titles.${titles[status] ?? 'fault'}`)

function detailOf(code: string, params: Problem['params']): string {
  const own = translator(defaultLocale, 'api')
  const key = `problems.${code}` as Parameters<typeof own>[0]
  if (own.has(key)) return own(key, params)
  const shared = translator(defaultLocale, 'downloads')
  return shared(key as Parameters<typeof shared>[0], params)
}

/** Without named proxies an address may be a proxy with all clients behind it. */
export const behindOneAddress = 10

/** Requests of one client in a minute: `SHUMAR_API_PER_MINUTE`. */
function readingPolicy(): RatePolicy {
  const given = process.env.SHUMAR_API_PER_MINUTE ?? ''
  const perMinute = /^[1-9]\d{0,6}$/.test(given) ? Number(given) : 600
  const times = trustedProxies().length > 0 ? 1 : behindOneAddress
  return { name: 'reading', limit: perMinute * times, seconds: 60 }
}

const count = rateLimiter(60)

/** Answers a client only so often, and tells it with each answer what is left. */
export function limited<Context extends unknown[]>(handler: Handler<Context>): Handler<Context> {
  return async (request, ...context) => {
    const policy = readingPolicy()
    const client = clientOf(request.headers, trustedProxies()) ?? ''
    const quota = count(client, policy.limit, Date.now())
    const headers = quotaHeaders(policy, quota)
    if (quota.isOver) {
      const params = { limit: policy.limit, seconds: quota.resetsIn }
      return apiProblem(429, { code: 'tooMany', params }, headers)
    }
    const response = await handler(request, ...context)
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
    return response
  }
}

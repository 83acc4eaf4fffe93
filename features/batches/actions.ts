import { revalidateTag } from 'next/cache'
import type { z } from 'zod'
import { actorOfToken, siteOrigin, trustedProxies } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { behindOneAddress } from '@/features/api/data'
import { catalogue } from '@/features/catalogue/cached'
import { tagsOf } from '@/features/figures/cached'
import { figureWriter } from '@/features/figures/series'
import { countInMinute } from '@/features/limits/mutations'
import { readSet } from '@/features/sets/data'
import { database } from '@/lib/db/client'
import { clientOf } from '@/lib/forwarded'
import { defaultLocale, localePath, translator } from '@/lib/i18n'
import { noteExpired } from '@/lib/own-changes'
import { problemJson } from '@/lib/problem-json'
import { fail, ok, type Problem, type Result } from '@/lib/result'
import { readWhole } from '@/lib/upload'
import { batchProblemText, remarkText } from './components/words'
import { fingerprintOf, type TakenBatch, takeBatch } from './mutations'
import { type Batch, readCsvBatch, readJsonBatch } from './rules'
import { largestBatch, readIdempotencyKey, type setAnswer } from './schema'

// Called by routes, for programs with a token; cookies count for nothing here, so that no page of
// anybody can send a reader's browser. None of this is a server action.

/** Requests of one token, of one network address, and refused ones of one address, in a minute. */
const perMinute = { token: 120, address: 240, refused: 60 }

/** Takes a batch of figures: `POST /api/v1/observations`. */
export async function receiveBatch(request: Request): Promise<Response> {
  return answered(request, async (actor) => {
    const asked = readAsked(request)
    if (!asked.ok) return refuse(statusOf[asked.problem.code] ?? 400, asked.problem)
    const bytes = await readWhole(request, largestBatch)
    if (!bytes.ok) return refuse(bytes.problem.code === 'tooLarge' ? 413 : 400, bytes.problem)
    const { type, query, key } = asked.value
    const isDry = query.get('dryRun') === 'true'
    const batch = readBatch(type, query, bytes.value, isDry)
    if (!batch.ok) return refuse(batch.problem.code === 'tooManyRows' ? 413 : 400, batch.problem)
    if (!batch.value.isDry && key === null) {
      return refuse(400, { code: 'keyMissing', params: { field: 'Idempotency-Key' } })
    }
    const fingerprint = fingerprintOf([type, query.toString(), bytes.value])
    return take(actor, batch.value, key, fingerprint)
  })
}

/** What has become of a set of one's own: `GET /api/v1/sets/{id}`. */
export async function tellSet(request: Request, id: string): Promise<Response> {
  return answered(request, async (actor) => {
    const set = await readSet(id, database())
    // Somebody else's is not told from one that never was.
    if (set?.author.id !== actor.userId) return refuse(404, { code: 'setUnknown' })
    const answer: z.infer<typeof setAnswer> = {
      id: set.id,
      state: set.state as 'in_review',
      message: set.message,
      reason: set.reason,
      count: set.count,
      commit: set.commit,
      token: set.token,
      steps: set.steps.map(({ to, by, at, comment }) => ({ to, by, at, comment })),
      page: `${siteOrigin()}${localePath(defaultLocale, `/entry/grid/set/${set.id}`)}`,
    }
    return Response.json(answer, { headers: noStore })
  })
}

const noStore = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }

/** Answers whoever's token it is, no more often than may be, and hides what goes wrong on our side. */
async function answered(
  request: Request,
  answer: (actor: Actor) => Promise<Response>,
): Promise<Response> {
  try {
    const actor = await actorOfToken(database(), request.headers)
    const proxies = trustedProxies()
    const address = clientOf(request.headers, proxies)
    const times = proxies.length > 0 ? 1 : behindOneAddress
    const limits = actor?.token
      ? [
          { what: 'token', whose: actor.token.id, most: perMinute.token },
          ...(address ? [{ what: 'writer', whose: address, most: perMinute.address * times }] : []),
        ]
      : [{ what: 'stranger', whose: address ?? '', most: perMinute.refused }]
    const room = await countInMinute(database(), limits)
    if (!room.ok) {
      return refuse(429, room.problem, { 'Retry-After': String(room.problem.params?.seconds) })
    }
    return actor ? await answer(actor) : unauthorised(request)
  } catch (error) {
    console.error(error)
    return refuse(503, { code: 'unavailable' }, { 'Retry-After': '5' })
  }
}

/** The same for every token that does not work (RFC 6750, 3). */
function unauthorised(request: Request): Response {
  const error = request.headers.has('authorization') ? ', error="invalid_token"' : ''
  return refuse(401, { code: 'noToken' }, { 'WWW-Authenticate': `Bearer realm="Shumar"${error}` })
}

interface Asked {
  type: 'json' | 'csv'
  query: URLSearchParams
  key: string | null
}

const mediaTypes: Record<string, Asked['type']> = { 'application/json': 'json', 'text/csv': 'csv' }
const words = { json: ['dryRun'], csv: ['dryRun', 'message', 'reason'] }
const statusOf: Record<string, number> = { mediaType: 415, contentEncoding: 415 }

/** What a request says before its body is looked at. */
function readAsked(request: Request): Result<Asked> {
  const [media = '', charset = ''] = (request.headers.get('content-type') ?? '').split(';')
  const type = mediaTypes[media.trim().toLowerCase()]
  const isUtf8 = charset.trim() === '' || /^charset="?utf-?8"?$/i.test(charset.trim())
  if (!type || !isUtf8) return fail('mediaType', { field: 'Content-Type' })
  const encoding = request.headers.get('content-encoding') ?? 'identity'
  if (encoding.toLowerCase() !== 'identity') {
    return fail('contentEncoding', { field: 'Content-Encoding' })
  }
  const query = new URL(request.url).searchParams
  const names = [...query.keys()]
  const unknown = names.find((name) => !words[type].includes(name))
  if (unknown !== undefined) return fail('unknownWord', { field: unknown.slice(0, 60) })
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) return fail('wordTwice', { field: twice })
  if (!['true', 'false', null].includes(query.get('dryRun'))) {
    return fail('dryRunInvalid', { field: 'dryRun' })
  }
  const header = request.headers.get('idempotency-key')
  const key = readIdempotencyKey(header)
  if (header !== null && key === null) return fail('keyInvalid', { field: 'Idempotency-Key' })
  return ok({ type, query, key })
}

function readBatch(
  type: Asked['type'],
  query: URLSearchParams,
  bytes: Uint8Array,
  isDry: boolean,
): Result<Batch> {
  if (type === 'json') return readJsonBatch(bytes, isDry)
  const said = { message: query.get('message'), reason: query.get('reason') }
  return readCsvBatch(bytes, said, isDry)
}

async function take(
  actor: Actor,
  batch: Batch,
  key: string | null,
  fingerprint: string,
): Promise<Response> {
  const sending = {
    key: batch.isDry ? null : key,
    fingerprint,
    words: async () => {
      const writer = figureWriter(await catalogue(), defaultLocale)
      return (...[remark, unit]: [Parameters<typeof remarkText>[2], string]) =>
        remarkText(defaultLocale, writer, remark, unit)
    },
    addressOf: (set: string) => `${siteOrigin()}/api/v1/sets/${set}`,
  }
  const taken = await takeBatch(database(), actor, batch, sending)
  if (taken.ok) return answerOf(taken.value, batch)
  const { code } = taken.problem
  if (code === 'forbidden') return refuse(403, taken.problem)
  const field = { params: { field: 'Idempotency-Key' } }
  if (code === 'otherBody') return refuse(422, { code, ...field })
  if (code === 'underWay') return refuse(409, { code, ...field }, { 'Retry-After': '2' })
  if (code === 'crowded') return refuse(503, { code }, { 'Retry-After': '10' })
  return refuse(503, { code: 'busy' }, { 'Retry-After': '5' })
}

function answerOf(taken: TakenBatch, batch: Batch): Response {
  if (taken.kind === 'refused') {
    const { isConflict, counts, rows } = taken
    const isJson = batch.rows[0]?.line === null
    const code = isConflict ? 'rowsRevised' : 'rowsRefused'
    const wrong = String(counts.refused + counts.conflicts)
    const problem = { code, params: { wrong, rows: String(counts.rows) } }
    return refuse(
      isConflict ? 409 : 422,
      problem,
      {},
      {
        counts,
        ...(isJson && { errors: errorsOf(rows) }),
        rows,
      },
    )
  }
  const { answer, isReplayed, indicators, transaction } = taken
  if (indicators.length > 0) {
    for (const tag of tagsOf(indicators)) revalidateTag(tag, { expire: 0 })
    noteExpired(transaction)
  }
  return new Response(answer.body, {
    status: answer.status,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      // Without it, Next compresses the shortest answer, which costs more than sending it.
      'Content-Length': String(Buffer.byteLength(answer.body)),
      ...noStore,
      ...answer.headers,
      ...(isReplayed && { 'Idempotent-Replayed': 'true' }),
    },
  })
}

/** The first places at fault, as other refusals name them; `rows` has all. */
const errorsOf = (rows: (TakenBatch & { kind: 'refused' })['rows']) =>
  rows
    .flatMap(({ row, problems = [] }) =>
      problems
        .filter(({ severity }) => severity === 'error')
        .map(({ field, code, reason, remedy }) => ({
          pointer: `/observations/${row - 1}${field && `/${escaped(field)}`}`,
          detail: [reason, remedy].filter(Boolean).join(' '),
          code,
        })),
    )
    .slice(0, 20)

/** RFC 6901. */
const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')

function refuse(
  status: number,
  problem: Problem,
  headers: Record<string, string> = {},
  members: Record<string, unknown> = {},
): Response {
  const t = translator(defaultLocale, 'batches.titles')
  const parameter = problem.params?.field
  return problemJson(
    {
      type: `${siteOrigin()}/developers#problem-${problem.code}`,
      title: t(titles[status] ?? 'wrong'),
      status,
      detail: batchProblemText(defaultLocale, problem),
      ...(parameter !== undefined && parameter !== '' && { parameter: String(parameter) }),
      ...members,
    },
    headers,
  )
}

const titles: Record<
  number,
  'token' | 'missing' | 'conflict' | 'large' | 'media' | 'rows' | 'often' | 'later' | 'forbidden'
> = {
  401: 'token',
  403: 'forbidden',
  404: 'missing',
  409: 'conflict',
  413: 'large',
  415: 'media',
  422: 'rows',
  429: 'often',
  503: 'later',
}

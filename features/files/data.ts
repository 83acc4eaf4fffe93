import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  type DownloadFilter,
  filterEntries,
  readDownloadRequest,
} from '@/features/downloads/schema'
import { countRows, csvTable, jsonList, prepareFor, stateOf } from '@/features/extracts/data'
import type { ExtractState } from '@/features/extracts/schema'
import { packageFile } from '@/features/packages/data'
import { dataLicence } from '@/features/settings/schema'
import { workbookFile } from '@/features/workbooks/data'
import {
  acceptedHeader,
  bodyOf,
  type Encoding,
  encoded,
  encodingFor,
  encodingHeader,
} from '@/lib/byte-stream'
import { isKnownTag } from '@/lib/conditional-response'
import { openSnapshot, type Snapshot, TooManyReaders } from '@/lib/db/snapshot'
import { defaultLocale, isLanguage, type Language, translator } from '@/lib/i18n'
import { publicOrigin } from '@/lib/public-origin'
import type { Problem } from '@/lib/result'
import { edition, type Form, fileKinds, filePath, readFileName } from './schema'

interface FileRequest {
  form: Form
  filter: DownloadFilter
  state: ExtractState
  language: Language
}

/** The bytes of a file; throws where they are not as many rows as were announced. */
async function* fileBytes(
  snapshot: Snapshot,
  { form, filter, state, language }: FileRequest,
  announced: number,
): AsyncGenerator<Uint8Array> {
  const { asOf, commit: v } = state
  const about = { asOf, v, licence: dataLicence.url, count: announced }
  const made: Record<Form, () => AsyncGenerator<Uint8Array, number>> = {
    csv: () => csvTable(snapshot, 'csv', filter, state),
    excel: () => csvTable(snapshot, 'excel', filter, state),
    sdmx: () => csvTable(snapshot, 'sdmx', filter, state),
    json: () => jsonList(snapshot, filter, state, about),
    xlsx: () => workbookFile(snapshot, filter, state, { rows: announced, language }),
    zip: () => packageFile(snapshot, state, publicOrigin()),
  }
  try {
    await prepareFor(snapshot, announced)
    const rows = yield* made[form]()
    if (rows !== announced) throw new Error(`A file of ${announced} rows has ${rows}.`)
  } finally {
    // Also where it failed or nobody reads on: its place is free for others.
    snapshot.close()
  }
}

/** Figures as CSV for analysis; for whoever has no request to answer. */
export async function figuresCsv(
  filter: DownloadFilter = {},
  vintage: { asOf: string; commit: number } | null = null,
  form: 'csv' | 'excel' | 'sdmx' = 'csv',
): Promise<Readable> {
  const leaving = new AbortController()
  const snapshot = await openSnapshot(leaving.signal)
  const state = await stateOf(snapshot, null)
  if (!state.ok) throw new Error('The present state can always be read.')
  const wanted = vintage
    ? { ...state.value, ...vintage, isPresent: false, isFrozen: true }
    : state.value
  const bytes = async function* () {
    yield* csvTable(snapshot, form, filter, wanted)
    snapshot.close()
  }
  const readable = Readable.from(bytes(), { objectMode: false })
  readable.once('close', () => leaving.abort())
  return readable
}

/** Milliseconds: of many changes at once, the last one alone is counted. */
const calm = 1_000
let ahead: NodeJS.Timeout | undefined

/** Counts all figures soon after a change, so that whoever takes everything need not wait for it. */
export function countAhead(): void {
  clearTimeout(ahead)
  // Where it fails, it is counted when it is asked for.
  ahead = setTimeout(() => countAll().catch(() => {}), calm)
  ahead.unref()
}

async function countAll(): Promise<void> {
  const snapshot = await openSnapshot(new AbortController().signal)
  try {
    const state = await stateOf(snapshot, null)
    if (state.ok) await countRows(snapshot, {}, state.value)
  } finally {
    snapshot.close()
  }
}

/**
 * Answers a request for a file under `/download/`, or for its SHA-256. It is public: whoever may see
 * the dashboard may take its figures. Refusals are plain text, never a line inside a file.
 */
export async function answerFile(request: Request, name: string): Promise<Response> {
  const named = readFileName(name)
  if (!named) return refusal({ code: 'noFile' }, 404)
  const leaving = new AbortController()
  const signal = AbortSignal.any([request.signal, leaving.signal])
  try {
    const snapshot = await openSnapshot(signal)
    try {
      const wanted = await readRequest(request, named.form, snapshot)
      if (!wanted.ok) return closed(snapshot, refusal(wanted.problem, 400))
      const source = { snapshot, signal, leave: () => leaving.abort() }
      return named.isChecksum
        ? await answerChecksum(request, wanted.value, source)
        : await answerBytes(request, wanted.value, source)
    } catch (error) {
      snapshot.close()
      throw error
    }
  } catch (error) {
    if (error instanceof TooManyReaders) return refusal({ code: 'tooManyFiles' }, 503)
    throw error
  }
}

type Wanted = { ok: true; value: FileRequest } | { ok: false; problem: Problem }

async function readRequest(request: Request, form: Form, snapshot: Snapshot): Promise<Wanted> {
  const query = new URL(request.url).searchParams
  const locale = form === 'xlsx' ? (query.get('locale') ?? defaultLocale) : defaultLocale
  if (!isLanguage(locale)) return wrong('noLanguage', { value: locale.slice(0, 20) })
  if (form === 'xlsx') query.delete('locale')
  const read = readDownloadRequest(query)
  if (!read.ok) return read
  const { filter, vintage } = read.value
  const [word] = filterEntries(filter)[0] ?? []
  if (form === 'zip' && word) return wrong('everythingFiltered', { word })
  const state = await stateOf(snapshot, vintage)
  if (!state.ok) return state
  return { ok: true, value: { form, filter, state: state.value, language: locale } }
}

const wrong = (code: string, params?: Problem['params']): Wanted => ({
  ok: false,
  problem: { code, params },
})

interface Source {
  snapshot: Snapshot
  signal: AbortSignal
  leave: () => void
}

const closed = (snapshot: Snapshot, response: Response): Response => {
  snapshot.close()
  return response
}

/** A validator of a file's bytes: of what they are made, and how. */
function tagOf({ form, filter, state, language }: FileRequest, encoding: string): string {
  const { asOf, commit, committedAt } = state
  const parts = [edition, publicOrigin(), form, filterEntries(filter), asOf, commit, committedAt]
  const hash = createHash('sha256')
    .update(JSON.stringify([...parts, language]))
    .digest('base64url')
  return `"${hash.slice(0, 27)}${encoding === 'identity' ? '' : `-${encoding}`}"`
}

const forAYear = 'public, max-age=31536000, immutable'

const sharedHeaders = ({ state }: FileRequest, etag: string) => ({
  ETag: etag,
  'Cache-Control': state.isFrozen ? forAYear : 'public, no-cache',
  'X-Content-Type-Options': 'nosniff',
  'Access-Control-Allow-Origin': '*',
  Vary: 'Accept-Encoding',
})

async function answerBytes(
  request: Request,
  wanted: FileRequest,
  { snapshot, signal, leave }: Source,
): Promise<Response> {
  const { form, filter, state } = wanted
  const kind = fileKinds[form]
  const encoding: Encoding = kind.isPacked
    ? 'identity'
    : encodingFor(request.headers.get(acceptedHeader))
  const etag = tagOf(wanted, encoding)
  const shared = sharedHeaders(wanted, etag)
  if (isKnownTag(request, etag)) {
    return closed(snapshot, new Response(null, { status: 304, headers: shared }))
  }
  const { rows, sdmxRows } = await countRows(snapshot, filter, state)
  const announced = form === 'sdmx' ? sdmxRows : rows
  const { asOf, commit } = state
  const frozen = filePath(form, filter, { asOf, commit, isFrozen: true }, wanted.language)
  const headers = {
    ...shared,
    'Content-Type': kind.type,
    'Content-Disposition': `attachment; filename="${savedName(wanted)}"`,
    'Content-Location': frozen,
    // Parts of a file that is made as it is read cannot be had.
    'Accept-Ranges': 'none',
    'Row-Count': String(announced),
    'Access-Control-Expose-Headers': 'Row-Count, Content-Location, ETag',
    ...(encoding !== 'identity' && { [encodingHeader]: encoding }),
  }
  if (request.method === 'HEAD') return closed(snapshot, new Response(null, { headers }))
  const bytes = encoded(fileBytes(snapshot, wanted, announced), encoding, signal)
  return new Response(bodyOf(bytes, leave), { headers })
}

/** What a file is saved as: one of a past state says which. */
function savedName({ form, state }: FileRequest): string {
  const [base = '', ...endings] = fileKinds[form].name.split('.')
  const of = state.isFrozen || !state.isPresent ? `-${state.asOf}-v${state.commit}` : ''
  return ['shumar-', base, of, '.', endings.join('.')].join('')
}

const mostChecksums = 500
/** By the file's validator; those being made too, so that each is made once. */
const checksums = new Map<string, Promise<string>>()

async function answerChecksum(
  request: Request,
  wanted: FileRequest,
  { snapshot }: Source,
): Promise<Response> {
  if (!wanted.state.isFrozen) {
    const { form, filter, state, language } = wanted
    const vintage = { asOf: state.asOf, commit: state.commit, isFrozen: true }
    const address = filePath(form, filter, vintage, language).replace(/(?=\?|$)/, '.sha256')
    return closed(snapshot, refusal({ code: 'checksumOfMoving', params: { address } }, 400))
  }
  const key = tagOf(wanted, 'identity')
  const etag = key.replace(/"$/, '-sha256"')
  const known = checksums.get(key)
  if (known) snapshot.close()
  const making = known ?? digest(snapshot, wanted)
  if (!known) {
    const [oldest] = checksums.keys()
    if (checksums.size >= mostChecksums && oldest) checksums.delete(oldest)
    checksums.set(key, making)
    making.catch(() => checksums.delete(key))
  }
  const headers = { ...sharedHeaders(wanted, etag), 'Content-Type': 'text/plain; charset=utf-8' }
  if (isKnownTag(request, etag)) return new Response(null, { status: 304, headers })
  return new Response(`${await making}  ${savedName(wanted)}\n`, { headers })
}

async function digest(snapshot: Snapshot, wanted: FileRequest): Promise<string> {
  const { rows, sdmxRows } = await countRows(snapshot, wanted.filter, wanted.state)
  const hash = createHash('sha256')
  const announced = wanted.form === 'sdmx' ? sdmxRows : rows
  try {
    for await (const chunk of fileBytes(snapshot, wanted, announced)) hash.update(chunk)
  } finally {
    snapshot.close()
  }
  return hash.digest('hex')
}

function refusal({ code, params }: Problem, status: number): Response {
  const t = translator(defaultLocale, 'downloads')
  const message = t(`problems.${code}` as Parameters<typeof t>[0], params)
  return new Response(`${message}\n`, {
    status,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ...(status === 503 && { 'Retry-After': '10' }),
    },
  })
}

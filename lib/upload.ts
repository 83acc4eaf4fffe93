import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Busboy } from '@fastify/busboy'
import { fail, ok, type Result } from './result'

/**
 * The fields of a posted form, held in memory; null where it is larger than `most` bytes or is no
 * form. What is too large is read to its end and thrown away (up to ten times the limit): a browser
 * reads no answer before it has sent everything.
 */
export async function readForm(request: Request, most: number): Promise<FormData | null> {
  const bytes = await readBytes(request, most)
  if (bytes === null) return null
  const type = request.headers.get('content-type') ?? ''
  return new Response(bytes, { headers: { 'Content-Type': type } }).formData().catch(() => null)
}

/** The JSON of a request, undefined where it is none; null where it is larger than `most` bytes. */
export async function readJson(request: Request, most: number): Promise<{ value: unknown } | null> {
  const bytes = await readBytes(request, most)
  if (bytes === null) return null
  try {
    return { value: JSON.parse(bytes.toString('utf8')) }
  } catch {
    return { value: undefined }
  }
}

/**
 * All bytes of a request. Refuses with `tooLarge` (more than `most`) and `cutOff` (fewer or more than
 * its Content-Length says); what is too large by its own account is not read at all.
 */
export async function readWhole(
  request: Request,
  most: number,
): Promise<Result<Buffer<ArrayBuffer>>> {
  const announced = Number(request.headers.get('content-length') ?? Number.NaN)
  const limit = { most: most / 1_000_000 }
  if (announced > most * 10) return fail('tooLarge', limit)
  try {
    const bytes = await readBytes(request, most)
    if (bytes === null) return fail('tooLarge', limit)
    const isWhole = !Number.isFinite(announced) || announced === bytes.length
    return isWhole ? ok(bytes) : fail('cutOff')
  } catch {
    return fail('cutOff')
  }
}

async function readBytes(request: Request, most: number): Promise<Buffer<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = request.body?.getReader()
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done) break
    size += value.length
    if (size <= most) chunks.push(value)
    else chunks.length = 0
    if (size > most * 10) {
      await reader?.cancel()
      break
    }
  }
  return size > most ? null : Buffer.concat(chunks)
}

/** A posted file is larger than it may be, or its request ended before it was whole. */
export class UploadRefused extends Error {
  constructor(readonly reason: 'tooLarge' | 'cutOff' | 'noFile') {
    super(`The posted file was refused: ${reason}`)
    this.name = 'UploadRefused'
  }
}

export interface PostedFile {
  name: string
  bytes: AsyncIterable<Uint8Array>
  /** Fulfilled once the request has ended as it should; rejected as `takeFile` is. */
  whole: Promise<void>
}

/**
 * Hands the first file of a posted form on while it arrives, whatever its size. `use` must not count
 * on the file before `whole` is fulfilled. The request is read to its end whatever becomes of the
 * file, up to ten times `most` bytes, as a browser reads no answer before it has sent everything.
 * @throws UploadRefused `tooLarge` (more than `most` bytes), `cutOff` (fewer bytes than the request's
 * Content-Length says, or a form without end), `noFile`
 */
export async function takeFile<T>(
  request: Request,
  most: number,
  use: (file: PostedFile) => Promise<T>,
): Promise<T> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^multipart\/form-data;/i.test(type) || !request.body) throw new UploadRefused('noFile')
  const form = new Busboy({
    headers: { 'content-type': type },
    limits: { files: 1, fields: 20, fieldSize: 10_000, parts: 30 },
  })
  let outcome: Promise<T> | undefined
  let file: Readable | undefined
  let settle: (error?: UploadRefused) => void = () => {}
  const whole = new Promise<void>((resolve, reject) => {
    settle = (error) => (error ? reject(error) : resolve())
  })
  whole.catch(() => {})
  form.on('file', (_, stream, name) => {
    file = stream
    // Left before its end, it still has to be read to its end, or the form would never end.
    const bytes = stream.iterator({ destroyOnReturn: false })
    outcome = use({ name: name ?? '', bytes, whole }).finally(() => stream.resume())
    // Heard here, so that a failure before the end of the form does not end the process.
    outcome.catch(() => {})
  })
  try {
    await pipeline(countedBody(request, most), form)
  } catch (error) {
    const refusal = error instanceof UploadRefused ? error : new UploadRefused('cutOff')
    settle(refusal)
    file?.destroy(refusal)
    await outcome?.catch(() => {})
    throw refusal
  }
  settle()
  if (!outcome) throw new UploadRefused('noFile')
  return outcome
}

async function* countedBody(request: Request, most: number): AsyncGenerator<Uint8Array> {
  const announced = Number(request.headers.get('content-length') ?? Number.NaN)
  let size = 0
  const reader = request.body?.getReader()
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done) break
    size += value.length
    if (size > most * 10) await reader?.cancel()
    if (size > most * 10) break
    if (size <= most) yield value
  }
  if (size > most) throw new UploadRefused('tooLarge')
  if (Number.isFinite(announced) && size !== announced) throw new UploadRefused('cutOff')
}

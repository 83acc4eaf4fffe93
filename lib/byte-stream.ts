import { once } from 'node:events'
import { constants, createBrotliCompress, createGzip } from 'node:zlib'

/** Milliseconds. A reader who takes nothing for so long has left without saying so. */
const longestPause = 120_000

/** Bytes that are read before anybody takes them: a small file keeps nobody waiting behind it. */
const readAhead = 512 * 1024

/**
 * Bytes as the body of an answer, made little faster than they are read. `leave` is called when the reader
 * goes, or stops reading. An error breaks the connection: what was sent is not the whole.
 */
export function bodyOf(
  bytes: AsyncGenerator<Uint8Array>,
  leave: () => void,
): ReadableStream<Uint8Array> {
  let pause: NodeJS.Timeout | undefined
  const end = () => {
    clearTimeout(pause)
    leave()
    // Nobody waits for what it still has to say.
    bytes.return(undefined).catch(() => {})
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(pause)
        const next = await bytes.next()
        if (next.done) return controller.close()
        controller.enqueue(next.value)
        pause = setTimeout(() => {
          controller.error(new Error('The reader of a file has stopped reading.'))
          end()
        }, longestPause)
        pause.unref()
      },
      cancel: end,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: readAhead }),
  )
}

/** What a reader accepts, and how an answer is packed, as scripts/packed-files.mjs passes them by Next. */
export const acceptedHeader = 'X-Shumar-Accept-Encoding'
export const encodingHeader = 'X-Shumar-Encoding'

const encodings = ['br', 'gzip'] as const
export type Encoding = (typeof encodings)[number] | 'identity'

/** The encoding of an answer that its reader accepts (RFC 9110, Accept-Encoding), the smallest first. */
export function encodingFor(accepted: string | null): Encoding {
  const refused = /^\s*(?:\S+?)\s*;\s*q=0(?:\.0*)?\s*$/i
  const named = (accepted ?? '')
    .split(',')
    .filter((part) => !refused.test(part))
    .map((part) => part.split(';', 1)[0]?.trim().toLowerCase() ?? '')
  return encodings.find((encoding) => named.includes(encoding)) ?? 'identity'
}

const packers = {
  br: () =>
    createBrotliCompress({
      params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_LGWIN]: 20 },
    }),
  gzip: () => createGzip({ level: 5 }),
}

/** Bytes in an encoding. The first ones leave at once: a reader sees that something comes. */
export async function* encoded(
  bytes: AsyncGenerator<Uint8Array>,
  encoding: Encoding,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (encoding === 'identity') return yield* bytes
  const packer = packers[encoding]()
  const feed = async () => {
    let isFirst = true
    for await (const chunk of bytes) {
      const isTaken = packer.write(chunk)
      if (isFirst) packer.flush()
      isFirst = false
      if (!isTaken) await once(packer, 'drain', { signal })
    }
    packer.end()
  }
  feed().catch((error) => packer.destroy(error))
  try {
    for await (const chunk of packer) yield chunk as Buffer
  } finally {
    packer.destroy()
  }
}

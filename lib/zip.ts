import { join } from 'node:path'
import { Worker as Thread } from 'node:worker_threads'
import { configure, ZipWriter } from '@zip.js/zip.js'

configure({
  // Its own Deflate packs alike on every machine and under every version of Node.js; zlib does not.
  useCompressionStream: false,
  chunkSize: 64 * 1024,
  createWorker: openThread,
  // As many as there are connections for files: none waits for the slow reader of another.
  maxWorkers: 6,
  terminateWorkerTimeout: 30_000,
})

/** A thread that packs, as the library knows it from browsers: it keeps the first one for requests. */
function openThread(): Worker {
  const path = join(/* turbopackIgnore: true */ process.cwd(), 'lib', 'zip-worker.mjs')
  const thread = new Thread(path, {
    // What the server loads before Next is not for it.
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 },
  })
  const worker = {
    postMessage: (message: unknown, transferred: ArrayBuffer[]) =>
      thread.postMessage(message, transferred),
    addEventListener(type: string, listener: (event: object) => void) {
      thread.on(type, (given: unknown) =>
        listener(type === 'message' ? { data: given } : { error: given }),
      )
    },
    terminate: () => thread.terminate(),
  }
  return worker as unknown as Worker
}

export interface ZipMember {
  name: string
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/**
 * A ZIP archive (with ZIP64 where it is needed) of members that are made as they are read: the same
 * bytes for the same members and time. Throws what a member throws: the archive is then not whole.
 *
 * @param time of all members, UTC
 * @param zip64 false where every member is below 4 GB and some reader may not know ZIP64
 */
export async function* zipOf(
  members: AsyncIterable<ZipMember>,
  time: Date,
  { zip64 }: { zip64?: boolean } = {},
): AsyncGenerator<Uint8Array> {
  let fail: (reason: unknown) => void = () => {}
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => {
      fail = (reason) => controller.error(reason)
    },
  })
  const writer = new ZipWriter(writable, {
    level: 1,
    ...(zip64 !== undefined && { zip64 }),
    dataDescriptor: true,
    extendedTimestamp: false,
    // Archives know no zone: theirs is UTC, whatever the machine's is.
    lastModDate: new Date(time.getTime() + time.getTimezoneOffset() * 60_000),
  })
  const writing = async () => {
    for await (const { name, bytes } of members) {
      const made = iteratorOf(bytes)
      try {
        await writer.add(name, streamOf(made))
      } catch (error) {
        // Where nobody takes what a thread packs, the library leaves what was to be packed as it is.
        await Promise.resolve(made.return?.(undefined)).catch(() => {})
        throw error
      }
    }
    await writer.close()
  }
  const written = writing().catch(fail)
  const reader = readable.getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
    await written
  } finally {
    await reader.cancel().catch(() => {})
  }
}

type Bytes = AsyncIterator<Uint8Array> | Iterator<Uint8Array>

const iteratorOf = (bytes: ZipMember['bytes']): Bytes =>
  Symbol.asyncIterator in bytes ? bytes[Symbol.asyncIterator]() : bytes[Symbol.iterator]()

function streamOf(iterator: Bytes): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller) {
        const next = await iterator.next()
        if (next.done) controller.close()
        else controller.enqueue(next.value)
      },
      async cancel() {
        await iterator.return?.(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}

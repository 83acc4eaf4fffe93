import { configure, ZipWriter } from '@zip.js/zip.js'

// Its own Deflate packs alike on every machine and under every version of Node.js; zlib does not.
configure({ useWebWorkers: false, useCompressionStream: false, chunkSize: 64 * 1024 })

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
    for await (const { name, bytes } of members) await writer.add(name, streamOf(bytes))
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

function streamOf(bytes: ZipMember['bytes']): ReadableStream<Uint8Array> {
  const iterator =
    Symbol.asyncIterator in bytes ? bytes[Symbol.asyncIterator]() : bytes[Symbol.iterator]()
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

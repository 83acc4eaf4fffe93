// Packs for lib/zip.ts in a thread of its own: a worker as browsers have it, which the library expects.
import { setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'

/** Pages go first. Elsewhere a priority is that of the whole process. */
if (process.platform === 'linux') setPriority(19)

Object.assign(globalThis, {
  self: globalThis,
  addEventListener: (type, listener) => parentPort.on(type, (data) => listener({ data })),
  postMessage: (message, transferred) => parentPort.postMessage(message, transferred),
  // Where its own Deflate failed, the library would take this one, which packs otherwise.
  CompressionStream: undefined,
})

await import('@zip.js/zip.js/dist/zip-web-worker.js')

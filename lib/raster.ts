import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

/** Painted in a thread of its own, one at a time, as it keeps a core busy for a quarter of a second. */
const mostWaiting = 40
const mostKept = 200
/** One family that holds every letter and sign: the painter falls back badly. See docs/decisions/0014. */
const family = 'Shumar Images'
const weights = [300, 400, 600]

interface Answer {
  id: number
  png?: Uint8Array<ArrayBuffer>
  problem?: string
}
type Waiting = Map<number, { done(png: Uint8Array<ArrayBuffer>): void; fail(reason: Error): void }>

/** More images are asked for at once than are painted in a few seconds: to be asked for later. */
export class TooManyImages extends Error {}

let thread: { worker: Worker; waiting: Waiting } | undefined
let newest = 0
/** By the digest of what they are painted from; those under way too, so that each is painted once. */
const kept = new Map<string, Promise<Uint8Array<ArrayBuffer>>>()

/** An SVG image as a PNG file, `zoom` times as large. Throws `TooManyImages`. */
export function paintPng(svg: string, zoom = 2): Promise<Uint8Array<ArrayBuffer>> {
  const key = createHash('sha256').update(`${zoom} ${svg}`).digest('base64url')
  const known = kept.get(key)
  const image = known ?? paint(svg, zoom)
  kept.delete(key)
  kept.set(key, image)
  image.catch(() => kept.delete(key))
  const [oldest] = kept.keys()
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
  return image
}

async function paint(svg: string, zoom: number): Promise<Uint8Array<ArrayBuffer>> {
  thread ??= openThread()
  const { worker, waiting } = thread
  if (waiting.size >= mostWaiting) throw new TooManyImages()
  newest += 1
  const id = newest
  return new Promise((done, fail) => {
    waiting.set(id, { done, fail })
    worker.ref()
    worker.postMessage({ id, svg, zoom })
  })
}

function openThread(): { worker: Worker; waiting: Waiting } {
  const folder = (...path: string[]) => join(/* turbopackIgnore: true */ process.cwd(), ...path)
  const fontFiles = weights.map((weight) => folder('public', 'fonts', `images-1-${weight}.ttf`))
  const worker = new Worker(folder('lib', 'raster-worker.mjs'), {
    workerData: { fontFiles, family },
  })
  const waiting: Waiting = new Map()
  worker.on('message', ({ id, png, problem }: Answer) => {
    const asked = waiting.get(id)
    waiting.delete(id)
    // One that has nothing to do keeps no process from ending.
    if (waiting.size === 0) worker.unref()
    if (png) asked?.done(png)
    else asked?.fail(new Error(problem))
  })
  const end = (reason: Error) => {
    if (thread?.worker === worker) thread = undefined
    for (const { fail } of waiting.values()) fail(reason)
    waiting.clear()
  }
  worker.on('error', end)
  worker.on('exit', () => end(new Error('The painter of images has ended.')))
  worker.unref()
  return { worker, waiting }
}

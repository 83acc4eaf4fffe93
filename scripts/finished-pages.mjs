import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gunzip, gzip } from 'node:zlib'
import {
  hasCharts,
  mayRun,
  plainDays,
  takeOutScripts,
  withAscii,
  withLaterScripts,
  withLoader,
  withPlainDays,
  withWrittenIn,
} from './lean-page.mjs'
import { refuse, withNotice } from './outage.mjs'
import { allowWritten, hashOf, markForAnybody, setPolicy, withPolicy } from './security-headers.mjs'
import { isLean, isMadeAtRequest, isOfRecord, isPlain } from './whole-pages.mjs'

/**
 * Keeps finished pages, compressed, in front of Next, and takes out of them what a reader does not
 * need: a public page is whole without any script, so the data and the code that bring its charts
 * to life are fetched by `public/enliven.js` at the first touch of a chart or a key.
 *
 * A page is kept until anything public is changed, here or through another process, and for a minute
 * at most: then Next, which has its own cache, is asked again. The last good copy of each page is
 * kept on disk, for when Next cannot make it.
 */

const longestMs = 60_000
const mostPages = 500
const pageFolder = '/_next/page/'

const gzipped = promisify(gzip)
const gunzipped = promisify(gunzip)
const brotlied = promisify(brotliCompress)

/**
 * A page or its script, packed as it is asked for: mostly in one way only, and many are never asked
 * for before the next change.
 * @typedef {object} Finished
 * @property {Buffer} identity
 * @property {{ gzip?: Buffer | Promise<Buffer>, br?: Buffer | Promise<Buffer> }} packed
 * @property {{ br: number, gzip: number, mark: string }} step
 * @property {string} tag
 * @property {Record<string, string | string[]>} headers
 */

/** @type {Map<string, { finished: Finished, until: number }>} */
const pages = new Map()
/** Pages made at the request that others may ask for too, as they were sent. */
/** @type {Map<string, { body: Buffer, headers: [string, number | string | string[]][], until: number }>} */
const made = new Map()
/** @type {Map<string, Promise<void>>} */
const making = new Map()
/** @typedef {{ of: string, page: Finished, path: string, script: Finished }} Made */
/** The last of each page with the digest of what it was made from: mostly nothing has changed. */
/** @type {Map<string, Made>} */
const lastOf = new Map()
/** Scripts of pages, by their path; those of earlier pages too, as readers may still have them open. */
/** @type {Map<string, Finished>} */
const scripts = new Map()
/** @type {Map<string, Promise<Finished | null>>} */
const underWay = new Map()
/** Copies with a notice of when they were made. @type {Map<string, { at: number, page: Finished }>} */
const noticed = new Map()
let generation = 0

/**
 * @typedef {object} Outage
 * @property {() => boolean} isDown whether the database cannot be asked
 * @property {() => boolean} wasUp whether it ever could since the start: else pages of Next are of the build
 * @property {Promise<void>} known kept once `isDown` is more than a guess
 * @property {(tell: () => void) => () => void} onDown calls once it is down; what it returns ends that
 * @property {import('./kept-pages.mjs').KeptPages | null} copies
 */

/** What was kept may be out of date. */
function forget() {
  generation += 1
  pages.clear()
  underWay.clear()
  made.clear()
  making.clear()
}

/** How often pages were expired, now and when the request under way began. */
let expiries = 0
/** @type {AsyncLocalStorage<number>} */
const begun = new AsyncLocalStorage()

/** Whatever is kept may be out of date, and so may what is being made. */
export function expirePages() {
  expiries += 1
  forget()
}

/**
 * Whether pages were expired since the request under way began, so that what it made may be of
 * before. Then those who got its answer too, although they came later, keep nothing of it either.
 */
export function isOutrun() {
  const before = begun.getStore()
  if (before === undefined || before === expiries) return false
  forget()
  return true
}

/**
 * Keeps the newest.
 * @template Value
 * @param {Map<string, Value>} store @param {string} key @param {Value} value
 */
function keep(store, key, value) {
  store.delete(key)
  store.set(key, value)
  const [oldest] = store.keys()
  if (store.size > mostPages && oldest !== undefined) store.delete(oldest)
}

/**
 * How well a page is compressed: while its first reader waits, and once it has stayed for a moment,
 * as then many will read it. The ninth step of Brotli takes fifty times as long as the eighth for
 * three bytes in a thousand.
 */
const steps = { first: { br: 5, gzip: 6, mark: 'q' }, calm: { br: 8, gzip: 9, mark: '' } }
const calmMs = 2_000

/** @param {Buffer} identity */
const digestOf = (identity) =>
  createHash('sha256').update(identity).digest('base64url').slice(0, 22)

/** @param {Buffer} identity @param {'br' | 'gzip'} encoding @param {Finished['step']} step */
function pack(identity, encoding, step) {
  if (encoding === 'gzip') return gzipped(identity, { level: step.gzip })
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: step.br,
    [constants.BROTLI_PARAM_SIZE_HINT]: identity.length,
  }
  return brotlied(identity, { params })
}

/** @param {Buffer} identity @param {Finished['headers']} headers @returns {Finished} */
function finishedOf(identity, headers) {
  const step = steps.first
  return { identity, headers, packed: {}, step, tag: `${digestOf(identity)}${step.mark}` }
}

/** The bytes of a page as a reader takes them. @param {Finished} page @param {'identity' | 'gzip' | 'br'} encoding */
function bytesOf({ identity, packed, step }, encoding) {
  if (encoding === 'identity') return identity
  const known = packed[encoding]
  if (known) return known
  const made = pack(identity, encoding, step).then((bytes) => {
    packed[encoding] = bytes
    return bytes
  })
  packed[encoding] = made
  return made
}

/** Packs a page and its script well, if it still is the last one then. @param {string} url @param {Made} made */
function improveLater(url, made) {
  setTimeout(async () => {
    for (const part of [made.page, made.script]) {
      const better = { packed: {}, step: steps.calm }
      for (const encoding of /** @type {const} */ (['br', 'gzip'])) {
        if (lastOf.get(url) !== made) return
        if (part.packed[encoding])
          better.packed[encoding] = await pack(part.identity, encoding, steps.calm)
      }
      // Other bytes have another tag.
      Object.assign(part, better, { tag: `${digestOf(part.identity)}${steps.calm.mark}` })
    }
  }, calmMs).unref()
}

/** @param {string} url @param {Buffer} body @param {Finished['headers']} headers @returns {Finished} */
function finish(url, body, headers) {
  const of = createHash('sha256').update(body).digest('base64url')
  const last = lastOf.get(url)
  const isSame = last?.of === of
  const made = isSame ? last : { of, ...make(url, body, headers) }
  keep(lastOf, url, made)
  keep(scripts, made.path, made.script)
  if (!isSame) improveLater(url, made)
  return made.page
}

/** @param {string} url @param {Buffer} body @param {Finished['headers']} headers */
function make(url, body, headers) {
  const { html, code } = takeOutScripts(body.toString('utf8'))
  const bytes = Buffer.from(code)
  const script = finishedOf(bytes, {
    'Content-Type': 'text/javascript; charset=utf-8',
    'Cache-Control': 'public, max-age=3600',
    'X-Content-Type-Options': 'nosniff',
  })
  const markup = createHash('sha256').update(html).digest('base64url').slice(0, 22)
  const path = `${pageFolder}${markup}/${digestOf(bytes)}.js`
  const address = `${path}?of=${encodeURIComponent(url)}`
  const lean = withWrittenIn(withPlainDays(withLoader(html, address)))
  const whole = withAscii(withLaterScripts(lean))
  const page = finishedOf(Buffer.from(whole), withPolicy(headers, mayRun(whole)))
  return { page, path, script }
}

/**
 * The script of a page, also of one that another instance sent: the page is then made here. Two
 * instances may write its data in another order, so any script of the same markup will do.
 * @param {import('node:http').IncomingMessage} request
 */
async function scriptFor({ url = '', socket }) {
  const [path = '', query] = url.split('?')
  const known = scripts.get(path)
  const of = new URLSearchParams(query).get('of')
  if (known || of === null || !of.startsWith('/') || !isPlain(of) || isMadeAtRequest(of))
    return known
  const { localAddress = '', localPort } = socket
  const host = localAddress.includes(':') ? `[${localAddress}]` : localAddress
  // It must not keep its reader waiting for ever: the page is whole without it.
  const signal = AbortSignal.timeout(10_000)
  await fetch(`http://${host}:${localPort}${of}`, { signal }).then(
    (answer) => answer.body?.cancel(),
    () => {},
  )
  const last = lastOf.get(of)
  const markup = path.slice(0, path.lastIndexOf('/') + 1)
  return scripts.get(path) ?? (last?.path.startsWith(markup) ? last.script : undefined)
}

const kept = ['content-type', 'vary', 'link', 'x-nextjs-prerender', 'content-security-policy']

/** @typedef {{ status: number, body: Buffer, send: () => void }} Held */

/**
 * The answer of Next to a request, held back; null when nobody waits for it any more: the client
 * has left, or another answer was sent in its place.
 * @param {import('node:http').ServerResponse} response
 * @returns {{ answer: Promise<Held | null>, insteadOf: (send: () => void) => void }}
 */
function heldBack(response) {
  const own = pick(response)
  /** @type {Buffer[]} */
  const chunks = []
  /** @type {(held: Held | null) => void} */
  let tell = () => {}
  const answer = new Promise((resolve) => (tell = resolve))
  let isOver = false
  /** @param {Held | null} held */
  const settle = (held) => {
    isOver = true
    tell(held)
  }
  // Who has left already, while this waited for another's answer, will not leave again.
  if (response.closed) settle(null)
  else response.once('close', () => settle(null))
  const take = (chunk, encoding) => {
    if (!chunk || typeof chunk === 'function') return
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk))
  }
  response.flushHeaders = () => {}
  response.writeHead = (status, ...rest) => {
    response.statusCode = status
    const headers = rest.find((one) => typeof one === 'object')
    for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value)
    return response
  }
  response.write = (chunk, encoding, done) => {
    take(chunk, encoding)
    const callback = typeof encoding === 'function' ? encoding : done
    if (callback) queueMicrotask(callback)
    return true
  }
  response.end = (chunk, encoding, done) => {
    take(chunk, encoding)
    Object.assign(response, own)
    const callback = [chunk, encoding, done].find((one) => typeof one === 'function')
    if (callback) response.once('finish', callback)
    const body = Buffer.concat(chunks)
    settle({ status: response.statusCode, body, send: () => response.end(body) })
    return response
  }
  return {
    answer,
    insteadOf(send) {
      if (isOver) return
      Object.assign(response, own)
      send()
      silence(response)
      settle(null)
    },
  }
}

/** Whoever still writes to an answer that has been sent is not heard. @param {import('node:http').ServerResponse} response */
function silence(response) {
  const itself = () => response
  Object.assign(response, {
    write: () => true,
    end: itself,
    writeHead: itself,
    flushHeaders() {},
    setHeader: itself,
    appendHeader: itself,
    removeHeader() {},
  })
}

/**
 * Asks Next for a whole page and holds its answer back. Where the database goes meanwhile, which may
 * keep Next waiting, the last good copy is sent in its place.
 * @param {import('node:http').RequestListener} next @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response @param {Outage} outage
 * @returns {Promise<Held | null>}
 */
async function askForPage(next, request, response, outage) {
  const { method, headers } = request
  const own = {
    'accept-encoding': headers['accept-encoding'],
    'if-none-match': headers['if-none-match'],
  }
  const restore = () => {
    request.method = method
    for (const [name, value] of Object.entries(own)) {
      if (value !== undefined) headers[name] = value
    }
  }
  request.method = 'GET'
  for (const name of Object.keys(own)) delete headers[name]
  const { answer, insteadOf } = heldBack(response)
  const stop = outage.onDown(async () => {
    const copy = await copyFor(request.url ?? '', outage)
    if (!copy) return
    // What takes the place of an answer is sent at once.
    await bytesOf(copy, encodingOf(String(own['accept-encoding'] ?? '')))
    insteadOf(() => {
      restore()
      send(request, response, copy)
    })
  })
  next(request, response)
  const held = await answer
  stop()
  restore()
  return held
}

const pick = ({ write, end, writeHead, flushHeaders }) => ({ write, end, writeHead, flushHeaders })

/** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response @param {Finished} page */
async function send(request, response, page) {
  const accepted = String(request.headers['accept-encoding'] ?? '')
  const encoding = encodingOf(accepted)
  const tag = `"${page.tag}-${encoding}"`
  for (const name of response.getHeaderNames()) response.removeHeader(name)
  const headers = { 'Cache-Control': 'public, max-age=0, must-revalidate', ...page.headers }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  response.setHeader('ETag', tag)
  markForAnybody(response)
  if (String(request.headers['if-none-match'] ?? '').includes(tag)) {
    response.statusCode = 304
    response.end()
    return
  }
  response.statusCode = 200
  if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding)
  const bytes = bytesOf(page, encoding)
  const body = bytes instanceof Promise ? await bytes : bytes
  response.setHeader('Content-Length', body.length)
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** @param {import('node:http').RequestListener} next @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
async function sendScript(next, request, response) {
  const script = await scriptFor(request)
  if (script) send(request, response, script)
  else next(request, response)
}

/** What is answered without the database: files, and what says how we are. */
const needsNothing = /^\/(?:(?:_next|fonts|internal|healthz|readyz)(?:\/|$)|[\w-]+\.[a-z0-9]+$)/

/** @param {string} url */
const needsDatabase = (url) => !needsNothing.test(url.split('?', 1)[0] ?? '')

/** Headers of a page that its copy has too. @param {import('node:http').ServerResponse} response */
function keptHeaders(response) {
  return Object.fromEntries(
    kept.flatMap((name) => {
      const value = response.getHeader(name)
      // Next writes some of them twice.
      return value === undefined ? [] : [[name, [...new Set([value].flat().map(String))]]]
    }),
  )
}

/**
 * The last good copy of a page, which says when it was made; null where there is none.
 * @param {string} url @param {Outage} outage
 * @returns {Promise<Finished | null>}
 */
async function copyFor(url, { copies }) {
  const copy = await copies?.find(url)
  if (!copy) return null
  const at = copy.at.getTime()
  const last = noticed.get(url)
  let page = last?.at === at ? last.page : null
  if (!page) {
    const html = (await gunzipped(copy.packed)).toString('utf8')
    const headers = {
      ...copy.headers,
      'Cache-Control': 'no-cache',
      Warning: `110 - "Response is Stale" "${copy.at.toUTCString()}"`,
    }
    page = finishedOf(Buffer.from(withNotice(html, url, copy.at)), headers)
    keep(noticed, url, { at, page })
  }
  const age = String(Math.max(0, Math.round((Date.now() - at) / 1000)))
  return { ...page, headers: { ...page.headers, Age: age } }
}

/**
 * Sends the last good copy of a page; false where there is none.
 * @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response @param {Outage} outage
 */
async function sendCopy(request, response, outage) {
  const copy = await copyFor(request.url ?? '', outage)
  if (copy) send(request, response, copy)
  return copy !== null
}

/** @param {import('node:http').IncomingMessage} request */
function isForFinishedPage({ method, url = '', headers }) {
  return (
    (method === 'GET' || method === 'HEAD') &&
    isPlain(url) &&
    !isMadeAtRequest(url) &&
    headers.rsc === undefined &&
    headers['next-action'] === undefined
  )
}

/**
 * Puts finished pages in front of a listener of requests, and answers in its place what needs the
 * database while that is down.
 * @param {import('node:http').RequestListener} next @param {Outage} [outage]
 * @returns {import('node:http').RequestListener}
 */
export function withFinishedPages(next, outage = neverDown) {
  let isKnown = false
  void outage.known.then(() => {
    isKnown = true
  })
  return (request, response) =>
    begun.run(expiries, () => {
      if (isKnown || !needsDatabase(request.url ?? ''))
        return answer(next, request, response, outage)
      void outage.known.then(() => answer(next, request, response, outage))
    })
}

/** @type {Outage} */
const neverDown = {
  isDown: () => false,
  wasUp: () => true,
  known: Promise.resolve(),
  onDown: () => () => {},
  copies: null,
}

/** @param {import('node:http').RequestListener} next @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response @param {Outage} outage */
function answer(next, request, response, outage) {
  const { method, headers, url = '' } = request
  const isDown = outage.isDown() && needsDatabase(url)
  if (method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS') {
    if (isDown) return refuse(request, response, 'unsaved')
    // Changes nothing but what pages may still show, where it has to.
    if (url === '/internal/refresh') return next(request, response)
    return change(next, request, response)
  }
  if (url.startsWith(pageFolder)) return sendScript(next, request, response)
  const isMade = method === 'GET' && isLean(url) && headers.rsc === undefined
  const isFinished = isForFinishedPage(request)
  if (isDown) return serveAway(next, request, response, outage, { isMade, isFinished })
  if (isMade) return serveLean(next, request, response, outage)
  if (!isFinished) {
    // Not of a page that Next may keep for others.
    if (isMadeAtRequest(url)) allowWritten(request)
    return next(request, response)
  }
  const found = pages.get(url)
  if (found && found.until > Date.now()) return send(request, response, found.finished)
  return serve(next, request, response, outage)
}

/**
 * Passes on a request that may change something. Whatever it changes is seen by whoever has its
 * answer, and asks then. A form posted without JavaScript that fails is told so on a page.
 * @param {import('node:http').RequestListener} next @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response
 */
async function change(next, request, response) {
  response.once('close', forget)
  allowWritten(request)
  const isForm =
    request.headers['next-action'] === undefined &&
    !request.url?.startsWith('/api/') &&
    !request.url?.startsWith('/internal/') &&
    request.headers.accept?.includes('text/html')
  if (!isForm) {
    const { writeHead } = response
    response.writeHead = (...head) => {
      forget()
      return writeHead.apply(response, head)
    }
    return next(request, response)
  }
  const { answer } = heldBack(response)
  next(request, response)
  const held = await answer
  forget()
  if (!held) return
  if (held.status >= 500) refuse(request, response, 'unsure')
  else held.send()
}

/**
 * Answers while the database is down: with the last good copy of a public page, else with one that
 * Next still has, else with the reason. Until the database was up once, Next has only what the build
 * was made over, which may be another record.
 * @param {import('node:http').RequestListener} next @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response
 * @param {Outage} outage @param {{ isMade: boolean, isFinished: boolean }} kind
 */
async function serveAway(next, request, response, outage, { isMade, isFinished }) {
  if ((isMade || isFinished) && (await sendCopy(request, response, outage))) return
  if (isFinished && outage.wasUp()) return serve(next, request, response, outage)
  refuse(request, response, 'away')
}

/**
 * Answers with a page made at the request. One that shows the record and nothing else is the same
 * for everyone who is not signed in, so it is made once for all who ask for it until something is
 * changed, and at most for a minute.
 * @param {import('node:http').RequestListener} next @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response @param {Outage} outage
 */
async function serveLean(next, request, response, outage) {
  const { url = '', headers } = request
  if (headers.cookie !== undefined || !isOfRecord(url)) {
    await makeLean(next, request, response, outage)
    return
  }
  // Some pages name their own address.
  const { host, 'x-forwarded-host': forwarded, 'x-forwarded-proto': scheme } = headers
  const encoding = encodingOf(String(headers['accept-encoding'] ?? ''))
  const key = JSON.stringify([encoding, host, forwarded, scheme, url])
  await making.get(key)
  const known = made.get(key)
  if (known && known.until > Date.now()) return sendMade(response, known)
  const began = generation
  const before = new Set(response.getHeaderNames())
  const under = makeLean(next, request, response, outage)
  making.set(
    key,
    under.then(
      () => {},
      () => {},
    ),
  )
  try {
    const body = await under
    if (!body || generation !== began) return
    const names = response.getHeaderNames().filter((name) => !before.has(name))
    const own = names.map((name) => /** @type {const} */ ([name, response.getHeader(name) ?? '']))
    keep(made, key, { body, headers: own, until: Date.now() + longestMs })
  } finally {
    if (generation === began) making.delete(key)
  }
}

/** @param {import('node:http').ServerResponse} response @param {{ body: Buffer, headers: [string, number | string | string[]][] }} page */
function sendMade(response, { body, headers }) {
  for (const [name, value] of headers) response.setHeader(name, value)
  markForAnybody(response)
  response.end(body)
}

/**
 * Where `Still` puts texts aside: they need not pass through React and Next, which would write them
 * twice, as HTML and as data for a browser.
 * @type {AsyncLocalStorage<string[]>}
 */
const setAside = new AsyncLocalStorage()
Object.assign(globalThis, { shumarAside: setAside })

/** Pages without charts never get that data: only the explorer is one, whatever it shows. @param {string} url */
const neverTakenUp = (url) => /^(?:\/ur)?\/data\/?\?/.test(url)

/** Nobody's text can hold such a place, where it would be written `&lt;`; no part has scripts. */
const place = /<!--still (\d+)-->/g

/**
 * Makes a page for a request and sends it; returns what was sent where it is whole and for anybody.
 * It carries what brings its charts to life as a text that `public/enliven.js` runs: it has no
 * address of its own, which another instance might not know.
 * @param {import('node:http').RequestListener} next @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response @param {Outage} outage
 * @returns {Promise<Buffer | undefined>}
 */
async function makeLean(next, request, response, outage) {
  const url = request.url ?? ''
  /** @type {string[]} */
  const parts = []
  const asked = () => askForPage(next, request, response, outage)
  const held = await (neverTakenUp(url) ? setAside.run(parts, asked) : asked())
  if (!held) return
  if (held.status >= 500) {
    if (await sendCopy(request, response, outage)) return
    if (outage.isDown()) return refuse(request, response, 'away')
  }
  if (!String(response.getHeader('content-type') ?? '').startsWith('text/html')) {
    held.send()
    return
  }
  const { html, code } = takeOutScripts(held.body.toString('utf8'))
  // Next also makes what it would show if there were no such page.
  const shown = [...html.matchAll(place)].map(([, at]) => parts[Number(at)] ?? '')
  const days = withPlainDays(withLoader(html, null, code), shown)
  const lean = withLaterScripts(withWrittenIn(days, undefined, shown))
  setPolicy(response, [...mayRun(lean), ...(hasCharts(html) ? [hashOf(code)] : [])])
  const whole = Buffer.from(lean.replace(place, (_, at) => plainDays(parts[Number(at)] ?? '')))
  // What somebody signed in sees is for them alone.
  const isForAll =
    held.status === 200 && request.headers.cookie === undefined && !response.hasHeader('set-cookie')
  if (isForAll) markForAnybody(response)
  if (isForAll) keepCopy(outage, url, whole, keptHeaders(response))
  const encoding = encodingOf(String(request.headers['accept-encoding'] ?? ''))
  for (const name of ['etag', 'transfer-encoding']) response.removeHeader(name)
  if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding)
  response.appendHeader('Vary', 'Accept-Encoding')
  const body = await quickly[encoding](whole)
  response.setHeader('Content-Length', body.length)
  response.end(body)
  return isForAll ? body : undefined
}

/** A copy on disk is rarely read. @param {Buffer} page */
const forCopy = (page) => gzipped(page, { level: 1 })

/** Copies that may be kept at once, and how soon there is room for another. */
const room = { most: 40, every: 500 }
let spare = room.most
let counted = 0

/**
 * Keeps a copy of a page made at the request, of so many in a time: when many ask for what nobody
 * else does, copies would cost them as much as their answers, and push out those of other pages.
 * @param {Outage} outage @param {string} url @param {Buffer} whole @param {Finished['headers']} headers
 */
function keepCopy({ copies }, url, whole, headers) {
  const now = performance.now()
  spare = Math.min(room.most, spare + (now - counted) / room.every)
  counted = now
  if (!copies || spare < 1) return
  spare -= 1
  const tag = createHash('sha256').update(whole).digest('base64url')
  void copies.keep(url, tag, () => forCopy(whole), headers)
}

const quickly = {
  identity: async (/** @type {Buffer} */ body) => body,
  gzip: (/** @type {Buffer} */ body) => gzipped(body),
  br: (/** @type {Buffer} */ body) =>
    brotlied(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
}

/** @param {string} accepted */
const encodingOf = (accepted) =>
  /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : 'identity'

/** @param {import('node:http').RequestListener} next @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response @param {Outage} outage */
async function serve(next, request, response, outage) {
  const url = request.url ?? ''
  const other = await underWay.get(url)
  if (other) return send(request, response, other)
  const began = generation
  /** @type {(finished: Finished | null) => void} */
  let tell = () => {}
  underWay.set(url, new Promise((resolve) => (tell = resolve)))
  try {
    const held = await askForPage(next, request, response, outage)
    if (!held) return
    const { status, body, send: sendAsItIs } = held
    if (status >= 500) {
      if (await sendCopy(request, response, outage)) return
      if (outage.isDown()) return refuse(request, response, 'away')
    }
    const type = String(response.getHeader('content-type') ?? '')
    if (
      status !== 200 ||
      !type.startsWith('text/html') ||
      response.getHeader('x-nextjs-prerender') === undefined
    ) {
      // Next writes it twice, and some clients take both for one address.
      const location = response.getHeader('location')
      if (Array.isArray(location)) response.setHeader('Location', location[0] ?? '')
      setPolicy(response, mayRun(body.toString('utf8')))
      return sendAsItIs()
    }
    const headers = keptHeaders(response)
    const finished = finish(url, body, headers)
    if (generation === began) {
      keep(pages, url, { finished, until: Date.now() + longestMs })
      tell(finished)
    }
    await send(request, response, finished)
    void outage.copies?.keep(url, finished.tag, () => forCopy(finished.identity), finished.headers)
  } finally {
    tell(null)
    if (generation === began) underWay.delete(url)
  }
}

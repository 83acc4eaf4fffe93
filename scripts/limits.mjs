import { counted } from './observed.mjs'
import { refuse } from './outage.mjs'

/**
 * What a client may take of the server: how long a head, a body and silence may last, how large a
 * body may be, and how many requests are worked on at once.
 */

/** For `http.createServer`, in milliseconds. A file of 20 MB on a slow line takes minutes. */
export const serverTimeouts = {
  headersTimeout: 15_000,
  requestTimeout: 900_000,
  // Longer than proxies keep theirs, so that none is used as it is closed.
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
}

const megabyte = 1_000_000
/** Forms without a file; Next takes actions of 1 MiB at most. */
const largestForm = 2 * megabyte
/** Routes of files have limits of their own, and read ten times as much to be able to say so. */
const largestFile = 4_100 * megabyte
const takesFiles = /^\/(?:api\/imports|(?:[a-z]{2}\/)?sources\/[^/]+\/copies)(?:[/?]|$)/
/** A body whose next byte takes longer has no end. */
const silenceMs = 30_000
/** More than this are refused: they would only wait, and leave before they are answered. */
const mostAtOnce = 100
/** Batches of programs wait in a line of their own (features/batches), for little: they have a room apart. */
const mostBatches = 250
const isBatch = ({ method, url = '' }) =>
  method === 'POST' && /^\/api\/v1\/observations(?:\?|$)/.test(url)
/** Answered whatever else is to be done. */
const always = /^\/(?:healthz|readyz|metrics|internal\/.*|_next\/static\/.*)(?:\?|$)/
const methods = ['GET', 'HEAD', 'POST', 'OPTIONS']
const apiMethods = [...methods, 'PUT', 'PATCH', 'DELETE']

/** @param {import('node:http').ServerResponse} response @param {number} status @param {string} text */
function turnAway(response, status, text) {
  response.statusCode = status
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  response.setHeader('Cache-Control', 'no-store')
  // What the client still sends is not read.
  response.setHeader('Connection', 'close')
  response.end(`${text}\n`)
}

/**
 * Ends a request whose body is larger than it may be, whatever its head said, or stops arriving.
 * @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response @param {number} most
 * @param {number} silence
 */
function watchBody(request, response, most, silence) {
  const { socket } = request
  const from = socket.bytesRead
  let last = from
  let heard = Date.now()
  const timer = setInterval(
    () => {
      if (request.complete || socket.destroyed) return clearInterval(timer)
      const read = socket.bytesRead
      // Unread on purpose: whoever takes it is busy with what came before.
      if (read !== last || request.readableLength > 0) heard = Date.now()
      last = read
      const reason = read - from > most ? 'large' : Date.now() - heard > silence ? 'silent' : null
      if (!reason) return
      clearInterval(timer)
      counted.refused(reason)
      if (response.headersSent) return socket.destroy()
      if (reason === 'large') turnAway(response, 413, 'The request is too large.')
      else turnAway(response, 408, 'The request did not arrive in time.')
      setTimeout(() => socket.destroy(), 1_000).unref()
    },
    Math.min(1_000, silence / 4),
  )
  timer.unref()
  response.once('close', () => clearInterval(timer))
}

/**
 * @param {import('node:http').RequestListener} next
 * @param {{ form?: number, silence?: number }} [most]
 * @returns {import('node:http').RequestListener}
 */
export function withBodyLimits(next, { form = largestForm, silence = silenceMs } = {}) {
  return (request, response) => {
    const { url = '/', headers, method = '' } = request
    const allowed = url.startsWith('/api/') ? apiMethods : methods
    if (!allowed.includes(method)) {
      counted.refused('method')
      response.setHeader('Allow', allowed.join(', '))
      return turnAway(response, 405, 'This method is not allowed here.')
    }
    const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding']
    if (!hasBody) return next(request, response)
    const most = takesFiles.test(url) ? largestFile : form
    if (Number(headers['content-length'] ?? 0) > most) {
      counted.refused('large')
      return turnAway(response, 413, 'The request is too large.')
    }
    watchBody(request, response, most, silence)
    return next(request, response)
  }
}

/**
 * Passes on so many requests at once and refuses more, so that each of those is answered in time. A
 * request counts until its answer begins: a long download is no work.
 * @param {import('node:http').RequestListener} next @param {number} [most] @param {number} [batches]
 * @returns {import('node:http').RequestListener}
 */
export function withRoom(next, most = mostAtOnce, batches = mostBatches) {
  const rooms = { batches: { working: 0, most: batches }, others: { working: 0, most } }
  return (request, response) => {
    if (always.test(request.url ?? '')) return next(request, response)
    const room = isBatch(request) ? rooms.batches : rooms.others
    if (room.working >= room.most) {
      counted.refused('busy')
      return refuse(request, response, 'busy', 2)
    }
    room.working += 1
    let isWorking = true
    const done = () => {
      if (isWorking) room.working -= 1
      isWorking = false
    }
    response.once('close', done)
    const { writeHead } = response
    response.writeHead = (...head) => {
      done()
      return writeHead.apply(response, head)
    }
    return next(request, response)
  }
}

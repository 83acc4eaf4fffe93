// Loaded into the process of Next's server before Next.
import { subscribe } from 'node:diagnostics_channel'
import http, { Server } from 'node:http'
import { Server as Listener } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { watchDatabase } from './database-watch.mjs'
import { withFinishedPages } from './finished-pages.mjs'
import { withJoinedHeads } from './joined-heads.mjs'
import { keepPages } from './kept-pages.mjs'
import { serverTimeouts, withBodyLimits, withRoom } from './limits.mjs'
import { makeLog, observed } from './observed.mjs'
import { withPackedFiles } from './packed-files.mjs'
import { closingGently, draining, withDraining, withOwnWrites } from './parent.mjs'
import { withSecurityHeaders } from './security-headers.mjs'
import { isMadeAtRequest, wholePageAgent } from './whole-pages.mjs'

// A server whose parent was killed must not keep the port. The one for development has a parent of
// Next's own, which lets go of it.
if (process.env.NODE_ENV === 'production') {
  process.on('disconnect', () => process.exit(1))
}

// What requests leave behind is looked for once the heap has grown by half; on a machine with much
// memory it would be once it has grown fourfold.
setFlagsFromString('--heap-growing-percent=50')

/** Requests may be on their way on connections that look idle: they get this long to arrive. */
const patience = 1_000
const answering = new Set()
let closing = false

subscribe('http.server.request.start', ({ request, response }) => {
  // `peerHeader` in lib/forwarded.ts: nobody else may say so.
  request.headers['x-shumar-peer'] = request.socket.remoteAddress ?? ''
  if (isMadeAtRequest(request.url)) {
    request.headers['user-agent'] = `${request.headers['user-agent'] ?? ''} ${wholePageAgent}`
  }
  if (closing || draining()) response.shouldKeepAlive = false
  answering.add(response)
  response.once('close', () => answering.delete(response))
})

/**
 * Next stops its server with `close`, which resets connections whose next request Node.js has not
 * read yet. This one takes no new connections, tells clients with each answer not to come back on
 * the old ones, and closes those only when they have been given time.
 */
Server.prototype.close = function close(done) {
  closing = true
  for (const response of answering) response.shouldKeepAlive = false
  Listener.prototype.close.call(this, done)
  setTimeout(() => setInterval(() => this.closeIdleConnections(), 100).unref(), patience).unref()
  return this
}

/** Says at once that we are not ready, where it is known. */
function withReadiness(next, isDown) {
  return (request, response) => {
    if (!isDown() || !/^\/readyz(?:\?|$)/.test(request.url)) return next(request, response)
    response.writeHead(503, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
      'Retry-After': '5',
    })
    response.end('The database does not answer.\n')
  }
}

/** The listener of the product: Next, and what stands in front of it. */
function inFront(next) {
  const { DATABASE_URL, SHUMAR_LOG, SHUMAR_METRICS_TOKEN, SHUMAR_PAGES, SHUMAR_URL } = process.env
  const log = makeLog(SHUMAR_LOG)
  const watch = DATABASE_URL ? watchDatabase(DATABASE_URL) : null
  watch?.onChange(({ isUp }) =>
    isUp ? log.warn('The database answers again.') : log.error('The database does not answer.'),
  )
  let complained = 0
  const copies = SHUMAR_PAGES
    ? keepPages(SHUMAR_PAGES, (error) => {
        if (Date.now() - complained < 60_000) return
        complained = Date.now()
        log.warn({ reason: error?.code ?? String(error) }, 'A copy of a page cannot be kept.')
      })
    : null
  const outage = {
    isDown: () => watch?.state().isUp === false,
    wasUp: () => watch?.state().wasUp !== false,
    known: watch?.known ?? Promise.resolve(),
    onDown: (tell) => watch?.onDown(tell) ?? (() => {}),
    copies,
  }
  const files = withPackedFiles(withJoinedHeads(next))
  const finished = withFinishedPages(withRoom(withReadiness(files, outage.isDown)), outage)
  const whole = withBodyLimits(withDraining(withOwnWrites(finished)))
  const told = observed(whole, { log, token: SHUMAR_METRICS_TOKEN, watch })
  return withSecurityHeaders(told, SHUMAR_URL)
}

/**
 * Makes a server listen at one address of the machine. Told of it, Next takes 127.0.0.1 for another
 * site than localhost, and sends what `proxy.ts` rewrites there over the network, to itself.
 */
function listeningAt(host, server) {
  if (!host) return server
  const { listen } = server
  server.listen = (port, _, ...rest) => listen.call(server, port, host, ...rest)
  return server
}

if (process.env.NODE_ENV === 'production') {
  const { createServer } = http
  http.createServer = (...given) => {
    const listener = given.find((one) => typeof one === 'function')
    const server = createServer(serverTimeouts, inFront(listener))
    return listeningAt(process.env.SHUMAR_LISTEN, closingGently(server))
  }
}

// Loaded into the process of Next's server before Next.
import { subscribe } from 'node:diagnostics_channel'
import http, { Server } from 'node:http'
import { Server as Listener } from 'node:net'
import { withFinishedPages } from './finished-pages.mjs'
import { draining, withDraining, withOwnWrites } from './parent.mjs'
import { isMadeAtRequest, wholePageAgent } from './whole-pages.mjs'

// A server whose parent was killed must not keep the port. The one for development has a parent of
// Next's own, which lets go of it.
if (process.env.NODE_ENV === 'production') {
  process.on('disconnect', () => process.exit(1))
}

/** Requests may be on their way on connections that look idle: they get this long to arrive. */
const patience = 1_000
const answering = new Set()
let closing = false

subscribe('http.server.request.start', ({ request, response }) => {
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

if (process.env.NODE_ENV === 'production') {
  const { createServer } = http
  http.createServer = (...given) => {
    const listener = given.findLastIndex((one) => typeof one === 'function')
    const finished = withFinishedPages(given[listener])
    return createServer(...given.with(listener, withDraining(withOwnWrites(finished))))
  }
}

import { AsyncLocalStorage } from 'node:async_hooks'
import { isSignedIn } from './security-headers.mjs'
import { isLean, isMadeAtRequest } from './whole-pages.mjs'

/**
 * What the web server and the process that started it tell each other: the one that this one is about
 * to stop, the other that somebody signed in wants to read, which must not be from before what they
 * have just written, maybe through another instance.
 */

/** Longest that a reader waits for the newest pages; then they get those there are. */
const patience = 1_000

let isDraining = false
let question = 0
/** @type {Map<number, () => void>} */
const waiting = new Map()

if (process.env.NODE_ENV === 'production') {
  process.on('message', (message) => {
    if (message === 'drain') isDraining = true
    const answered = /** @type {{ caughtUp?: number }} */ (message).caughtUp
    if (answered !== undefined) waiting.get(answered)?.()
  })
  // Listening must not keep the process alive.
  process.channel?.unref()
}

/** Whether no new clients should come: from here to the end, every answer ends its connection. */
export const draining = () => isDraining

/** How long those who have just connected, and whom nobody has heard yet, are still listened to. */
const lastCalls = 500

/**
 * Closes a server no sooner than whoever has connected already was heard. Closed at once, it would cut
 * off those whose request is on its way or not read yet; meanwhile every answer ends its connection.
 * @template {import('node:http').Server} Server
 * @param {Server} server
 * @returns {Server}
 */
export function closingGently(server) {
  const { close } = server
  server.close = (done) => {
    isDraining = true
    setTimeout(() => close.call(server, done), lastCalls)
    return server
  }
  return server
}

function caughtUp() {
  return /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      if (!process.connected) return resolve()
      const no = ++question
      const done = () => {
        clearTimeout(timer)
        waiting.delete(no)
        resolve()
      }
      const timer = setTimeout(done, patience)
      waiting.set(no, done)
      process.send?.({ catchUp: no })
    })
  )
}

/**
 * Read by lib/db/replica.ts: true for those who must read the primary, as they wrote or are writing.
 * @type {AsyncLocalStorage<boolean>}
 */
const ownWrites = new AsyncLocalStorage()
Object.assign(globalThis, { shumarOwnWrites: ownWrites })

/** @param {string} url */
const isPublicPage = (url) => isLean(url) || !isMadeAtRequest(url)

/**
 * Lets nobody who is signed in read what was there before they wrote: a public page is up to date
 * first, and a replica is not asked.
 * @param {import('node:http').RequestListener} next
 * @returns {import('node:http').RequestListener}
 */
export function withOwnWrites(next) {
  return (request, response) => {
    const { method, url = '' } = request
    const isReading = method === 'GET' || method === 'HEAD'
    if (isReading && !isSignedIn(request)) return next(request, response)
    const answer = () => ownWrites.run(true, () => next(request, response))
    if (isReading && isPublicPage(url)) caughtUp().then(answer)
    else answer()
  }
}

/**
 * Says that we are not ready while we are about to stop, so that a load balancer sends nobody.
 * @param {import('node:http').RequestListener} next
 * @returns {import('node:http').RequestListener}
 */
export function withDraining(next) {
  return (request, response) => {
    if (!isDraining || !/^\/readyz(?:\?|$)/.test(request.url ?? '')) return next(request, response)
    response.writeHead(503, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' })
    response.end('The server is stopping.\n')
  }
}

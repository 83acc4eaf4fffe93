import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Milliseconds of rest that work may owe at most. */
const mostOwed = 50

const shared = globalThis as { shumarOthers?: { count: number; free: Set<() => void> } }

/** Requests that are being answered, without files, which take long and can wait. */
function others() {
  if (shared.shumarOthers) return shared.shumarOthers
  const state = { count: 0, free: new Set<() => void>() }
  shared.shumarOthers = state
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    if (request.url?.startsWith('/download/')) return
    state.count += 1
    response.once('close', () => {
      state.count -= 1
      if (state.count === 0) for (const go of state.free) go()
    })
  })
  return state
}

/**
 * Between two pieces of long work, rests while other requests are being answered: never longer than
 * the work since the last rest took, so that it takes at most twice its time where somebody always asks.
 */
export function givingWay(): () => Promise<void> {
  const state = others()
  let since = performance.now()
  let owed = 0
  return async () => {
    const now = performance.now()
    owed = Math.min(mostOwed, owed + now - since)
    since = now
    if (state.count === 0 || owed < 1) return
    await new Promise<void>((resolve) => {
      const go = () => {
        clearTimeout(timer)
        state.free.delete(go)
        resolve()
      }
      const timer = setTimeout(go, owed)
      state.free.add(go)
    })
    since = performance.now()
    owed -= since - now
  }
}

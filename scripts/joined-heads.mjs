/**
 * Next sends the head of an answer before it has its body, in a packet of its own: of a small
 * answer of the API that was a sixth of the work. Here a head waits for what comes in the same turn,
 * and goes alone where nothing does.
 *
 * @param {import('node:http').RequestListener} next
 * @returns {import('node:http').RequestListener}
 */
export function withJoinedHeads(next) {
  return (request, response) => {
    const { flushHeaders, write } = response
    let isSent = false
    response.write = (...chunk) => {
      isSent = true
      return write.apply(response, /** @type {Parameters<typeof write>} */ (chunk))
    }
    response.flushHeaders = () => {
      setImmediate(() => {
        if (!isSent && !response.writableEnded && !response.destroyed) flushHeaders.call(response)
      })
    }
    return next(request, response)
  }
}

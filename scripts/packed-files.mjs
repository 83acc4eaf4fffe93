/**
 * Files under `/download/` are packed as they are made (lib/byte-stream.ts), but Next takes
 * `Content-Encoding` off the answers of route handlers, and would pack them once more. So what a
 * reader accepts, and how a file is packed, pass Next under names of their own.
 *
 * @param {import('node:http').RequestListener} next
 * @returns {import('node:http').RequestListener}
 */
export function withPackedFiles(next) {
  return (request, response) => {
    const { headers, url = '' } = request
    // `acceptedHeader` in lib/byte-stream.ts: nobody else may say so.
    delete headers['x-shumar-accept-encoding']
    if (!packed.test(url)) return next(request, response)
    if (headers['accept-encoding'] !== undefined) {
      headers['x-shumar-accept-encoding'] = headers['accept-encoding']
      delete headers['accept-encoding']
    }
    for (const method of /** @type {const} */ (['setHeader', 'appendHeader'])) {
      const own = response[method]
      response[method] = (name, value) =>
        own.call(response, name.toLowerCase() === encodingHeader ? 'Content-Encoding' : name, value)
    }
    return next(request, response)
  }
}

const packed = /^\/download\/(?:figures|everything)\./

/** `encodingHeader` in lib/byte-stream.ts. */
const encodingHeader = 'x-shumar-encoding'

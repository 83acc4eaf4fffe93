/**
 * Public pages that Next prerenders. Any other page is made at the request, and sent whole: with its
 * status, and without parts that a script would have to move into place. Next does so for clients
 * that it takes for simple bots, by their `User-Agent`; `next.config.js` names this word as one.
 */
export const wholePageAgent = 'shumar-whole-page'

const prerendered = /^(?:\/ur)?(?:\/(?:indicators|programmes|areas)(?:\/[^/?]+)?)?\/?$/

/** Whether the page at an address (path and query) is made at the request. */
export function isMadeAtRequest(url) {
  const [path, query = ''] = url.split('?')
  return !prerendered.test(path) || /(?:^|&)asOf=/.test(query)
}

import { codeFolders, embedFolder, fixedPages } from '../lib/public-pages.mjs'

/**
 * Public pages that Next prerenders. Any other page is made at the request, and sent whole: with its
 * status, and without parts that a script would have to move into place. Next does so for clients
 * that it takes for simple bots, by their `User-Agent`; `next.config.js` names this word as one.
 */
export const wholePageAgent = 'shumar-whole-page'

const own = fixedPages.filter(({ prerendered }) => prerendered).map(({ path }) => path)
const requestedPages = fixedPages.filter((page) => !page.prerendered).map(({ path }) => path)
const folders = codeFolders.join('|')
const prerendered = new RegExp(
  `^(?:/ur)?(?:${own.filter((path) => path !== '/').join('|')}|(?:${folders})/[^/?]+|${embedFolder}/(?!as-of/|compare/)[^?]+)?/?$`,
)

// The words of lib/reader-settings.ts: a page with them is prerendered as one without is.
const setting =
  '(?:digits=(?:western|urdu)|scale=(?:million|lakh)|currency=(?:published|USD|PKR)|calendar=(?:fiscal|calendar))'
const onlySettings = new RegExp(`^${setting}(?:&${setting}){0,3}$`)

/** Whether an address asks for nothing, or only for another way of writing numbers and years. */
export function isPlain(url) {
  const [, query = ''] = url.split('?', 2)
  return query === '' || onlySettings.test(query)
}

/** Whether the page at an address (path and query) is made at the request. */
export function isMadeAtRequest(url) {
  const [path, query = ''] = url.split('?')
  if (!prerendered.test(path) || /(?:^|&)asOf=/.test(query)) return true
  if (/\/data\/?$/.test(path)) return hasOtherWords(query)
  return /\/indicators\/?$/.test(path) && /(?:^|&)q=/.test(query)
}

// Public pages that are not prerendered, beside past states and choices of those that are.
const requested = new RegExp(
  `^(?:/ur)?(?:${requestedPages.join('|')}|/(?:figures|sources|links|releases|academies)/[^/?]+|(?:${folders})/[^/?]+/vintages)/?$`,
)

/** Whether a page is public and made at the request: nobody needs its scripts before touching a chart. */
export function isLean(url) {
  const [path] = url.split('?')
  return isMadeAtRequest(url) && (prerendered.test(path) || requested.test(path))
}

/**
 * Whether a page made at the request shows the record and nothing else, so that it stays true until
 * something public is changed: choices and past states of the pages that are prerendered, and
 * comparisons.
 */
export function isOfRecord(url) {
  const [path] = url.split('?')
  return isMadeAtRequest(url) && (prerendered.test(path) || comparison.test(path))
}

const comparison = /^(?:\/ur)?\/compare\/?$/

/** Whether a query has words beside those of a reader's settings (lib/reader-settings.ts). */
function hasOtherWords(query) {
  const words = [...new URLSearchParams(query).keys()]
  return words.some((word) => !['digits', 'scale', 'currency', 'calendar'].includes(word))
}

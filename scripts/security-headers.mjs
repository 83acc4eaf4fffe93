import { createHash, randomBytes } from 'node:crypto'

/**
 * What a browser is told to refuse on our behalf. Public pages run the product's own files and the
 * very texts that were written into them; pages of the desk, rendered for one person at the request,
 * those texts of Next that bear the nonce of that request. Injected markup has neither.
 */

/** Two years. Browsers heed it only over https. */
const transport = 'max-age=63072000; includeSubDomains'

const unused =
  'accelerometer camera display-capture geolocation gyroscope magnetometer microphone midi payment usb'

const openerHeader = 'Cross-Origin-Opener-Policy'
const onEveryAnswer = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  [openerHeader]: 'same-origin',
  'Permissions-Policy': unused
    .split(' ')
    .map((feature) => `${feature}=()`)
    .join(', '),
}

/**
 * What is no page has nothing to run or to load. Browsers show a text on a page that they make
 * themselves, with a style in it.
 */
const filePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const policyHeader = 'content-security-policy'
const onlyFraming = /^frame-ancestors [^;]+$/

/** The source of a script written into a page, as its parser reads it. @param {string} text */
export const hashOf = (text) =>
  `'sha256-${createHash('sha256').update(text.replace(/\r\n?/g, '\n')).digest('base64')}'`

/**
 * @param {string} framing which pages may show this one in a frame
 * @param {string[]} scripts sources of scripts beside the product's own files
 */
export const pagePolicy = (framing, scripts = []) =>
  [
    "default-src 'self'",
    `script-src ${["'self'", ...new Set(scripts)].join(' ')}`,
    // Charts are placed with style attributes, which no hash can name.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    framing,
  ].join('; ')

const push =
  /^(?:self\.__next_f|\(self\.__next_f=self\.__next_f\|\|\[\]\)|\(globalThis\["TURBOPACK"\] \|\| \(globalThis\["TURBOPACK"\] = \[\]\)\))\.push\(([\s\S]*)\);?$/

/**
 * Whether a text is what Next writes into a page: data handed over, and nothing that does anything
 * else. A hash of whatever stands in a page would bless what somebody has smuggled into it.
 * @param {string} text
 */
export function isOfNext(text) {
  const [, data] = push.exec(text) ?? []
  if (data === undefined) return false
  try {
    JSON.parse(data)
    return true
  } catch {
    return false
  }
}

const writtenScript = /<script(?![^>]*\b(?:src|type)=)[^>]*>([\s\S]*?)<\/script>/g

/**
 * The hashes of what a page may run of what is written in it.
 * @param {string} html @param {readonly string[]} [known] texts of the product
 */
export const writtenIn = (html, known = []) =>
  [...html.matchAll(writtenScript)]
    .map(([, text = '']) => text)
    .filter((text) => known.includes(text) || isOfNext(text))
    .map(hashOf)

/**
 * The headers of a page with its policy, in the place of the word on frames that it came with.
 * @param {Record<string, string | string[]>} headers @param {string[]} scripts
 */
export function withPolicy(headers, scripts) {
  const [framing = ''] = [headers[policyHeader] ?? ''].flat()
  if (!onlyFraming.test(framing)) return headers
  return { ...headers, [policyHeader]: pagePolicy(framing, scripts) }
}

/** @param {import('node:http').ServerResponse} response @param {string[]} scripts */
export function setPolicy(response, scripts) {
  const framing = [response.getHeader(policyHeader)].flat().map(String)[0] ?? ''
  if (onlyFraming.test(framing)) response.setHeader(policyHeader, pagePolicy(framing, scripts))
}

/** @type {WeakMap<import('node:http').IncomingMessage, string>} */
const nonces = new WeakMap()

/** Lets Next mark what it writes into the page for this request. @param {import('node:http').IncomingMessage} request */
export function allowWritten(request) {
  const nonce = randomBytes(16).toString('base64')
  nonces.set(request, nonce)
  request.headers[policyHeader] = `script-src 'nonce-${nonce}'`
}

const session = /(?:^|;\s*)(?:__Secure-)?shumar\.session_token=/

/** Whether somebody who is signed in asks. @param {import('node:http').IncomingMessage} request */
export const isSignedIn = ({ headers }) => session.test(headers.cookie ?? '')

/** @type {WeakSet<import('node:http').ServerResponse>} */
const forAnybody = new WeakSet()

/**
 * Marks an answer as a page of the record, the same for anybody. To whoever is not signed in it
 * comes without a policy for its opener: there is nothing to learn from its window, and a browser
 * that comes from elsewhere would throw away the process it has at hand and start another one, a
 * fifth of a second before the first paint on a slow phone.
 * @param {import('node:http').ServerResponse} response
 */
export function markForAnybody(response) {
  forAnybody.add(response)
}

/**
 * @param {import('node:http').RequestListener} next
 * @param {string} [address] under which people open the product
 * @returns {import('node:http').RequestListener}
 */
export function withSecurityHeaders(next, address = '') {
  const always = Object.entries({
    ...onEveryAnswer,
    ...(address.startsWith('https:') && { 'Strict-Transport-Security': transport }),
  })
  return (request, response) => {
    // Next would take a nonce from it, also one that somebody else has chosen.
    delete request.headers[policyHeader]
    delete request.headers[`${policyHeader}-report-only`]
    const { writeHead } = response
    response.writeHead = (status, ...rest) => {
      const given = rest.find((one) => typeof one === 'object')
      for (const [name, value] of Object.entries(given ?? {})) response.setHeader(name, value)
      const isOpen = forAnybody.has(response) && !isSignedIn(request)
      for (const [name, value] of always) {
        if (isOpen && name === openerHeader) continue
        if (!response.hasHeader(name)) response.setHeader(name, value)
      }
      if (String(response.getHeader('content-type') ?? '').startsWith('text/html')) {
        const nonce = nonces.get(request)
        setPolicy(response, nonce === undefined ? [] : [`'nonce-${nonce}'`])
      }
      // What says that nothing has changed would change the policy of what is there.
      if (status !== 304 && !response.hasHeader(policyHeader))
        response.setHeader(policyHeader, filePolicy)
      const reason = rest.find((one) => typeof one === 'string')
      return reason === undefined
        ? writeHead.call(response, status)
        : writeHead.call(response, status, reason)
    }
    return next(request, response)
  }
}

import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import pino from 'pino'
import prometheus from 'prom-client'

/**
 * What operators see of requests: a number for each, a line for those that matter, and counts of
 * all. No address of a person, no query (it may hold a one-time link), no cookie, no body is in any
 * of it, and a page is named by its pattern where its address would name a person.
 */

const manifest = new URL('../.next/app-path-routes-manifest.json', import.meta.url)
const languagePrefix = /^\/[a-z]{2}(?=\/|$)/
/** Longer than this is told, whatever level is asked for. */
const slowMs = 5_000

/** @typedef {'debug' | 'info' | 'warn' | 'error' | 'silent'} Level */

/** @param {string} [level] */
export const makeLog = (level = 'warn') =>
  pino({
    level: pino.levels.values[level] || level === 'silent' ? level : 'warn',
    base: { name: 'shumar', pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  })

/** Patterns of the routes as the build lists them, those without parameters first. */
function readPatterns() {
  /** @type {Record<string, string>} */
  let routes = {}
  try {
    routes = JSON.parse(readFileSync(manifest, 'utf8'))
  } catch {
    // The server for development has no build.
  }
  const names = [...new Set(Object.values(routes))].map(
    (route) => route.replace(/^\/\[locale\](?=\/|$)/, '') || '/',
  )
  return names
    .sort((a, b) => (a.match(/\[/g)?.length ?? 0) - (b.match(/\[/g)?.length ?? 0))
    .map((name) => ({
      name,
      matches: new RegExp(
        `^${name.replace(/\[\.\.\.[^\]]+\]/g, '.+').replace(/\[[^\]]+\]/g, '[^/]+')}/?$`,
      ),
    }))
}

const patterns = readPatterns()

/** The pattern of an address, such as `/figures/[id]`: one of a few dozen names. @param {string} url */
export function routeOf(url) {
  const path = (url.split('?', 1)[0] ?? '').replace(languagePrefix, '') || '/'
  if (path.startsWith('/_next/') || path.startsWith('/fonts/')) return 'files'
  return patterns.find(({ matches }) => matches.test(path))?.name ?? 'other'
}

const registry = new prometheus.Registry()
prometheus.collectDefaultMetrics({ register: registry })
const made = { registers: [registry] }
const duration = new prometheus.Histogram({
  ...made,
  name: 'shumar_http_request_duration_seconds',
  help: 'Time from the head of a request to the end of its answer.',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10, 30],
})
const underWay = new prometheus.Gauge({
  ...made,
  name: 'shumar_http_requests_under_way',
  help: 'Requests that are being answered.',
})
const refused = new prometheus.Counter({
  ...made,
  name: 'shumar_http_requests_refused_total',
  help: 'Requests refused before any work was done for them.',
  labelNames: ['reason'],
})
const cut = new prometheus.Counter({
  ...made,
  name: 'shumar_http_requests_cut_total',
  help: 'Answers whose client left before their end.',
})
const copies = new prometheus.Counter({
  ...made,
  name: 'shumar_page_copies_total',
  help: 'Pages answered with their last good copy.',
})
const up = new prometheus.Gauge({
  ...made,
  name: 'shumar_database_up',
  help: 'Whether the database answers (1) or not (0).',
})
const answer = new prometheus.Gauge({
  ...made,
  name: 'shumar_database_answer_seconds',
  help: 'How long the database took for its last answer to nothing.',
})
const connections = new prometheus.Gauge({
  ...made,
  name: 'shumar_database_connections',
  help: 'Connections of the product to its database, by their state.',
  labelNames: ['application', 'state'],
})
const bytes = new prometheus.Gauge({
  ...made,
  name: 'shumar_database_bytes',
  help: 'Size of the database.',
})
const commits = new prometheus.Gauge({
  ...made,
  name: 'shumar_commits',
  help: 'Number of the newest commit of the record.',
})

export const counted = {
  /** @param {string} reason */
  refused: (reason) => refused.inc({ reason }),
  copy: () => copies.inc(),
}

const stateOfDatabase = `
  select application_name as application, coalesce(state, 'none') as state, count(*)::int as count,
         pg_database_size(current_database())::text as bytes,
         (select max(no) from commits) as newest
  from pg_stat_activity
  where datname = current_database() and application_name like 'shumar%'
  group by 1, 2`

/** @param {import('./database-watch.mjs').DatabaseWatch} watch */
async function askDatabase(watch) {
  const { isUp, milliseconds } = watch.state()
  up.set(isUp ? 1 : 0)
  answer.set(milliseconds === null ? Number.NaN : milliseconds / 1000)
  const rows = await watch.ask(stateOfDatabase)
  connections.reset()
  for (const { application, state, count, bytes: size, newest } of rows ?? []) {
    connections.set({ application, state }, count)
    bytes.set(Number(size))
    commits.set(newest ?? 0)
  }
}

const digest = (/** @type {string} */ text) => createHash('sha256').update(text).digest()

/**
 * Whether a request may read the counts: with the token where one is set, else from this machine and
 * by no proxy.
 * @param {import('node:http').IncomingMessage} request @param {string | undefined} token
 */
export function mayReadCounts({ headers, socket }, token) {
  if (token) {
    const given = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
    return timingSafeEqual(digest(given), digest(token))
  }
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  const isHere = address === '::1' || (isIP(address) === 4 && address.startsWith('127.'))
  const isPassedOn = ['forwarded', 'x-forwarded-for', 'x-forwarded-proto', 'x-real-ip', 'via'].some(
    (name) => headers[name] !== undefined,
  )
  const host = (headers.host ?? '').replace(/:\d+$/, '')
  return isHere && !isPassedOn && ['localhost', '127.0.0.1', '[::1]'].includes(host)
}

/**
 * @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response
 * @param {{ token?: string, watch: import('./database-watch.mjs').DatabaseWatch | null }} options
 */
async function sendCounts(request, response, { token, watch }) {
  if (!mayReadCounts(request, token)) {
    response.statusCode = token ? 401 : 404
    if (token) response.setHeader('WWW-Authenticate', 'Bearer')
    response.setHeader('Cache-Control', 'no-store')
    return response.end()
  }
  if (watch) await askDatabase(watch)
  response.setHeader('Content-Type', registry.contentType)
  response.setHeader('Cache-Control', 'no-store')
  response.end(await registry.metrics())
}

/** Addresses that name a person, or carry what only one person may know. */
const personal = /^(?:\/[a-z]{2})?\/(?:people|account|join|reset|set-up)(?:\/|$)/

/** @param {string} url */
function placeOf(url) {
  const path = (url.split('?', 1)[0] ?? '').slice(0, 200)
  return personal.test(path) ? routeOf(url) : path
}

const given = /^[\w.:-]{8,64}$/

/**
 * Numbers, counts and logs the requests of a listener, and answers `/metrics`.
 * @param {import('node:http').RequestListener} next
 * @param {{ log: import('pino').Logger, token?: string, watch: import('./database-watch.mjs').DatabaseWatch | null }} options
 * @returns {import('node:http').RequestListener}
 */
export function observed(next, options) {
  const { log } = options
  return (request, response) => {
    const began = performance.now()
    const { method = '', url = '/' } = request
    const said = String(request.headers['x-request-id'] ?? '')
    const requestId = given.test(said) ? said : randomUUID()
    request.headers['x-request-id'] = requestId
    response.setHeader('X-Request-Id', requestId)
    // Next alone listens to its end ten times.
    response.setMaxListeners(30)
    underWay.inc()
    response.once('close', () => {
      underWay.dec()
      const ms = Math.round(performance.now() - began)
      const isWhole = response.writableFinished
      const { statusCode: status } = response
      const route = routeOf(url)
      duration.observe({ method, route, status }, ms / 1000)
      if (!isWhole) cut.inc()
      const size = Number(response.getHeader('content-length') ?? Number.NaN)
      const level = status >= 500 ? 'error' : ms > slowMs ? 'warn' : 'info'
      log[level](
        {
          requestId,
          method,
          route,
          path: placeOf(url),
          status,
          ms,
          ...(Number.isFinite(size) && { bytes: size }),
          ...(!isWhole && { cut: true }),
        },
        'request',
      )
    })
    if (url === '/metrics') return sendCounts(request, response, options)
    return next(request, response)
  }
}

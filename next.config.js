import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PHASE_PRODUCTION_SERVER } from 'next/constants.js'
import { wholePageAgent } from './scripts/whole-pages.mjs'

// English lives at `/`, every other language under its code.
const languages = readdirSync(new URL('messages', import.meta.url)).map((file) => file.slice(0, -5))
const others = languages.filter((language) => language !== 'en').join('|')
// With the settings of a reader (lib/reader-settings.ts) after them, as proxy.ts puts them.
const locales = `(?:${languages.join('|')})(?:-[a-z-]+)?`
const machines = '_next|api|download|framed|internal|healthz|readyz|s|sitemaps'

const feeds = ['revisions.atom', 'releases.atom']

const asOf = [{ type: 'query', key: 'asOf', value: '(?<day>.+)' }]

const search = [{ type: 'query', key: 'q' }]

// Pages that have a sibling of a past state, beside the overview.
const ofDays = ':path(briefing|(?:indicators|programmes|areas)(?:/[^/]+)?|figures/[^/]+)'

// A chart in a frame: its theme and its day are words of the address, and folders inside.
const theme = [{ type: 'query', key: 'theme', value: '(?<theme>light|dark)' }]
const embeds = [
  { source: '/embed/:place*', locale: 'en' },
  { source: `/:locale(${locales})/embed/:place*`, locale: ':locale' },
].flatMap(({ source, locale }) => [
  { source, has: [...theme, ...asOf], destination: `/framed/${locale}/:theme/as-of/:day/:place*` },
  { source, has: asOf, destination: `/framed/${locale}/system/as-of/:day/:place*` },
  // Comparisons are without number, so that none of them is kept: made at the request.
  ...['theme', 'system'].map((word) => ({
    source: source.replace(':place*', 'compare/:place*'),
    ...(word === 'theme' && { has: theme }),
    destination: `/framed/${locale}/${word === 'theme' ? ':theme' : word}/live/compare/:place*`,
  })),
  { source, has: theme, destination: `/framed/${locale}/:theme/:place*` },
  { source, destination: `/framed/${locale}/system/:place*` },
])

/** @type {import('next').NextConfig} */
const config = {
  cacheComponents: true,
  partialPrefetching: true,
  reactStrictMode: true,
  poweredByHeader: false,
  // `npm test` checks types, tests included; whoever starts the product need not wait for it.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  experimental: {
    globalNotFound: true,
    // Pages made since stay in memory: several servers with figures of their own may run from one
    // build, and one from a folder that cannot be written.
    isrFlushToDisk: false,
    // No page here is changed by the router, so what it would keep of a page is of no use. To make it,
    // Next renders every page of the desk a second time, and misses caches that the first rendering
    // has not read yet (vercel/next.js#98543).
    cachedNavigations: false,
  },
  htmlLimitedBots: new RegExp(wholePageAgent),
  serverExternalPackages: [
    'pg',
    'pg-query-stream',
    '@prisma/client',
    '@prisma/adapter-pg',
    'pino',
    '@opentelemetry/api',
    '@opentelemetry/sdk-trace-node',
    '@opentelemetry/resources',
    '@opentelemetry/exporter-trace-otlp-http',
    '@resvg/resvg-js',
    '@zip.js/zip.js',
  ],
  async headers() {
    // The names of the fonts carry their version.
    const forEver = { key: 'Cache-Control', value: 'public, max-age=31536000, immutable' }
    // `dataLicence` in features/settings/schema.ts.
    const licence = {
      key: 'Link',
      value: '<https://creativecommons.org/licenses/by/4.0/>; rel="license"',
    }
    const anHour = { key: 'Cache-Control', value: 'public, max-age=3600' }
    // Only embedded charts may stand in pages of others.
    const framed = (by) => ({ key: 'Content-Security-Policy', value: `frame-ancestors ${by}` })
    const embed = `(?:(?:${others})/)?embed/`
    // What is served as a file says itself, and more strictly, what it may do.
    const stricter = `download/|api/|(?:(?:${others})/)?sources/[^/]+/copies/`
    return [
      { source: '/fonts/:path*', headers: [forEver] },
      { source: '/:script(theme|copy|embed|embedded|enliven|explorer).js', headers: [anHour] },
      { source: `/:path((?!${embed}|${stricter}).*)`, headers: [framed("'self'")] },
      { source: `/:path(${embed}.*)`, headers: [framed('*')] },
      { source: '/download/:path*', headers: [licence] },
      { source: '/catalog.jsonld', headers: [licence] },
      ...feeds.flatMap((feed) => [
        { source: `/${feed}`, headers: [licence] },
        { source: `/(${others})/${feed}`, headers: [licence] },
      ]),
    ]
  },
  async redirects() {
    return [
      { source: '/en', destination: '/', permanent: true },
      { source: '/en/:path*', destination: '/:path*', permanent: true },
    ]
  },
  async rewrites() {
    return {
      beforeFiles: [
        ...embeds,
        // Only a request with `asOf` leaves the prerendered page, for its sibling of a past state.
        { source: '/', has: asOf, destination: '/en/as-of/:day' },
        { source: `/:locale(${locales})`, has: asOf, destination: '/:locale/as-of/:day' },
        { source: `/${ofDays}`, has: asOf, destination: '/en/as-of/:day/:path' },
        {
          source: `/:locale(${locales})/${ofDays}`,
          has: asOf,
          destination: '/:locale/as-of/:day/:path',
        },
        { source: '/indicators', has: search, destination: '/en/indicators/search' },
        {
          source: `/:locale(${locales})/indicators`,
          has: search,
          destination: '/:locale/indicators/search',
        },
        { source: '/', destination: '/en' },
        ...feeds.map((feed) => ({ source: `/${feed}`, destination: `/en/${feed}` })),
        {
          source: `/:path((?!(?:${locales}|${machines})(?:/|$))(?!.*\\.[a-z0-9]+$).*)`,
          destination: '/en/:path',
        },
      ],
      afterFiles: [
        // What no route answers is a whole static page with status 404, not a render of its own.
        {
          source: `/:path((?!(?:${locales}|${machines})(?:/|$)).*)`,
          destination: '/_not-found',
        },
      ],
      fallback: [],
    }
  },
}

const pageStore = fileURLToPath(new URL('scripts/page-store.mjs', import.meta.url))

/**
 * The server alone is told of its store of pages: a build would take a copy of it into what it makes.
 * @param {string} phase
 * @returns {import('next').NextConfig}
 */
export default function configOf(phase) {
  return phase === PHASE_PRODUCTION_SERVER ? { ...config, cacheHandler: pageStore } : config
}

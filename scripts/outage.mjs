import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

/**
 * What readers and officers are told while the database cannot be reached. Next cannot say it: its
 * pages ask the database. Texts stand in the messages, in every language on every page.
 */

const folder = new URL('../messages/', import.meta.url)
const namespace = 'outage'

/** @typedef {'copy' | 'away' | 'unsaved' | 'unsure' | 'busy'} Case */
/** @typedef {{ code: string, direction: string, product: string, texts: Record<string, string> }} Language */

/** @type {readonly Language[]} */
const languages = readdirSync(folder)
  .map((name) => {
    const {
      language,
      shell,
      [namespace]: texts,
    } = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
    const { direction } = language
    return { code: name.slice(0, -5), direction, product: shell.product, texts }
  })
  // English first, as on pages without a language of their own.
  .sort((a, b) => Number(b.code === 'en') - Number(a.code === 'en'))

const titles = {
  copy: 'copyTitle',
  away: 'awayTitle',
  unsaved: 'unsavedTitle',
  unsure: 'unsureTitle',
  busy: 'busyTitle',
}

/** All languages, that of the address first. @param {string} url */
function languagesFor(url) {
  const own = languages.find(({ code }) => new RegExp(`^/${code}(?:[/?]|$)`).test(url))
  return own ? [own, ...languages.filter((other) => other !== own)] : languages
}

/** @param {Date} at @param {string} language */
function written(at, language) {
  const text = at.toLocaleString(language === 'en' ? 'en-GB' : language, {
    timeZone: 'Asia/Karachi',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  })
  return `<time datetime="${at.toISOString()}">${text}</time>`
}

const codeToRun =
  /<script src="\/enliven\.js"[^>]*><\/script>|<script type="text\/plain" id="page-code">[\s\S]*?<\/script>/g

/**
 * A copy of a page with a notice that says when it was made. The scripts that bring its charts to
 * life may be gone; all else it has.
 * @param {string} html @param {string} url @param {Date} at
 */
export function withNotice(html, url, at) {
  const said = languagesFor(url).map(
    ({ code, direction, texts }) =>
      `<div lang="${code}" dir="${direction}"><p class="notice-title">${texts.copyTitle}</p>` +
      `<p>${texts.copy.replace('{time}', written(at, code))}</p></div>`,
  )
  const notice = `<div class="notice" data-tone="warning" id="page-copy">${said.join('')}</div>`
  const still = html.replace(codeToRun, '')
  const start = /<main\b[^>]*>/.exec(still) ?? /<body\b[^>]*>/.exec(still)
  if (!start) return still
  const place = start.index + start[0].length
  return still.slice(0, place) + notice + still.slice(place)
}

const style = `
:root{color-scheme:light dark;font:100%/1.6 Inter,Arial,system-ui,sans-serif;--page:light-dark(#fff,#14171a);--text:light-dark(#16191d,#e9ecef);--muted:light-dark(#485058,#adb4bd);--rule:light-dark(#dcdfe3,#30363c);--accent:light-dark(#1f4e8c,#8fbdf5)}
body{margin:0;background:var(--page);color:var(--text)}
header,main{max-width:44rem;margin:0 auto;padding:1.25rem}
header{border-block-end:1px solid var(--rule);display:flex;gap:.5rem;align-items:center;font-weight:600}
svg{width:1.5rem;height:1.5rem}
main{padding-block-start:10vh}
h1,h2{font-size:clamp(1.5rem,1.2rem + 1.5vw,2.25rem);font-weight:600;line-height:1.25;margin:0 0 .75rem;text-wrap:balance}
h2{font-size:1.375rem}
p{margin:0 0 1rem;color:var(--muted);font-size:1.0625rem}
[dir=rtl]{line-height:2}
[lang=ur]{font-family:"Noto Sans Arabic",Inter,Arial,sans-serif}
section+section{margin-block-start:3.5rem;padding-block-start:2.5rem;border-block-start:1px solid var(--rule)}
a{color:var(--accent);display:inline-block;padding-block:.5rem}
@font-face{font-family:Inter;src:url(/fonts/inter-5.3.0.woff2) format("woff2");font-weight:300 700;font-display:swap}
@font-face{font-family:"Noto Sans Arabic";src:url(/fonts/noto-sans-arabic-5.3.0.woff2) format("woff2");font-weight:400 700;font-display:swap;size-adjust:106%}`
const styleHash = createHash('sha256').update(style).digest('base64')
const mark =
  '<svg viewBox="0 0 26 26" aria-hidden="true"><path d="M5 4v18M10.33 4v18M15.66 4v18M21 4v18M1.5 18.5l23-11" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round"/></svg>'

/** @param {Exclude<Case, 'copy'>} which @param {string} url */
function page(which, url) {
  const all = languagesFor(url)
  const [{ code: language, direction, product, texts }] = all
  const told = all.map(({ code, direction, texts }, index) => {
    const level = index === 0 ? 'h1' : 'h2'
    const home = code === 'en' ? '/' : `/${code}`
    return `<section lang="${code}" dir="${direction}"><${level}>${texts[titles[which]]}</${level}><p>${texts[which]}</p><a href="${home}">${texts.home}</a></section>`
  })
  return `<!DOCTYPE html><html lang="${language}" dir="${direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${texts[titles[which]]} · ${product}</title><link rel="icon" href="/icon.svg" type="image/svg+xml"><style>${style}</style></head><body><header>${mark}${product}</header><main>${told.join('')}</main></body></html>`
}

/** What a page needs that says so: nothing but its own style and the product's files. */
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`

/** Marks an answer that was given without anything having been done. */
export const notDone = 'x-shumar-not-done'

/**
 * Answers that it cannot be done now: a page to people, a problem (RFC 9457) to programs of the API,
 * a line to everybody else. Nothing of the request has been carried out, unless `which` is `unsure`.
 * @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response
 * @param {Exclude<Case, 'copy'>} which @param {number} [seconds] after which to try again
 */
export function refuse(request, response, which, seconds = 5) {
  const { url = '/', headers, method } = request
  const english = languages[0]?.texts ?? {}
  for (const name of response.getHeaderNames()) {
    if (name !== 'x-request-id') response.removeHeader(name)
  }
  response.statusCode = 503
  response.setHeader('Retry-After', String(seconds))
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('X-Content-Type-Options', 'nosniff')
  if (which !== 'unsure') response.setHeader(notDone, which)
  const isPage =
    headers['next-action'] === undefined &&
    headers.rsc === undefined &&
    !/^\/(?:api|internal)\//.test(url) &&
    headers.accept?.includes('text/html') === true
  const send = (/** @type {string} */ type, /** @type {string} */ text) => {
    const body = Buffer.from(text)
    response.setHeader('Content-Type', type)
    response.setHeader('Content-Length', body.length)
    response.end(method === 'HEAD' ? undefined : body)
  }
  if (isPage) {
    response.setHeader('Content-Security-Policy', policy)
    return send('text/html; charset=utf-8', page(which, url))
  }
  if (url.startsWith('/api/')) {
    const problem = { status: 503, title: english[titles[which]], detail: english[which] }
    return send('application/problem+json', JSON.stringify(problem))
  }
  send('text/plain; charset=utf-8', `${english[titles[which]]}. ${english[which]}\n`)
}

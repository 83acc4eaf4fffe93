import { readFileSync } from 'node:fs'
import { isOfNext, writtenIn } from './security-headers.mjs'
import { classesIn, namedIn, usedStyles } from './used-styles.mjs'

/**
 * Makes a page of Next a lean one: without the scripts that a reader does not need, and with what
 * its first paint would wait for written into it. `public/enliven.js` undoes both when it is time.
 */

const anyScript = /<script\b([^>]*)>([\s\S]*?)<\/script>/g
const scriptPreload = /<link rel="(?:module)?preload"(?=[^>]* as="script")[^>]*>/g
const address = /\bsrc="([^"]+)"/

/**
 * Takes the scripts out of a page: those written in it become one file, those of the build a list
 * in their order. Data blocks and the product's own files stay, and so does what is not of Next,
 * which the page's policy keeps from running.
 * @param {string} html
 * @returns {{ html: string, code: string }}
 */
export function takeOutScripts(html) {
  /** @type {string[]} */
  const written = []
  /** @type {Set<string>} */
  const files = new Set()
  const left = html.replace(anyScript, (whole, attributes, text) => {
    if (/\btype="application\//.test(attributes)) return whole
    const [, file] = address.exec(attributes) ?? []
    if (file === undefined && !isOfNext(text)) return whole
    if (file === undefined) written.push(text)
    else if (!file.startsWith('/_next/')) return whole
    // Browsers with modules do not run it.
    else if (!/\bnoModule\b/i.test(attributes)) files.add(file)
    return ''
  })
  const code = `${written.join(';\n')};\nself.shumarScripts=${JSON.stringify([...files])}\n`
  return { html: left.replace(scriptPreload, ''), code }
}

/** Whether a page has anything to bring to life. @param {string} html */
export const hasCharts = (html) => html.includes('chart-plot')

/**
 * Adds what brings charts to life, where there are any: under its address, or as a text at the end.
 * @param {string} html @param {string | null} path @param {string} [code]
 */
export function withLoader(html, path, code = '') {
  if (!hasCharts(html)) return html
  const address = path === null ? '' : ` data-page="${path}"`
  const text = path === null ? `<script type="text/plain" id="page-code">${code}</script>` : ''
  return html
    .replace('</head>', () => `<script src="/enliven.js"${address} async></script></head>`)
    .replace('</body>', () => `${text}</body>`)
}

const dayType = ' type="date"'
const plainType =
  ' type="text" data-day="" inputMode="numeric" pattern="\\d{4}-\\d\\d-\\d\\d" placeholder="YYYY-MM-DD"'
const dayField = /<input\b[^>]*$/

/** A text of a page with its fields for a day given out as plain text. @param {string} html */
export function plainDays(html) {
  if (!html.includes(dayType)) return html
  const [first = '', ...others] = html.split(dayType)
  return others.reduce((before, after) => {
    const isField = dayField.test(before.slice(before.lastIndexOf('<')))
    return `${before}${isField ? plainType : dayType}${after}`
  }, first)
}

/**
 * Gives out fields for a day as plain text: building one with its calendar holds a slow phone for
 * a fifth of a second before the first paint. `public/days.js` turns them into what they were when
 * a reader comes near; without scripts the day is typed as its pattern says.
 * @param {string} html @param {readonly string[]} [parts] what else will stand in the page
 */
export function withPlainDays(html, parts = []) {
  const plain = plainDays(html)
  return plain === html && !parts.some((part) => part.includes(dayType))
    ? html
    : plain.replace('</head>', () => '<script src="/days.js" async></script></head>')
}

/**
 * Writes into a page what its first paint would wait for: of its stylesheets what it uses, and the
 * script that sets its theme. Each of them is a way there and back on a slow link, and together they
 * are smaller than the page. `public/enliven.js` gives the page its own links back before React
 * looks at it.
 */

const stylesheet = /<link rel="stylesheet" href="\/_next\/(static\/[\w./-]+\.css)"[^>]*>/g
const theme = '<script src="/theme.js"></script>'
const ownScript = /<script src="\/([\w-]+\.js)"/g

/** @type {Map<string, string>} */
const known = new Map()

/** @param {string} file path from the folder of the product. */
function textOf(file) {
  const text =
    known.get(file) ?? readFileSync(new URL(`../${file}`, import.meta.url), 'utf8').trim()
  known.set(file, text)
  return text
}

/** Pages of one kind name the same classes. @type {Map<string, string>} */
const knownStyles = new Map()
const mostStyles = 100

/** @param {string[]} files @param {string[]} scripts @param {Set<string>} classes @param {(file: string) => string} read */
function stylesFor(files, scripts, classes, read) {
  const sheets = files.map((file) => read(`.next/${file}`))
  const texts = scripts.map((name) => read(`public/${name}`)).join('\n')
  const key = [...files, ...scripts, ...[...classes].sort()].join(' ')
  const found = read === textOf ? knownStyles.get(key) : undefined
  const styles = found ?? usedStyles(sheets, namedIn(classes, texts))
  knownStyles.delete(key)
  knownStyles.set(key, styles)
  const [oldest] = knownStyles.keys()
  if (knownStyles.size > mostStyles && oldest !== undefined) knownStyles.delete(oldest)
  return styles
}

/**
 * @param {string} html
 * @param {(file: string) => string} [read]
 * @param {readonly string[]} [parts] what else will stand in the page
 * @returns {string}
 */
export function withWrittenIn(html, read = textOf, parts = []) {
  const files = [...html.matchAll(stylesheet)].map(([, file = '']) => file)
  const scripts = [...html.matchAll(ownScript)].map(([, name = '']) => name)
  const styles = stylesFor(files, scripts, classesIn([html, ...parts]), read)
  const names = files.map((file) => `/_next/${file}`).join(' ')
  let isFirst = true
  return html
    .replace(stylesheet, () => {
      const element = isFirst ? `<style data-files="${names}">${styles}</style>` : ''
      isFirst = false
      return element
    })
    .replace(theme, () => `<script data-file="/theme.js">${read('public/theme.js')}</script>`)
}

const ownLater = /<script src="(\/[\w-]+\.js)"((?: data-[\w-]+="[^"]*")*) async(?:="")?><\/script>/g

/**
 * Gives out the product's own scripts as texts that the written `public/theme.js` makes scripts of
 * once the page is read. A browser would ask for them before it lays out the first line, and run
 * them between the first paint and the first chart.
 * @param {string} html
 * @returns {string}
 */
export function withLaterScripts(html) {
  if (!html.includes('<script data-file="/theme.js">')) return html
  return html.replace(
    ownLater,
    (_, file, data) => `<script type="text/later" src="${file}"${data}></script>`,
  )
}

const ofItsOwn = /(<script\b[^>]*>[\s\S]*?<\/script>|<style\b[^>]*>[\s\S]*?<\/style>)/
const beyondAscii = /[^\0-\x7f]/gu

/** @param {string} part of a page: between two elements with a language of their own, or one of them */
function asciiOf(part) {
  // React compares the text of a script with its own.
  if (part.startsWith('<script')) return part
  const [before, after, radix] = part.startsWith('<style')
    ? /** @type {const} */ (['\\', ' ', 16])
    : /** @type {const} */ (['&#', ';', 10])
  return part.replace(
    beyondAscii,
    (one) => `${before}${(one.codePointAt(0) ?? 0).toString(radix)}${after}`,
  )
}

/** Of a hundred characters of a page, how many may be beyond ASCII before writing them so costs more. */
const most = 1

/**
 * Writes the few letters and signs beyond ASCII in their numbers: a browser reads a page that is ASCII
 * throughout four times as fast, and keeps it in half the room. A page in Urdu stays as it is.
 * @param {string} html
 * @returns {string}
 */
export function withAscii(html) {
  const count = html.match(beyondAscii)?.length ?? 0
  if (count * 100 > html.length * most) return html
  return html.split(ofItsOwn).map(asciiOf).join('')
}

/** What a page may run of what is written in it. @param {string} html */
export const mayRun = (html) => writtenIn(html, [textOf('public/theme.js')])

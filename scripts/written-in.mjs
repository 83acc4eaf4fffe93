import { readFileSync } from 'node:fs'

/**
 * Writes into a page what its first paint would wait for: its stylesheets and the script that sets
 * its theme. Each of them is a way there and back on a slow link, and together they are smaller
 * than the page. `public/enliven.js` gives the page its own links back before React looks at it.
 */

const stylesheet = /<link rel="stylesheet" href="\/_next\/(static\/[\w./-]+\.css)"[^>]*>/g
const theme = '<script src="/theme.js"></script>'

/** @type {Map<string, string>} */
const known = new Map()

/** @param {string} file path from the folder of the product. */
function textOf(file) {
  const text =
    known.get(file) ?? readFileSync(new URL(`../${file}`, import.meta.url), 'utf8').trim()
  known.set(file, text)
  return text
}

/**
 * @param {string} html
 * @param {(file: string) => string} [read]
 * @returns {string}
 */
export function withWrittenIn(html, read = textOf) {
  const files = [...html.matchAll(stylesheet)].map(([, file = '']) => file)
  const styles = files.map((file) => read(`.next/${file}`)).join('\n')
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

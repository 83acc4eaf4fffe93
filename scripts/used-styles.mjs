import { parse } from 'postcss'

/**
 * What a page needs of a stylesheet. Rules that ask for a class which neither the page nor a script
 * of its own names cannot match anything in it, and reading them holds a slow phone before the
 * first paint. Only classes decide: whatever else a selector asks for may come or go in the browser.
 */

/** @typedef {{ text: string, needs: readonly string[] }} Selector */
/**
 * @typedef {{ selectors: readonly Selector[], body: string, isNested: boolean }
 *   | { head: string, children: readonly Piece[] }
 *   | { text: string, property?: string }} Piece
 */

// What stands in brackets is an alternative, a negation or an attribute: it asks for nothing surely.
const bracketed = /\[[^[\]]*\]|\([^()]*\)/g
const className = /\.((?:\\.|[\w-]|[^\0-\x7f])+)/g

/** @param {string} text @returns {string} */
function withoutBrackets(text) {
  const outer = text.replace(bracketed, '')
  return outer === text ? text : withoutBrackets(outer)
}

/** @param {string} text @returns {Selector} */
function selectorOf(text) {
  const bare = withoutBrackets(text)
  const needs = [...bare.matchAll(className)].map(([, name = '']) => name.replaceAll('\\', ''))
  return { text, needs }
}

const groups = new Set(['layer', 'media', 'supports', 'container', 'scope', 'starting-style'])

/** @param {import('postcss').ChildNode} node @returns {Piece} */
function pieceOf(node) {
  if (node.type === 'rule') {
    const nodes = node.nodes ?? []
    return {
      selectors: node.selectors.map(selectorOf),
      body: nodes.map(String).join(';'),
      isNested: nodes.some(({ type }) => type !== 'decl'),
    }
  }
  if (node.type !== 'atrule') return { text: '' }
  if (node.nodes && groups.has(node.name)) {
    return { head: `@${node.name} ${node.params}`, children: node.nodes.map(pieceOf) }
  }
  const text = `${node}${node.nodes ? '' : ';'}`
  return node.name === 'property' ? { text, property: node.params } : { text }
}

/** @param {Piece} piece @param {(name: string) => boolean} isNamed @returns {string} */
function usedOf(piece, isNamed) {
  if ('text' in piece) return piece.text
  if ('children' in piece) {
    const inside = piece.children.map((child) => usedOf(child, isNamed)).join('')
    // An empty layer still says where it comes in their order.
    return inside === '' && !piece.head.startsWith('@layer') ? '' : `${piece.head}{${inside}}`
  }
  const { selectors, body, isNested } = piece
  const used = selectors.filter(({ needs }) => needs.every(isNamed))
  if (used.length === 0) return ''
  // Rules inside take their weight from the whole list.
  return `${(isNested ? selectors : used).map(({ text }) => text).join(',')}{${body}}`
}

/** @type {Map<string, readonly Piece[]>} */
const known = new Map()

/** @param {string} styles @returns {readonly Piece[]} */
function piecesOf(styles) {
  const pieces = known.get(styles) ?? parse(styles).nodes.map(pieceOf)
  known.set(styles, pieces)
  return pieces
}

const classAttribute = /\bclass="([^"]*)"/g

/**
 * @param {string} styles a whole stylesheet @param {string} html @param {string} scripts
 *   what may give elements of the page further classes
 * @returns {string}
 */
export function usedStyles(styles, html, scripts = '') {
  const names = new Set(
    [...html.matchAll(classAttribute)].flatMap(([, list = '']) => list.split(/\s+/)),
  )
  const isNamed = (/** @type {string} */ name) => names.has(name) || scripts.includes(name)
  const used = piecesOf(styles).map((piece) => ({ piece, text: usedOf(piece, isNamed) }))
  const whole = used.map(({ text }) => text).join('')
  return used
    .filter(({ piece }) => {
      const property = 'property' in piece ? piece.property : undefined
      return property === undefined || whole.includes(`var(${property}`)
    })
    .map(({ text }) => text)
    .join('')
}

import { parse } from 'postcss'

/**
 * What a page needs of its stylesheets, so that a slow phone has less to do before the first paint.
 *
 * Rules that ask for a class which neither the page nor a script of its own names cannot match
 * anything in it. Only classes decide: whatever else a selector asks for may come or go in the
 * browser.
 *
 * A reset of the boxes before and after every element makes the browser work out two more styles for
 * each of them. Only where a rule gives such a box content is there one: the reset names those.
 */

/** @typedef {{ text: string, needs: readonly string[] }} Selector */
/** @typedef {{ selectors: readonly Selector[], body: string, isNested: boolean, hasContent: boolean }} Rule */
/**
 * @typedef {Rule
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
      hasContent: nodes.some((one) => one.type === 'decl' && one.prop === 'content'),
    }
  }
  if (node.type !== 'atrule') return { text: '' }
  if (node.nodes && groups.has(node.name)) {
    return { head: `@${node.name} ${node.params}`, children: node.nodes.map(pieceOf) }
  }
  const text = `${node}${node.nodes ? '' : ';'}`
  return node.name === 'property' ? { text, property: node.params } : { text }
}

const pseudo = /::?(before|after)$/

/** @param {readonly Piece[]} pieces @returns {readonly Rule[]} */
const rulesOf = (pieces) =>
  pieces.flatMap((piece) =>
    'selectors' in piece ? piece : 'children' in piece ? rulesOf(piece.children) : [],
  )

/**
 * @param {Rule} rule @param {(name: string) => boolean} isNamed
 * @param {readonly string[]} boxes what has a box before or after it @returns {string}
 */
function usedRule({ selectors, body, isNested }, isNamed, boxes) {
  const used = selectors.filter(({ needs }) => needs.every(isNamed)).map(({ text }) => text)
  if (used.length === 0) return ''
  // Rules inside take their weight from the whole list.
  if (isNested) return `${selectors.map(({ text }) => text).join(',')}{${body}}`
  const kept = used.flatMap((text) => {
    const [box, side] = pseudo.exec(text) ?? []
    return box === text ? boxes.filter((one) => pseudo.exec(one)?.[1] === side) : text
  })
  return kept.length === 0 ? '' : `${kept.join(',')}{${body}}`
}

/**
 * @param {Piece} piece @param {(name: string) => boolean} isNamed
 * @param {readonly string[]} boxes @returns {string}
 */
function usedOf(piece, isNamed, boxes) {
  if ('text' in piece) return piece.text
  if ('selectors' in piece) return usedRule(piece, isNamed, boxes)
  const inside = piece.children.map((child) => usedOf(child, isNamed, boxes)).join('')
  // An empty layer still says where it comes in their order.
  return inside === '' && !piece.head.startsWith('@layer') ? '' : `${piece.head}{${inside}}`
}

/** @type {Map<string, readonly Piece[]>} */
const known = new Map()

/** @param {string} sheet @returns {readonly Piece[]} */
function piecesOf(sheet) {
  const pieces = known.get(sheet) ?? parse(sheet).nodes.map(pieceOf)
  known.set(sheet, pieces)
  return pieces
}

const classAttribute = /\bclass="([^"]*)"/g

/** The names of classes in the texts of a page. @param {readonly string[]} texts @returns {Set<string>} */
export function classesIn(texts) {
  const lists = new Set(
    texts.flatMap((text) => [...text.matchAll(classAttribute)].map(([, list = '']) => list)),
  )
  return new Set([...lists].flatMap((list) => list.split(/\s+/)))
}

/**
 * Whether a page or one of its scripts names a class.
 * @param {Set<string>} names @param {string} scripts
 * @returns {(name: string) => boolean}
 */
export const namedIn = (names, scripts) => (name) => names.has(name) || scripts.includes(name)

/**
 * @param {readonly string[]} sheets in their order @param {(name: string) => boolean} isNamed
 * @returns {string}
 */
export function usedStyles(sheets, isNamed) {
  const pieces = sheets.flatMap(piecesOf)
  const boxes = rulesOf(pieces)
    .filter(({ hasContent }) => hasContent)
    .flatMap(({ selectors }) => selectors.filter(({ needs }) => needs.every(isNamed)))
    .map(({ text }) => text)
    .filter((text) => pseudo.test(text) && text.replace(pseudo, '') !== '')
  const used = pieces.map((piece) => ({ piece, text: usedOf(piece, isNamed, boxes) }))
  const whole = used.map(({ text }) => text).join('')
  return used
    .filter(({ piece }) => {
      const property = 'property' in piece ? piece.property : undefined
      return property === undefined || whole.includes(`var(${property}`)
    })
    .map(({ text }) => text)
    .join('')
}

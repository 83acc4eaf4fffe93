import { createElement, Fragment, isValidElement, type ReactElement, type ReactNode } from 'react'

/**
 * Writes as text what no script in a browser brings to life. React renders a page of server
 * components twice, to data and to HTML, and a prerendered one up to four times: text passes through
 * at a fraction of what its elements cost. What is left to React stays an element: components of the
 * browser, what is waited for, and what React moves to the head or fetches early.
 */

type Props = Record<string, unknown>
type Component = (props: Props, ref?: null) => ReactNode

/** An element that is written, or what is left to React. A string is text. */
type Piece = string | { node: ReactElement<Props>; inner: string } | { left: ReactNode }

/** Puts a text aside, where what is sent will be found again, and names its place. */
type Aside = (html: string) => string

/**
 * The same elements, with all that can be written as text handed over as text, by the outermost
 * elements that it stands in.
 */
export function stilled(node: ReactNode, aside: Aside = (html) => html): ReactNode {
  const pieces: Piece[] = []
  settle(node, undefined, pieces, aside)
  return inReact(pieces, aside)
}

/** Elements as HTML; throws where something is left to React. */
export function markup(node: ReactNode): string {
  const pieces: Piece[] = []
  settle(node, undefined, pieces, (html) => html)
  if (pieces.some(isLeft)) throw new Error('This cannot be written as HTML.')
  return htmlOf(pieces)
}

const isLeft = (piece: Piece): piece is { left: ReactNode } =>
  typeof piece === 'object' && 'left' in piece

/** @param chosen value of the `select` around it */
function settle(node: ReactNode, chosen: unknown, pieces: Piece[], aside: Aside): void {
  if (node === null || node === undefined || typeof node === 'boolean') return
  if (typeof node === 'string' || typeof node === 'number' || typeof node === 'bigint') {
    addText(String(node), pieces)
  } else if (Array.isArray(node)) {
    for (const one of node) settle(one, chosen, pieces, aside)
  } else if (node instanceof Promise) {
    pieces.push({ left: node.then((shown: ReactNode) => stilled(shown, aside)) })
  } else if (isValidElement<Props>(node)) {
    settleElement(node, chosen, pieces, aside)
  } else {
    pieces.push({ left: node })
  }
}

/** Texts beside each other are one. */
function addText(text: string, pieces: Piece[]): void {
  const before = pieces.at(-1)
  if (typeof before === 'string') pieces[pieces.length - 1] = before + text
  else if (text !== '') pieces.push(text)
}

function settleElement(
  node: ReactElement<Props>,
  chosen: unknown,
  pieces: Piece[],
  aside: Aside,
): void {
  const { type, props } = node
  const children = props.children as ReactNode
  if (type === Fragment) settle(children, chosen, pieces, aside)
  else if (typeof type === 'string') pieces.push(hostPiece(type, node, chosen, aside))
  else {
    const component = serverComponent(type)
    if (component) settle(component(props, null), chosen, pieces, aside)
    else pieces.push({ left: typeof type === 'symbol' ? node : withStillChildren(node, aside) })
  }
}

const forwarded = Symbol.for('react.forward_ref')
const remembered = Symbol.for('react.memo')

/** The function of a component that runs here; null for one of the browser. */
function serverComponent(type: unknown): Component | null {
  const kind = type as { $$typeof?: symbol; render?: Component; type?: unknown }
  if (kind.$$typeof === forwarded) return kind.render ?? null
  if (kind.$$typeof === remembered) return serverComponent(kind.type)
  return typeof type === 'function' && kind.$$typeof === undefined ? (type as Component) : null
}

function withStillChildren(node: ReactElement<Props>, aside: Aside): ReactNode {
  const { children, ...rest } = node.props
  if (typeof children !== 'object' || children === null) return node
  return remade(node, rest, stilled(children as ReactNode, aside))
}

/** An element with other properties and content. */
function remade({ type, key }: ReactElement<Props>, props: Props, ...children: ReactNode[]) {
  return createElement(type, key === null ? props : { ...props, key }, ...children)
}

/** React has ways of its own with these. */
const ofReact = new Set(
  'html head body title meta base link script style noscript template img picture video audio iframe object textarea'.split(
    ' ',
  ),
)

function hostPiece(type: string, node: ReactElement<Props>, chosen: unknown, aside: Aside): Piece {
  const { props } = node
  if (ofReact.has(type) || needsScript(props)) return { left: node }
  const html = (props.dangerouslySetInnerHTML as { __html: string } | undefined)?.__html
  if (html !== undefined) return { node, inner: html }
  const inside = type === 'select' ? (props.value ?? props.defaultValue) : chosen
  const own: Piece[] = []
  settle(props.children as ReactNode, inside, own, aside)
  if (own.some(isLeft)) {
    const { children, ...rest } = props
    return { left: remade(node, rest, inReact(own, aside)) }
  }
  const inner = htmlOf(own)
  // Parsers skip a line break there.
  const isSkipped = type === 'pre' && inner.startsWith('\n')
  return { node: withChosen(type, node, chosen), inner: isSkipped ? `\n${inner}` : inner }
}

function needsScript(props: Props): boolean {
  for (const key in props) if (typeof props[key] === 'function') return true
  return Boolean(props.ref)
}

/** An option knows itself whether it is chosen: its `select` may be written by React. */
function withChosen(type: string, node: ReactElement<Props>, chosen: unknown): ReactElement<Props> {
  if (type !== 'option' || chosen === undefined) return node
  const { value, children } = node.props
  return String(value ?? textOf(children)) === String(chosen)
    ? createElement('option', { ...node.props, selected: true })
    : node
}

const textOf = (children: unknown): string =>
  Array.isArray(children) ? children.map(textOf).join('') : String(children ?? '')

/** Pieces as React's children: what is written becomes the inner HTML of its element. */
function inReact(pieces: readonly Piece[], aside: Aside): ReactNode {
  const nodes = pieces.map((piece) => {
    if (typeof piece === 'string') return piece
    if (isLeft(piece)) return piece.left
    const { node, inner } = piece
    const { children, dangerouslySetInnerHTML: _, ...rest } = node.props
    if (inner === '' || typeof children === 'string') return node
    return remade(node, { ...rest, dangerouslySetInnerHTML: { __html: aside(inner) } })
  })
  return nodes.length === 1 ? nodes[0] : createElement(Fragment, null, ...nodes)
}

function htmlOf(pieces: readonly Piece[]): string {
  let html = ''
  for (const piece of pieces) {
    if (typeof piece === 'string') html += escaped(piece)
    else if (!isLeft(piece)) html += elementHtml(piece.node, piece.inner)
  }
  return html
}

const empty = new Set('area br col embed hr input keygen param source track wbr'.split(' '))

function elementHtml({ type, props }: ReactElement<Props>, inner: string): string {
  const name = type as string
  const write = name.includes('-') ? ownAttribute : attribute
  let attributes = ''
  for (const key in props) {
    const value = props[key]
    if (value === null || value === undefined || unwritten.has(key)) continue
    if (!last[name]?.includes(key)) attributes += write(key, value)
  }
  if (name in last) attributes += lastAttributes(name, props)
  return empty.has(name) ? `<${name}${attributes}/>` : `<${name}${attributes}>${inner}</${name}>`
}

const unwritten = new Set([
  'children',
  'dangerouslySetInnerHTML',
  'key',
  'ref',
  'suppressHydrationWarning',
])

/** React writes these after all others, in this order. */
const last: Record<string, readonly string[]> = {
  input: ['name', 'checked', 'defaultChecked', 'value', 'defaultValue'],
  button: ['name'],
  form: ['action', 'encType', 'method', 'target'],
  select: ['value', 'defaultValue'],
  option: ['selected'],
}

function lastAttributes(name: string, props: Props): string {
  if (name === 'input') {
    const isChecked = props.checked ?? props.defaultChecked
    const value = props.value ?? props.defaultValue
    return `${given('name', props.name)}${isChecked ? ' checked=""' : ''}${given('value', value)}`
  }
  if (name === 'option') return props.selected ? ' selected=""' : ''
  if (name === 'select') return ''
  return (last[name] ?? []).map((key) => given(key, props[key])).join('')
}

const given = (key: string, value: unknown) =>
  value === null || value === undefined ? '' : attribute(key, value)

const names: Record<string, string> = {
  className: 'class',
  htmlFor: 'for',
  tabIndex: 'tabindex',
  textAnchor: 'text-anchor',
  dominantBaseline: 'dominant-baseline',
  fillOpacity: 'fill-opacity',
  fillRule: 'fill-rule',
  clipPath: 'clip-path',
  clipRule: 'clip-rule',
  fontSize: 'font-size',
  fontWeight: 'font-weight',
  stopColor: 'stop-color',
  strokeDasharray: 'stroke-dasharray',
  strokeLinecap: 'stroke-linecap',
  strokeLinejoin: 'stroke-linejoin',
  strokeOpacity: 'stroke-opacity',
  strokeWidth: 'stroke-width',
  vectorEffect: 'vector-effect',
}

/** Written by their name alone, where they are true. */
const flags = new Set('hidden open disabled required readOnly noValidate reversed inert'.split(' '))
const addresses = new Set(['href', 'src', 'action', 'formAction'])
const yesOrNo = /^(?:aria-|data-)|^(?:draggable|spellCheck|focusable)$/

function attribute(key: string, value: unknown): string {
  if (flags.has(key)) return value ? ` ${key}=""` : ''
  if (typeof value === 'string') {
    const text = addresses.has(key) ? safeAddress(value) : value
    return ` ${names[key] ?? key}="${escaped(text)}"`
  }
  if (key === 'style') return styleHtml(value as Props)
  if (key === 'autoFocus' || key === 'multiple') return value ? ` ${key.toLowerCase()}=""` : ''
  if (key === 'download' && value === true) return ' download=""'
  if (typeof value === 'boolean') return yesOrNo.test(key) ? ` ${key}="${value}"` : ''
  return ` ${names[key] ?? key}="${escaped(String(value))}"`
}

/** An attribute of an element that a script of ours defines. */
function ownAttribute(key: string, value: unknown): string {
  if (key === 'style') return styleHtml(value as Props)
  if (value === false) return ''
  return ` ${key === 'className' ? 'class' : key}="${value === true ? '' : escaped(String(value))}"`
}

/** An address that would run as a script leads nowhere, however its letters are spaced. */
const safeAddress = (address: string): string =>
  /^[/#?]|^https?:/.test(address) || !/^javascript:/i.test(address.replace(/[\p{Cc} ]/gu, ''))
    ? address
    : '#'

function styleHtml(style: Props): string {
  const parts = Object.entries(style).flatMap(([key, value]) => {
    if (value === null || value === undefined || typeof value === 'boolean' || value === '')
      return []
    if (key.startsWith('--')) return [`${key}:${escaped(String(value).trim())}`]
    const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    const isLength = typeof value === 'number' && value !== 0 && !unitless.has(key)
    return [`${name}:${escaped(String(value).trim())}${isLength ? 'px' : ''}`]
  })
  return parts.length > 0 ? ` style="${parts.join(';')}"` : ''
}

/** Numbers without a unit; all others are px. */
const unitless = new Set(
  'aspectRatio columnCount columns fillOpacity flex flexGrow flexShrink fontWeight gridArea gridColumn gridColumnEnd gridColumnStart gridRow gridRowEnd gridRowStart lineClamp lineHeight opacity order orphans scale stopOpacity strokeDasharray strokeDashoffset strokeMiterlimit strokeOpacity strokeWidth tabSize widows zIndex zoom'.split(
    ' ',
  ),
)

const special = /["&'<>]/

/** Escaped as React does. */
function escaped(text: string): string {
  if (!special.test(text)) return text
  return text.replace(/["&'<>]/g, (sign) => references[sign] ?? '')
}

const references: Record<string, string> = {
  '"': '&quot;',
  '&': '&amp;',
  "'": '&#x27;',
  '<': '&lt;',
  '>': '&gt;',
}

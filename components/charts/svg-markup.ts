import { Fragment, isValidElement, type ReactNode } from 'react'

/**
 * Writes SVG elements as text, for a file that stands alone: React's own writer is not to be had
 * where server components run. Knows what the painters use: elements, components without hooks,
 * lists, text. Lengths in rem become px of a 16 px root, which every viewer of images understands.
 */
export function svgMarkup(node: ReactNode): string {
  if (node === null || node === undefined || typeof node === 'boolean') return ''
  if (typeof node === 'string' || typeof node === 'number') return escaped(String(node))
  if (Array.isArray(node)) return node.map(svgMarkup).join('')
  if (!isValidElement(node)) throw new Error('This cannot be written as SVG.')
  const { children, ...attributes } = node.props as Record<string, unknown> & {
    children?: ReactNode
  }
  if (node.type === Fragment) return svgMarkup(children)
  if (typeof node.type === 'function') {
    return svgMarkup((node.type as (props: unknown) => ReactNode)(node.props))
  }
  const name = String(node.type)
  const written = Object.entries(attributes)
    .map(([key, value]) => attribute(key, value))
    .join('')
  const inner = svgMarkup(children)
  return inner === '' ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>`
}

const asWritten = new Set(['viewBox', 'preserveAspectRatio', 'patternUnits', 'patternTransform'])
/** Of the page, of no use in a file. */
const leftOut = /^(aria-|focusable$)/

function attribute(key: string, value: unknown): string {
  if (value === undefined || value === null || value === false || leftOut.test(key)) return ''
  const name = asWritten.has(key) ? key : key.replace(/[A-Z]/g, (sign) => `-${sign.toLowerCase()}`)
  const text = typeof value === 'object' ? styleText(value) : String(value)
  return ` ${key === 'className' ? 'class' : name}="${escaped(inPixels(text))}"`
}

const styleText = (style: object) =>
  Object.entries(style)
    .map(([property, value]) => `${property}:${value}`)
    .join(';')

const inPixels = (text: string) =>
  text.replace(/(-?[\d.]+)rem\b/g, (_, size: string) => String(Math.round(+size * 16_000) / 1000))

/** Text for XML; what XML 1.0 cannot hold at all is left out. */
const escaped = (text: string) =>
  text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')

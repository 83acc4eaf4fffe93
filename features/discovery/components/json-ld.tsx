import type { LinkedNode } from '../series'

/** A sign as JSON writes it in ASCII. */
const inNumbers = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * A block of JSON-LD, which no browser runs; nothing in it can end the element it stands in. In a
 * language written in ASCII it is ASCII throughout, as the page around it (`scripts/lean-page.mjs`).
 */
export function JsonLd({ graph, isAscii }: { graph: readonly LinkedNode[]; isAscii: boolean }) {
  const text = JSON.stringify({ '@context': 'https://schema.org', '@graph': graph })
  const numbered = isAscii ? /[<\u0080-\uffff]/g : /</g
  return <script type="application/ld+json">{text.replace(numbered, inNumbers)}</script>
}

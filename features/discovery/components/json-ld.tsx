import type { LinkedNode } from '../series'

/** A block of JSON-LD, which no browser runs; nothing in it can end the element it stands in. */
export function JsonLd({ graph }: { graph: readonly LinkedNode[] }) {
  const text = JSON.stringify({ '@context': 'https://schema.org', '@graph': graph })
  return <script type="application/ld+json">{text.replace(/</g, '\\u003c')}</script>
}

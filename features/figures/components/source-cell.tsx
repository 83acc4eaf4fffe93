import type { Citation } from '../schema'
import type { FigureWriter } from '../series'

/** Who published a figure and when, linked to the page that shows it. */
export function SourceCell({
  citation,
  writer,
}: {
  citation: Citation | null
  writer: FigureWriter
}) {
  const text = writer.source(citation)
  if (!citation?.url) return text
  return (
    <a href={citation.url} rel="noopener" title={citation.title || undefined}>
      {text}
    </a>
  )
}

import './source-cell.css'
import { translator } from '@/lib/i18n'
import { formatDecimal } from '@/lib/number'
import type { Citation } from '../schema'
import type { FigureWriter } from '../series'

/** Who published a figure and when, linked to the page that shows it and to our page about it. */
export function SourceCell({
  citation,
  writer,
}: {
  citation: Citation | null
  writer: FigureWriter
}) {
  const text = writer.source(citation)
  if (!citation) return text
  const { id, url, title } = citation
  return (
    <>
      {url ? (
        <a href={url} rel="noopener" title={title || undefined}>
          {text}
        </a>
      ) : (
        text
      )}
      {id !== undefined && (
        <>
          {' '}
          <a
            className="source-number"
            href={writer.sourcePath(id)}
            aria-label={translator(writer.locale, 'figures')('aboutSource', {
              id: formatDecimal(String(id), { locale: writer.locale }),
            })}
          >
            [{formatDecimal(String(id), { locale: writer.locale })}]
          </a>
        </>
      )}
    </>
  )
}

import type { ValueParts } from '../series'

/** A figure set large, its unit beside it. Read aloud as one text. */
export function FigureValue({ parts }: { parts: ValueParts }) {
  return (
    <>
      {parts.before && <span className="figure-unit">{parts.before}</span>}
      <span className="figure-value">{parts.number}</span>
      {parts.after && <span className="figure-unit">{parts.after}</span>}
    </>
  )
}

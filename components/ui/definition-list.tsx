import type { ReactNode } from 'react'

export interface Definition {
  /** Only where two terms could read alike. */
  key?: string
  term: string
  detail: ReactNode
}

/** Facts about one thing. A definition without a detail is left out. */
export function DefinitionList({ definitions }: { definitions: readonly Definition[] }) {
  return (
    <dl className="definition-list">
      {definitions
        .filter(
          ({ detail }) =>
            detail !== undefined && detail !== null && detail !== '' && detail !== false,
        )
        .map(({ key, term, detail }) => (
          <div key={key ?? term}>
            <dt>{term}</dt>
            <dd>{detail}</dd>
          </div>
        ))}
    </dl>
  )
}

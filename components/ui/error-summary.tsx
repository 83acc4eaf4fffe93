import type { ReactNode, Ref } from 'react'

export interface FieldProblem {
  /** The `id` of the control to mend; without it the problem belongs to the whole form. */
  fieldId?: string
  message: ReactNode
}

/**
 * All problems of a form, above it, each a link to its control. It takes the focus when a page
 * arrives with it; a form that is checked without a new page focuses it through `ref`.
 */
export function ErrorSummary({
  title,
  problems,
  ref,
}: {
  title: string
  problems: readonly FieldProblem[]
  ref?: Ref<HTMLDivElement>
}) {
  if (problems.length === 0) return null
  return (
    <div
      ref={ref}
      className="error-summary"
      role="alert"
      tabIndex={-1}
      // biome-ignore lint/a11y/noAutofocus: after a failed submit the reader continues here, also without JavaScript
      autoFocus
    >
      <h2>{title}</h2>
      <ul>
        {problems.map(({ fieldId, message }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: one field may have two problems, and their order is fixed
          <li key={index}>{fieldId ? <a href={`#${fieldId}`}>{message}</a> : message}</li>
        ))}
      </ul>
    </div>
  )
}

import type { ReactNode } from 'react'

/**
 * A table that scrolls sideways inside its own region, which the keyboard reaches, so that the page
 * never does. `children` are `thead`, `tbody`, `tfoot`; cells with numbers have class `numeric`.
 */
export function DataTable({
  id,
  caption,
  captionHidden = false,
  stickyHeader = false,
  children,
}: {
  /** Unique on the page: names the region by the caption. */
  id: string
  caption: ReactNode
  captionHidden?: boolean
  /** For long tables: the region gets a height of its own and the head stays in sight. */
  stickyHeader?: boolean
  children: ReactNode
}) {
  const captionId = `${id}-caption`
  return (
    <section
      className="data-table"
      aria-labelledby={captionId}
      data-sticky-header={stickyHeader || undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
    >
      <table id={id}>
        <caption id={captionId}>
          {captionHidden ? <span className="visually-hidden">{caption}</span> : caption}
        </caption>
        {children}
      </table>
    </section>
  )
}

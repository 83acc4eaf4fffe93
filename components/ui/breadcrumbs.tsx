import type { ReactNode } from 'react'

export interface Crumb {
  text: ReactNode
  href: string
}

/** The way from the first page to this one, whose name is `current`. */
export function Breadcrumbs({
  label,
  crumbs,
  current,
}: {
  label: string
  crumbs: readonly Crumb[]
  current: ReactNode
}) {
  return (
    <nav className="breadcrumbs" aria-label={label}>
      <ol>
        {crumbs.map(({ text, href }) => (
          <li key={href}>
            <a href={href}>{text}</a>
          </li>
        ))}
        <li>
          <span aria-current="page">{current}</span>
        </li>
      </ol>
    </nav>
  )
}

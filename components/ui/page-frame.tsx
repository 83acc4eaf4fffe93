import type { ReactNode } from 'react'

/** Skip link, header, main and footer: the landmarks of every page, texts and parts given. */
export function PageFrame({
  id,
  skipText,
  header,
  footer,
  children,
}: {
  /** Of the main part, for the skip link. The router may keep the page before this one, hidden. */
  id: string
  skipText: string
  header: ReactNode
  footer: ReactNode
  children: ReactNode
}) {
  return (
    <>
      <a className="skip-link" href={`#${id}`}>
        {skipText}
      </a>
      <header className="page site-header">{header}</header>
      <main id={id} className="page">
        {children}
      </main>
      <footer className="site-footer">
        <div className="page">{footer}</div>
      </footer>
    </>
  )
}

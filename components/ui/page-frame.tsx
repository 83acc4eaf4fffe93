import type { ReactNode } from 'react'

/** Skip link, header, main and footer: the landmarks of every page, texts and parts given. */
export function PageFrame({
  skipText,
  header,
  footer,
  children,
}: {
  skipText: string
  header: ReactNode
  footer: ReactNode
  children: ReactNode
}) {
  return (
    <>
      <a className="skip-link" href="#main">
        {skipText}
      </a>
      <header className="page site-header">{header}</header>
      <main id="main" className="page">
        {children}
      </main>
      <footer className="site-footer">
        <div className="page">{footer}</div>
      </footer>
    </>
  )
}

export interface LanguageLink {
  /** BCP 47 tag. */
  language: string
  /** The language's name in that language. */
  name: string
  href: string
}

/**
 * Links to this page in the other languages. Plain links: a new language brings its own document,
 * fonts and direction, so nothing is gained by moving there within the app.
 */
export function LanguageSwitch({
  label,
  links,
}: {
  label: string
  links: readonly LanguageLink[]
}) {
  return (
    <nav aria-label={label}>
      <ul>
        {links.map(({ language, name, href }) => (
          <li key={language}>
            <a href={href} lang={language} hrefLang={language} rel="alternate">
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

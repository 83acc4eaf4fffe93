import { dataLicence } from '@/features/settings/schema'
import { direction, type Language } from '@/lib/i18n'

const inter = '/fonts/inter-5.3.0.woff2'
const arabic = '/fonts/noto-sans-arabic-5.3.0.woff2'

/** Languages from right to left are written in Arabic letters; their figures stay in Inter. */
const fontsOf = (language: Language) => (direction(language) === 'rtl' ? [arabic, inter] : [inter])

/** Fetches the typefaces of a document's languages early. */
export function FontPreloads({ languages }: { languages: readonly Language[] }) {
  const files = new Set(languages.flatMap(fontsOf))
  return [...files].map((href) => (
    <link key={href} rel="preload" href={href} as="font" type="font/woff2" crossOrigin="" />
  ))
}

/**
 * Fetches the typefaces of the document's languages early, sets its theme before it is painted, and
 * names the licence of its data.
 */
export function DocumentHead({ languages }: { languages: readonly Language[] }) {
  return (
    <>
      <FontPreloads languages={languages} />
      <link rel="license" href={dataLicence.url} />
      <script src="/theme.js" />
      <script src="/theme-choice.js" async />
    </>
  )
}

import { dataLicence } from '@/features/settings/schema'
import type { Language } from '@/lib/i18n'

const inter = '/fonts/inter-5.3.0.woff2'
const fonts: Record<Language, string[]> = {
  en: [inter],
  // Figures and Latin words stay in Inter.
  ur: ['/fonts/noto-sans-arabic-5.3.0.woff2', inter],
}

/**
 * Fetches the typefaces of the document's languages early, sets its theme before it is painted, and
 * names the licence of its data.
 */
export function DocumentHead({ languages }: { languages: readonly Language[] }) {
  const files = new Set(languages.flatMap((language) => fonts[language]))
  return (
    <>
      {[...files].map((href) => (
        <link key={href} rel="preload" href={href} as="font" type="font/woff2" crossOrigin="" />
      ))}
      <link rel="license" href={dataLicence.url} />
      <script src="/theme.js" />
    </>
  )
}

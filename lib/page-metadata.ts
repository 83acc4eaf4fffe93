import type { Metadata } from 'next'
import { defaultLocale, type Locale, languageOf, localePath, locales } from '@/lib/i18n'

/**
 * Title, description, canonical address, the same page in every language (hreflang, with
 * `x-default` for the default language) and the feed of what is new.
 *
 * @param path the page's path without its language, for example `/indicators/ACADEMIES`
 */
export function pageMetadata(
  locale: Locale,
  path: string,
  title: string,
  description: string,
): Metadata {
  const language = languageOf(locale)
  const languages = Object.fromEntries(locales.map((other) => [other, localePath(other, path)]))
  return {
    title,
    description,
    alternates: {
      canonical: localePath(language, path),
      languages: { ...languages, 'x-default': localePath(defaultLocale, path) },
      types: { 'application/atom+xml': localePath(language, '/revisions.atom') },
    },
    openGraph: {
      type: 'website',
      title,
      description,
      url: localePath(language, path),
      locale: language,
    },
  }
}

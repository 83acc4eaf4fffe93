import type { Metadata } from 'next'
import {
  defaultLocale,
  isLocale,
  type Language,
  type Locale,
  languageOf,
  localePath,
  locales,
} from '@/lib/i18n'

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
  const image = { ...socialImage(language, path), alt: `${title}. ${description}` }
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
      images: [image],
    },
    twitter: { card: 'summary_large_image', title, description, images: [image] },
  }
}

/** What a page says of itself, to readers of a list and to machines. */
export interface Introduction {
  path: string
  title: string
  description: string
}

/** `generateMetadata` of a page that needs nothing but the language to introduce itself. */
export function metadataBy(introduction: (locale: Locale) => Introduction) {
  return async ({ params }: { params: Promise<{ locale: string }> }): Promise<Metadata> => {
    const { locale } = await params
    if (!isLocale(locale)) return {}
    const { path, title, description } = introduction(locale)
    return pageMetadata(locale, path, title, description)
  }
}

const hasOwnImage = /^\/(?:indicators|programmes|areas|figures|releases)\/[\w-]+$/

/** The image that is shown where somebody shares a link to a page. */
function socialImage(language: Language, path: string) {
  const place = path === '/' ? '/overview' : hasOwnImage.test(path) ? path : '/site'
  const query = language === defaultLocale ? '' : `?locale=${language}`
  return {
    url: `/download/social${place}.png${query}`,
    width: 1200,
    height: 630,
    type: 'image/png',
  }
}

// First: it says in which order the layers of all style sheets count.
import '../../../[locale]/globals.css'
import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { readEmbedTheme } from '@/features/embeds/schema'
import { FontPreloads } from '@/features/shell/components/document-head'
import { defaultLocale, direction, isLocale, languageOf, locales } from '@/lib/i18n'
import { publicOrigin } from '@/lib/public-origin'

export const metadata: Metadata = {
  metadataBase: new URL(publicOrigin()),
  // The page that a chart is from is the one to be found.
  robots: { index: false },
  icons: { icon: { url: '/icon.svg', type: 'image/svg+xml' } },
}

export function generateStaticParams() {
  return locales.map((locale) => ({ locale, theme: 'system' }))
}

/** A document without header, footer and cookie, for a frame. The theme is the address's word. */
export default async function FramedLayout({
  children,
  params,
}: {
  children: ReactNode
  params: Promise<{ locale: string; theme: string }>
}) {
  const { locale, theme } = await params
  const known = isLocale(locale) ? locale : defaultLocale
  const language = languageOf(known)
  const chosen = readEmbedTheme(theme)
  return (
    <html
      lang={language}
      dir={direction(known)}
      data-theme={chosen === 'system' ? undefined : chosen}
    >
      <head>
        {/* Proofs and pages open beside the page around the frame, not in it. */}
        <base target="_blank" />
        <FontPreloads languages={[language]} />
        <script src="/embedded.js" async />
      </head>
      <body>{children}</body>
    </html>
  )
}

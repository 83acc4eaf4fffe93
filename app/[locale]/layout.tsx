// First: it says in which order the layers of all style sheets count.
import './globals.css'
import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { FaultBoundary } from '@/components/ui/fault-boundary'
import { DocumentHead } from '@/features/shell/components/document-head'
import {
  defaultLocale,
  direction,
  isLocale,
  type Locale,
  languageOf,
  localePath,
  locales,
  translator,
} from '@/lib/i18n'
import { publicOrigin } from '@/lib/public-origin'
import './print.css'

/** Pages answer an unknown language with their own 404; the frame around it is English then. */
async function localeOf(params: Promise<{ locale: string }>): Promise<Locale> {
  const { locale } = await params
  return isLocale(locale) ? locale : defaultLocale
}

export async function generateMetadata({
  params,
}: {
  params: Promise<{ locale: string }>
}): Promise<Metadata> {
  const t = translator(await localeOf(params), 'shell')
  return {
    metadataBase: new URL(publicOrigin()),
    title: { default: t('title'), template: `%s · ${t('product')}` },
    description: t('description'),
    applicationName: t('product'),
    icons: { icon: { url: '/icon.svg', type: 'image/svg+xml' } },
    formatDetection: { telephone: false, address: false, email: false },
  }
}

export const viewport: Viewport = {
  colorScheme: 'light dark',
  // The page colours of globals.css.
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#14171a' },
  ],
}

export function generateStaticParams() {
  return locales.map((locale) => ({ locale }))
}

export default async function RootLayout({
  children,
  params,
}: {
  children: ReactNode
  params: Promise<{ locale: string }>
}) {
  const locale = await localeOf(params)
  const t = translator(locale, 'shell.fault')
  return (
    // theme.js sets data-theme before React looks.
    <html lang={languageOf(locale)} dir={direction(locale)} suppressHydrationWarning>
      <head>
        <DocumentHead languages={[languageOf(locale)]} />
      </head>
      <body>
        <FaultBoundary
          title={t('title')}
          text={t('text')}
          retryText={t('retry')}
          renewedTitle={t('renewedTitle')}
          renewedText={t('renewed')}
          keptText={t('kept')}
          homeText={t('home')}
          homeHref={localePath(locale, '/')}
          referenceText={t('reference')}
        >
          {children}
        </FaultBoundary>
      </body>
    </html>
  )
}

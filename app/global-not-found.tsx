// First: it says in which order the layers of all style sheets count.
import './[locale]/globals.css'
import type { Metadata } from 'next'
import { DocumentHead } from '@/features/shell/components/document-head'
import { NotFoundMessage } from '@/features/shell/components/not-found-message'
import { SitePage } from '@/features/shell/components/site-page'
import { defaultLocale, direction, locales, translator } from '@/lib/i18n'

const t = translator(defaultLocale, 'shell')

export const metadata: Metadata = { title: `${t('notFound.title')} · ${t('product')}` }

/**
 * The answer to every address without a route, made once at build. It cannot know the reader's
 * language, so it speaks all of them.
 */
export default function GlobalNotFound() {
  return (
    <html lang={defaultLocale} dir={direction(defaultLocale)} suppressHydrationWarning>
      <head>
        <DocumentHead languages={locales} />
      </head>
      <body>
        <SitePage locale={defaultLocale} path={null}>
          <div className="messages">
            {locales.map((locale, index) => (
              <NotFoundMessage key={locale} locale={locale} heading={index === 0 ? 'h1' : 'h2'} />
            ))}
          </div>
        </SitePage>
      </body>
    </html>
  )
}

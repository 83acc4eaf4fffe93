import type { ReactNode } from 'react'
import { PageFrame } from '@/components/ui/page-frame'
import { Still } from '@/components/ui/still'
import { type Locale, translator } from '@/lib/i18n'
import { PrintNote } from './print-note'
import { SiteFooter } from './site-footer'
import { SiteHeader } from './site-header'

/**
 * The frame of every page. A page names its own path, so that the language switch works on
 * prerendered pages without cookies and without JavaScript.
 *
 * @param path without the language, with the query string if the page has one:
 *   `/x?asOf=2023-08-01`; null where there is no such page, and the switch then leads home
 */
export function SitePage({
  locale,
  path,
  bar,
  isSignedIn = false,
  isLive = false,
  children,
}: {
  locale: Locale
  path: string | null
  /** Stands under the header. */
  bar?: ReactNode
  isSignedIn?: boolean
  /** Whether what it shows is renewed in place, as by actions: then all of it is elements. */
  isLive?: boolean
  children: ReactNode
}) {
  const t = translator(locale, 'shell')
  const page = (
    <PageFrame
      id={mainId(path)}
      skipText={t('skip')}
      header={
        <>
          <SiteHeader locale={locale} path={path} />
          {bar}
        </>
      }
      footer={<SiteFooter locale={locale} isSignedIn={isSignedIn} />}
    >
      {children}
      {path !== null && <PrintNote locale={locale} path={path} />}
    </PageFrame>
  )
  return isLive ? page : <Still>{page}</Still>
}

/** An id of its own for each page: `main-indicators-ACADEMIES`. */
function mainId(path: string | null): string {
  const [pathname = ''] = (path ?? '').split('?', 1)
  return ['main', ...pathname.split(/[^a-zA-Z0-9]+/).filter(Boolean)].join('-')
}

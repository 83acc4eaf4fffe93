import type { ReactNode } from 'react'
import { KeptForms } from '@/components/ui/kept-forms'
import { AccountBar } from '@/features/accounts/components/account-bar'
import { currentActor } from '@/features/accounts/data'
import { countWaiting } from '@/features/reports/data'
import { SitePage } from '@/features/shell/components/site-page'
import { type Locale, translator } from '@/lib/i18n'

/** A page of the desk: that of the site, with where the person signed in can go. */
export async function DeskPage({
  locale,
  path,
  children,
}: {
  locale: Locale
  /** See `SitePage`. */
  path: string
  children: ReactNode
}) {
  const bar = <AccountBar locale={locale} path={path} countReports={() => countWaiting()} />
  return (
    <SitePage
      locale={locale}
      path={path}
      bar={bar}
      isSignedIn={(await currentActor()) !== null}
      isLive
    >
      {/* Beside the forms, not around them: they are React's by the time it fills them. */}
      <KeptForms text={translator(locale, 'shell.fault')('takenUp')} />
      {children}
    </SitePage>
  )
}

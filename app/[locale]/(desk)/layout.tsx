import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { AccountBar } from '@/features/accounts/components/account-bar'
import { countWaiting } from '@/features/reports/data'
import { isLocale } from '@/lib/i18n'

// Whose page it is shows only at the request: the whole HTML is made then, and never stored.
export const instant = false

export const metadata: Metadata = {
  robots: { index: false, follow: false },
  // One-time links are addresses: other sites must not learn them. `no-referrer` would also take
  // the Origin from forms, by which actions know them.
  referrer: 'same-origin',
}

export default async function DeskLayout({
  children,
  params,
}: {
  children: ReactNode
  params: Promise<{ locale: string }>
}) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  return (
    <>
      {children}
      <AccountBar locale={locale} countReports={() => countWaiting()} />
    </>
  )
}

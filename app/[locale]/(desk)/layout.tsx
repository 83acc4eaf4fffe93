import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { KeptForms } from '@/components/ui/kept-forms'
import { defaultLocale, isLocale, translator } from '@/lib/i18n'

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
  const t = translator(isLocale(locale) ? locale : defaultLocale, 'shell.fault')
  return (
    <>
      {children}
      <KeptForms text={t('takenUp')} />
    </>
  )
}

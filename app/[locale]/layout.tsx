import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { direction, isLocale, locales } from '@/lib/i18n'

export const metadata: Metadata = { title: { default: 'Shumar', template: '%s · Shumar' } }

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
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  return (
    <html lang={locale} dir={direction(locale)}>
      <body>{children}</body>
    </html>
  )
}

import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Reset } from '@/features/accounts/components/reset'
import { DeskPage } from '@/features/desk/components/desk-page'
import { isLocale, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/reset'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'accounts.reset')('title') } : {}
}

export default async function ResetPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const { token } = await searchParams
  const link = typeof token === 'string' ? token : ''
  return (
    <DeskPage locale={locale} path={`/reset?${new URLSearchParams({ token: link })}`}>
      <div className="stack">
        <Reset locale={locale} token={link} />
      </div>
    </DeskPage>
  )
}

import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Acceptance } from '@/features/accounts/components/acceptance'
import { DeskPage } from '@/features/desk/components/desk-page'
import { isLocale, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/set-up'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'accounts.accept')('setUpTitle') } : {}
}

export default async function SetUpPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const { token } = await searchParams
  const link = typeof token === 'string' ? token : ''
  return (
    <DeskPage locale={locale} path={`/set-up?${new URLSearchParams({ token: link })}`}>
      <div className="stack">
        <Acceptance locale={locale} kind="set-up" token={link} />
      </div>
    </DeskPage>
  )
}

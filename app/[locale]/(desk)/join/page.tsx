import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Acceptance } from '@/features/accounts/components/acceptance'
import { DeskPage } from '@/features/desk/components/desk-page'
import { isLocale, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/join'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'accounts.accept')('joinTitle') } : {}
}

export default async function JoinPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const { token } = await searchParams
  const link = typeof token === 'string' ? token : ''
  return (
    <DeskPage locale={locale} path={`/join?${new URLSearchParams({ token: link })}`}>
      <div className="stack">
        <Acceptance locale={locale} kind="join" token={link} />
      </div>
    </DeskPage>
  )
}

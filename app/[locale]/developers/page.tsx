import { notFound } from 'next/navigation'
import { DevelopersPage } from '@/features/developers/components/developers-page'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { SitePage } from '@/features/shell/components/site-page'
import { isLocale, type Locale, translator } from '@/lib/i18n'
import { metadataBy } from '@/lib/page-metadata'
import { publicOrigin } from '@/lib/public-origin'

export const ensureStatic = 'navigation'

type Props = { params: Promise<{ locale: string }> }

export const generateMetadata = metadataBy(introduction)

function introduction(locale: Locale) {
  const t = translator(locale, 'developers')
  return { path: '/developers', title: t('title'), description: t('description') }
}

export default async function DevelopersRoute({ params }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  return (
    <SitePage locale={locale} path="/developers">
      <DevelopersPage locale={locale} origin={publicOrigin()} />
      <LinkedData locale={locale} page={introduction(locale)} />
    </SitePage>
  )
}

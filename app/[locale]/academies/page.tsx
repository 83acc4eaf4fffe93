import { notFound } from 'next/navigation'
import { AcademyList } from '@/features/academies/components/public-academies'
import { catalogue } from '@/features/catalogue/cached'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { SitePage } from '@/features/shell/components/site-page'
import { isLocale, type Locale, translator } from '@/lib/i18n'
import { metadataBy } from '@/lib/page-metadata'

export const ensureStatic = 'navigation'

type Props = { params: Promise<{ locale: string }> }

export const generateMetadata = metadataBy(introduction)

function introduction(locale: Locale) {
  const t = translator(locale, 'academies.public')
  return { path: '/academies', title: t('title'), description: t('description') }
}

export default async function Page({ params }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  return (
    <SitePage locale={locale} path="/academies">
      <AcademyList locale={locale} catalogue={await catalogue()} />
      <LinkedData locale={locale} page={introduction(locale)} />
    </SitePage>
  )
}

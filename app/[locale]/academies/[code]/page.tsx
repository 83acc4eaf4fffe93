import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { AcademyPage } from '@/features/academies/components/public-academies'
import { isAcademy, successorOf } from '@/features/academies/rules'
import { catalogue } from '@/features/catalogue/cached'
import type { Academy } from '@/features/catalogue/schema'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { SitePage } from '@/features/shell/components/site-page'
import { inLocale, isLocale, type Locale, localePath, translator } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'

// One page for each of any number of academies: made when asked for, whole.
export const instant = false

type Props = PageProps<'/[locale]/academies/[code]'>

async function academyOf(code: string): Promise<Academy | undefined> {
  const { academies } = await catalogue()
  return academies.find((academy) => isAcademy(academy) && academy.code === code)
}

function introduction(locale: Locale, { code, name }: Academy) {
  const t = translator(locale, 'academies.public')
  return {
    path: `/academies/${code}`,
    title: inLocale(name, locale),
    description: t('description'),
  }
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale, code } = await params
  const academy = await academyOf(code)
  if (!isLocale(locale) || !academy) return {}
  const { path, title, description } = introduction(locale, academy)
  return pageMetadata(locale, path, title, description)
}

export default async function Page({ params }: Props) {
  const { locale, code } = await params
  const academy = await academyOf(code)
  if (!isLocale(locale) || !academy) notFound()
  const names = await catalogue()
  // What it became a part of; the address is its own again once that is undone.
  const end = successorOf(names.academies, code)
  if (end !== code) redirect(localePath(locale, `/academies/${end}`))
  return (
    <SitePage locale={locale} path={`/academies/${code}`}>
      <AcademyPage locale={locale} catalogue={names} academy={academy} />
      <LinkedData
        locale={locale}
        page={introduction(locale, academy)}
        crumbs={[{ text: translator(locale, 'academies.public')('all'), path: '/academies' }]}
      />
    </SitePage>
  )
}

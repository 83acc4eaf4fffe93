import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ComputedPage } from '@/features/proofs/components/computed-page'
import { FigurePage } from '@/features/proofs/components/figure-page'

import { isComputedAddress, readComputedPage, readFigurePage } from '@/features/proofs/data'

import { OfficerTools } from '@/features/proposals/components/officer-tools'

import { SitePage } from '@/features/shell/components/site-page'
import { VintageForm } from '@/features/vintages/components/vintage-form'
import { isLocale, type Locale, translator } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'

// One page for each of any number of figures: made when asked for, whole.
export const instant = false

type Props = PageProps<'/[locale]/figures/[id]'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale, id } = await params
  if (!isLocale(locale)) return {}
  const t = translator(locale, 'proof')
  return pageMetadata(locale, `/figures/${id}`, t('pageTitle', { id }), t('pageDescription'))
}

export default async function Page({ params }: Props) {
  const { locale, id } = await params
  if (!isLocale(locale)) notFound()
  if (isComputedAddress(id)) return <Computed locale={locale} id={id} />
  const page = await readFigurePage(id, {})
  if (!page.ok || !page.value) notFound()
  const path = `/figures/${page.value.proof.history.id}`
  return (
    <SitePage locale={locale} path={path}>
      <FigurePage locale={locale} {...page.value} />
      <OfficerTools
        locale={locale}
        history={page.value.proof.history}
        today={page.value.proof.day}
      />
      <VintageForm locale={locale} path={path} today={page.value.proof.day} />
    </SitePage>
  )
}

async function Computed({ locale, id }: { locale: Locale; id: string }) {
  const page = await readComputedPage(id, {})
  if (!page.ok || !page.value) notFound()
  const path = `/figures/${id}`
  return (
    <SitePage locale={locale} path={path}>
      <ComputedPage locale={locale} {...page.value} />
      <VintageForm locale={locale} path={path} today={page.value.proof.day} />
    </SitePage>
  )
}

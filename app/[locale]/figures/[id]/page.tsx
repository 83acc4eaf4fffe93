import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import type { Catalogue } from '@/features/catalogue/schema'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { observationNode } from '@/features/discovery/series'
import type { Figure } from '@/features/figures/schema'
import { figureWriter } from '@/features/figures/series'
import { ComputedPage } from '@/features/proofs/components/computed-page'
import { FigurePage } from '@/features/proofs/components/figure-page'
import { isComputedAddress, readComputedPage, readFigurePage } from '@/features/proofs/data'
import { figureIntroduction } from '@/features/proofs/series'
import { OfficerTools } from '@/features/proposals/components/officer-tools'
import { SitePage } from '@/features/shell/components/site-page'
import { VintageForm } from '@/features/vintages/components/vintage-form'
import { isLocale, type Locale, translator } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'

// One page for each of any number of figures: made when asked for, whole.
export const instant = false

type Props = PageProps<'/[locale]/figures/[id]'>

/** Read once for a page and its head. */
const figurePage = cache(async (id: string) => {
  const page = await readFigurePage(id, {})
  return page.ok ? page.value : null
})
const computedPage = cache(async (id: string) => {
  const page = await readComputedPage(id, {})
  return page.ok ? page.value : null
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale, id } = await params
  if (!isLocale(locale)) return {}
  const proof = (await (isComputedAddress(id) ? computedPage(id) : figurePage(id)))?.proof
  if (!proof?.figure) {
    const t = translator(locale, 'proof')
    return pageMetadata(locale, `/figures/${id}`, t('pageTitle', { id }), t('pageDescription'))
  }
  const writer = figureWriter(proof.catalogue, locale)
  const { path, title, description } = figureIntroduction(proof.figure, writer, locale)
  return pageMetadata(locale, path, title, description)
}

export default async function Page({ params }: Props) {
  const { locale, id } = await params
  if (!isLocale(locale)) notFound()
  if (isComputedAddress(id)) return <Computed locale={locale} id={id} />
  const page = await figurePage(id)
  if (!page) notFound()
  const { catalogue, history, figure, day } = page.proof
  const path = `/figures/${history.id}`
  return (
    <SitePage locale={locale} path={path}>
      <FigurePage locale={locale} {...page} />
      <OfficerTools locale={locale} history={history} today={day} />
      <VintageForm locale={locale} path={path} today={day} />
      {figure && <FigureData locale={locale} catalogue={catalogue} figure={figure} />}
    </SitePage>
  )
}

async function Computed({ locale, id }: { locale: Locale; id: string }) {
  const page = await computedPage(id)
  if (!page) notFound()
  const { catalogue, figure, day } = page.proof
  const path = `/figures/${id}`
  return (
    <SitePage locale={locale} path={path}>
      <ComputedPage locale={locale} {...page} />
      <VintageForm locale={locale} path={path} today={day} />
      <FigureData locale={locale} catalogue={catalogue} figure={figure} />
    </SitePage>
  )
}

function FigureData({
  locale,
  catalogue,
  figure,
}: {
  locale: Locale
  catalogue: Catalogue
  figure: Figure
}) {
  const writer = figureWriter(catalogue, locale)
  return (
    <LinkedData
      locale={locale}
      page={figureIntroduction(figure, writer, locale)}
      crumbs={[
        { text: translator(locale, 'indicator')('all'), path: '/indicators' },
        {
          text: writer.names.indicator(figure.indicator),
          path: `/indicators/${figure.indicator}`,
        },
      ]}
      nodes={(site) => [observationNode(site, { figure, writer })]}
    />
  )
}

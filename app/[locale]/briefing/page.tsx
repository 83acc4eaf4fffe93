import { notFound } from 'next/navigation'
import { Briefing } from '@/features/briefing/components/briefing'
import { catalogue } from '@/features/catalogue/cached'
import { inReadersCurrency } from '@/features/currencies/cached'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { figuresAmong } from '@/features/extents/cached'
import { today } from '@/features/figures/cached'
import { overviewSelections } from '@/features/overview/rules'
import { SitePage } from '@/features/shell/components/site-page'
import { targetChanges } from '@/features/targets/cached'
import { VintageForm } from '@/features/vintages/components/vintage-form'
import { isLocale, type Locale, translator } from '@/lib/i18n'
import { metadataBy } from '@/lib/page-metadata'

export const ensureStatic = 'navigation'

type Props = { params: Promise<{ locale: string }> }

export const generateMetadata = metadataBy(introduction)

function introduction(locale: Locale) {
  const t = translator(locale, 'briefing')
  return { path: '/briefing', title: t('title'), description: t('description') }
}

export default async function Page({ params }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const [names, figures, day, changes] = await Promise.all([
    catalogue(),
    figuresAmong(overviewSelections),
    today(),
    targetChanges(),
  ])
  const page = introduction(locale)
  return (
    <SitePage locale={locale} path={page.path}>
      <Briefing
        locale={locale}
        catalogue={names}
        figures={await inReadersCurrency(figures, locale)}
        today={day}
        changes={changes}
      />
      <VintageForm locale={locale} path={page.path} today={day} />
      <LinkedData locale={locale} page={page} />
    </SitePage>
  )
}

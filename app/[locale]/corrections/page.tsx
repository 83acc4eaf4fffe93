import { notFound } from 'next/navigation'
import { catalogue } from '@/features/catalogue/cached'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { figureWriter } from '@/features/figures/series'
import { CorrectionList } from '@/features/reports/components/correction-list'
import { answeredReports } from '@/features/reports/data'
import { SitePage } from '@/features/shell/components/site-page'
import { isLocale, type Locale, translator } from '@/lib/i18n'
import { metadataBy } from '@/lib/page-metadata'

// It has each answer at once: made when asked for, whole.
export const instant = false

const shown = 200

type Props = PageProps<'/[locale]/corrections'>

export const generateMetadata = metadataBy(introduction)

function introduction(locale: Locale) {
  const t = translator(locale, 'reports.corrections')
  return { path: '/corrections', title: t('title'), description: t('lead') }
}

export default async function Page({ params }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const [names, { reports, count }] = await Promise.all([catalogue(), answeredReports(shown)])
  return (
    <SitePage locale={locale} path="/corrections">
      <CorrectionList
        locale={locale}
        writer={figureWriter(names, locale)}
        reports={reports}
        count={count}
      />
      <LinkedData locale={locale} page={introduction(locale)} />
    </SitePage>
  )
}

import { notFound } from 'next/navigation'
import { LinkedData } from '@/features/discovery/components/linked-data'
import { RevisionsPage } from '@/features/revisions/components/revisions-page'
import { readRevisionsPage } from '@/features/revisions/data'
import { readRevisionsRequest } from '@/features/revisions/schema'
import { UndoLink } from '@/features/sets/components/set-links'
import { SitePage } from '@/features/shell/components/site-page'
import { isLocale, type Locale, translator } from '@/lib/i18n'
import { metadataBy } from '@/lib/page-metadata'

// Reads which commits are meant, and the clock: whole at each request.
export const instant = false

type Props = PageProps<'/[locale]/revisions'>

export const generateMetadata = metadataBy(introduction)

function introduction(locale: Locale) {
  const t = translator(locale, 'revision')
  return { path: '/revisions', title: t('title'), description: t('lead') }
}

export default async function Page({ params, searchParams }: Props) {
  const { locale } = await params
  const request = readRevisionsRequest(await searchParams)
  if (!isLocale(locale) || !request) notFound()
  const data = await readRevisionsPage(request)
  if (!data) notFound()
  const query = new URLSearchParams(
    Object.entries(request).flatMap(([word, value]) => (value ? [[word, String(value)]] : [])),
  )
  return (
    <SitePage locale={locale} path={query.size > 0 ? `/revisions?${query}` : '/revisions'}>
      <RevisionsPage locale={locale} data={data} />
      {request.commit !== null && data.commits[0]?.commit.count ? (
        <UndoLink locale={locale} commit={request.commit} />
      ) : null}
      <LinkedData locale={locale} page={introduction(locale)} />
    </SitePage>
  )
}

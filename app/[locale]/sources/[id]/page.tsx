import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Notice } from '@/components/ui/notice'
import { catalogue } from '@/features/catalogue/cached'
import { figureWriter } from '@/features/figures/series'
import { SitePage } from '@/features/shell/components/site-page'
import { SourcePage } from '@/features/sources/components/source-page'
import { readSource } from '@/features/sources/data'
import { readSourceId } from '@/features/sources/schema'
import { isLocale, localePath, translator } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'

// One page for each of any number of sources: made when asked for, whole.
export const instant = false

type Props = PageProps<'/[locale]/sources/[id]'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale, id } = await params
  if (!isLocale(locale)) return {}
  const t = translator(locale, 'sources')
  return pageMetadata(locale, `/sources/${id}`, t('sourceTitle', { id }), t('sourceDescription'))
}

export default async function Page({ params, searchParams }: Props) {
  const { locale, id } = await params
  if (!isLocale(locale)) notFound()
  const number = readSourceId(id)
  const source = number && (await readSource(number))
  if (!source) notFound()
  const { stored } = await searchParams
  const t = translator(locale, 'sources')
  return (
    <SitePage locale={locale} path={`/sources/${source.id}`}>
      {(stored === 'new' || stored === 'known') && (
        <div className="mb-6">
          <Notice tone="success">
            <p>{t(`stored.${stored}`)}</p>
          </Notice>
        </div>
      )}
      <SourcePage
        locale={locale}
        writer={figureWriter(await catalogue(), locale)}
        source={source}
      />
      <p className="mt-6 print:hidden">
        <a href={localePath(locale, `/sources/${source.id}/copy`)} rel="nofollow">
          {t('addCopy')}
        </a>
      </p>
    </SitePage>
  )
}

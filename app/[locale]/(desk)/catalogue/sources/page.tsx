import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumbs } from '@/components/ui/breadcrumbs'
import { Gate } from '@/features/accounts/components/gate'
import { catalogue } from '@/features/catalogue/cached'
import { ListTabs } from '@/features/catalogue/components/listing'
import { DeskPage } from '@/features/desk/components/desk-page'
import { figureWriter } from '@/features/figures/series'
import { DeskSourceList } from '@/features/sources/components/desk-list'
import { readDeskSources } from '@/features/sources/data'
import { readSearch } from '@/features/sources/schema'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/catalogue/sources'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'sources')('title') } : {}
}

export default async function SourcesPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const path = '/catalogue/sources'
  return (
    <DeskPage locale={locale} path={path}>
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="catalogue.edit" locale={locale} path={localePath(locale, path)}>
          {async () => <List locale={locale} search={readSearch(await searchParams)} />}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function List({ locale, search }: { locale: Locale; search: string }) {
  const t = translator(locale, 'catalogue')
  const title = translator(locale, 'sources')('title')
  const [names, sources] = await Promise.all([catalogue(), readDeskSources(search)])
  return (
    <>
      <Breadcrumbs
        label={t('way')}
        crumbs={[{ text: t('admin'), href: localePath(locale, '/admin') }]}
        current={title}
      />
      <h1>{title}</h1>
      <ListTabs locale={locale} open="sources" />
      <p className="lead">{translator(locale, 'sources.desk')('lead')}</p>
      <DeskSourceList
        locale={locale}
        writer={figureWriter(names, locale)}
        search={search}
        sources={sources}
      />
    </>
  )
}

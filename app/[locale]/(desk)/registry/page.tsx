import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ButtonLink } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import {
  RegistryFilter,
  RegistryPages,
  RegistryTable,
} from '@/features/academies/components/registry-list'
import { readKeptAcademies } from '@/features/academies/data'
import { type RegistryView, readView } from '@/features/academies/schema'
import { Gate } from '@/features/accounts/components/gate'
import type { Actor } from '@/features/accounts/schema'
import { readCatalogueNow } from '@/features/catalogue/data'
import { DeskPage } from '@/features/desk/components/desk-page'
import { inLocale, isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/registry'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'academies')('register') } : {}
}

export default async function RegistryPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  return (
    <DeskPage locale={locale} path="/registry">
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="academies.keep" locale={locale} path={localePath(locale, '/registry')}>
          {async (actor) => {
            const words = await searchParams
            const view = readView(words)
            const { saved, imported } = words
            return <List {...{ locale, actor, view, saved, imported }} />
          }}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function List({
  locale,
  actor,
  view,
  saved,
  imported,
}: {
  locale: Locale
  actor: Actor
  view: RegistryView
  saved: string | string[] | undefined
  imported: string | string[] | undefined
}) {
  const t = translator(locale, 'academies')
  const [catalogue, { academies, isLimited, total }] = await Promise.all([
    readCatalogueNow(),
    readKeptAcademies(actor, view),
  ])
  const stored = catalogue.academies.find(({ code }) => code === saved)
  return (
    <>
      <h1>{t('register')}</h1>
      <p className="lead">{t(isLimited ? 'leadLimited' : 'lead')}</p>
      {stored && (
        <Notice tone="success">
          <p>{t('saved', { name: inLocale(stored.name, locale) })}</p>
        </Notice>
      )}
      {typeof imported === 'string' && /^\d{1,6}$/.test(imported) && (
        <Notice tone="success">
          <p>{t('imported', { count: Number(imported) })}</p>
        </Notice>
      )}
      <p className="academy-pages">
        <ButtonLink href={localePath(locale, '/registry/new')}>{t('add')}</ButtonLink>
        <a href={localePath(locale, '/registry/import')}>{t('import')}</a>
        <a href="/download/academies.csv">{t('download')}</a>
      </p>
      {total === 0 ? (
        <p>{t('empty')}</p>
      ) : (
        <>
          <RegistryFilter locale={locale} catalogue={catalogue} view={view} />
          {academies.length === 0 ? (
            <p>
              {t('none')} <a href={localePath(locale, '/registry')}>{t('filter.clear')}</a>
            </p>
          ) : (
            <RegistryTable {...{ locale, catalogue, academies, view }} />
          )}
          <RegistryPages locale={locale} count={academies.length} view={view} />
        </>
      )}
    </>
  )
}

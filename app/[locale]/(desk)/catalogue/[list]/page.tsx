import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumbs } from '@/components/ui/breadcrumbs'
import { ButtonLink } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { Gate } from '@/features/accounts/components/gate'
import { Listing, ListTabs } from '@/features/catalogue/components/listing'
import { readListing } from '@/features/catalogue/data'
import { type ListName, lists } from '@/features/catalogue/schema'
import { DeskPage } from '@/features/desk/components/desk-page'
import { inLocale, isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/catalogue/[list]'>

const listNamed = (text: string) => lists.find((list) => list === text)

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale, list } = await params
  const known = listNamed(list)
  return isLocale(locale) && known
    ? { title: translator(locale, 'catalogue')(`lists.${known}`) }
    : {}
}

export default async function ListPage({ params, searchParams }: Props) {
  const { locale, list: named } = await params
  const list = listNamed(named)
  if (!isLocale(locale) || !list) notFound()
  const path = `/catalogue/${list}`
  return (
    <DeskPage locale={locale} path={path}>
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="catalogue.edit" locale={locale} path={localePath(locale, path)}>
          {async () => {
            const { saved } = await searchParams
            return <List locale={locale} list={list} saved={String(saved ?? '')} />
          }}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function List({ locale, list, saved }: { locale: Locale; list: ListName; saved: string }) {
  const t = translator(locale, 'catalogue')
  const items = await readListing(list)
  const item = items.find(({ code }) => code === saved)
  return (
    <>
      <Breadcrumbs
        label={t('way')}
        crumbs={[{ text: t('admin'), href: localePath(locale, '/admin') }]}
        current={t(`lists.${list}`)}
      />
      <h1>{t(`lists.${list}`)}</h1>
      <ListTabs locale={locale} open={list} />
      <p className="lead">{t(`leads.${list}`)}</p>
      {item && (
        <Notice tone="success">
          <p>{t('saved', { name: inLocale(item.name, locale) })}</p>
        </Notice>
      )}
      <p>
        <ButtonLink href={localePath(locale, `/catalogue/${list}/new`)}>
          {t(`add.${list}`)}
        </ButtonLink>
      </p>
      <Listing locale={locale} list={list} items={items} />
    </>
  )
}

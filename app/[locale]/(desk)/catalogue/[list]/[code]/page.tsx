import { randomUUID } from 'node:crypto'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumbs } from '@/components/ui/breadcrumbs'
import { Follow } from '@/components/ui/follow'
import { Gate } from '@/features/accounts/components/gate'
import { ItemDesk } from '@/features/catalogue/components/item-desk'
import { readBlank, readCatalogueNow, readEdited } from '@/features/catalogue/data'
import { findItem } from '@/features/catalogue/rules'
import { type ItemFormState, type ListName, lists } from '@/features/catalogue/schema'
import { DeskPage } from '@/features/desk/components/desk-page'
import { keptAnswer } from '@/lib/form-answer'
import { inLocale, isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/catalogue/[list]/[code]'>

const listNamed = (text: string) => lists.find((list) => list === text)

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale, list, code } = await params
  const known = listNamed(list)
  if (!isLocale(locale) || !known) return {}
  const t = translator(locale, 'catalogue')
  return { title: code === 'new' ? t(`add.${known}`) : `${code} · ${t(`lists.${known}`)}` }
}

export default async function ItemPage({ params }: Props) {
  const { locale, list: named, code } = await params
  const list = listNamed(named)
  if (!isLocale(locale) || !list) notFound()
  const path = `/catalogue/${list}/${code}`
  const answer = await keptAnswer<ItemFormState>('item')
  return (
    <DeskPage locale={locale} path={path}>
      <Follow goTo={answer?.goTo ?? null} />
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="catalogue.edit" locale={locale} path={localePath(locale, path)}>
          {() => <ItemOf locale={locale} list={list} code={code} answer={answer} />}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function ItemOf({
  locale,
  list,
  code,
  answer,
}: {
  locale: Locale
  list: ListName
  code: string
  answer: ItemFormState | undefined
}) {
  const t = translator(locale, 'catalogue')
  const isNew = code === 'new'
  const [names, edited] = await Promise.all([
    readCatalogueNow(),
    isNew ? null : readEdited(list, code),
  ])
  const row = findItem(names, list, code)
  const way = (current: string) => (
    <Breadcrumbs
      label={t('way')}
      crumbs={[
        { text: t('admin'), href: localePath(locale, '/admin') },
        { text: t(`lists.${list}`), href: localePath(locale, `/catalogue/${list}`) },
      ]}
      current={current}
    />
  )
  if (!isNew && !(row && edited)) {
    return (
      <>
        {way(t('gone.title'))}
        <h1>{t('gone.title')}</h1>
        <p className="lead">{t('gone.text')}</p>
      </>
    )
  }
  const title = row ? inLocale(row.name, locale) : t(`add.${list}`)
  const initial: ItemFormState = answer ?? {
    attempt: 0,
    values: edited?.values ?? (await readBlank(list)),
    reason: '',
    ticket: { id: randomUUID(), seen: edited?.seen ?? '' },
    problems: [],
    goTo: null,
  }
  // The list of figures cannot change under its settings; the form says so before it is sent.
  const figures = edited?.use.figures ?? 0
  return (
    <>
      {way(title)}
      <h1>{title}</h1>
      {figures > 0 && <p className="lead">{t('inUse', { count: figures })}</p>}
      <ItemDesk
        locale={locale}
        list={list}
        item={isNew ? '' : code}
        catalogue={names}
        initial={initial}
      />
    </>
  )
}

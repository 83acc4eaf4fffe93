import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Gate } from '@/features/accounts/components/gate'
import { people } from '@/features/accounts/data'
import { countItems } from '@/features/catalogue/data'
import { lists } from '@/features/catalogue/schema'
import { DeskPage } from '@/features/desk/components/desk-page'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'
import { formatDecimal } from '@/lib/number'

type Props = PageProps<'/[locale]/admin'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'catalogue')('admin') } : {}
}

export default async function AdminPage({ params }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  return (
    <DeskPage locale={locale} path="/admin">
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="catalogue.edit" locale={locale} path={localePath(locale, '/admin')}>
          {() => <Entrance locale={locale} />}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function Entrance({ locale }: { locale: Locale }) {
  const [counts, everybody] = await Promise.all([countItems(), people()])
  const t = translator(locale, 'catalogue')
  const bar = translator(locale, 'accounts.bar')
  const places = [
    ...lists.map((list) => ({
      path: `/catalogue/${list}`,
      text: t(`lists.${list}`),
      count: counts[list],
    })),
    { path: '/people', text: bar('people'), count: everybody.length },
    { path: '/catalogue/sources', text: t('sources'), count: null },
    { path: '/rules', text: bar('rules'), count: null },
    { path: '/settings', text: bar('settings'), count: null },
    { path: '/audit', text: bar('audit'), count: null },
  ]
  return (
    <>
      <h1>{t('admin')}</h1>
      <p className="lead">{t('adminLead')}</p>
      <ul>
        {places.map(({ path, text, count }) => (
          <li key={path}>
            <a className="inline-block py-2" href={localePath(locale, path)}>
              {text}
              {count !== null && ` (${formatDecimal(String(count), { locale })})`}
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}

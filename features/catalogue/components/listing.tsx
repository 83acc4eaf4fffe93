import './catalogue-desk.css'
import { DataTable } from '@/components/ui/data-table'
import { inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import { formatDecimal } from '@/lib/number'
import { type ListedItem, type ListName, lists } from '../schema'

/** The lists of the catalogue, of which one is open. */
export function ListTabs({ locale, open }: { locale: Locale; open: ListName | 'sources' }) {
  const t = translator(locale, 'catalogue')
  return (
    <nav className="desk-tabs" aria-label={t('lists.label')}>
      <ul>
        {[...lists, 'sources' as const].map((list) => (
          <li key={list}>
            <a
              href={localePath(locale, `/catalogue/${list}`)}
              aria-current={list === open ? 'page' : undefined}
            >
              {t(list === 'sources' ? 'sources' : `lists.${list}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** The items of a list, each a link to its form. */
export function Listing({
  locale,
  list,
  items,
}: {
  locale: Locale
  list: ListName
  items: readonly ListedItem[]
}) {
  const t = translator(locale, 'catalogue')
  return (
    <DataTable id="items" caption={t(`lists.${list}`)} captionHidden>
      <thead>
        <tr>
          <th scope="col">{t('table.name')}</th>
          <th scope="col">{t('table.other')}</th>
          <th scope="col">{t('fields.code')}</th>
          <th scope="col" className="numeric">
            {t('table.figures')}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ code, name, depth, figures }) => (
          <tr key={code}>
            <th scope="row" style={{ paddingInlineStart: `${0.75 + depth * 1.5}rem` }}>
              <a href={localePath(locale, `/catalogue/${list}/${code}`)}>
                {inLocale(name, locale)}
              </a>
            </th>
            <td>
              {locale.startsWith('ur') ? (
                <span lang="en" dir="ltr">
                  {name.en}
                </span>
              ) : (
                <span lang="ur" dir="rtl">
                  {name.ur}
                </span>
              )}
            </td>
            <td>
              <code dir="ltr">{code}</code>
            </td>
            <td className="numeric">{formatDecimal(String(figures), { locale })}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

import './academies.css'
import { Button } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { InputField, SelectField } from '@/components/ui/field'
import { type CatalogueNames, catalogueNames } from '@/features/catalogue/rules'
import type { Academy, Catalogue } from '@/features/catalogue/schema'
import { formatDay } from '@/features/periods/rules'
import { inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import { formatDecimal } from '@/lib/number'
import { academiesOnPage, type RegistryView, registryStates } from '../schema'
import { placeOptions } from './academy-desk'

/** Words, programme, area and state to look for, as any form of the web. */
export function RegistryFilter({
  locale,
  catalogue,
  view,
}: {
  locale: Locale
  catalogue: Catalogue
  view: RegistryView
}) {
  const t = translator(locale, 'academies.filter')
  const places = placeOptions(locale, catalogue)
  const any = { value: '', text: t('any') }
  const choices = {
    programme: [any, ...places.programme],
    area: [any, ...places.area],
    state: [any, ...registryStates.map((value) => ({ value, text: t(value) }))],
  }
  return (
    <search>
      <form action={localePath(locale, '/registry')} className="stack">
        <div className="academy-filter">
          <InputField
            id="q"
            name="q"
            type="search"
            dir="auto"
            defaultValue={view.search}
            label={t('search')}
            hint={t('searchHint')}
          />
          {(['programme', 'area', 'state'] as const).map((name) => (
            <SelectField key={name} id={name} name={name} label={t(name)} defaultValue={view[name]}>
              {choices[name].map(({ value, text }) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </SelectField>
          ))}
        </div>
        <p>
          <Button rank="secondary">{t('submit')}</Button>
        </p>
      </form>
    </search>
  )
}

/** The academies of one page of the list. */
export function RegistryTable({
  locale,
  catalogue,
  academies,
  view,
}: {
  locale: Locale
  catalogue: Catalogue
  /** All that were found. */
  academies: readonly Academy[]
  view: RegistryView
}) {
  const t = translator(locale, 'academies')
  const names = catalogueNames(catalogue, locale)
  const from = (view.page - 1) * academiesOnPage
  return (
    <DataTable id="academies" caption={t('count', { count: academies.length })}>
      <thead>
        <tr>
          <th scope="col">{t('table.name')}</th>
          <th scope="col">{t('table.programme')}</th>
          <th scope="col">{t('table.area')}</th>
          <th scope="col">{t('table.state')}</th>
        </tr>
      </thead>
      <tbody>
        {academies.slice(from, from + academiesOnPage).map((academy) => (
          <tr key={academy.code}>
            <th scope="row" className="min-w-48">
              <a
                className="inline-block py-2"
                href={localePath(locale, `/registry/${academy.code}`)}
              >
                <bdi>{inLocale(academy.name, locale)}</bdi>
              </a>
              <span className="block text-small break-all text-muted">
                <code dir="ltr">{academy.code}</code>
              </span>
            </th>
            <td>{names.programme(academy.programme)}</td>
            <td>
              {names.area(academy.area)}
              {academy.city !== '' && (
                <>
                  <br />
                  <bdi>{academy.city}</bdi>
                </>
              )}
            </td>
            <td>{stateOf(locale, names, academy)}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

/** `Open`, `Closed on 30 June 2024`, `Part of UET Lahore since 30 June 2024`. */
export function stateOf(
  locale: Locale,
  names: CatalogueNames,
  { closedOn, mergedInto }: Academy,
): string {
  const t = translator(locale, 'academies.state')
  if (closedOn === null) return t('open')
  const day = formatDay(closedOn, locale)
  return mergedInto === null
    ? t('closed', { day })
    : t('merged', { day, name: names.academy(mergedInto) })
}

/** The way to the pages of the list before and after this one. */
export function RegistryPages({
  locale,
  count,
  view,
}: {
  locale: Locale
  count: number
  view: RegistryView
}) {
  const t = translator(locale, 'academies.pages')
  const pages = Math.ceil(count / academiesOnPage)
  if (pages < 2) return null
  const { search, programme, area, state, page } = view
  const number = (value: number) => formatDecimal(String(value), { locale })
  const link = (to: number, text: string, rel: string) => {
    const words = { q: search, programme, area, state, page: String(to) }
    const given = Object.entries(words).filter(([, value]) => value !== '')
    const href = localePath(locale, `/registry?${new URLSearchParams(given)}`)
    return (
      <a href={href} rel={rel}>
        {text}
      </a>
    )
  }
  return (
    <nav aria-label={t('label')} className="academy-pages">
      {page > 1 && link(page - 1, t('previous'), 'prev')}
      <span>{t('place', { page: number(page), pages: number(pages) })}</span>
      {page < pages && link(page + 1, t('next'), 'next')}
    </nav>
  )
}

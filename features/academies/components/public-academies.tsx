import './academies.css'
import { Breadcrumbs } from '@/components/ui/breadcrumbs'
import { DefinitionList } from '@/components/ui/definition-list'
import { catalogueNames } from '@/features/catalogue/rules'
import type { Academy, Catalogue } from '@/features/catalogue/schema'
import { formatDay } from '@/features/periods/rules'
import { inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import { isAcademy } from '../rules'

/** Every academy by area, with its programme, its place, who runs it, and its last day. */
export function AcademyList({ locale, catalogue }: { locale: Locale; catalogue: Catalogue }) {
  const t = translator(locale, 'academies')
  const academies = catalogue.academies.filter(isAcademy)
  const areas = catalogue.areas
    .map((area) => ({ area, own: academies.filter((academy) => academy.area === area.code) }))
    .filter(({ own }) => own.length > 0)
  return (
    <>
      <h1>{t('public.title')}</h1>
      <p className="lead">{t('public.description')}</p>
      {academies.length === 0 && <p className="section">{t('public.none')}</p>}
      {areas.map(({ area, own }) => (
        <section key={area.code} aria-labelledby={area.code} className="section">
          <h2 id={area.code}>{inLocale(area.name, locale)}</h2>
          <p className="eyebrow">{t('count', { count: own.length })}</p>
          <ul className="academy-list">
            {own.map((academy) => (
              <li key={academy.code}>
                <ListedAcademy locale={locale} catalogue={catalogue} academy={academy} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {academies.length > 0 && (
        <p className="section">
          <a href="/download/academies.csv">{t('download')}</a>
        </p>
      )}
    </>
  )
}

function ListedAcademy({
  locale,
  catalogue,
  academy: { code, name, programme, city, host, closedOn, mergedInto },
}: {
  locale: Locale
  catalogue: Catalogue
  academy: Academy
}) {
  const t = translator(locale, 'academies')
  const names = catalogueNames(catalogue, locale)
  const day = closedOn && formatDay(closedOn, locale)
  const told = [
    names.programme(programme),
    city,
    host,
    day &&
      (mergedInto
        ? t('state.merged', { day, name: names.academy(mergedInto) })
        : t('public.closed', { day })),
  ]
  return (
    <>
      <a className="academy-name" href={localePath(locale, `/academies/${code}`)}>
        <bdi>{inLocale(name, locale)}</bdi>
      </a>
      <p className="text-small text-muted">
        {told.filter(Boolean).map((text, index) => (
          <span key={text}>
            {index > 0 && ' · '}
            <bdi>{text}</bdi>
          </span>
        ))}
      </p>
    </>
  )
}

/** One academy as everybody may see it. */
export function AcademyPage({
  locale,
  catalogue,
  academy,
}: {
  locale: Locale
  catalogue: Catalogue
  academy: Academy
}) {
  const t = translator(locale, 'academies.public')
  const names = catalogueNames(catalogue, locale)
  const day = (iso: string | null) => iso && formatDay(iso, locale)
  const text = (typed: string) => typed && <bdi>{typed}</bdi>
  const merged = catalogue.academies.filter(({ mergedInto }) => mergedInto === academy.code)
  const name = inLocale(academy.name, locale)
  const figures = `/data?${new URLSearchParams({ q: academy.code })}`
  return (
    <>
      <Breadcrumbs
        label={translator(locale, 'academies')('way')}
        crumbs={[{ text: t('all'), href: localePath(locale, '/academies') }]}
        current={name}
      />
      <h1>
        <bdi>{name}</bdi>
      </h1>
      <div className="section">
        <DefinitionList
          definitions={[
            {
              term: t('programme'),
              detail: (
                <a href={localePath(locale, `/programmes/${academy.programme}`)}>
                  {names.programme(academy.programme)}
                </a>
              ),
            },
            {
              term: t('area'),
              detail: (
                <a href={localePath(locale, `/areas/${academy.area}`)}>
                  {names.area(academy.area)}
                </a>
              ),
            },
            { term: t('city'), detail: text(academy.city) },
            { term: t('host'), detail: text(academy.host) },
            { term: t('openedOn'), detail: day(academy.openedOn) },
            { term: t('closedOn'), detail: day(academy.closedOn) },
            {
              term: t('merged'),
              detail: merged.length > 0 && (
                <ul>
                  {merged.map((other) => (
                    <li key={other.code}>
                      <bdi>{inLocale(other.name, locale)}</bdi> (<code dir="ltr">{other.code}</code>
                      )
                    </li>
                  ))}
                </ul>
              ),
            },
            { term: t('code'), detail: <code dir="ltr">{academy.code}</code> },
          ]}
        />
      </div>
      <p className="section">
        <a href={localePath(locale, figures)}>{t('figures')}</a>
      </p>
    </>
  )
}

/** Leads to the list from a page whose programme or area has academies; nothing where it has none. */
export function AcademiesLink({
  locale,
  academies,
  anchor = '',
}: {
  locale: Locale
  academies: readonly Academy[]
  /** The part of the list to lead to: an area's code. */
  anchor?: string
}) {
  const count = academies.filter(isAcademy).length
  if (count === 0) return null
  return (
    <p className="section">
      <a href={localePath(locale, `/academies${anchor && `#${anchor}`}`)}>
        {translator(locale, 'academies.public')('listOf', { count })}
      </a>
    </p>
  )
}

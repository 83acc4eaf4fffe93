import './academies.css'
import { randomUUID } from 'node:crypto'
import { DataTable } from '@/components/ui/data-table'
import { catalogueNames, inTree, isProgramme } from '@/features/catalogue/rules'
import type { Academy, Catalogue } from '@/features/catalogue/schema'
import { dayAt, formatDay } from '@/features/periods/rules'
import { inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import type { KeptAcademy } from '../data'
import { isAcademy, successorOf } from '../rules'
import {
  type AcademyChange,
  type AcademyField,
  type AcademyFormState,
  type ActField,
  type ActFormState,
  type ActName,
  academyFields,
  actFields,
} from '../schema'
import { type AcademyControl, AcademyForm, type ActControl, ActForm } from './academy-forms'

const inIndent = <Row extends { code: string; parent: string | null; name: Academy['name'] }>(
  rows: readonly Row[],
  locale: Locale,
) =>
  inTree(rows).map(({ row, depth }) => ({
    value: row.code,
    text: '\u2003'.repeat(depth) + inLocale(row.name, locale),
  }))

/** Programmes and areas to choose from; the world is no place of an academy. */
export function placeOptions(locale: Locale, { programmes, areas }: Catalogue) {
  return {
    programme: inIndent(programmes.filter(isProgramme), locale),
    area: inIndent(
      areas.filter(({ code }) => code !== '001'),
      locale,
    ),
  }
}

const groupOf: Record<AcademyField, 'names' | 'place' | 'contact'> = {
  code: 'names',
  nameEn: 'names',
  nameUr: 'names',
  programme: 'place',
  area: 'place',
  city: 'place',
  host: 'place',
  openedOn: 'place',
  contact: 'contact',
  reason: 'contact',
}

/** The form of an academy, new or known, with its texts and choices. */
export function AcademyEditor({
  locale,
  catalogue,
  code,
  initial,
}: {
  locale: Locale
  catalogue: Catalogue
  /** Empty for a new one. */
  code: string
  initial: AcademyFormState
}) {
  const t = translator(locale, 'academies')
  const places = placeOptions(locale, catalogue)
  const control = (name: AcademyField): AcademyControl => {
    const hint = (name === 'code' && code !== '' ? 'codeFixed' : name) as 'code'
    return {
      name,
      label: t(`fields.${name}`),
      ...(t.has(`hints.${hint}`) && { hint: t(`hints.${hint}`) }),
      ...(name === 'programme' || name === 'area'
        ? { options: [{ value: '', text: t('choose') }, ...places[name]] }
        : {}),
      ...(name === 'code' && { type: 'code' as const, isFixed: code !== '' }),
      ...(name === 'openedOn' && { type: 'day' as const }),
      ...(name === 'nameEn' && { language: 'en' }),
      ...(name === 'nameUr' && { language: 'ur' }),
    }
  }
  return (
    <AcademyForm
      locale={locale}
      academy={code}
      initial={initial}
      groups={(['names', 'place', 'contact'] as const).map((group) => ({
        legend: t(`groups.${group}`),
        controls: academyFields.filter((name) => groupOf[name] === group).map(control),
      }))}
      texts={formTexts(locale, code === '' ? t('form.create') : t('form.save'))}
    />
  )
}

function formTexts(locale: Locale, submit: string) {
  const t = translator(locale, 'academies.form')
  return {
    submit,
    sending: t('sending'),
    errorTitle: t('errorTitle'),
    errorPrefix: t('errorPrefix'),
  }
}

/** What can become of an academy as it is now, each with its form. */
export function ActSections({
  locale,
  catalogue,
  academy,
  answer,
}: {
  locale: Locale
  catalogue: Catalogue
  academy: Academy
  answer: ActFormState | undefined
}) {
  const t = translator(locale, 'academies')
  const acts: ActName[] =
    academy.mergedInto !== null
      ? ['undo']
      : academy.closedOn !== null
        ? ['reopen', 'merge']
        : ['close', 'merge']
  return acts.map((act) => (
    <section key={act} aria-labelledby={`act-${act}`} className="stack academy-act">
      <h2 id={`act-${act}`}>{t(`acts.${act}`)}</h2>
      {act === 'undo' && <p className="prose">{t('undoLead')}</p>}
      <ActForm
        locale={locale}
        academy={academy.code}
        initial={answer?.act === act ? answer : startAct(act, academy)}
        controls={actFields[act].map((name) => actControl(locale, catalogue, academy, name))}
        texts={formTexts(locale, t(`acts.${act}`))}
      />
    </section>
  ))
}

const startAct = (act: ActName, { version, closedOn }: Academy): ActFormState => ({
  attempt: 0,
  act,
  values: act === 'merge' ? { mergedOn: closedOn ?? '' } : {},
  ticket: { id: randomUUID(), version: String(version) },
  problems: [],
  goTo: null,
})

function actControl(
  locale: Locale,
  { academies }: Catalogue,
  academy: Academy,
  name: ActField,
): ActControl {
  const t = translator(locale, 'academies')
  const shared = { name, label: t(`fields.${name}`) }
  if (name === 'closedOn' || name === 'mergedOn') return { ...shared, type: 'day' }
  const hint = name === 'into' || name === 'mergeReason' ? t(`hints.${name}`) : undefined
  if (name !== 'into') return { ...shared, hint }
  const others = academies.filter(
    (other) =>
      isAcademy(other) && other.code !== academy.code && other.programme === academy.programme,
  )
  return {
    ...shared,
    hint,
    options: [
      { value: '', text: t('choose') },
      ...others.map((other) => ({
        value: other.code,
        text: `${inLocale(other.name, locale)} (${other.code})`,
      })),
    ],
  }
}

/** What it became a part of, and what became a part of it. */
export function Mergers({
  locale,
  catalogue,
  academy,
  merged,
}: Pick<KeptAcademy, 'academy' | 'merged'> & { locale: Locale; catalogue: Catalogue }) {
  const t = translator(locale, 'academies')
  const { academy: named } = catalogueNames(catalogue, locale)
  const link = (code: string) => (
    <a href={localePath(locale, `/registry/${code}`)}>
      <bdi>{named(code)}</bdi>
    </a>
  )
  const linked = (code: string) => ({ name: named(code), link: () => link(code) })
  const end = successorOf(catalogue.academies, academy.code)
  return (
    <>
      {academy.mergedInto && (
        <p className="lead">
          {t.rich('mergedInto', linked(academy.mergedInto))}{' '}
          {end !== academy.mergedInto && t.rich('mergedEnd', linked(end))}
        </p>
      )}
      {merged.length > 0 && (
        <div>
          <p>{t('mergedFrom')}</p>
          <ul className="academy-links">
            {merged.map((code) => (
              <li key={code}>{link(code)}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  )
}

/** All changes of an academy, the newest first. */
export function History({
  locale,
  history,
}: {
  locale: Locale
  history: readonly AcademyChange[]
}) {
  const t = translator(locale, 'academies.history')
  return (
    <DataTable id="history" caption={t('title')}>
      <thead>
        <tr>
          <th scope="col">{t('what')}</th>
          <th scope="col">{t('why')}</th>
          <th scope="col">{t('by')}</th>
          <th scope="col">{t('name')}</th>
        </tr>
      </thead>
      <tbody>
        {history.map(({ commit, at, author, act, reason, name }) => (
          <tr key={commit}>
            <th scope="row">{t(act)}</th>
            <td>{reason === '' ? '–' : <bdi>{reason}</bdi>}</td>
            <td>
              <bdi>{author}</bdi>
              <br />
              {formatDay(dayAt(new Date(at)), locale)}
            </td>
            <td>
              <bdi>{inLocale(name, locale)}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

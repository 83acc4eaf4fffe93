import { inLocale, type Locale, translator } from '@/lib/i18n'
import { inTree, isProgramme } from '../rules'
import {
  type Area,
  type Catalogue,
  type ItemField,
  type ItemFormState,
  itemFields,
  kinds,
  type ListName,
  methods,
  type Programme,
  steps,
  themes,
} from '../schema'
import { type ItemControl, ItemForm, type ItemGroup } from './item-form'

interface Option {
  value: string
  text: string
}

const aggregations = ['none', 'sum', 'last'] as const
const directions = ['neutral', 'up_is_good', 'down_is_good'] as const

const groupOf: Partial<Record<ItemField, 'figures' | 'rate' | 'cadence' | 'place'>> = {
  theme: 'figures',
  defaultKind: 'figures',
  defaultUnit: 'figures',
  decimals: 'figures',
  direction: 'figures',
  acrossAreas: 'figures',
  acrossPeriods: 'figures',
  method: 'rate',
  numerator: 'rate',
  numeratorSex: 'rate',
  denominator: 'rate',
  releaseEvery: 'cadence',
  releaseLagDays: 'cadence',
  parent: 'place',
  colour: 'place',
  endedOn: 'place',
  tileColumn: 'place',
  tileRow: 'place',
  position: 'place',
}

const groups = ['texts', 'figures', 'rate', 'cadence', 'place'] as const

/** The form of an item with its texts and choices in one language. */
export function ItemDesk({
  locale,
  list,
  item,
  catalogue,
  initial,
}: {
  locale: Locale
  list: ListName
  /** Its code; empty for a new one. */
  item: string
  catalogue: Catalogue
  initial: ItemFormState
}) {
  const t = translator(locale, 'catalogue')
  const controls = itemFields[list].map((name) => controlOf(locale, catalogue, list, item, name))
  const parts: ItemGroup[] = groups.map((group) => ({
    legend: t(`groups.${group}`),
    controls: controls.filter(
      ({ name }) => (name === 'reason' ? 'texts' : (groupOf[name] ?? 'texts')) === group,
    ),
  }))
  const why: ItemControl = {
    name: 'reason',
    type: 'text',
    label: t('fields.reason'),
    hint: t('hints.reason'),
    language: locale.startsWith('ur') ? 'ur' : 'en',
  }
  return (
    <ItemForm
      locale={locale}
      list={list}
      item={item}
      initial={initial}
      groups={[
        ...parts.filter((part) => part.controls.length > 0),
        { legend: t('groups.why'), controls: [why] },
      ]}
      texts={{
        submit: item === '' ? t('form.create') : t('form.save'),
        sending: t('form.sending'),
        errorTitle: t('form.errorTitle'),
        errorPrefix: t('form.errorPrefix'),
      }}
    />
  )
}

const types: Partial<Record<ItemField, ItemControl['type']>> = {
  definitionEn: 'long',
  definitionUr: 'long',
  descriptionEn: 'long',
  descriptionUr: 'long',
  code: 'code',
  decimals: 'whole',
  releaseLagDays: 'whole',
  tileColumn: 'whole',
  tileRow: 'whole',
  position: 'whole',
  endedOn: 'day',
}

function controlOf(
  locale: Locale,
  catalogue: Catalogue,
  list: ListName,
  item: string,
  name: ItemField,
): ItemControl {
  const t = translator(locale, 'catalogue')
  const options = optionsOf(locale, catalogue, list, item, name)
  const hint = `hints.${name === 'code' ? (item === '' ? `${list}Code` : 'codeFixed') : name}`
  const known = hint as Parameters<typeof t.has>[0]
  return {
    name,
    type: types[name],
    label: t(`fields.${name}`),
    ...(t.has(known) && { hint: t(known) }),
    ...(options && { options }),
    ...(name.endsWith('Ur') && { language: 'ur' }),
    ...(name.endsWith('En') && { language: 'en' }),
    isFixed: name === 'code' && item !== '',
  }
}

function optionsOf(
  locale: Locale,
  catalogue: Catalogue,
  list: ListName,
  item: string,
  name: ItemField,
): Option[] | null {
  const t = translator(locale, 'catalogue.choices')
  const theme = translator(locale, 'indicator.theme')
  const kind = translator(locale, 'figures.kind')
  const chosen = (options: Option[]) => [{ value: '', text: t('choose') }, ...options]
  const none = (options: Option[]) => [{ value: '', text: t('none') }, ...options]
  const indicators = () =>
    catalogue.indicators
      .filter(({ code, method }) => code !== item && method === 'published')
      .map(({ code, name: its }) => ({ value: code, text: inLocale(its, locale) }))
  const choices: Partial<Record<ItemField, () => Option[]>> = {
    theme: () => chosen(themes.map((value) => ({ value, text: theme(value) }))),
    defaultKind: () => chosen(kinds.map((value) => ({ value, text: kind(value) }))),
    defaultUnit: () =>
      chosen(
        catalogue.units.map(({ code, name: its }) => ({
          value: code,
          text: inLocale(its, locale),
        })),
      ),
    direction: () => directions.map((value) => ({ value, text: t(`direction.${value}`) })),
    acrossAreas: () => aggregations.map((value) => ({ value, text: t(`aggregation.${value}`) })),
    acrossPeriods: () => aggregations.map((value) => ({ value, text: t(`aggregation.${value}`) })),
    method: () => methods.map((value) => ({ value, text: t(`method.${value}`) })),
    numerator: () => none(indicators()),
    denominator: () => none(indicators()),
    numeratorSex: () => [
      { value: '', text: t('sex.same') },
      { value: 'F', text: t('sex.F') },
      { value: 'M', text: t('sex.M') },
    ],
    releaseEvery: () => none(steps.map((value) => ({ value, text: t(`step.${value}`) }))),
    colour: () =>
      Array.from({ length: 9 }, (_, value) => ({
        value: String(value),
        text: value === 0 ? t('colourNone') : t('colour', { number: value }),
      })),
    parent: () => none(parents(locale, catalogue, list, item)),
  }
  return choices[name]?.() ?? null
}

/** What may stand above an item: everything that is not itself under it. */
function parents(locale: Locale, catalogue: Catalogue, list: ListName, item: string): Option[] {
  const rows: readonly (Area | Programme)[] =
    list === 'areas'
      ? catalogue.areas.filter(({ code }) => code !== '001')
      : catalogue.programmes.filter(isProgramme)
  const under = new Set([
    item,
    ...(item === '' ? [] : inTree(rows, item).map(({ row }) => row.code)),
  ])
  return inTree(rows)
    .filter(({ row }) => !under.has(row.code))
    .map(({ row, depth }) => ({
      value: row.code,
      text: '\u2003'.repeat(depth) + inLocale(row.name, locale),
    }))
}

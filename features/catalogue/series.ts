import { inLocale, type Locale, translator } from '@/lib/i18n'
import { inTree, isProgramme } from './rules'
import {
  type Area,
  type Catalogue,
  type CatalogueChange,
  type ItemField,
  itemFields,
  kinds,
  type ListName,
  methods,
  type Programme,
  steps,
  themes,
} from './schema'

export interface Option {
  value: string
  text: string
}

const aggregations = ['none', 'sum', 'last'] as const
const directions = ['neutral', 'up_is_good', 'down_is_good'] as const

/** What can be chosen in a field of an item's form; null where it is typed. */
export function optionsOf(
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

/** Fields whose texts are too long to be told before and after. */
const isLong = (name: ItemField) => /^(definition|description)/.test(name)

/** What a commit did to an item, field by field: `Decimal places: 0 → 1`. Empty for a new item. */
export function changeTexts(
  { list, code, fields }: CatalogueChange & { list: ListName },
  catalogue: Catalogue,
  locale: Locale,
): string[] {
  const t = translator(locale, 'catalogue')
  return itemFields[list].flatMap((name: ItemField) => {
    const [before, after] = fields[name] ?? []
    if (before === undefined || after === undefined) return []
    const field = t(`fields.${name}`)
    if (isLong(name)) return [field]
    const options = optionsOf(locale, catalogue, list, code, name)
    const shown = (value: string) =>
      options?.find((option) => option.value === value)?.text.trim() || value || t('choices.none')
    return [t('changed', { field, before: shown(before), after: shown(after) })]
  })
}

import { type Locale, translator } from '@/lib/i18n'
import {
  type Catalogue,
  type ItemField,
  type ItemFormState,
  itemFields,
  type ListName,
} from '../schema'
import { optionsOf } from '../series'
import { type ItemControl, ItemForm, type ItemGroup } from './item-form'

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

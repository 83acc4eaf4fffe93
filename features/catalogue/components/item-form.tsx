'use client'

import {
  type DescribedControl,
  DescribedForm,
  type DescribedGroup,
  type DescribedTexts,
} from '@/components/ui/described-form'
import { saveItem } from '../actions'
import type { ItemField, ItemFormState } from '../schema'

export type ItemControl = DescribedControl<ItemField | 'reason'>
export type ItemGroup = DescribedGroup<ItemField | 'reason'>

/** One item of the catalogue. The server reads and checks. */
export function ItemForm({
  locale,
  list,
  item,
  initial,
  groups,
  texts,
}: {
  locale: string
  list: string
  /** Its code; empty for a new one. */
  item: string
  initial: ItemFormState
  groups: readonly ItemGroup[]
  texts: DescribedTexts
}) {
  return (
    <DescribedForm
      action={saveItem}
      initial={initial}
      hidden={({ ticket: { id, seen } }) => ({ locale, list, item, id, seen })}
      groups={groups}
      typed={(state, name) => (name === 'reason' ? state.reason : (state.values[name] ?? ''))}
      texts={texts}
    />
  )
}

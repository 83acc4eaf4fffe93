'use client'

import {
  type DescribedControl,
  DescribedForm,
  type DescribedTexts,
} from '@/components/ui/described-form'
import { changeSourceState, correctSource, mergeSource } from '../actions'
import type { SourceFormState } from '../schema'

const actions = { correct: correctSource, merge: mergeSource, state: changeSourceState }

/** One of the forms of a source. The server reads and checks. */
export function SourceForm({
  locale,
  does,
  source,
  initial,
  hidden = {},
  controls,
  texts,
}: {
  locale: string
  does: keyof typeof actions
  source: number
  initial: SourceFormState
  hidden?: Readonly<Record<string, string>>
  controls: readonly DescribedControl<string>[]
  texts: DescribedTexts
}) {
  return (
    <DescribedForm
      action={actions[does]}
      initial={initial}
      hidden={({ ticket: { id, seen } }) => ({
        locale,
        source: String(source),
        id,
        seen,
        ...hidden,
      })}
      groups={[{ controls }]}
      typed={({ values }, name) => values[name] ?? ''}
      texts={texts}
    />
  )
}

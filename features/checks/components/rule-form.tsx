'use client'

import {
  type DescribedControl,
  DescribedForm,
  type DescribedTexts,
} from '@/components/ui/described-form'
import { saveRule } from '../actions'
import type { RuleField, RuleFormState } from '../schema'

export type RuleControl = DescribedControl<RuleField>

/** One rule. The server reads and checks. */
export function RuleForm({
  locale,
  initial,
  hidden,
  controls,
  texts,
}: {
  locale: string
  initial: RuleFormState
  /** Fields that are fixed. */
  hidden: readonly RuleField[]
  controls: readonly RuleControl[]
  texts: DescribedTexts
}) {
  return (
    <DescribedForm
      action={saveRule}
      initial={initial}
      hidden={({ version, values }) => ({
        locale,
        version,
        ...Object.fromEntries(hidden.map((name) => [name, values[name]])),
      })}
      groups={[{ controls }]}
      typed={({ values }, name) => values[name]}
      texts={texts}
    />
  )
}

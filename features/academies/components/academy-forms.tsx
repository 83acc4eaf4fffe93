'use client'

import {
  type DescribedControl,
  DescribedForm,
  type DescribedGroup,
  type DescribedTexts,
} from '@/components/ui/described-form'
import { changeAcademy, saveAcademy } from '../actions'
import type { AcademyField, AcademyFormState, ActField, ActFormState } from '../schema'

export type AcademyControl = DescribedControl<AcademyField>
export type ActControl = DescribedControl<ActField>

/** One academy. The server reads and checks. */
export function AcademyForm({
  locale,
  academy,
  initial,
  groups,
  texts,
}: {
  locale: string
  /** Its code; empty for a new one. */
  academy: string
  initial: AcademyFormState
  groups: readonly DescribedGroup<AcademyField>[]
  texts: DescribedTexts
}) {
  return (
    <DescribedForm
      action={saveAcademy}
      initial={initial}
      hidden={({ ticket }) => ({ locale, academy, ...ticket })}
      groups={groups}
      typed={({ values }, name) => values[name] ?? ''}
      texts={texts}
    />
  )
}

/** What becomes of an academy: one act with its own fields. */
export function ActForm({
  locale,
  academy,
  initial,
  controls,
  texts,
}: {
  locale: string
  academy: string
  initial: ActFormState
  controls: readonly ActControl[]
  texts: DescribedTexts
}) {
  return (
    <DescribedForm
      action={changeAcademy}
      initial={initial}
      hidden={({ act, ticket }) => ({ locale, academy, act, ...ticket })}
      groups={[{ controls }]}
      typed={({ values }, name) => values[name] ?? ''}
      texts={texts}
    />
  )
}

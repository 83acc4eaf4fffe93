import type { ReactNode } from 'react'
import { FollowedForm } from '@/components/ui/follow'
import type { Locale } from '@/lib/i18n'
import { stepUpload } from '../actions'

/** A form that takes a step with a file; its buttons are named `intent`. */
export function StepForm({
  locale,
  id,
  children,
}: {
  locale: Locale
  id: string
  children: ReactNode
}) {
  return (
    <FollowedForm className="stack" action={stepUpload}>
      <input type="hidden" name="locale" value={locale} />
      <input type="hidden" name="id" value={id} />
      {children}
    </FollowedForm>
  )
}

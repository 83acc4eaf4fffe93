'use server'

import { updateTag } from 'next/cache'
import type { Followed } from '@/components/ui/follow'
import { requireActor } from '@/features/accounts/data'
import { database } from '@/lib/db/client'
import { keepAnswer, leaveFor } from '@/lib/form-answer'
import { localeOf, textsOf } from '@/lib/form-texts'
import { localePath } from '@/lib/i18n'
import { publicTag } from '@/lib/public-tag'
import * as mutations from './mutations'
import { settingsInput } from './schema'

const fields = ['attribution', 'fourEyes', 'draftDays', 'secondStep'] as const

/** Fields: locale, attribution, fourEyes, draftDays, secondStep. */
export async function changeSettings(_: Followed, form: FormData): Promise<Followed> {
  const locale = localeOf(form)
  const path = localePath(locale, '/settings')
  const actor = await requireActor('settings.edit', locale, path)
  const input = settingsInput.safeParse(textsOf(form, fields))
  const result = input.success
    ? await mutations.changeSettings(database(), actor, input.data)
    : null
  // Any public page may name who answers for a figure.
  if (result?.ok) updateTag(publicTag)
  const goTo = await leaveFor(`${path}?${result?.ok ? 'saved' : 'refused'}=1`)
  return keepAnswer('settings', { goTo })
}

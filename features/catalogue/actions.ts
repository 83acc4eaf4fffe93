'use server'

import { randomUUID } from 'node:crypto'
import { updateTag } from 'next/cache'
import { z } from 'zod'
import { actorFor } from '@/features/accounts/data'
import { database } from '@/lib/db/client'
import { keepAnswer, leaveFor } from '@/lib/form-answer'
import { localeOf, textOf, textsOf } from '@/lib/form-texts'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { publicTag } from '@/lib/public-tag'
import * as mutations from './mutations'
import { type ItemFormState, type ItemProblem, itemFields, itemTicket, lists } from './schema'

const itemCode = z.string().regex(/^[A-Z0-9_-]{1,60}$/)
const spoken = /^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]{0,500}$/u

/**
 * Adds an item to a list of the catalogue or changes it. Whatever stops it, the answer holds
 * everything typed. Fields: locale, list, item (its code; empty for a new one), id, seen, reason,
 * and those of the list in `itemFields`.
 */
export async function saveItem(before: ItemFormState, form: FormData): Promise<ItemFormState> {
  const locale = localeOf(form)
  const list = lists.find((known) => known === textOf(form, 'list')) ?? 'indicators'
  const state: ItemFormState = {
    // The state before comes back from the browser, so it may be anything.
    attempt: typeof before?.attempt === 'number' ? before.attempt + 1 : 1,
    values: textsOf(form, itemFields[list]),
    reason: textOf(form, 'reason'),
    ticket: textsOf(form, ['id', 'seen']),
    problems: [],
    goTo: null,
  }
  const refuse = (problems: readonly ItemProblem[], more: Partial<ItemFormState> = {}) =>
    keepAnswer<ItemFormState>('item', {
      ...state,
      ...more,
      problems: problems.map((one) => ({ field: one.field, text: inWords(locale, one) })),
    })
  const actor = await actorFor('catalogue.edit')
  if (!actor.ok) return refuse([{ field: null, ...actor.problem }])
  const ticket = itemTicket.safeParse(state.ticket)
  const item = textOf(form, 'item')
  if (!ticket.success || (item !== '' && !itemCode.safeParse(item).success)) {
    const fresh = { ticket: { id: randomUUID(), seen: state.ticket.seen } }
    return refuse([{ field: null, code: 'formBroken' }], fresh)
  }
  const reason = state.reason.replace(/\s+/g, ' ').trim()
  if (!spoken.test(reason)) {
    const text = translator(locale, 'catalogue.problems')('reasonInvalid')
    return keepAnswer('item', { ...state, problems: [{ field: 'reason', text }] })
  }
  const submission = { ...ticket.data, list, values: state.values, reason, code: item || null }
  const outcome = await mutations
    .saveItem(database(), actor.value, submission)
    .catch((error: unknown) => {
      // The outcome is unknown, and that is no harm: sent once more, the form has one effect.
      console.error(error)
      const problems: ItemProblem[] = [{ field: null, code: 'unavailable' }]
      return { kind: 'refused' as const, problems }
    })
  if (outcome.kind === 'refused') return refuse(outcome.problems)
  // Names and settings of the catalogue are on nearly every public page.
  updateTag(publicTag)
  const query = new URLSearchParams({ saved: outcome.code })
  return { ...state, goTo: await leaveFor(localePath(locale, `/catalogue/${list}?${query}`)) }
}

function inWords(locale: Locale, { code, params }: ItemProblem): string {
  const t = translator(locale, 'catalogue.problems')
  const known = code as Parameters<typeof t>[0]
  return t(t.has(known) ? known : 'unavailable', params)
}

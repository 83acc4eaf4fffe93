'use server'

import { updateTag } from 'next/cache'
import { actorFor } from '@/features/accounts/data'
import { tagsOf } from '@/features/figures/cached'
import { database } from '@/lib/db/client'
import { keepAnswer, leaveFor } from '@/lib/form-answer'
import { localeOf, textOf, textsOf } from '@/lib/form-texts'
import { localePath } from '@/lib/i18n'
import { noteExpired } from '@/lib/own-changes'
import { answerOf, findingProblem, setProblem } from './components/words'
import { decideSet, type SetOutcome, undoCommit } from './mutations'
import { type AnswerState, setDecision, setMessage, setTicket } from './schema'

// Every function here is an endpoint that anybody can call with anything.

function unavailable(error: unknown): SetOutcome {
  console.error(error)
  return { kind: 'refused', problem: { code: 'unavailable' } }
}

/** Approves, returns or takes back a set. Fields: locale and those of `setDecision`. */
export async function decide(before: AnswerState, form: FormData): Promise<AnswerState> {
  const locale = localeOf(form)
  const state = answerOf(before, textsOf(form, ['comment']))
  const refuse = (problem: { code: string }, field: string | null = null) =>
    keepAnswer('decide', { ...state, ...setProblem(locale, problem, field) })
  const typed = textsOf(form, ['id', 'step', 'version', 'seen', 'comment'])
  const permission = typed.step === 'discard' ? 'figures.propose' : 'proposals.review'
  const actor = await actorFor(permission)
  if (!actor.ok) return refuse(actor.problem)
  const input = setDecision.safeParse({ ...typed, comment: typed.comment.replace(/\s+/g, ' ') })
  if (!input.success) return refuse({ code: 'moved' })
  const outcome = await decideSet(database(), actor.value, input.data).catch(unavailable)
  if (outcome.kind === 'refused') {
    return refuse(outcome.problem, outcome.problem.code === 'commentMissing' ? 'comment' : null)
  }
  if (outcome.kind === 'ask') return refuse(findingProblem(outcome.findings))
  if (outcome.state === 'published') {
    for (const tag of tagsOf(outcome.indicators)) updateTag(tag)
    noteExpired(outcome.transaction)
  }
  const path = `/entry/grid/set/${outcome.id}?decided=1`
  // Kept for the page too: made anew with the answer, it may no longer have this form.
  return keepAnswer('decide', {
    ...state,
    goTo: await leaveFor(localePath(locale, path)),
  })
}

/** Takes a commit back. Fields: locale, commit, message, those of `setTicket`. */
export async function undo(before: AnswerState, form: FormData): Promise<AnswerState> {
  const locale = localeOf(form)
  const values = textsOf(form, ['message'])
  const state = answerOf(before, values)
  const refuse = (problem: { code: string }, field: string | null = null) =>
    keepAnswer('undo', { ...state, ...setProblem(locale, problem, field) })
  const actor = await actorFor('figures.propose')
  if (!actor.ok) return refuse(actor.problem)
  const ticket = setTicket.safeParse(textsOf(form, ['id', 'seen', 'confirmed']))
  const commit = Number(/^\d{1,9}$/.exec(textOf(form, 'commit'))?.[0] ?? Number.NaN)
  if (!ticket.success || Number.isNaN(commit)) return refuse({ code: 'missing' })
  const message = setMessage.safeParse(values.message.replace(/\s+/g, ' '))
  if (!message.success) return refuse({ code: 'messageMissing' }, 'message')
  const { id, seen } = ticket.data
  const submission = { id, seen, commit, message: message.data }
  const outcome = await undoCommit(database(), actor.value, submission).catch(unavailable)
  if (outcome.kind === 'refused') return refuse(outcome.problem)
  if (outcome.kind === 'ask') return refuse(findingProblem(outcome.findings))
  if (outcome.state === 'published') {
    for (const tag of tagsOf(outcome.indicators)) updateTag(tag)
    noteExpired(outcome.transaction)
  }
  const path = `/entry/grid/set/${outcome.id}?done=1`
  // Kept for the page too: made anew with the answer, it may no longer have this form.
  return keepAnswer('undo', {
    ...state,
    goTo: await leaveFor(localePath(locale, path)),
  })
}

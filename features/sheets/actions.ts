'use server'

import { updateTag } from 'next/cache'
import type { CellUpdate } from '@/components/grid/model'
import type { Followed } from '@/components/ui/follow'
import { actorFor, requireActor } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { catalogue } from '@/features/catalogue/cached'
import { tagsOf } from '@/features/figures/cached'
import { figureWriter } from '@/features/figures/series'
import { readToday } from '@/features/imports/data'
import { answerOf, findingProblem, setProblem } from '@/features/sets/components/words'
import { type AnswerState, setMessage, setReason, setTicket } from '@/features/sets/schema'
import { database } from '@/lib/db/client'
import { keepAnswer, leaveFor } from '@/lib/form-answer'
import { localeOf, textOf, textsOf } from '@/lib/form-texts'
import { defaultLocale, isLocale, localePath } from '@/lib/i18n'
import { noteExpired } from '@/lib/own-changes'
import { blockProblems } from './components/words'
import { newsStamp, readFrame, withFindings } from './data'
import { cellName, keepDrafts, resumeSet, saveBlock, saveCells, submitSheet } from './mutations'
import {
  blockFields,
  block as blockInput,
  type CellFacts,
  emptyBlock,
  type Frame,
  saveRequest,
} from './schema'
import { cellUpdate } from './series'

// Every function here is an endpoint that anybody can call with anything.

type CellsAnswer =
  | { status: 200; cells: CellUpdate[]; present: string[]; seen?: string }
  | { status: 400 | 401 | 403 | 404 | 409 }

/**
 * Stores cells as private drafts and tells what has become of them; without cells, of all of them.
 * 401 where nobody is signed in, 409 where somebody else is by now, 404 where there is no such sheet.
 */
export async function receiveCells(language: string, body: unknown): Promise<CellsAnswer> {
  const locale = isLocale(language) ? language : defaultLocale
  const actor = await actorFor('figures.propose')
  if (!actor.ok) return { status: actor.problem.code === 'signedOut' ? 401 : 403 }
  const request = saveRequest.safeParse(body)
  if (!request.success) return { status: 400 }
  const { author, address, cells, since = 0 } = request.data
  if (author !== actor.value.userId) return { status: 409 }
  const names = await catalogue()
  const frame = await readFrame(address, names, database())
  if (!frame) return { status: 404 }
  const saved = await saveCells(database(), actor.value, frame, cells)
  if (!saved.ok) return { status: 403 }
  const writer = figureWriter(names, locale)
  const { facts, refused, present } = saved.value
  if (cells.length === 0) {
    const seen = await newsStamp(frame, facts)
    if (seen === request.data.seen) return { status: 200, present, cells: [], seen }
    const news = (await judged(frame, actor.value, facts)).filter((one) => isNews(one, since))
    return { status: 200, present, seen, cells: news.map((one) => cellUpdate(one, writer, locale)) }
  }
  return {
    status: 200,
    present,
    cells: (await judged(frame, actor.value, facts)).map((one) => {
      const name = cellName({ row: one.row.id, column: one.column.id })
      return cellUpdate(one, writer, locale, refused.has(name))
    }),
  }
}

/** What is stored stays stored, also where nobody can say what rules think of it. */
function judged(frame: Frame, actor: Actor, facts: CellFacts[]): Promise<CellFacts[]> {
  return withFindings(frame, actor, facts).catch((error: unknown) => {
    console.error(error)
    return facts
  })
}

function isNews({ mine, other, waiting, known }: CellFacts, since: number): boolean {
  return Boolean(mine || other || waiting || (known?.newest ?? 0) > since)
}

/** Keeps what holds for every cell of a sheet. Fields: locale, address, those of `Block`. */
export async function keepBlock(before: AnswerState, form: FormData): Promise<AnswerState> {
  const locale = localeOf(form)
  const values = textsOf(form, blockFields)
  const state = answerOf(before, values)
  const refuse = (code: string) =>
    keepAnswer('block', { ...state, ...setProblem(locale, { code }) })
  const actor = await actorFor('figures.propose')
  if (!actor.ok) return refuse(actor.problem.code)
  const input = blockInput.safeParse(values)
  const frame = await readFrame(textOf(form, 'address'), await catalogue(), database())
  if (!frame || !input.success) return refuse('missing')
  const problems = await blockProblems(
    locale,
    input.data,
    await catalogue(),
    await readToday(database()),
  )
  if (problems.length > 0) return keepAnswer('block', { ...state, problems })
  const kept = await saveBlock(database(), actor.value, frame, { ...emptyBlock, ...input.data })
  if (!kept.ok) return refuse(kept.problem.code)
  const goTo = await leaveFor(localePath(locale, `/entry/grid?${frame.address}&kept=1`))
  return { ...state, goTo }
}

/** Submits a sheet. Fields: locale, address, message, reason, those of `setTicket`. */
export async function submitDrafts(before: AnswerState, form: FormData): Promise<AnswerState> {
  const locale = localeOf(form)
  const values = textsOf(form, ['message', 'reason'])
  const state = answerOf(before, values)
  const refuse = (problem: { code: string }, field: string | null = null) =>
    keepAnswer('submit', { ...state, ...setProblem(locale, problem, field) })
  const actor = await actorFor('figures.propose')
  if (!actor.ok) return refuse(actor.problem)
  const ticket = setTicket.safeParse(textsOf(form, ['id', 'seen', 'confirmed']))
  const names = await catalogue()
  const frame = await readFrame(textOf(form, 'address'), names, database())
  if (!ticket.success || !frame) return refuse({ code: 'missing' })
  const message = setMessage.safeParse(values.message.replace(/\s+/g, ' '))
  if (!message.success) return refuse({ code: 'messageMissing' }, 'message')
  const reason = setReason.safeParse(values.reason.replace(/\s+/g, ' '))
  if (!reason.success) return refuse({ code: 'reasonInvalid' }, 'reason')
  if (ticket.data.confirmed !== '' && reason.data === '') {
    return refuse({ code: 'reasonMissing' }, 'reason')
  }
  const outcome = await submitSheet(database(), actor.value, frame, {
    ...ticket.data,
    message: message.data,
    reason: reason.data,
  }).catch(unavailable)
  if (outcome.kind === 'refused') return refuse(outcome.problem)
  if (outcome.kind === 'ask') return refuse(findingProblem(outcome.findings))
  if (outcome.state === 'published') {
    for (const tag of tagsOf(outcome.indicators)) updateTag(tag)
    noteExpired(outcome.transaction)
  }
  const goTo = await leaveFor(localePath(locale, `/entry/grid/set/${outcome.id}?done=1`))
  // Kept for the page too: made anew with the answer, it may no longer have this form.
  return keepAnswer('submit', { ...state, goTo })
}

function unavailable(error: unknown) {
  console.error(error)
  return { kind: 'refused' as const, problem: { code: 'unavailable' } }
}

/** Takes a set back into one's drafts. Fields: locale, id, version, address. */
export async function resume(before: AnswerState, form: FormData): Promise<AnswerState> {
  const locale = localeOf(form)
  const state = answerOf(before, {})
  const refuse = (problem: { code: string }) =>
    keepAnswer('resume', { ...state, ...setProblem(locale, problem) })
  const actor = await actorFor('figures.propose')
  if (!actor.ok) return refuse(actor.problem)
  const { id, version, address } = textsOf(form, ['id', 'version', 'address'])
  const number = Number(version)
  if (!Number.isSafeInteger(number) || !/^[0-9a-f-]{36}$/.test(id)) return refuse({ code: 'moved' })
  const outcome = await resumeSet(database(), actor.value, { id, version: number }).catch(
    unavailable,
  )
  if (outcome.kind === 'refused') return refuse(outcome.problem)
  const query = address ? `?${new URLSearchParams(address)}` : ''
  return { ...state, goTo: await leaveFor(localePath(locale, `/entry/grid${query}`)) }
}

/** Keeps old drafts of a sheet. Fields: locale, address. */
export async function keepOld(_: Followed, form: FormData): Promise<Followed> {
  const locale = localeOf(form)
  const path = localePath(locale, '/entry/grid')
  const actor = await requireActor('figures.propose', locale, path)
  const kept = await keepDrafts(database(), actor, textOf(form, 'address'))
  return keepAnswer('old', { goTo: await leaveFor(`${path}?old=${kept.ok ? 'kept' : 'failed'}`) })
}

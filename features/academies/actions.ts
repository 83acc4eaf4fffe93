'use server'

import { randomUUID } from 'node:crypto'
import { updateTag } from 'next/cache'
import { z } from 'zod'
import { actorFor } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { database } from '@/lib/db/client'
import { keepAnswer, leaveFor } from '@/lib/form-answer'
import { localeOf, textOf, textsOf } from '@/lib/form-texts'
import { localePath } from '@/lib/i18n'
import { publicTag } from '@/lib/public-tag'
import { fail, ok, type Problem, type Result } from '@/lib/result'
import { TableProblem } from '@/lib/text-table'
import { problemInWords, reportInWords } from './components/words'
import * as mutations from './mutations'
import { readAct, readTable } from './rules'
import {
  type AcademyFormState,
  type AcademyProblem,
  type ActFormState,
  academyFields,
  academyTicket,
  actFields,
  actNames,
  largestRegistryFile,
  type RegistryFormState,
} from './schema'

const academyCode = z.string().regex(/^[A-Z0-9_-]{1,60}$/)

const attemptAfter = (before: { attempt: number }) =>
  // The state before comes back from the browser, so it may be anything.
  typeof before?.attempt === 'number' ? before.attempt + 1 : 1

/** Who sent a form, which academy it is about, and its ticket; or why it is refused. */
async function senderOf(
  form: FormData,
): Promise<Result<{ actor: Actor; code: string | null; id: string; version: number }>> {
  const actor = await actorFor('academies.keep')
  if (!actor.ok) return actor
  const ticket = academyTicket.safeParse(textsOf(form, ['id', 'version']))
  const code = textOf(form, 'academy')
  if (!ticket.success || (code !== '' && !academyCode.safeParse(code).success)) {
    return fail('formBroken')
  }
  return ok({ actor: actor.value, code: code || null, ...ticket.data })
}

const whole = ({ code, params }: Problem): AcademyProblem => ({ field: null, code, params })

const unavailable = (error: unknown): mutations.AcademyOutcome => {
  // The outcome is unknown, and that is no harm: sent once more, the form has one effect.
  console.error(error)
  return { kind: 'refused', problems: [whole({ code: 'unavailable' })] }
}

/**
 * Adds an academy or changes one. Whatever stops it, the answer holds everything typed. Fields:
 * locale, academy (its code; empty for a new one), id, version, those of `academyFields`.
 */
export async function saveAcademy(
  before: AcademyFormState,
  form: FormData,
): Promise<AcademyFormState> {
  const locale = localeOf(form)
  const values = textsOf(form, academyFields)
  const state: AcademyFormState = {
    attempt: attemptAfter(before),
    values,
    ticket: textsOf(form, ['id', 'version']),
    problems: [],
    goTo: null,
  }
  const refuse = (problems: readonly AcademyProblem[], ticket = state.ticket) => {
    const said = problems.map((one) => ({ ...problemInWords(locale, one), field: fieldOf(one) }))
    return keepAnswer<AcademyFormState>('academy', { ...state, ticket, problems: said })
  }
  const sender = await senderOf(form)
  if (!sender.ok) return refuse([whole(sender.problem)], freshTicket(state.ticket))
  const { actor, code, id, version } = sender.value
  const { contact, reason, ...typed } = values
  const outcome = await mutations
    .saveAcademy(database(), actor, { code, id, version, typed, contact, reason })
    .catch(unavailable)
  if (outcome.kind === 'refused') return refuse(outcome.problems)
  if (outcome.kind === 'moved') {
    const { now } = outcome
    const differing = academyFields.filter(
      (field) => field !== 'reason' && field !== 'code' && now[field] !== values[field].trim(),
    )
    return refuse(
      [
        whole({ code: 'moved' }),
        ...differing.map((field) => ({
          field,
          ...(now[field] === ''
            ? { code: 'storedEmpty' }
            : { code: 'storedNow', params: { value: now[field] } }),
        })),
      ],
      { id: randomUUID(), version: String(outcome.version) },
    )
  }
  updateTag(publicTag)
  const query = new URLSearchParams({ saved: outcome.code })
  return { ...state, goTo: await leaveFor(localePath(locale, `/registry?${query}`)) }
}

const fieldOf = ({ field }: AcademyProblem) =>
  academyFields.find((known) => known === field) ?? null

/** What arrived broken gets an id that it can be sent with. */
const freshTicket = (ticket: { id: string; version: string }) =>
  academyTicket.safeParse(ticket).success ? ticket : { ...ticket, id: randomUUID() }

/**
 * Closes, reopens or merges an academy, or undoes a merger. Fields: locale, academy, id, version,
 * act, those of `actFields`.
 */
export async function changeAcademy(before: ActFormState, form: FormData): Promise<ActFormState> {
  const locale = localeOf(form)
  const act = actNames.find((known) => known === textOf(form, 'act')) ?? 'close'
  const state: ActFormState = {
    attempt: attemptAfter(before),
    act,
    values: textsOf(form, actFields[act]),
    ticket: textsOf(form, ['id', 'version']),
    problems: [],
    goTo: null,
  }
  const refuse = (problems: readonly AcademyProblem[]) =>
    keepAnswer<ActFormState>('academy-act', {
      ...state,
      ticket: freshTicket(state.ticket),
      problems: problems.map((one) => ({
        ...problemInWords(locale, one),
        field: actFields[act].find((known) => known === one.field) ?? null,
      })),
    })
  const sender = await senderOf(form)
  if (!sender.ok) return refuse([whole(sender.problem)])
  const { actor, code, id, version } = sender.value
  const read = readAct(act, state.values)
  if (!read.ok) return refuse(read.problems)
  const outcome = await mutations
    .changeAcademy(database(), actor, {
      ...{ code: code ?? '', id, version },
      act: read.act,
      reason: read.reason,
    })
    .catch(unavailable)
  if (outcome.kind !== 'stored') {
    return refuse(outcome.kind === 'refused' ? outcome.problems : [whole({ code: 'movedAct' })])
  }
  updateTag(publicTag)
  const path = `/registry/${outcome.code}?${new URLSearchParams({ done: act })}`
  // Kept for the page too: made anew with the answer, it no longer has this form.
  return keepAnswer<ActFormState>('academy-act', {
    ...state,
    goTo: await leaveFor(localePath(locale, path)),
  })
}

/**
 * Checks a file of academies, and stores it when it is sent again with the report seen. Fields:
 * locale, id, seen, file, text (what was pasted, or the file as it was checked), step.
 */
export async function importRegistry(
  before: RegistryFormState,
  form: FormData,
): Promise<RegistryFormState> {
  const locale = localeOf(form)
  const state: RegistryFormState = {
    attempt: attemptAfter(before),
    text: textOf(form, 'text'),
    ticket: textsOf(form, ['id', 'seen']),
    problem: null,
    report: null,
    goTo: null,
  }
  const answer = (more: Partial<RegistryFormState>) =>
    keepAnswer<RegistryFormState>('registry', { ...state, ...more })
  const refuse = (problem: Problem, more: Partial<RegistryFormState> = {}) =>
    answer({ ...more, problem: problemInWords(locale, whole(problem)).text })
  const actor = await actorFor('academies.keep')
  if (!actor.ok) return refuse(actor.problem)
  const table = await tableOf(form)
  if (!table.ok) return refuse(table.problem)
  const { text, rows } = table.value
  const id = z
    .uuid()
    .catch(() => randomUUID())
    .parse(state.ticket.id)
  const seen = textOf(form, 'step') === 'store' ? state.ticket.seen : ''
  const outcome = await mutations
    .importRegistry(database(), actor.value, { id, rows, seen })
    .catch((error: unknown): mutations.RegistryOutcome => {
      console.error(error)
      return { kind: 'refused', code: 'unavailable' }
    })
  if (outcome.kind === 'refused') return refuse({ code: outcome.code }, { text })
  if (outcome.kind === 'checked') {
    const report = reportInWords(locale, outcome.report)
    const moved = seen !== '' && report.isStorable ? { code: 'movedReport' } : null
    const ticket = { id, seen: outcome.seen }
    return moved ? refuse(moved, { text, ticket, report }) : answer({ text, ticket, report })
  }
  updateTag(publicTag)
  const query = new URLSearchParams({ imported: String(outcome.count) })
  return { ...state, goTo: await leaveFor(localePath(locale, `/registry?${query}`)) }
}

async function tableOf(form: FormData): ReturnType<typeof parseTable> {
  const file = form.get('file')
  const given = file instanceof Blob && file.size > 0 ? file : new Blob([textOf(form, 'text')])
  if (given.size > largestRegistryFile) {
    return fail('tooLarge', { most: largestRegistryFile / 1000 })
  }
  return parseTable(new Uint8Array(await given.arrayBuffer()))
}

async function parseTable(
  bytes: Uint8Array,
): Promise<Result<Awaited<ReturnType<typeof readTable>>>> {
  try {
    const table = await readTable(bytes)
    return table.text.trim() === '' ? fail('nothingGiven') : ok(table)
  } catch (error) {
    if (!(error instanceof TableProblem)) throw error
    return { ok: false, problem: error.problem }
  }
}

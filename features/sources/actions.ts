'use server'

import { randomUUID } from 'node:crypto'
import { updateTag } from 'next/cache'
import { actorFor, siteOrigin } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { readToday } from '@/features/imports/data'
import { readDay } from '@/features/periods/rules'
import { readSource } from '@/features/proposals/rules'
import { database } from '@/lib/db/client'
import { keepAnswer, leaveFor } from '@/lib/form-answer'
import { localeOf, textOf, textsOf } from '@/lib/form-texts'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { publicTag } from '@/lib/public-tag'
import { fail, type Problem, type Result } from '@/lib/result'
import * as mutations from './mutations'
import {
  copyInput,
  correctionFields,
  readSourceId,
  type SourceFormState,
  sourceReason,
  sourceTicket,
} from './schema'

/**
 * Stores the file of a form as a copy of a source. Fields: file, capturedOn, note. Refuses with
 * what `actorFor` and `storeCopy` refuse with, `dayMissing`, `noteInvalid`, `unavailable`.
 */
export async function keepCopy(
  sourceId: number,
  form: FormData,
): Promise<Result<{ sha256: string; isNew: boolean }>> {
  const actor = await actorFor('sources.keep')
  if (!actor.ok) return fail(actor.problem.code, { url: siteOrigin() })
  const file = form.get('file')
  if (!(file instanceof File) || file.size === 0) return fail('fileMissing')
  const note = form.get('note')
  const day = readDay(String(form.get('capturedOn') ?? ''))
  const input = copyInput.safeParse({
    sourceId,
    fileName: file.name,
    capturedOn: day.ok ? day.value : '',
    note: typeof note === 'string' ? note.replace(/\s+/g, ' ') : '',
  })
  if (!input.success) {
    const isNote = input.error.issues.every(({ path }) => path[0] === 'note')
    return fail(isNote ? 'noteInvalid' : 'dayMissing')
  }
  const bytes = new Uint8Array(await file.arrayBuffer())
  try {
    return await mutations.storeCopy(database(), actor.value, { ...input.data, bytes })
  } catch (error) {
    console.error(error)
    return fail('unavailable')
  }
}

// What becomes of sources

type FieldProblem = { field: string | null; from?: string } & Problem
type Words = (key: string, values?: Problem['params']) => string

/** The namespace that says a problem in words, where it knows the code. */
function inWords(locale: Locale, { field, from, code, params }: FieldProblem) {
  if (from === 'periods')
    return { field, text: (translator(locale, 'periods.problems') as Words)(code, params) }
  if (from === 'entry')
    return { field, text: (translator(locale, 'entry.problems') as Words)(code, params) }
  const t = translator(locale, 'sources.desk.problems')
  const known = code as Parameters<typeof t>[0]
  return { field, text: (t as Words)(t.has(known) ? code : 'unavailable', params) }
}

interface SourceForm {
  /** Under which the page finds the answer. */
  name: 'sourceCorrection' | 'sourceMerger' | 'sourceState'
  fields: readonly string[]
  /** The field of the reason. */
  why: string
  /** What the page that follows says was done. */
  done: string
}

/** Reads a form of a source, hands it on, and answers with all that was typed where that fails. */
async function handle(
  { name, fields, why, done }: SourceForm,
  before: SourceFormState,
  form: FormData,
  decide: (
    actor: Actor,
    change: mutations.SourceChange,
    values: Record<string, string>,
  ) => Promise<Result<null> | FieldProblem[]>,
): Promise<SourceFormState> {
  const locale = localeOf(form)
  const state: SourceFormState = {
    // The state before comes back from the browser, so it may be anything.
    attempt: typeof before?.attempt === 'number' ? before.attempt + 1 : 1,
    values: textsOf(form, [...fields, why]),
    ticket: textsOf(form, ['id', 'seen']),
    problems: [],
    goTo: null,
  }
  const refuse = (problems: readonly FieldProblem[], more: Partial<SourceFormState> = {}) =>
    keepAnswer<SourceFormState>(name, {
      ...state,
      ...more,
      problems: problems.map((one) => inWords(locale, one)),
    })
  const actor = await actorFor('catalogue.edit')
  if (!actor.ok) return refuse([{ field: null, ...actor.problem }])
  const source = textOf(form, 'source')
  const ticket = sourceTicket.safeParse({ ...state.ticket, source })
  if (!ticket.success) {
    const fresh = { ticket: { id: randomUUID(), seen: state.ticket.seen } }
    return refuse([{ field: null, code: 'formBroken' }], fresh)
  }
  const reason = sourceReason.safeParse((state.values[why] ?? '').replace(/\s+/g, ' ').trim())
  const missing = reason.success ? [] : [{ field: why, code: 'reason' }]
  const change = { ...ticket.data, source: Number(source), reason: reason.data ?? '' }
  const outcome = await decide(actor.value, change, state.values).catch((error: unknown) => {
    // The outcome is unknown, and that is no harm: sent once more, the form has one effect.
    console.error(error)
    return fail('unavailable')
  })
  const isRead = !Array.isArray(outcome)
  if (!isRead) return refuse([...outcome, ...missing])
  if (!outcome.ok) return refuse([{ field: null, ...outcome.problem }])
  updateTag(publicTag)
  const path = `/catalogue/sources/${source}?${new URLSearchParams({ done })}`
  return keepAnswer(name, { ...state, goTo: await leaveFor(localePath(locale, path)) })
}

const unread = (reason: string): FieldProblem[] | null => (reason === '' ? [] : null)

/** Fields: locale, source, id, seen, those of `correctionFields`, reason. */
export async function correctSource(
  before: SourceFormState,
  form: FormData,
): Promise<SourceFormState> {
  const of = {
    name: 'sourceCorrection',
    fields: correctionFields,
    why: 'reason',
    done: 'corrected',
  } as const
  return handle(of, before, form, async (actor, change, values) => {
    const { publisher = '', title = '', sourceDate = '', url = '' } = values
    const read = readSource({ publisher, title, sourceDate, url }, await readToday(database()))
    if (!read.ok) return read.problems
    if (!read.source) return [{ field: 'publisher', from: 'entry', code: 'missing' }]
    return (
      unread(change.reason) ??
      mutations.correctSource(database(), actor, { ...change, citation: read.source })
    )
  })
}

/** Fields: locale, source, id, seen, into (the number of the source that stays), mergeReason. */
export async function mergeSource(
  before: SourceFormState,
  form: FormData,
): Promise<SourceFormState> {
  const of = {
    name: 'sourceMerger',
    fields: ['into'],
    why: 'mergeReason',
    done: 'merged',
  } as const
  return handle(of, before, form, async (actor, change, values) => {
    const into = readSourceId(values.into ?? '')
    if (!into) return [{ field: 'into', code: 'intoMissing' }]
    return unread(change.reason) ?? mutations.mergeSource(database(), actor, { ...change, into })
  })
}

/** Archives an open source, and takes back what became of another one. Fields as above, stateReason. */
export async function changeSourceState(
  before: SourceFormState,
  form: FormData,
): Promise<SourceFormState> {
  const isReopened = textOf(form, 'step') === 'reopened'
  const of = {
    name: 'sourceState',
    fields: ['step'],
    why: 'stateReason',
    done: isReopened ? 'reopened' : 'archived',
  } as const
  return handle(of, before, form, async (actor, change) => {
    const step = isReopened ? mutations.reopenSource : mutations.archiveSource
    return unread(change.reason) ?? step(database(), actor, change)
  })
}

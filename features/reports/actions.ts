'use server'

import { actorFor, clientAddress, fromOwnPage, siteOrigin } from '@/features/accounts/data'
import { database } from '@/lib/db/client'
import { keepAnswer, leaveFor } from '@/lib/form-answer'
import { localeOf, textOf, textsOf } from '@/lib/form-texts'
import { type Locale, localePath, translator } from '@/lib/i18n'
import type { Problem, Result } from '@/lib/result'
import { fileReport, stepReport } from './mutations'
import { problemsOf } from './rules'
import {
  type ReportFormState,
  type ReportState,
  reportFields,
  reportInput,
  type StepState,
  stepInput,
} from './schema'

// Every function here is an endpoint that anybody can call with anything.

/**
 * Files a reader's report and leads to its page. Fields: locale, figure, id, those of
 * `reportFields`, and `website`, which people leave empty.
 */
export async function sendReport(
  before: ReportFormState,
  form: FormData,
): Promise<ReportFormState> {
  const locale = localeOf(form)
  const typed = textsOf(form, ['id', 'figure', ...reportFields])
  const { id, figure: _, ...values } = typed
  const state = { attempt: attemptAfter(before), id, values, problems: [], goTo: null }
  const refuse = (problems: ReportFormState['problems']) =>
    keepAnswer('report', { ...state, problems })
  const whole = (problem: Problem) => refuse([{ field: null, text: inWords(locale, problem) }])

  if (!(await fromOwnPage())) return whole({ code: 'wrongAddress', params: { url: siteOrigin() } })
  if (textOf(form, 'website') !== '') return whole({ code: 'trap' })
  const input = reportInput.safeParse(typed)
  if (!input.success) {
    const problems = problemsOf(input.error.issues)
    return refuse(problems.map(({ field, problem }) => ({ field, text: inWords(locale, problem) })))
  }
  const filed = await attempt(async () => fileReport(database(), input.data, await clientAddress()))
  if (!filed.ok) return whole(filed.problem)
  const address = localePath(locale, `/reports/${filed.value.id}?sent=1`)
  return { ...state, goTo: await leaveFor(address) }
}

/** Takes up or answers a report. Fields: locale and those of `stepInput`. */
export async function answerReport(before: StepState, form: FormData): Promise<StepState> {
  const locale = localeOf(form)
  const typed = textsOf(form, ['id', 'version', 'step', 'answer', 'revision', 'share'])
  const state: StepState = {
    attempt: attemptAfter(before),
    ticket: { id: typed.id, version: typed.version },
    values: { answer: typed.answer, revision: typed.revision, share: typed.share === 'yes' },
    problem: null,
    isSignedOut: false,
    goTo: null,
  }
  const result = await attempt(() => takeStep(typed))
  const path = localePath(locale, '/reports')
  // Kept for the page too: rendered anew with the answer, it may no longer have this form.
  const leave = async (done: string) =>
    keepAnswer('reportStep', { ...state, goTo: await leaveFor(`${path}?done=${done}`) })
  if (result.ok) return leave(result.value.state)
  const { code } = result.problem
  if (code === 'moved' || code === 'missing') return leave('moved')
  const field = code.startsWith('answer')
    ? 'answer'
    : code.startsWith('revision')
      ? 'revision'
      : null
  return keepAnswer('reportStep', {
    ...state,
    problem: { field, text: inWords(locale, result.problem) },
    isSignedOut: code === 'signedOut',
  })
}

async function takeStep(typed: Record<string, string>): Promise<Result<{ state: ReportState }>> {
  const actor = await actorFor('reports.answer')
  if (!actor.ok) return actor
  const input = stepInput.safeParse(typed)
  if (input.success) return stepReport(database(), actor.value, input.data)
  const isAnswer = input.error.issues.every(({ path }) => path[0] === 'answer')
  return { ok: false, problem: { code: isAnswer ? 'answerInvalid' : 'moved' } }
}

async function attempt<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work()
  } catch (error) {
    console.error(error)
    return { ok: false, problem: { code: 'unavailable' } }
  }
}

function inWords(locale: Locale, { code, params }: Problem): string {
  const t = translator(locale, 'reports.problems')
  const known = code as Parameters<typeof t>[0]
  return t(t.has(known) ? known : 'unavailable', params)
}

/** The state before comes back from the browser, so it may be anything. */
function attemptAfter(before: { attempt?: unknown } | null): number {
  return typeof before?.attempt === 'number' ? before.attempt + 1 : 1
}

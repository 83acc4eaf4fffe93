'use server'

import { randomUUID } from 'node:crypto'
import { refresh, updateTag } from 'next/cache'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { actorFor, requireActor } from '@/features/accounts/data'
import { catalogue } from '@/features/catalogue/cached'
import { type CatalogueNames, catalogueNames } from '@/features/catalogue/rules'
import { tagsOf } from '@/features/figures/cached'
import type { Revision } from '@/features/figures/schema'
import { type FigureWriter, figureWriter } from '@/features/figures/series'
import { readToday } from '@/features/imports/data'
import { formatDay } from '@/features/periods/rules'
import { database } from '@/lib/db/client'
import { defaultLocale, isLocale, type Locale, localePath, translator } from '@/lib/i18n'
import type { Problem } from '@/lib/result'
import { changeText, problemText, warningText } from './components/words'
import { keepAnswer } from './data'
import { decideProposal, discardProposal, type SubmitOutcome, submitFigure } from './mutations'
import { encodeWarnings, readEntry } from './rules'
import {
  type DecisionState,
  decisionInput,
  type EnteredFigure,
  type EntryProblem,
  type EntryQuestion,
  type EntryState,
  type EntryTicket,
  entryFields,
  type Followed,
  submissionTicket,
} from './schema'

// Every function here is an endpoint that anybody can call with anything.

/**
 * Publishes or proposes a figure, then goes to the page that says so. Whatever stops it, the answer
 * holds everything typed. Fields: locale, those of `EntryTicket` and of `TypedEntry`.
 */
export async function submitEntry(before: EntryState, form: FormData): Promise<EntryState> {
  const locale = localeOf(form)
  const unanswered = {
    attempt: attemptAfter(before),
    values: textsOf(form, entryFields),
    ticket: textsOf(form, ['id', 'base', 'confirmed', 'version']),
    problems: [],
    question: null,
    isSignedOut: false,
    goTo: null,
  }
  const result = await enter(locale, unanswered).catch((error: unknown) => {
    // The outcome is unknown, and that is no harm: sent once more, the form has one effect.
    console.error(error)
    return refused(locale, unanswered, { code: 'unavailable' })
  })
  if ('attempt' in result) return keepAnswer('entry', result)
  if (result.state === 'published') expire([result.indicator])
  const done = `${localePath(locale, '/entry/done')}?${new URLSearchParams({ id: result.id })}`
  return { ...unanswered, goTo: await leaveFor(done) }
}

type Stored = Extract<SubmitOutcome, { kind: 'stored' }>

async function enter(locale: Locale, state: EntryState): Promise<EntryState | Stored> {
  const actor = await actorFor('figures.propose')
  if (!actor.ok) return refused(locale, state, actor.problem)
  const ticket = submissionTicket.safeParse(state.ticket)
  if (!ticket.success) {
    return refused(locale, { ...state, ticket: newTicket() }, { code: 'formBroken' })
  }
  const names = await catalogue()
  const entry = readEntry(state.values, names, await readToday(database()))
  if (!entry.ok)
    return {
      ...state,
      problems: entry.problems.map((one) => inWords(locale, catalogueNames(names, locale), one)),
    }

  const { figure } = entry
  const outcome = await submitFigure(database(), actor.value, { ...ticket.data, figure })
  if (outcome.kind === 'stored') return outcome
  if (outcome.kind === 'ask') {
    return asked(locale, figureWriter(names, locale), state, figure, outcome)
  }
  const isUsed = outcome.problem.code === 'sentAlready'
  return refused(locale, isUsed ? { ...state, ticket: newTicket() } : state, outcome.problem)
}

function newTicket(): EntryTicket {
  return { id: randomUUID(), base: '', confirmed: '', version: '' }
}

function refused(locale: Locale, state: EntryState, problem: Problem): EntryState {
  const t = translator(locale, 'entry.problems')
  const code = problem.code as Parameters<typeof t>[0]
  const text = t(t.has(code) ? code : 'unavailable', problem.params)
  return {
    ...state,
    isSignedOut: problem.code === 'signedOut',
    problems: [{ field: null, text }],
  }
}

function inWords(locale: Locale, names: CatalogueNames, problem: EntryProblem) {
  return { field: problem.field, text: problemText(locale, names, problem) }
}

/** Asks, and notes in the ticket what was shown, so that the next submission answers just that. */
function asked(
  locale: Locale,
  writer: FigureWriter,
  state: EntryState,
  figure: EnteredFigure,
  { warnings, existing }: Extract<SubmitOutcome, { kind: 'ask' }>,
): EntryState {
  const { ticket } = state
  const confirmed = encodeWarnings(warnings).join(' ')
  const isReasonMissing =
    warnings.length > 0 && confirmed === ticket.confirmed && figure.reason === ''
  const question: EntryQuestion = {
    warnings: warnings.map((one) => warningText(locale, writer, figure.unit, one)),
    existing: existing && compare(locale, writer, figure, existing.current),
  }
  return {
    ...state,
    question,
    ticket: {
      ...ticket,
      base: existing ? String(existing.newest) : ticket.base,
      confirmed: confirmed || ticket.confirmed,
    },
    problems: isReasonMissing
      ? [inWords(locale, writer.names, { field: 'reason', from: 'entry', code: 'reasonMissing' })]
      : [],
  }
}

function compare(
  locale: Locale,
  writer: FigureWriter,
  figure: EnteredFigure,
  current: Revision,
): EntryQuestion['existing'] {
  const t = translator(locale, 'entry.question')
  const { unit } = figure
  const theirs = current.value === null ? null : { ...current, value: current.value, unit }
  const line = (value: string, source: string, day: string | null) =>
    [value, source, day && t('released', { day: formatDay(day, locale) })]
      .filter(Boolean)
      .join(' · ')
  const change = theirs && changeText(locale, theirs.value, figure.value)
  return [
    {
      term: t('theirs'),
      detail: line(
        theirs ? writer.value(theirs) : translator(locale, 'figures')('withdrawn'),
        writer.source(current.source),
        current.releasedOn,
      ),
    },
    {
      term: t('yours'),
      detail: line(writer.value(figure), writer.source(figure.source), figure.releasedOn),
    },
    ...(change ? [{ term: t('change'), detail: change }] : []),
  ]
}

/**
 * Leads to another page. A page that the router changes to keeps the one before it in the document,
 * with the same ids in it; so where there is JavaScript, the form itself loads the new page.
 */
async function leaveFor(address: string): Promise<string> {
  const isFollowed = (await headers()).has('next-action')
  return isFollowed ? address : redirect(address)
}

/** Read your own write: every page and answer with these indicators is made anew at once. */
function expire(indicators: readonly string[]): void {
  for (const tag of tagsOf(indicators)) updateTag(tag)
}

/** Approves or returns one proposal. Fields: locale and those of `decisionInput`. */
export async function decide(before: DecisionState, form: FormData): Promise<DecisionState> {
  const locale = localeOf(form)
  const state: DecisionState = {
    attempt: attemptAfter(before),
    ticket: textsOf(form, ['id', 'version', 'seen']),
    comment: textOf(form, 'comment'),
    problem: null,
    isSignedOut: false,
    goTo: null,
  }
  // Kept for the page too: rendered anew with the answer, it may no longer have this form.
  const leave = async (outcome: Record<string, string>) =>
    keepAnswer('decision', { ...state, goTo: await leaveFor(reviewAddress(locale, outcome)) })
  const result = await decideOne(locale, form).catch((error: unknown) => {
    console.error(error)
    return { code: 'unavailable' }
  })
  if ('code' in result) {
    if (result.code === 'moved' || result.code === 'missing') return leave({ moved: '1' })
    // The list shows by now what has changed, so that the next decision is on that.
    if (result.code === 'conflict') refresh()
    const isSignedOut = result.code === 'signedOut'
    const problem = decisionProblem(locale, result)
    return keepAnswer('decision', { ...state, problem, isSignedOut })
  }
  if (result.state !== 'published') return leave({ returned: '1' })
  expire([result.indicator])
  return leave({ approved: '1' })
}

async function decideOne(locale: Locale, form: FormData): Promise<Stored | Problem> {
  const actor = await actorFor('proposals.review')
  if (!actor.ok) return actor.problem
  const input = decisionInput.safeParse(textsOf(form, ['id', 'step', 'version', 'seen', 'comment']))
  if (!input.success) {
    const isComment = input.error.issues.every(({ path }) => path[0] === 'comment')
    return { code: isComment ? 'commentInvalid' : 'moved' }
  }
  const outcome = await decideProposal(database(), actor.value, input.data)
  if (outcome.kind === 'stored') return outcome
  if (outcome.kind === 'refused') return outcome.problem
  const writer = figureWriter(await catalogue(), locale)
  const { current } = outcome.existing
  const write = (value: string | null) =>
    value === null
      ? translator(locale, 'figures')('withdrawn')
      : writer.value({ ...outcome.figure, value, precision: 'exact', status: 'A' })
  return {
    code: 'conflict',
    params: {
      value: write(current.value),
      source: writer.source(current.source),
      mine: writer.value(outcome.figure),
    },
  }
}

function decisionProblem(locale: Locale, { code, params }: Problem): string {
  const t = translator(locale, 'review.problems')
  const known = code as Parameters<typeof t>[0]
  return t(t.has(known) ? known : 'unavailable', params)
}

/** Approves all that were ticked, each on its own. Fields: locale, chosen (`id version seen`). */
export async function approveChosen(_: Followed, form: FormData): Promise<Followed> {
  const locale = localeOf(form)
  const actor = await requireActor('proposals.review', locale, localePath(locale, '/review'))
  const chosen = form.getAll('chosen')
  const indicators: string[] = []
  for (const choice of chosen) {
    const [id, version, seen = ''] = typeof choice === 'string' ? choice.split(' ') : []
    const input = decisionInput.safeParse({ id, version, seen, step: 'approve', comment: '' })
    if (!input.success) continue
    const outcome = await decideProposal(database(), actor, input.data)
    if (outcome.kind === 'stored') indicators.push(outcome.indicator)
  }
  expire(indicators)
  const left = String(chosen.length - indicators.length)
  const outcome = { approved: String(indicators.length), left }
  const goTo = reviewAddress(locale, chosen.length === 0 ? { none: '1' } : outcome)
  return keepAnswer('chosen', { goTo: await leaveFor(goTo) })
}

function reviewAddress(locale: Locale, outcome: Record<string, string>): string {
  return `${localePath(locale, '/review')}?${new URLSearchParams(outcome)}`
}

/** Takes one of one's own proposals back. Fields: locale, id, version. */
export async function discard(_: Followed, form: FormData): Promise<Followed> {
  const locale = localeOf(form)
  const path = localePath(locale, '/entry')
  const actor = await requireActor('figures.propose', locale, path)
  const id = textOf(form, 'id')
  const version = Number(textOf(form, 'version'))
  const outcome = Number.isSafeInteger(version)
    ? await discardProposal(database(), actor, { id, version })
    : null
  const said = outcome?.kind === 'stored' ? 'discarded' : 'moved'
  return { goTo: await leaveFor(`${path}?${said}=1`) }
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

function textsOf<Name extends string>(
  form: FormData,
  names: readonly Name[],
): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, textOf(form, name)])) as Record<Name, string>
}

function localeOf(form: FormData): Locale {
  const locale = textOf(form, 'locale')
  return isLocale(locale) ? locale : defaultLocale
}

/** The state before comes back from the browser, so it may be anything. */
function attemptAfter(before: { attempt?: unknown } | null): number {
  return typeof before?.attempt === 'number' ? before.attempt + 1 : 1
}

'use server'

import { randomUUID } from 'node:crypto'
import { refresh, updateTag } from 'next/cache'
import type { Followed } from '@/components/ui/follow'
import { actorFor, requireActor } from '@/features/accounts/data'
import { catalogue } from '@/features/catalogue/cached'
import { type CatalogueNames, catalogueNames } from '@/features/catalogue/rules'
import { findingText } from '@/features/checks/components/words'
import { tagsOf } from '@/features/figures/cached'
import type { Revision } from '@/features/figures/schema'
import { type FigureWriter, figureWriter } from '@/features/figures/series'
import { readToday } from '@/features/imports/data'
import { formatDay } from '@/features/periods/rules'
import { database } from '@/lib/db/client'
import { keepAnswer, leaveFor } from '@/lib/form-answer'
import { localeOf, textOf, textsOf } from '@/lib/form-texts'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { noteExpired } from '@/lib/own-changes'
import type { Problem } from '@/lib/result'
import { changeText, problemText, warningText } from './components/words'
import {
  type DecisionOutcome,
  decideProposal,
  discardProposal,
  type SubmitOutcome,
  saveDraft,
  submitFigure,
  submitWithdrawal,
} from './mutations'
import { encodeWarnings, readEntry, readSource } from './rules'
import {
  type DecisionState,
  decisionInput,
  type EnteredFigure,
  type EntryField,
  type EntryProblem,
  type EntryQuestion,
  type EntryState,
  type EntryTicket,
  entryFields,
  submissionTicket,
  type WithdrawalState,
  withdrawalFields,
  withdrawalInput,
} from './schema'

// Every function here is an endpoint that anybody can call with anything.

/**
 * Publishes or proposes a figure, or puts it aside as a draft, then goes to the page that says so.
 * Whatever stops it, the answer holds everything typed. Fields: locale, `intent` (`draft` or none),
 * those of `EntryTicket` and of `TypedEntry`.
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
  const isDraft = textOf(form, 'intent') === 'draft'
  const work = isDraft ? putAside(locale, unanswered) : enter(locale, unanswered)
  const result = await work.catch((error: unknown) => {
    // The outcome is unknown, and that is no harm: sent once more, the form has one effect.
    console.error(error)
    return refused(locale, unanswered, { code: 'unavailable' })
  })
  if ('attempt' in result) return keepAnswer('entry', result)
  if (result.state === 'published') expire([result])
  const goTo =
    result.state === 'draft' ? localePath(locale, '/entry?drafted=1') : donePath(locale, result.id)
  return { ...unanswered, goTo: await leaveFor(goTo) }
}

const donePath = (locale: Locale, id: string) =>
  localePath(locale, `/entry/done?${new URLSearchParams({ id })}`)

async function putAside(locale: Locale, state: EntryState): Promise<EntryState | Stored> {
  const actor = await actorFor('figures.propose')
  if (!actor.ok) return refused(locale, state, actor.problem)
  const ticket = submissionTicket.safeParse(state.ticket)
  const isTooLong = Object.values(state.values).some((text) => text.length > mostInDraft)
  if (!ticket.success || isTooLong) {
    return refused(locale, { ...state, ticket: newTicket() }, { code: 'formBroken' })
  }
  const { id, version } = ticket.data
  const draft = { id, version, typed: state.values }
  const outcome = await saveDraft(database(), actor.value, draft, await catalogue())
  if (outcome.kind === 'stored') return outcome
  const problem = outcome.kind === 'refused' ? outcome.problem : { code: 'unavailable' }
  return refused(locale, state, problem)
}

const mostInDraft = 5_000

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
  const releaseId = /^\d{1,9}$/.test(state.values.release) ? Number(state.values.release) : null
  const outcome = await submitFigure(database(), actor.value, {
    ...ticket.data,
    figure,
    releaseId,
  })
  if (outcome.kind === 'stored') return outcome
  if (outcome.kind === 'ask') {
    return asked(locale, figureWriter(names, locale), state, figure, outcome)
  }
  if (outcome.kind === 'blocked') {
    return { ...state, problems: blockedProblems(locale, figureWriter(names, locale), outcome) }
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

type Blocked = Extract<SubmitOutcome, { kind: 'blocked' }>

/** Each beside the field that mends it. */
function blockedProblems(
  locale: Locale,
  writer: FigureWriter,
  { findings, unit }: Blocked,
): EntryState['problems'] {
  const fields: Partial<Record<string, EntryField>> = {
    sourceMissing: 'publisher',
    linkMissing: 'url',
  }
  return findings.map((finding) => ({
    field: fields[finding.code] ?? 'value',
    text: findingText(locale, writer, unit, finding),
  }))
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
  const line = (value: string, source: string, day: string | null) =>
    [value, source, day && t('released', { day: formatDay(day, locale) })]
      .filter(Boolean)
      .join(' · ')
  const change = current.value && changeText(locale, current.value, figure.value)
  return [
    {
      term: t('theirs'),
      detail: line(
        writer.value({ ...current, unit }),
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

interface Changed {
  indicator: string
  transaction?: string | null
}

/** Read your own write: every page and answer that may show these is made anew at once. */
function expire(changed: readonly Changed[]): void {
  for (const tag of tagsOf(changed.map(({ indicator }) => indicator))) updateTag(tag)
  for (const { transaction = null } of changed) noteExpired(transaction)
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
  if (result.state === 'returned') return leave({ returned: '1' })
  if (result.state === 'scheduled') return leave({ scheduled: '1' })
  expire([result])
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
  if (outcome.kind === 'blocked') {
    const texts = outcome.findings.map((one) => findingText(locale, writer, outcome.unit, one))
    return { code: 'blocked', params: { rules: texts.join(' ') } }
  }
  const { current } = outcome.existing
  return {
    code: 'conflict',
    params: {
      value: writer.value({ ...current, unit: outcome.figure.unit }),
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

/**
 * Takes one decision on all that were ticked, each on its own. Fields: locale, step, comment,
 * chosen (`id version seen`).
 */
export async function decideChosen(_: Followed, form: FormData): Promise<Followed> {
  const locale = localeOf(form)
  const actor = await requireActor('proposals.review', locale, localePath(locale, '/review'))
  const { step, comment } = textsOf(form, ['step', 'comment'])
  const chosen = form.getAll('chosen').filter((choice) => typeof choice === 'string')
  const ids = chosen.map((choice) => choice.split(' ')[0] ?? '')
  const leave = async (outcome: Record<string, string>) =>
    keepAnswer('chosen', { goTo: await leaveFor(reviewAddress(locale, outcome)) })
  if (chosen.length === 0) return leave({ none: '1' })
  if (step === 'return' && comment.trim() === '') {
    return leave({ uncommented: '1', chosen: ids.join(' ') })
  }
  const outcomes: ChosenOutcome[] = []
  for (const choice of chosen) {
    const [id = '', version, seen = ''] = choice.split(' ')
    const input = decisionInput.safeParse({ id, version, seen, step, comment })
    const outcome = input.success
      ? await decideProposal(database(), actor, input.data).catch(unavailable)
      : ({ kind: 'refused', problem: { code: 'commentInvalid' } } as const)
    outcomes.push({ id, outcome })
  }
  const done = outcomes.flatMap(({ outcome }) => (outcome.kind === 'stored' ? outcome : []))
  expire(done.filter(({ state }) => state === 'published'))
  const count = (state: string) => String(done.filter((one) => one.state === state).length)
  return leave({
    approved: count('published'),
    scheduled: count('scheduled'),
    returned: count('returned'),
    left: outcomes.flatMap(leftOver).join(' '),
  })
}

interface ChosenOutcome {
  id: string
  outcome: DecisionOutcome
}

/** `id.code` of a proposal that was not decided. */
function leftOver({ id, outcome }: ChosenOutcome): string[] {
  if (outcome.kind === 'stored') return []
  const code =
    outcome.kind === 'conflict'
      ? 'changed'
      : outcome.kind === 'blocked'
        ? 'blocked'
        : outcome.problem.code
  return [`${id}.${code}`]
}

function unavailable(error: unknown): DecisionOutcome {
  console.error(error)
  return { kind: 'refused', problem: { code: 'unavailable' } }
}

/**
 * Takes an approved figure out of its release, back to its author. Fields: locale, back (the slug
 * of the release), id, version, comment.
 */
export async function returnScheduled(_: Followed, form: FormData): Promise<Followed> {
  const locale = localeOf(form)
  const back = /^[a-z0-9-]{1,80}$/.exec(textOf(form, 'back'))?.[0] ?? ''
  const path = localePath(locale, `/plan/${back}`)
  const actor = await requireActor('proposals.review', locale, path)
  const input = decisionInput.safeParse({
    ...textsOf(form, ['id', 'version', 'comment']),
    step: 'return',
    seen: '',
  })
  const outcome: DecisionOutcome = input.success
    ? await decideProposal(database(), actor, input.data).catch(unavailable)
    : { kind: 'refused', problem: { code: 'commentInvalid' } }
  const code = outcome.kind === 'refused' ? outcome.problem.code : 'moved'
  const said = outcome.kind === 'stored' ? 'done=returned' : `problem=${code}`
  return keepAnswer('release', { goTo: await leaveFor(`${path}?${said}`) })
}

/**
 * Withdraws a figure or proposes to. Fields: locale, id, base, version, figure, and those of
 * `withdrawalFields`.
 */
export async function withdraw(before: WithdrawalState, form: FormData): Promise<WithdrawalState> {
  const locale = localeOf(form)
  const state: WithdrawalState = {
    attempt: attemptAfter(before),
    values: textsOf(form, withdrawalFields),
    ticket: textsOf(form, ['id', 'base', 'version', 'figure']),
    problems: [],
    isSignedOut: false,
    goTo: null,
  }
  const result = await withdrawFrom(locale, state).catch((error: unknown) => {
    console.error(error)
    return notWithdrawn(locale, state, { code: 'unavailable' })
  })
  if ('attempt' in result) return keepAnswer('withdrawal', result)
  if (result.state === 'published') expire([result])
  return { ...state, goTo: await leaveFor(donePath(locale, result.id)) }
}

async function withdrawFrom(
  locale: Locale,
  state: WithdrawalState,
): Promise<WithdrawalState | Stored> {
  const actor = await actorFor('figures.propose')
  if (!actor.ok) return notWithdrawn(locale, state, actor.problem)
  const reason = state.values.reason.replace(/\s+/g, ' ').trim()
  const names = catalogueNames(await catalogue(), locale)
  const input = withdrawalInput.safeParse({ ...state.ticket, reason })
  const source = readSource(state.values, await readToday(database()))
  const problems = source.ok ? [] : source.problems.map((one) => inWords(locale, names, one))
  if (!input.success) {
    const isReason = input.error.issues.every(({ path }) => path[0] === 'reason')
    const code = isReason && reason === '' ? 'withdrawalReasonMissing' : 'hiddenCharacter'
    if (!isReason) return notWithdrawn(locale, state, { code: 'formBroken' })
    problems.unshift(inWords(locale, names, { field: 'reason', from: 'entry', code }))
  }
  if (!input.success || !source.ok) return { ...state, problems }
  const submission = { ...input.data, source: source.source }
  const outcome = await submitWithdrawal(database(), actor.value, submission)
  if (outcome.kind === 'stored') return outcome
  const problem = outcome.kind === 'refused' ? outcome.problem : { code: 'unavailable' }
  // The page shows by now what the figure has become.
  refresh()
  return notWithdrawn(locale, state, problem)
}

function notWithdrawn(locale: Locale, state: WithdrawalState, problem: Problem): WithdrawalState {
  const t = translator(locale, 'entry.problems')
  const code = problem.code as Parameters<typeof t>[0]
  return {
    ...state,
    isSignedOut: problem.code === 'signedOut',
    problems: [{ field: null, text: t(t.has(code) ? code : 'unavailable', problem.params) }],
  }
}

function reviewAddress(locale: Locale, outcome: Record<string, string>): string {
  return localePath(locale, `/review?${new URLSearchParams(outcome)}`)
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

/** The state before comes back from the browser, so it may be anything. */
function attemptAfter(before: { attempt?: unknown } | null): number {
  return typeof before?.attempt === 'number' ? before.attempt + 1 : 1
}

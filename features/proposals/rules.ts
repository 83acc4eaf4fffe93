import { may } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import { findIndicator } from '@/features/catalogue/rules'
import type { Catalogue, Indicator } from '@/features/catalogue/schema'
import type { Finding } from '@/features/checks/schema'
import { compareRevisions, orderRevisions, publisherName } from '@/features/figures/rules'
import {
  type FigureKey,
  type Kind,
  keyParts,
  kinds,
  publicationInput,
  type Revision,
  roles,
  type SourceInput,
  sexes,
  sourceInput,
} from '@/features/figures/schema'
import { parsePeriod, readDay, readPeriod } from '@/features/periods/rules'
import { fourEyesHold } from '@/features/settings/rules'
import type { FourEyes } from '@/features/settings/schema'
import { readDecimal } from '@/lib/number'
import { fail, ok, type Result } from '@/lib/result'
import {
  type EnteredFigure,
  type EntryField,
  type EntryProblem,
  type Place,
  type Proposal,
  type ProposalState,
  type Step,
  type TypedEntry,
  type Warning,
  type WarningCode,
  warningCodes,
} from './schema'

// Reading what was typed

export type CheckedEntry =
  | { ok: true; figure: EnteredFigure }
  | { ok: false; problems: EntryProblem[] }

/**
 * Reads a form as people fill it in: numbers, periods and days in any of the product's spellings.
 * Answers the figure, or every problem with its field. `today` is a Karachi day (ISO).
 */
export function readEntry(typed: TypedEntry, catalogue: Catalogue, today: string): CheckedEntry {
  const problems: EntryProblem[] = []
  const report = (field: EntryField, from: EntryProblem['from'], result: Result<unknown>) => {
    if (!result.ok) problems.push({ field, from, ...result.problem })
  }
  const codes = checkCodes(typed, catalogue)
  const value = readDecimal(typed.value)
  const period = readPeriod(typed.period)
  const sourceDate = readSourceDate(typed.sourceDate, today)
  const released = readRelease(typed.releasedOn, sourceDate.ok ? sourceDate.value : '', today)
  const parsed = publicationInput.safeParse({
    ...typed,
    academy: academyOf(typed),
    period: period.ok ? period.value.code : '_U',
    value: value.ok ? value.value : '0',
    source: {
      publisher: oneLine(typed.publisher),
      title: oneLine(typed.title),
      publishedLabel: sourceDate.ok ? sourceDate.value : '',
      url: typed.url.trim(),
    },
    note: oneLine(typed.note),
    reason: oneLine(typed.reason),
    periodLabel: '',
    releasedOn: released.ok ? released.value : null,
  })

  problems.push(...codes, ...computedProblem(typed, catalogue))
  report('period', 'periods', period)
  report('value', 'numbers', value)
  if (!parsed.success) {
    const known = new Set(codes.map(({ field }) => field))
    problems.push(
      ...parsed.error.issues
        .map((issue) => toProblem(issue, typed))
        .filter(({ field }) => !known.has(field)),
    )
  }
  report('sourceDate', sourceDate.ok || isOurs(sourceDate) ? 'entry' : 'periods', sourceDate)
  report('releasedOn', released.ok || isOurs(released) ? 'entry' : 'periods', released)
  if (problems.length > 0 || !parsed.success || !released.ok) return { ok: false, problems }
  const { baseRevision: _, ...figure } = parsed.data
  return { ok: true, figure: { ...figure, releasedOn: released.value } }
}

/** The source that a form names, or what is wrong with it; null where nothing of it was typed. */
export function readSource(
  typed: Pick<TypedEntry, 'publisher' | 'title' | 'sourceDate' | 'url'>,
  today: string,
): { ok: true; source: SourceInput | null } | { ok: false; problems: EntryProblem[] } {
  const { publisher, title, sourceDate, url } = typed
  if ([publisher, title, sourceDate, url].every((text) => text.trim() === '')) {
    return { ok: true, source: null }
  }
  const date = readSourceDate(sourceDate, today)
  const parsed = sourceInput.safeParse({
    publisher: oneLine(publisher),
    title: oneLine(title),
    publishedLabel: date.ok ? date.value : '',
    url: url.trim(),
  })
  const problems: EntryProblem[] = parsed.success
    ? []
    : parsed.error.issues.map((issue) =>
        toProblem({ ...issue, path: ['source', ...issue.path] }, typed),
      )
  if (!date.ok) {
    problems.push({
      field: 'sourceDate',
      from: isOurs(date) ? 'entry' : 'periods',
      ...date.problem,
    })
  }
  return parsed.success && problems.length === 0
    ? { ok: true, source: parsed.data }
    : { ok: false, problems }
}

/** As much of a form as its columns can hold; null where its place is not one. */
export function readDraft(
  typed: TypedEntry,
  catalogue: Catalogue,
): (FigureKey & { value: string | null }) | null {
  const unit = catalogue.units.find(({ code }) => code === typed.unit)?.code
  const kind = kinds.find((known) => known === typed.kind)
  const role = roles.find((known) => known === typed.role)
  const place = { ...typed, academy: academyOf(typed) }
  if (!isPlace(place, catalogue) || !unit || !kind || !role) return null
  const period = readPeriod(typed.period)
  const value = readDecimal(typed.value)
  return {
    ...placeOf(place),
    role,
    kind,
    unit,
    period: period.ok ? period.value.code : '_U',
    value: value.ok ? value.value : null,
  }
}

/** Line breaks of a text box become spaces: in the CSV a figure stays on one line. */
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim()

const ownDayProblems = new Set(['sourceDate', 'sourceInFuture', 'releasedInFuture'])
const isOurs = (result: Result<unknown>) => !result.ok && ownDayProblems.has(result.problem.code)

/** A form without an academy is about all of them together. */
const academyOf = ({ academy }: Pick<TypedEntry, 'academy'>) => academy || '_T'

function checkCodes(given: TypedEntry, catalogue: Catalogue): EntryProblem[] {
  const typed = { ...given, academy: academyOf(given) }
  const lists = [
    ['indicator', catalogue.indicators],
    ['programme', catalogue.programmes],
    ['area', catalogue.areas],
    ['academy', catalogue.academies],
    ['unit', catalogue.units],
  ] as const
  return lists
    .filter(([field, list]) => !list.some(({ code }) => code === typed[field]))
    .map(([field]) => ({ field, from: 'entry', code: 'notInList' }))
}

/** A computed rate has no figures of its own: its parts are to be entered instead, by their codes. */
function computedProblem(typed: TypedEntry, catalogue: Catalogue): EntryProblem[] {
  const indicator = findIndicator(catalogue, typed.indicator)
  return indicator?.method === 'computed'
    ? [{ field: 'indicator', from: 'entry', code: 'computed', params: partsOf(indicator) }]
    : []
}

/** The codes that a computed rate is made of; the numerator's sex where it has one of its own. */
export function partsOf({ code, numerator, numeratorSex, denominator }: Indicator) {
  return {
    rate: code,
    numerator: numerator ?? '',
    sex: numeratorSex ?? '_T',
    denominator: denominator ?? '',
  }
}

/** The date a source shows: a day, a month, or nothing. */
function readSourceDate(text: string, today: string): Result<string> {
  if (text.trim() === '') return ok('')
  const period = readPeriod(text)
  if (!period.ok) return period
  const { code, frequency, start } = period.value
  if (frequency !== 'D' && frequency !== 'M') return fail('sourceDate', { value: text.trim() })
  return start !== null && start > today ? fail('sourceInFuture', { value: text.trim() }) : ok(code)
}

function readRelease(text: string, sourceDate: string, today: string): Result<string> {
  if (text.trim() === '') return ok(defaultRelease(sourceDate, today))
  const day = readDay(text)
  if (!day.ok) return day
  return day.value > today ? fail('releasedInFuture', { value: text.trim() }) : day
}

/**
 * The day the world learned a figure, where nobody said: the source's date, a month its last day
 * but never a day still to come; without a date, today.
 */
export function defaultRelease(sourceDate: string, today: string): string {
  const period = sourceDate === '' ? null : parsePeriod(sourceDate)
  const end = period?.ok ? period.value.end : null
  return end === null || end > today ? today : end
}

const issueCodes: Record<string, string> = {
  too_big: 'tooLong',
  invalid_value: 'notInList',
}

interface Issue {
  code?: string
  path: readonly PropertyKey[]
  maximum?: number | bigint
}

function toProblem(issue: Issue, typed: Pick<TypedEntry, 'publisher'>): EntryProblem {
  const field = fieldOf(issue.path)
  const code = codeOf(issue, field, typed)
  return {
    field,
    from: 'entry',
    code,
    ...(code === 'tooLong' && { params: { most: Number(issue.maximum) } }),
  }
}

function codeOf(issue: Issue, field: EntryField, typed: Pick<TypedEntry, 'publisher'>): string {
  if (field === 'url') return 'url'
  // A publisher without a letter or a digit in it names nobody.
  if (field === 'publisher' && !/[\p{L}\p{N}]/u.test(typed.publisher)) return 'missing'
  return issueCodes[issue.code ?? ''] ?? 'hiddenCharacter'
}

function fieldOf([first, second]: readonly PropertyKey[]): EntryField {
  const name = String(first === 'source' ? second : first)
  return (name === 'publishedLabel' ? 'sourceDate' : name) as EntryField
}

// Warnings

/** What is public when a figure is looked at. */
export interface Evidence {
  /** Every revision of the very key. */
  history: readonly Revision[]
  /** What the indicator is counted in: its default, and all that its figures use. */
  usual: { kind: Kind; unit: string; kinds: readonly string[]; units: readonly string[] }
  /** Karachi day, ISO. */
  today: string
  /** What the rules say of the figure. */
  findings: readonly Finding[]
}

/** The newest record of a key; what a base names. Not always the current revision. */
export function newestRevision(history: readonly Revision[]): number | null {
  return history.reduce<number | null>((newest, { id }) => Math.max(newest ?? 0, id), null)
}

export function currentRevision(history: readonly Revision[]): Revision | null {
  return orderRevisions(history).at(-1) ?? null
}

/**
 * Whether the record says this already, to the letter and from the same source. A past revision
 * may be repeated where that makes it current again: a correction that was itself wrong.
 */
export function addsNothing(figure: EnteredFigure, history: readonly Revision[]): boolean {
  const current = currentRevision(history)
  const isLate = current !== null && compareRevisions(newcomer(figure), current) < 0
  return history.some(
    (revision) => (revision === current || isLate) && saysTheSame(figure, revision),
  )
}

function saysTheSame(figure: EnteredFigure, revision: Revision): boolean {
  const parts = ['value', 'status', 'precision', 'note', 'releasedOn'] as const
  return (
    parts.every((part) => revision[part] === figure[part]) &&
    cited.every((part) => revision.source?.[part] === figure.source[part])
  )
}

/** A figure in the order of revisions, as if it were recorded now. */
const newcomer = ({ releasedOn }: EnteredFigure) => ({ id: Number.POSITIVE_INFINITY, releasedOn })

const said = [
  ...keyParts,
  'value',
  'status',
  'precision',
  'note',
  'releasedOn',
] as const satisfies readonly (keyof EnteredFigure)[]
const cited = ['publisher', 'title', 'publishedLabel', 'url'] as const

/** Whether two forms say the same; the reason for passing over warnings is no part of it. */
export function sameEntry(a: EnteredFigure, b: EnteredFigure): boolean {
  return (
    said.every((part) => a[part] === b[part]) &&
    cited.every((part) => a.source[part] === b.source[part])
  )
}

/** All that deserves a second look before a figure is published. None of it forbids anything. */
export function warningsOf(figure: EnteredFigure, evidence: Evidence): Warning[] {
  const current = currentRevision(evidence.history)
  const found = [
    ...evidence.findings
      .filter(({ severity }) => severity === 'warning')
      .map(({ code, params }) => warning(code, params)),
    notOverYet(figure, evidence.today),
    ...unusual(figure, evidence.usual),
    current && releasedEarlier(figure, current),
    current && otherPublisher(figure, current),
  ]
  return found.filter((one): one is Warning => Boolean(one))
}

const warning = (code: WarningCode, params: Record<string, string> = {}): Warning => ({
  code,
  params,
})

function notOverYet(figure: EnteredFigure, today: string): Warning | null {
  const period = parsePeriod(figure.period)
  const end = period.ok ? period.value.end : null
  return figure.role === 'actual' && end !== null && end > today
    ? warning('notOverYet', { day: end })
    : null
}

/** Unusual is what is neither the indicator's default nor in use for it. */
function unusual({ kind, unit }: EnteredFigure, usual: Evidence['usual']): Warning[] {
  const isKindKnown = kind === usual.kind || usual.kinds.includes(kind)
  const isUnitKnown = unit === usual.unit || usual.units.includes(unit)
  return [
    ...(isKindKnown ? [] : [warning('unusualKind', { kind, usual: usual.kind })]),
    ...(isUnitKnown ? [] : [warning('unusualUnit', { unit, usual: usual.unit })]),
  ]
}

function releasedEarlier(figure: EnteredFigure, current: Revision): Warning | null {
  return compareRevisions(newcomer(figure), current) < 0
    ? warning('releasedEarlier', { day: current.releasedOn ?? '' })
    : null
}

function otherPublisher(figure: EnteredFigure, current: Revision): Warning | null {
  const publisher = current.source && publisherName(current.source.publisher)
  return publisher && publisher !== publisherName(figure.source.publisher)
    ? warning('otherPublisher', { publisher, value: current.value ?? '' })
    : null
}

/** A text without spaces for each warning: kept with the proposal, carried by the confirming form. */
export function encodeWarnings(warnings: readonly Warning[]): string[] {
  return warnings.map(({ code, params }) => `${code}?${new URLSearchParams(params)}`)
}

/** Lines that are no warnings of ours are left out. */
export function decodeWarnings(lines: readonly string[]): Warning[] {
  return lines.flatMap((line) => {
    const [name, query = ''] = line.split('?')
    const code = warningCodes.find((known) => known === name)
    return code ? [warning(code, Object.fromEntries(new URLSearchParams(query)))] : []
  })
}

/** Warnings nobody has passed over yet; a changed number makes a new warning. */
export function unconfirmed(warnings: readonly Warning[], confirmed: readonly string[]): Warning[] {
  const seen = new Set(confirmed)
  return warnings.filter((one) => encodeWarnings([one]).every((line) => !seen.has(line)))
}

// Filling in the form

/** Whether the catalogue knows every part of a place. */
export function isPlace(place: Partial<Place>, catalogue: Catalogue): place is Place {
  const { indicators, programmes, areas, academies } = catalogue
  return (
    indicators.some(({ code }) => code === place.indicator) &&
    programmes.some(({ code }) => code === place.programme) &&
    areas.some(({ code }) => code === place.area) &&
    academies.some(({ code }) => code === place.academy) &&
    sexes.some((sex) => sex === place.sex)
  )
}

export function placeOf({ indicator, programme, area, academy, sex }: Place): Place {
  return { indicator, programme, area, academy, sex }
}

/** A form for a figure of a place: the indicator's defaults, and what the link or a figure gives. */
export function startEntry(
  place: Place,
  indicator: Pick<Indicator, 'defaultKind' | 'defaultUnit'>,
  given: Partial<TypedEntry> = {},
): TypedEntry {
  return {
    ...place,
    period: '',
    value: '',
    role: 'actual',
    kind: indicator.defaultKind,
    unit: indicator.defaultUnit,
    status: 'A',
    precision: 'exact',
    publisher: '',
    title: '',
    sourceDate: '',
    url: '',
    releasedOn: '',
    note: '',
    reason: '',
    release: '',
    ...given,
  }
}

/** The key that a form is about, where it can be told before anything is checked; else null. */
export function keyOf(typed: TypedEntry): FigureKey | null {
  const period = readPeriod(typed.period)
  const kind = kinds.find((known) => known === typed.kind)
  const role = roles.find((known) => known === typed.role)
  if (!period.ok || period.value.code === '_U' || !kind || !role) return null
  const { indicator, programme, area, sex, unit } = typed
  const academy = academyOf(typed)
  const key = { indicator, programme, area, academy, sex, role, kind, unit }
  return { ...key, period: period.value.code }
}

/** What a proposal's next form takes from it: its source and the sort of figure, not its value. */
export function likeProposal(proposal: Proposal): Partial<TypedEntry> {
  const { role, kind, unit, status, precision, source } = proposal
  return {
    role,
    kind,
    unit,
    status,
    precision,
    publisher: source.publisher,
    title: source.title,
    sourceDate: source.publishedLabel,
    url: source.url,
  }
}

/** Everything of a draft or a returned proposal, for its author to edit. */
export function editProposal(proposal: Proposal): Partial<TypedEntry> {
  if (proposal.typed) return proposal.typed
  const { period, value, note, reason } = proposal
  return {
    ...likeProposal(proposal),
    period,
    value,
    note,
    reason,
    releasedOn: proposal.releasedOn ?? '',
    release: proposal.release?.isOpen ? String(proposal.release.id) : '',
  }
}

// Steps of a proposal

const transitions: Record<Step, { from: readonly (ProposalState | null)[]; to: ProposalState }> = {
  draft: { from: [null, 'draft'], to: 'draft' },
  publish: { from: [null, 'draft'], to: 'published' },
  send: { from: [null, 'draft', 'returned'], to: 'in_review' },
  approve: { from: ['in_review'], to: 'published' },
  return: { from: ['in_review', 'scheduled'], to: 'returned' },
  discard: { from: ['draft', 'in_review', 'returned'], to: 'discarded' },
  release: { from: ['scheduled'], to: 'published' },
  recall: { from: ['scheduled'], to: 'in_review' },
}

const permissionFor = {
  approve: 'proposals.review',
  return: 'proposals.review',
  discard: 'figures.propose',
} as const

/**
 * The state a step leads to, null where it cannot be taken. A new proposal has no state yet; one
 * that is held for a release becomes scheduled where it would be published.
 */
export function nextState(
  state: ProposalState | null,
  step: Step,
  isHeld = false,
): ProposalState | null {
  const { from, to } = transitions[step]
  if (!from.includes(state)) return null
  return isHeld && to === 'published' && step !== 'release' ? 'scheduled' : to
}

/**
 * Why somebody may not take a step on a stored proposal, as a message code: `forbidden` (role),
 * `ownProposal` (four eyes), `notYours`, `moved` (another version than the one seen, or no longer
 * in a state for it).
 */
export function stepProblem(
  actor: Pick<Actor, 'userId' | 'role'>,
  proposal: { authorId: string; state: ProposalState; version: number },
  step: 'approve' | 'return' | 'discard',
  version: number,
  fourEyes: FourEyes,
): string | null {
  const isOwn = proposal.authorId === actor.userId
  const isDecision = step === 'approve' || step === 'return'
  if (!may(actor.role, permissionFor[step])) return 'forbidden'
  if (isDecision && isOwn && fourEyes !== 'off') return 'ownProposal'
  if (!isDecision && !isOwn) return 'notYours'
  if (proposal.version !== version || nextState(proposal.state, step) === null) return 'moved'
  return null
}

/**
 * Why somebody may not send a stored proposal once more, as a message code: `notYours`,
 * `sentAlready` (a new form under an id that was used), `moved`.
 */
export function resendProblem(
  actor: Pick<Actor, 'userId'>,
  proposal: { authorId: string; state: ProposalState; version: number },
  version: number | null,
): string | null {
  if (proposal.authorId !== actor.userId) return 'notYours'
  // Going back after putting it aside, somebody still has the form that knows of no draft.
  if (proposal.state === 'draft' && version === null && proposal.version === 1) return null
  if (version === null) return 'sentAlready'
  const isOpen = nextState(proposal.state, 'send') !== null
  return isOpen && proposal.version === version ? null : 'moved'
}

/**
 * How a new figure of this person reaches the record; null where they may not enter any. By a token
 * that may only propose, it waits for review whoever's token it is.
 */
export function entryStep(
  actor: Pick<Actor, 'role' | 'token'>,
  fourEyes: FourEyes,
): 'publish' | 'send' | null {
  if (!may(actor.role, 'figures.propose')) return null
  if (actor.token?.mayPublish === false) return 'send'
  return fourEyesHold(fourEyes, actor.role) ? 'send' : 'publish'
}

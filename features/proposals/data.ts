import { z } from 'zod'
import type { Scope } from '@/features/accounts/schema'
import { judgeFigures } from '@/features/checks/data'
import { keyOf, readFigures, readHistory, readHistoryOf } from '@/features/figures/data'
import type { Figure, FigureKey, Revision } from '@/features/figures/schema'
import { database as sharedDatabase, type Transaction } from '@/lib/db/client'
import type { Prisma } from '@/lib/db/generated/client'
import type { LocalText } from '@/lib/i18n'
import {
  currentRevision,
  decodeWarnings,
  type Evidence,
  newestRevision,
  unconfirmed,
  warningsOf,
} from './rules'
import type {
  EnteredFigure,
  Place,
  Proposal,
  ProposalInReview,
  ProposalState,
  TypedEntry,
} from './schema'

const person = { select: { id: true, name: true } } as const

const proposalFields = {
  source: { select: { publisher: true, title: true, publishedLabel: true, url: true } },
  author: person,
  approver: person,
  release: { select: { id: true, slug: true, title: true, announcedAt: true, state: true } },
  events: {
    orderBy: { id: 'asc' },
    select: { fromState: true, toState: true, comment: true, at: true, actor: person },
  },
} as const satisfies Prisma.ProposalInclude

type ProposalRow = Prisma.ProposalGetPayload<{ include: typeof proposalFields }>

const noSource = { publisher: '', title: '', publishedLabel: '', url: '' }

function toProposal(row: ProposalRow): Proposal {
  const commented = row.events.findLast(({ comment }) => comment !== '')
  return {
    id: row.id,
    state: row.state,
    version: row.version,
    purpose: row.purpose,
    observation: row.observationId,
    ...keyOf(row),
    value: row.valueText ?? '',
    status: row.status,
    precision: row.precision,
    source: row.source ?? noSource,
    note: row.note,
    warnings: row.warnings,
    reason: row.reason,
    releasedOn: row.releasedOn?.toISOString().slice(0, 10) ?? null,
    base: row.baseRevisionId,
    author: row.author,
    approver: row.approver,
    release: row.release && toHeldFor(row.release),
    typed: row.state === 'draft' ? (row.typed as TypedEntry | null) : null,
    updatedAt: row.updatedAt.toISOString(),
    steps: row.events.map(({ fromState, toState, comment, at, actor }) => ({
      from: fromState,
      to: toState,
      by: actor.name,
      at: at.toISOString(),
      comment,
    })),
    comment: commented ? { text: commented.comment, by: commented.actor.name } : null,
  }
}

function toHeldFor({ id, slug, title, announcedAt, state }: NonNullable<ProposalRow['release']>) {
  return {
    id,
    slug,
    title: title as unknown as LocalText,
    announcedAt: announcedAt.toISOString(),
    isOpen: isOpenState(state),
  }
}

const isOpenState = (state: string) => state === 'planned' || state === 'late'

export async function readProposal(database: Transaction, id: string): Promise<Proposal | null> {
  const row = await database.proposal.findUnique({ where: { id }, include: proposalFields })
  return row && toProposal(row)
}

/** A proposal of this author; null where there is none, or it is somebody else's. */
export async function ownProposal(
  id: string,
  authorId: string,
  database: Transaction = sharedDatabase(),
): Promise<Proposal | null> {
  const proposal = z.uuid().safeParse(id).success ? await readProposal(database, id) : null
  return proposal?.author.id === authorId ? proposal : null
}

/** Proposals by their ids; those that are not there are left out. */
export async function readProposals(
  ids: readonly string[],
  database: Transaction = sharedDatabase(),
): Promise<Proposal[]> {
  const rows = await database.proposal.findMany({
    where: { id: { in: [...ids] } },
    include: proposalFields,
  })
  return rows.map(toProposal)
}

/**
 * Holds a release as it is until the transaction ends, and tells whether figures can still join it.
 * Whoever locks proposals of a release locks the release first.
 */
export async function holdRelease(tx: Transaction, id: number | null): Promise<boolean> {
  if (id === null) return false
  const [row] = await tx.$queryRaw<{ state: string }[]>`
    SELECT state::text FROM releases WHERE id = ${id} FOR SHARE`
  return row !== undefined && isOpenState(row.state)
}

/** Proposals of a release in these states, in the order of their approval. */
export async function proposalsOf(
  releaseId: number,
  states: readonly ProposalState[],
  database: Transaction = sharedDatabase(),
): Promise<Proposal[]> {
  const rows = await database.proposal.findMany({
    where: { releaseId, state: { in: [...states] } },
    orderBy: [{ approvedAt: 'asc' }, { createdAt: 'asc' }, { id: 'asc' }],
    include: proposalFields,
  })
  return rows.map(toProposal)
}

/** Approved figures of a place that wait for their release; for people who may enter some. */
export async function heldFigures(
  place: Place,
  database: Transaction = sharedDatabase(),
): Promise<Proposal[]> {
  const { indicator, programme, area, academy, sex } = place
  const rows = await database.proposal.findMany({
    where: {
      indicatorCode: indicator,
      programmeCode: programme,
      areaCode: area,
      academyCode: academy,
      sex,
      state: 'scheduled',
    },
    orderBy: [{ period: 'asc' }, { id: 'asc' }],
    include: proposalFields,
  })
  return rows.map(toProposal)
}

/** Locks a proposal until the transaction ends, so that steps on it queue up. */
export async function lockProposal(tx: Transaction, id: string): Promise<Proposal | null> {
  const locked = await tx.$queryRaw<unknown[]>`SELECT 1 FROM proposals WHERE id = ${id} FOR UPDATE`
  return locked.length === 0 ? null : readProposal(tx, id)
}

/** Somebody's proposals in these states, the latest change first. */
export async function proposalsBy(
  authorId: string,
  states: readonly ProposalState[],
  most: number,
  database: Transaction = sharedDatabase(),
): Promise<Proposal[]> {
  const rows = await database.proposal.findMany({
    where: { authorId, state: { in: [...states] } },
    orderBy: [{ updatedAt: 'desc' }, { id: 'asc' }],
    take: most,
    include: proposalFields,
  })
  return rows.map(toProposal)
}

const inReview = (scopes: readonly Scope[]): Prisma.ProposalWhereInput => ({
  state: 'in_review',
  ...(scopes.length > 0 && {
    OR: scopes.map(({ programme, academy }) => ({
      ...(programme !== null && { programmeCode: programme }),
      ...(academy !== null && { academyCode: academy }),
    })),
  }),
})

/** How many proposals within these limits wait for a decision. */
export function countInReview(
  scopes: readonly Scope[] = [],
  database: Transaction = sharedDatabase(),
): Promise<number> {
  return database.proposal.count({ where: inReview(scopes) })
}

/**
 * Proposals within these limits that wait for a decision, the oldest first, each beside what is
 * public now.
 */
export async function proposalsInReview(
  most: number,
  scopes: readonly Scope[] = [],
  database: Transaction = sharedDatabase(),
): Promise<ProposalInReview[]> {
  const rows = await database.proposal.findMany({
    where: inReview(scopes),
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: most,
    include: proposalFields,
  })
  return Promise.all(rows.map(toProposal).map((proposal) => besidesPublic(database, proposal)))
}

/** A proposal beside what is public now, with its warnings as they are now. */
export async function besidesPublic(
  database: Transaction,
  proposal: Proposal,
): Promise<ProposalInReview> {
  if (proposal.observation !== null) {
    const history = await readHistoryOf(database, proposal.observation)
    const [current, newest] = [currentRevision(history), newestRevision(history)]
    return { proposal, current, newest, warnings: [] }
  }
  const figure = figureOf(proposal)
  const evidence = await readEvidence(database, figure)
  const shown = decodeWarnings(proposal.warnings)
  const since = unconfirmed(warningsOf(figure, evidence), proposal.warnings)
  const newCodes = new Set(since.map(({ code }) => code))
  return {
    proposal,
    current: currentRevision(evidence.history),
    newest: newestRevision(evidence.history),
    // A warning whose numbers have changed meanwhile is told once, with today's.
    warnings: [...shown.filter(({ code }) => !newCodes.has(code)), ...since],
  }
}

/** The figure that a proposal would publish. */
export function figureOf(proposal: Proposal): EnteredFigure {
  const { role, indicator, programme, area, academy, kind, unit, period, value } = proposal
  return {
    role,
    indicator,
    programme,
    area,
    academy,
    sex: proposal.sex as EnteredFigure['sex'],
    kind,
    unit,
    period,
    value,
    status: proposal.status as EnteredFigure['status'],
    precision: proposal.precision,
    source: proposal.source,
    note: proposal.note,
    reason: proposal.reason,
    periodLabel: '',
    releasedOn: proposal.releasedOn ?? '',
  }
}

/** What is public for one key, and the newest revision, which a form that shows it names. */
export async function readCurrent(
  key: FigureKey,
  database: Transaction = sharedDatabase(),
): Promise<{ current: Revision | null; newest: number | null }> {
  const history = await readHistory(database, key)
  return { current: currentRevision(history), newest: newestRevision(history) }
}

/** Whether what a proposal published is the current value; an earlier release is history. */
export async function isCurrent(
  proposal: Proposal,
  database: Transaction = sharedDatabase(),
): Promise<boolean> {
  const revisions = await database.revision.count({
    where: { proposalId: proposal.id, current: { isNot: null } },
  })
  return revisions > 0
}

/** What is public about the very key of a figure and its indicator, and what rules say of it. */
export async function readEvidence(
  database: Transaction,
  figure: EnteredFigure,
): Promise<Evidence> {
  const history = await readHistory(database, figure, figure.source)
  const findings = await judgeFigures(database, [figure])
  return { history, findings, ...(await readUsual(database, figure.indicator)) }
}

/** The day, and what figures of an indicator are counted in, in one question about its series. */
async function readUsual(
  database: Transaction,
  indicator: string,
): Promise<Pick<Evidence, 'usual' | 'today'>> {
  const [row] = await database.$queryRaw<(Evidence['usual'] & { today: string })[]>`
    SELECT i.default_kind AS kind, i.default_unit_code AS unit,
      coalesce(array_agg(DISTINCT s.kind::text) FILTER (WHERE s.kind IS NOT NULL), '{}') AS kinds,
      coalesce(array_agg(DISTINCT s.unit_code) FILTER (WHERE s.kind IS NOT NULL), '{}') AS units,
      to_char(now() AT TIME ZONE 'Asia/Karachi', 'YYYY-MM-DD') AS today
    FROM indicators i
    LEFT JOIN series s ON s.indicator_code = i.code AND s.figures > 0
    WHERE i.code = ${indicator}
    GROUP BY i.code`
  if (!row) throw new Error(`There is no indicator ${indicator}.`)
  const { today, ...usual } = row
  return { usual, today }
}

/** Current figures of a place in every role, kind and unit, the latest period first. */
export async function readSeries(
  place: Place,
  database: Transaction = sharedDatabase(),
): Promise<Figure[]> {
  const figures = await readFigures(database, {
    indicators: [place.indicator],
    programmes: [place.programme],
    areas: [place.area],
    academies: [place.academy],
    sexes: [place.sex],
  })
  return figures.reverse()
}

/** Every publisher named before, for the form to offer; not of sources that are out of use. */
export async function knownPublishers(database: Transaction = sharedDatabase()): Promise<string[]> {
  const rows = await database.$queryRaw<{ publisher: string }[]>`
    SELECT DISTINCT s.publisher FROM sources s
    WHERE coalesce((SELECT kind FROM source_steps WHERE source_id = s.id ORDER BY id DESC LIMIT 1),
      'reopened') = 'reopened'
    ORDER BY 1`
  return rows.map(({ publisher }) => publisher)
}

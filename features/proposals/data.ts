import { z } from 'zod'
import { readFigures, readHistory } from '@/features/figures/data'
import type { Figure, FigureKey, Revision } from '@/features/figures/schema'
import { database as sharedDatabase, type Transaction } from '@/lib/db/client'
import type { Prisma } from '@/lib/db/generated/client'
import {
  currentRevision,
  decodeWarnings,
  type Evidence,
  newestRevision,
  unconfirmed,
  warningsOf,
} from './rules'
import type { EnteredFigure, Place, Proposal, ProposalInReview, ProposalState } from './schema'

const proposalFields = {
  source: { select: { publisher: true, title: true, publishedLabel: true, url: true } },
  author: { select: { id: true, name: true } },
  events: {
    where: { comment: { not: '' } },
    orderBy: { id: 'desc' },
    take: 1,
    select: { comment: true, actor: { select: { name: true } } },
  },
} as const satisfies Prisma.ProposalInclude

type ProposalRow = Prisma.ProposalGetPayload<{ include: typeof proposalFields }>

function toProposal(row: ProposalRow): Proposal {
  const [commented] = row.events
  return {
    id: row.id,
    state: row.state,
    version: row.version,
    role: row.role,
    indicator: row.indicatorCode,
    programme: row.programmeCode,
    area: row.areaCode,
    academy: row.academyCode,
    sex: row.sex,
    kind: row.kind,
    unit: row.unitCode,
    period: row.period,
    value: row.valueText,
    status: row.status,
    precision: row.precision,
    source: row.source,
    note: row.note,
    warnings: row.warnings,
    reason: row.reason,
    releasedOn: row.releasedOn?.toISOString().slice(0, 10) ?? null,
    base: row.baseRevisionId,
    author: row.author,
    updatedAt: row.updatedAt.toISOString(),
    comment: commented ? { text: commented.comment, by: commented.actor.name } : null,
  }
}

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

/** How many proposals wait for a decision. */
export function countInReview(database: Transaction = sharedDatabase()): Promise<number> {
  return database.proposal.count({ where: { state: 'in_review' } })
}

/** Proposals that wait for a decision, the oldest first, each beside what is public now. */
export async function proposalsInReview(
  most: number,
  database: Transaction = sharedDatabase(),
): Promise<ProposalInReview[]> {
  const rows = await database.proposal.findMany({
    where: { state: 'in_review' },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: most,
    include: proposalFields,
  })
  return Promise.all(
    rows.map(toProposal).map(async (proposal) => {
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
    }),
  )
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

/** What is public about the very key of a figure, its series and its indicator. */
export async function readEvidence(
  database: Transaction,
  figure: EnteredFigure,
): Promise<Evidence> {
  const history = await readHistory(database, figure, figure.source)
  const series = await readSeries(figure, database)
  return { history, series, ...(await readUsual(database, figure.indicator)) }
}

/** The day, and what figures of an indicator are counted in, in one question. */
async function readUsual(
  database: Transaction,
  indicator: string,
): Promise<Pick<Evidence, 'usual' | 'today'>> {
  const [row] = await database.$queryRaw<(Evidence['usual'] & { today: string })[]>`
    SELECT i.default_kind AS kind, i.default_unit_code AS unit,
      coalesce(array_agg(DISTINCT o.kind::text) FILTER (WHERE o.id IS NOT NULL), '{}') AS kinds,
      coalesce(array_agg(DISTINCT o.unit_code) FILTER (WHERE o.id IS NOT NULL), '{}') AS units,
      to_char(now() AT TIME ZONE 'Asia/Karachi', 'YYYY-MM-DD') AS today
    FROM indicators i
    LEFT JOIN observations o ON o.indicator_code = i.code AND o.value IS NOT NULL
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
    sexes: [place.sex],
  })
  return figures.reverse()
}

/** Every publisher named before, for the form to offer. */
export async function knownPublishers(database: Transaction = sharedDatabase()): Promise<string[]> {
  const rows = await database.source.findMany({
    distinct: ['publisher'],
    orderBy: { publisher: 'asc' },
    select: { publisher: true },
  })
  return rows.map(({ publisher }) => publisher)
}

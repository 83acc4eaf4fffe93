import { randomBytes } from 'node:crypto'
import { keyOf } from '@/features/figures/data'
import { dayAt } from '@/features/periods/rules'
import { database as sharedDatabase, type Transaction } from '@/lib/db/client'
import type { Prisma } from '@/lib/db/generated/client'
import { isAnswered, reportIdFrom } from './rules'
import {
  type DeskReport,
  type FigureReports,
  type Report,
  type ReportState,
  reportIdLength,
} from './schema'

/** An id for a report that is still to be sent. */
export const freshReportId = () => reportIdFrom(randomBytes(reportIdLength))

const answered: ReportState[] = ['accepted', 'declined']
const waiting: ReportState[] = ['received', 'in_hand']

const fields = {
  observation: true,
  events: {
    where: { toState: 'in_hand' },
    orderBy: { id: 'asc' },
    take: 1,
    select: { at: true },
  },
} as const satisfies Prisma.ErrorReportInclude

type Row = Prisma.ErrorReportGetPayload<{ include: typeof fields }>

/** Leaves out the reader's words unless an officer has answered and shares them. */
function toReport(row: Row): Report {
  const { wrong, instead, shownAt } = row
  const [taken] = row.events
  return {
    id: row.id,
    state: row.state,
    figure: { id: row.observationId, key: keyOf(row.observation) },
    receivedOn: dayAt(row.receivedAt),
    inHandOn: taken ? dayAt(taken.at) : null,
    answeredOn: row.answeredAt && dayAt(row.answeredAt),
    answer: row.answer,
    revision: row.revisionId,
    words: row.isShared && isAnswered(row.state) ? { wrong, instead, shownAt } : null,
  }
}

export async function readReport(
  id: string,
  database: Transaction = sharedDatabase(),
): Promise<Report | null> {
  const row = await database.errorReport.findUnique({ where: { id }, include: fields })
  return row && toReport(row)
}

/** How many reports on a figure wait, and what the others were answered, the newest first. */
export async function reportsOfFigure(
  observationId: number,
  database: Transaction = sharedDatabase(),
): Promise<FigureReports> {
  const [open, rows] = await Promise.all([
    database.errorReport.count({ where: { observationId, state: { in: waiting } } }),
    database.errorReport.findMany({
      where: { observationId, state: { in: answered } },
      orderBy: [{ answeredAt: 'desc' }, { id: 'asc' }],
      include: fields,
    }),
  ])
  return { waiting: open, answered: rows.map(toReport) }
}

/** Answered reports on any figure, the newest answer first, and how many there are in all. */
export async function answeredReports(
  most: number,
  database: Transaction = sharedDatabase(),
): Promise<{ reports: Report[]; count: number }> {
  const where = { state: { in: answered } }
  const [count, rows] = await Promise.all([
    database.errorReport.count({ where }),
    database.errorReport.findMany({
      where,
      orderBy: [{ answeredAt: 'desc' }, { id: 'asc' }],
      take: most,
      include: fields,
    }),
  ])
  return { reports: rows.map(toReport), count }
}

/** How many reports wait for an answer. */
export function countWaiting(database: Transaction = sharedDatabase()): Promise<number> {
  return database.errorReport.count({ where: { state: { in: waiting } } })
}

/** Reports that wait for an answer, the oldest first, with their readers' words. */
export async function waitingReports(
  most: number,
  database: Transaction = sharedDatabase(),
): Promise<DeskReport[]> {
  const rows = await database.errorReport.findMany({
    where: { state: { in: waiting } },
    orderBy: [{ receivedAt: 'asc' }, { id: 'asc' }],
    take: most,
    include: fields,
  })
  return Promise.all(
    rows.map(async (row) => {
      const { wrong, instead, shownAt, version } = row
      const revisions = await revisionsSince(row, database)
      return { ...toReport(row), version, words: { wrong, instead, shownAt }, revisions }
    }),
  )
}

/** Public revisions of a report's figure that were recorded after it came in. */
export async function revisionsSince(
  { observationId, receivedAt }: { observationId: number; receivedAt: Date },
  database: Transaction,
): Promise<DeskReport['revisions']> {
  const rows = await database.revision.findMany({
    where: { observationId, recordedAt: { gte: receivedAt } },
    orderBy: { id: 'desc' },
    select: { id: true, valueText: true, knownOn: true },
  })
  return rows.map(({ id, valueText, knownOn }) => ({
    id,
    value: valueText,
    knownOn: knownOn.toISOString().slice(0, 10),
  }))
}

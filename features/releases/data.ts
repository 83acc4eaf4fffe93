import { besidesPublic, proposalsOf } from '@/features/proposals/data'
import type { Proposal } from '@/features/proposals/schema'
import { readSettings } from '@/features/settings/data'
import { fourEyesHold } from '@/features/settings/rules'
import { type Database, database as sharedDatabase, type Transaction } from '@/lib/db/client'
import type { Prisma } from '@/lib/db/generated/client'
import type { LocalText } from '@/lib/i18n'
import { checklistOf } from './rules'
import type { CheckItem, HeldFigure, Release, ReleasedFigure } from './schema'

const releaseFields = {
  events: { orderBy: { id: 'asc' } },
  commit: { select: { _count: { select: { revisions: true } } } },
} as const satisfies Prisma.ReleaseInclude

type ReleaseRow = Prisma.ReleaseGetPayload<{ include: typeof releaseFields }>

function toRelease(row: ReleaseRow): Release {
  const cancelled = row.events.find(({ kind }) => kind === 'cancelled')
  const published = row.events.find(({ kind }) => kind === 'published')
  return {
    id: row.id,
    slug: row.slug,
    title: row.title as unknown as LocalText,
    note: row.note as unknown as LocalText,
    announcedAt: row.announcedAt.toISOString(),
    state: row.state,
    moves: row.events.flatMap(({ kind, fromAt, toAt, at }) =>
      kind === 'moved' && fromAt && toAt
        ? { from: fromAt.toISOString(), to: toAt.toISOString(), at: at.toISOString() }
        : [],
    ),
    cancelled: cancelled ? { at: cancelled.at.toISOString(), reason: cancelled.reason } : null,
    publishedAt: published?.at.toISOString() ?? null,
    commit: row.publishedCommitNo,
    figures: row.commit?._count.revisions ?? 0,
  }
}

/** Every release, the next one first, then what is past, the latest first. */
export async function readCalendar(
  database: Transaction = sharedDatabase(),
): Promise<{ next: Release[]; past: Release[] }> {
  const rows = await database.release.findMany({
    orderBy: [{ announcedAt: 'asc' }, { id: 'asc' }],
    include: releaseFields,
  })
  const releases = rows.map(toRelease)
  const isNext = ({ state }: Release) => state === 'planned' || state === 'late'
  return {
    next: releases.filter(isNext),
    past: releases.filter((release) => !isNext(release)).reverse(),
  }
}

/** Releases that figures can still join, the next one first. */
export async function openReleases(database: Transaction = sharedDatabase()): Promise<Release[]> {
  return (await readCalendar(database)).next
}

export async function releaseBySlug(
  slug: string,
  database: Transaction = sharedDatabase(),
): Promise<Release | null> {
  const row = await database.release.findUnique({ where: { slug }, include: releaseFields })
  return row && toRelease(row)
}

/** What a release published, in the order of the record. Nothing before its time. */
export async function releasedFigures(
  release: Release,
  database: Transaction = sharedDatabase(),
): Promise<ReleasedFigure[]> {
  if (release.commit === null) return []
  const rows = await database.revision.findMany({
    where: { commitNo: release.commit },
    orderBy: { id: 'asc' },
    include: { observation: true },
  })
  return rows.flatMap(({ observation, valueText, status, precision }) =>
    valueText === null
      ? []
      : {
          observation: observation.id,
          indicator: observation.indicatorCode,
          programme: observation.programmeCode,
          area: observation.areaCode,
          academy: observation.academyCode,
          sex: observation.sex,
          unit: observation.unitCode,
          period: observation.period,
          value: valueText,
          status,
          precision,
        },
  )
}

export interface Checklist {
  figures: HeldFigure[]
  items: CheckItem[]
}

/** Everything in a release that is not public yet, checked as of now. For the desk only. */
export async function readChecklist(
  releaseId: number,
  database: Transaction = sharedDatabase(),
): Promise<Checklist> {
  const proposals = await proposalsOf(releaseId, ['scheduled', 'in_review', 'returned'], database)
  const { fourEyes } = await readSettings(database)
  const roles = await rolesOf(database, proposals)
  const figures: HeldFigure[] = []
  for (const proposal of proposals) {
    const approver = proposal.approver && roles.get(proposal.approver.id)
    figures.push({
      ...(await besidesPublic(database, proposal)),
      alsoHeldBy: await alsoHeldBy(database, proposal),
      isOwnApproval:
        proposal.approver?.id === proposal.author.id &&
        approver !== undefined &&
        approver !== null &&
        fourEyesHold(fourEyes, approver),
    })
  }
  return { figures, items: checklistOf(figures) }
}

async function rolesOf(database: Transaction, proposals: readonly Proposal[]) {
  const users = await database.user.findMany({
    where: { id: { in: proposals.flatMap(({ approver }) => approver?.id ?? []) } },
    select: { id: true, role: true },
  })
  return new Map(users.map(({ id, role }) => [id, role]))
}

/** The open releases that hold another approved figure of the same key. */
async function alsoHeldBy(database: Transaction, proposal: Proposal): Promise<LocalText[]> {
  const { role, indicator, programme, area, academy, sex, kind, unit, period } = proposal
  const rows = await database.proposal.findMany({
    where: {
      id: { not: proposal.id },
      state: 'scheduled',
      role,
      indicatorCode: indicator,
      programmeCode: programme,
      areaCode: area,
      academyCode: academy,
      sex,
      kind,
      unitCode: unit,
      period,
      // Without a period, figures of different sources are different figures.
      ...(period === '_U' && { source: { is: proposal.source } }),
    },
    select: { release: { select: { title: true } } },
  })
  return rows.flatMap(({ release }) => (release ? (release.title as unknown as LocalText) : []))
}

/**
 * Milliseconds, by the database's clock, to the next announced time; negative where it is past, null
 * where none is planned.
 */
export async function readDueIn(database: Database): Promise<number | null> {
  const [row] = await database.$queryRaw<{ dueIn: number | null }[]>`
    SELECT extract(epoch FROM min(announced_at) - clock_timestamp())::float8 * 1000 AS "dueIn"
    FROM releases WHERE state = 'planned'`
  return row?.dueIn ?? null
}

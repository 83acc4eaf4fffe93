import type { Transaction } from '@/lib/db/client'
import type { ObservationWhereInput } from '@/lib/db/generated/models'
import type { Citation, Figure, FigureKey, Revision } from './schema'

export interface FigureFilter {
  roles?: readonly FigureKey['role'][]
  indicators?: readonly string[]
  programmes?: readonly string[]
  areas?: readonly string[]
  sexes?: readonly string[]
}

const isoDay = (date: Date | null) => (date ? date.toISOString().slice(0, 10) : null)

const revisionFields = {
  id: true,
  kind: true,
  valueText: true,
  status: true,
  precision: true,
  releasedOn: true,
  knownOn: true,
  commitNo: true,
  note: true,
  reason: true,
  periodLabel: true,
  source: { select: { publisher: true, title: true, publishedLabel: true, url: true } },
} as const

interface RevisionFields {
  id: number
  kind: Revision['kind']
  valueText: string | null
  status: string
  precision: Revision['precision']
  releasedOn: Date | null
  knownOn: Date
  commitNo: number
  note: string
  reason: string
  periodLabel: string
  source: Revision['source']
}

function toRevision(row: RevisionFields): Revision {
  return {
    id: row.id,
    kind: row.kind,
    value: row.valueText,
    status: row.status,
    precision: row.precision,
    releasedOn: isoDay(row.releasedOn),
    knownOn: row.knownOn.toISOString().slice(0, 10),
    commit: row.commitNo,
    source: row.source,
    note: row.note,
    reason: row.reason,
    periodLabel: row.periodLabel,
  }
}

/** A filter that is left out matches everything; an empty list matches nothing. */
function where(filter: FigureFilter): ObservationWhereInput {
  return {
    value: { not: null },
    ...(filter.roles && { role: { in: [...filter.roles] } }),
    ...(filter.indicators && { indicatorCode: { in: [...filter.indicators] } }),
    ...(filter.programmes && { programmeCode: { in: [...filter.programmes] } }),
    ...(filter.areas && { areaCode: { in: [...filter.areas] } }),
    ...(filter.sexes && { sex: { in: [...filter.sexes] } }),
  }
}

/** Current figures, withdrawn ones left out, in the order of their reference periods. */
export async function readFigures(
  database: Transaction,
  filter: FigureFilter = {},
): Promise<Figure[]> {
  const rows = await database.observation.findMany({
    where: where(filter),
    orderBy: [
      { indicatorCode: 'asc' },
      { periodEnd: { sort: 'asc', nulls: 'last' } },
      { periodStart: { sort: 'asc', nulls: 'last' } },
      { id: 'asc' },
    ],
    include: { currentRevision: { select: revisionFields } },
  })
  return rows.flatMap((row) => {
    if (!row.currentRevision?.valueText) return []
    return {
      id: row.id,
      role: row.role,
      indicator: row.indicatorCode,
      programme: row.programmeCode,
      area: row.areaCode,
      academy: row.academyCode,
      sex: row.sex,
      kind: row.kind,
      unit: row.unitCode,
      period: row.period,
      periodStart: isoDay(row.periodStart),
      periodEnd: isoDay(row.periodEnd),
      frequency: row.frequency,
      value: row.currentRevision.valueText,
      status: row.status,
      precision: row.precision,
      publishersDiffer: row.publishersDiffer,
      current: toRevision(row.currentRevision),
    }
  })
}

export interface RevisionOfKey extends Revision {
  observation: number
  key: FigureKey
}

/** Every public revision of an indicator, newest record first. */
export async function readRevisions(
  database: Transaction,
  indicator: string,
): Promise<RevisionOfKey[]> {
  const rows = await database.revision.findMany({
    where: { observation: { indicatorCode: indicator }, releaseAt: { lte: new Date() } },
    orderBy: { id: 'desc' },
    select: { ...revisionFields, observation: true },
  })
  return rows.map((row) => ({
    ...toRevision(row),
    observation: row.observation.id,
    key: {
      role: row.observation.role,
      indicator: row.observation.indicatorCode,
      programme: row.observation.programmeCode,
      area: row.observation.areaCode,
      academy: row.observation.academyCode,
      sex: row.observation.sex,
      kind: row.observation.kind,
      unit: row.observation.unitCode,
      period: row.observation.period,
    },
  }))
}

/**
 * The revisions of one key, newest record first. Where the period is unknown, figures of different
 * sources are different observations: `source` names the one meant, else all are given.
 */
export async function readHistory(
  database: Transaction,
  key: FigureKey,
  source?: Citation,
): Promise<Revision[]> {
  const rows = await database.revision.findMany({
    where: {
      ...(source && key.period === '_U' && { source: { is: citationFields(source) } }),
      observation: {
        role: key.role,
        indicatorCode: key.indicator,
        programmeCode: key.programme,
        areaCode: key.area,
        academyCode: key.academy,
        sex: key.sex,
        kind: key.kind,
        unitCode: key.unit,
        period: key.period,
      },
    },
    orderBy: { id: 'desc' },
    select: revisionFields,
  })
  return rows.map(toRevision)
}

const citationFields = ({ publisher, title, publishedLabel, url }: Citation) => ({
  publisher,
  title,
  publishedLabel,
  url,
})

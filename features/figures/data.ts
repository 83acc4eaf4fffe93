import type { Vintage } from '@/features/vintages/schema'
import type { Transaction } from '@/lib/db/client'
import { Prisma } from '@/lib/db/generated/client'
import type { Citation, Figure, FigureKey, Revision } from './schema'

export interface FigureFilter {
  ids?: readonly number[]
  roles?: readonly FigureKey['role'][]
  indicators?: readonly string[]
  programmes?: readonly string[]
  areas?: readonly string[]
  academies?: readonly string[]
  sexes?: readonly string[]
  periods?: readonly string[]
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
  source: { select: { id: true, publisher: true, title: true, publishedLabel: true, url: true } },
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

/** Current figures, withdrawn ones left out, in the order of their reference periods. */
export async function readFigures(
  database: Transaction,
  filter: FigureFilter = {},
): Promise<Figure[]> {
  const rows = await database.$queryRaw<FigureRow[]>`
    SELECT ${figureColumns}, o.publishers_differ AS "publishersDiffer"
    FROM observations o
    -- By the index, however many they are: joined at large, all revisions would be read for some.
    JOIN LATERAL (SELECT * FROM revisions WHERE id = o.current_revision_id LIMIT 1) c ON true
    LEFT JOIN sources s ON s.id = c.source_id
    WHERE o.value IS NOT NULL ${andThat(filter)}
    ORDER BY ${inOrder}`
  const breaks = await readBreakStarts(database, null)
  return rows.map((row) => ({ ...fromRow(row), startsBreak: breaks.has(row.id) }))
}

/** Of observation `o`, its revision `c` and that one's source `s`. */
const figureColumns = Prisma.sql`o.id, o.role::text, o.indicator_code AS indicator,
  o.programme_code AS programme, o.area_code AS area, o.academy_code AS academy, o.sex, o.kind::text,
  o.unit_code AS unit, o.period, to_char(o.period_start, 'YYYY-MM-DD') AS "periodStart",
  to_char(o.period_end, 'YYYY-MM-DD') AS "periodEnd", o.frequency, c.value_text AS value, c.status,
  c."precision"::text, c.id AS "revisionId", c.kind::text AS "revisionKind",
  to_char(c.released_on, 'YYYY-MM-DD') AS "releasedOn", to_char(c.known_on, 'YYYY-MM-DD') AS "knownOn",
  c.commit_no AS commit, c.note, c.reason, c.period_label AS "periodLabel", c.source_id AS "sourceId",
  s.publisher, s.title, s.published_label AS "publishedLabel", s.url`

const inOrder = Prisma.sql`o.indicator_code, o.period_end NULLS LAST, o.period_start NULLS LAST, o.id`

/** A part of a filter that is left out matches everything; an empty list matches nothing. */
function andThat(filter: FigureFilter): Prisma.Sql {
  const { ids, roles, indicators, programmes, areas, academies, sexes, periods } = filter
  const conditions = [
    ...(ids ? [Prisma.sql`AND o.id = ANY(${[...ids]}::int[])`] : []),
    ...(roles ? [Prisma.sql`AND o.role::text = ANY(${[...roles]}::text[])`] : []),
    ...(indicators ? [Prisma.sql`AND o.indicator_code = ANY(${[...indicators]}::text[])`] : []),
    ...(programmes ? [Prisma.sql`AND o.programme_code = ANY(${[...programmes]}::text[])`] : []),
    ...(areas ? [Prisma.sql`AND o.area_code = ANY(${[...areas]}::text[])`] : []),
    ...(academies ? [Prisma.sql`AND o.academy_code = ANY(${[...academies]}::text[])`] : []),
    ...(sexes ? [Prisma.sql`AND o.sex = ANY(${[...sexes]}::text[])`] : []),
    ...(periods ? [Prisma.sql`AND o.period = ANY(${[...periods]}::text[])`] : []),
  ]
  return conditions.length > 0 ? Prisma.join(conditions, ' ') : Prisma.empty
}

type Snapshot = Pick<Vintage, 'asOf' | 'commit'>

/** The last revision known at the end of a day out of the commits up to one, by `compareRevisions`. */
export const knownRevision = ({ asOf, commit }: { asOf: string; commit: string }) => `LATERAL (
    SELECT * FROM revisions
    WHERE observation_id = o.id AND known_on <= ${asOf}::date AND commit_no <= ${commit}::int
    ORDER BY (released_on IS NOT NULL) DESC, released_on DESC, id DESC LIMIT 1
  )`

/**
 * SQL for the numbers of the figures that come first after a break, each in its own series; of a
 * vintage, in the breaks and figures known in it. Takes the names of the vintage's parameters.
 */
export function breakStartsQuery(vintage: { asOf: string; commit: string } | null): string {
  const known = vintage
    ? `JOIN ${knownRevision(vintage)} r ON r.value IS NOT NULL`
    : 'JOIN revisions r ON r.id = o.current_revision_id AND r.value IS NOT NULL'
  return `SELECT DISTINCT id FROM (
    SELECT o.id, rank() OVER (
      PARTITION BY b.id, o.academy_code, o.sex, o.kind, o.unit_code,
        CASE WHEN o.period LIKE '%-A1' THEN 'fiscal' WHEN o.frequency IN ('A', 'Q', 'M')
          THEN o.frequency ELSE 'dated' END
      ORDER BY o.period_end) AS place
    FROM series_breaks b
    JOIN observations o ON o.indicator_code = b.indicator_code AND o.area_code = b.area_code
      AND o.programme_code = b.programme_code AND o.role = 'actual' AND o.period_end >= b.starts_on
    ${known}
    ${vintage ? `WHERE b.commit_no <= ${vintage.commit}::int` : ''}
  ) ranked WHERE place = 1`
}

async function readBreakStarts(
  database: Transaction,
  vintage: Snapshot | null,
): Promise<Set<number>> {
  const query = breakStartsQuery(vintage && { asOf: '$1', commit: '$2' })
  const values = vintage ? [vintage.asOf, vintage.commit] : []
  const rows = await database.$queryRawUnsafe<{ id: number }[]>(query, ...values)
  return new Set(rows.map(({ id }) => id))
}

interface FigureRow extends Omit<Figure, 'current' | 'startsBreak'> {
  revisionId: number
  revisionKind: Revision['kind']
  releasedOn: string | null
  knownOn: string
  commit: number
  note: string
  reason: string
  periodLabel: string
  sourceId: number
  publisher: string | null
  title: string
  publishedLabel: string
  url: string
}

/**
 * Figures as they were known at the end of a day, out of the commits up to one: each key's last
 * revision by `compareRevisions` among those known then.
 */
export async function readFiguresAsOf(
  database: Transaction,
  vintage: Snapshot,
  filter: FigureFilter = {},
): Promise<Figure[]> {
  const rows = await database.$queryRaw<FigureRow[]>(figuresAsOfQuery(vintage, filter))
  const breaks = await readBreakStarts(database, vintage)
  return rows.map((row) => ({ ...fromRow(row), startsBreak: breaks.has(row.id) }))
}

/** One walk over the index of observations, and from each one over its own revisions' index. */
export function figuresAsOfQuery(
  { asOf, commit }: Snapshot,
  filter: FigureFilter = {},
): Prisma.Sql {
  const known = Prisma.sql`r.observation_id = o.id AND r.known_on <= ${asOf}::date
    AND r.commit_no <= ${commit}`
  return Prisma.sql`
    SELECT ${figureColumns}, coalesce(d.differ, false) AS "publishersDiffer"
    FROM observations o
    JOIN LATERAL (
      SELECT r.* FROM revisions r WHERE ${known} ${newestFirst} LIMIT 1
    ) c ON true
    LEFT JOIN sources s ON s.id = c.source_id
    LEFT JOIN LATERAL (
      SELECT count(DISTINCT said.value) > 1 AS differ FROM (
        SELECT DISTINCT ON (p.name) r.value
        FROM revisions r
        JOIN sources rs ON rs.id = r.source_id
        CROSS JOIN LATERAL (SELECT coalesce(nullif(btrim(
          regexp_replace(rs.publisher, '\\s*\\([^()]*\\)\\s*$', '')), ''), rs.publisher) AS name) p
        WHERE ${known}
        ORDER BY p.name, (r.released_on IS NOT NULL) DESC, r.released_on DESC, r.id DESC
      ) said
    ) d ON true
    WHERE c.value IS NOT NULL ${andThat(filter)}
    ORDER BY ${inOrder}`
}

const newestFirst = Prisma.sql`
  ORDER BY (r.released_on IS NOT NULL) DESC, r.released_on DESC, r.id DESC`

function fromRow(row: FigureRow): Omit<Figure, 'startsBreak'> {
  const { revisionId, revisionKind, releasedOn, knownOn, commit, note, reason, ...rest } = row
  const { periodLabel, sourceId, publisher, title, publishedLabel, url, ...figure } = rest
  const source = publisher === null ? null : { id: sourceId, publisher, title, publishedLabel, url }
  return {
    ...figure,
    current: {
      id: revisionId,
      kind: revisionKind,
      value: figure.value,
      status: figure.status,
      precision: figure.precision,
      releasedOn,
      knownOn,
      commit,
      source,
      note,
      reason,
      periodLabel,
    },
  }
}

export interface RevisionOfKey extends Revision {
  observation: number
  key: FigureKey
}

/**
 * Public revisions of an indicator for all academies together, newest record first; of a vintage,
 * those known in it; only those of some figures where their numbers are given.
 */
export async function readRevisions(
  database: Transaction,
  indicator: string,
  { vintage = null, ids }: { vintage?: Snapshot | null; ids?: readonly number[] } = {},
): Promise<RevisionOfKey[]> {
  const rows = await database.revision.findMany({
    where: {
      ...(ids && { observationId: { in: [...ids] } }),
      observation: { indicatorCode: indicator, academyCode: '_T' },
      ...knownIn(vintage),
    },
    orderBy: { id: 'desc' },
    select: { ...revisionFields, observation: true },
  })
  return rows.map((row) => ({
    ...toRevision(row),
    observation: row.observation.id,
    key: keyOf(row.observation),
  }))
}

/** The revisions of every target that has several, by the target's number. */
export async function readTargetRevisions(
  database: Transaction,
  vintage: Snapshot | null = null,
): Promise<Map<number, Revision[]>> {
  // Written out, so that the index of targets answers, and not all revisions of all figures.
  const targets = await database.$queryRaw<{ id: number }[]>`
    SELECT id FROM observations WHERE role = 'target'`
  const rows = await database.revision.findMany({
    where: { observationId: { in: targets.map(({ id }) => id) }, ...knownIn(vintage) },
    orderBy: { id: 'asc' },
    select: { ...revisionFields, observationId: true },
  })
  const histories = new Map<number, Revision[]>()
  for (const row of rows) {
    histories.set(row.observationId, [...(histories.get(row.observationId) ?? []), toRevision(row)])
  }
  return new Map([...histories].filter(([, revisions]) => revisions.length > 1))
}

function knownIn(vintage: Snapshot | null) {
  return vintage
    ? { commitNo: { lte: vintage.commit }, knownOn: { lte: new Date(`${vintage.asOf}T00:00:00Z`) } }
    : {}
}

interface ObservationColumns {
  role: FigureKey['role']
  indicatorCode: string
  programmeCode: string
  areaCode: string
  academyCode: string
  sex: string
  kind: FigureKey['kind']
  unitCode: string
  period: string
}

/** The key of an observation, or of a proposal of one. */
export const keyOf = (row: ObservationColumns): FigureKey => ({
  role: row.role,
  indicator: row.indicatorCode,
  programme: row.programmeCode,
  area: row.areaCode,
  academy: row.academyCode,
  sex: row.sex,
  kind: row.kind,
  unit: row.unitCode,
  period: row.period,
})

/** A revision with the people who stand for it. */
export interface AttributedRevision extends Revision {
  author: Person
  approver: Person
  recordedAt: string
}

interface Person {
  name: string
  role: string
  isSystem: boolean
}

export interface FigureHistory {
  id: number
  key: FigureKey
  /** Newest record first. */
  revisions: AttributedRevision[]
}

/** One observation with every public revision of it; null where there is none to show. */
export async function readFigureHistory(
  database: Transaction,
  id: number,
  vintage: Snapshot | null = null,
): Promise<FigureHistory | null> {
  const person = { select: { id: true, name: true, role: true } } as const
  const row = await database.observation.findUnique({
    where: { id },
    include: {
      revisions: {
        where: knownIn(vintage),
        orderBy: { id: 'desc' },
        select: { ...revisionFields, recordedAt: true, author: person, approver: person },
      },
    },
  })
  if (!row || row.revisions.length === 0) return null
  const attributed = ({ id: user, name, role }: { id: string; name: string; role: string }) => ({
    name,
    role,
    isSystem: user === 'system',
  })
  return {
    id: row.id,
    key: keyOf(row),
    revisions: row.revisions.map((revision) => ({
      ...toRevision(revision),
      author: attributed(revision.author),
      approver: attributed(revision.approver),
      recordedAt: revision.recordedAt.toISOString(),
    })),
  }
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

/** Every revision of one observation, newest record first. */
export async function readHistoryOf(database: Transaction, id: number): Promise<Revision[]> {
  const rows = await database.revision.findMany({
    where: { observationId: id },
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

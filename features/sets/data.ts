import { z } from 'zod'
import type { Scope } from '@/features/accounts/schema'
import { keyOf } from '@/features/figures/data'
import { keyPartsOf } from '@/features/figures/rules'
import type { FigureKey } from '@/features/figures/schema'
import { database as sharedDatabase, type Transaction } from '@/lib/db/client'
import type { Prisma } from '@/lib/db/generated/client'
import { decodeWarned, digestOf } from './rules'
import type { Change, FigureSet, PublicFigure, SetMember, UndoLine, UndoPlan } from './schema'
import { mostInSet } from './schema'

const person = { select: { id: true, name: true } } as const

const setFields = {
  author: person,
  token: { select: { name: true } },
  commit: {
    select: {
      undoneBy: {
        where: { state: 'published' },
        orderBy: { commitNo: 'desc' },
        select: { commitNo: true },
      },
    },
  },
  events: {
    orderBy: { id: 'asc' },
    select: { fromState: true, toState: true, comment: true, at: true, actor: person },
  },
} as const satisfies Prisma.FigureSetInclude

type SetRow = Prisma.FigureSetGetPayload<{ include: typeof setFields }>

const toSet = (row: SetRow): FigureSet => ({
  id: row.id,
  purpose: row.purpose,
  state: row.state,
  version: row.version,
  author: row.author,
  message: row.message,
  reason: row.reason,
  address: row.address,
  count: row.count,
  commit: row.commitNo,
  undoes: row.undoesNo,
  undoneBy: row.commit?.undoneBy[0]?.commitNo ?? null,
  token: row.token?.name ?? null,
  updatedAt: row.updatedAt.toISOString(),
  steps: row.events.map(({ fromState, toState, comment, at, actor }) => ({
    from: fromState,
    to: toState,
    by: actor.name,
    at: at.toISOString(),
    comment,
  })),
})

export async function readSet(
  id: string,
  database: Transaction = sharedDatabase(),
): Promise<FigureSet | null> {
  if (!z.uuid().safeParse(id).success) return null
  const row = await database.figureSet.findUnique({ where: { id }, include: setFields })
  return row && toSet(row)
}

/** Locks a set until the transaction ends, so that steps on it queue up. */
export async function lockSet(tx: Transaction, id: string): Promise<FigureSet | null> {
  await tx.$queryRaw`SELECT 1 FROM figure_sets WHERE id = ${id} FOR UPDATE`
  return readSet(id, tx)
}

/**
 * Sets that wait for a decision, the oldest first, as far as all their figures lie within these
 * limits: `count` of them in all, and `hidden` that do not.
 */
export async function setsInReview(
  most: number,
  scopes: readonly Scope[] = [],
  database: Transaction = sharedDatabase(),
): Promise<{ sets: FigureSet[]; count: number; hidden: number }> {
  const open = { state: 'in_review' } as const
  const inside: Prisma.FigureSetWhereInput = {
    ...open,
    ...(scopes.length > 0 && {
      members: {
        every: {
          OR: scopes.map(({ programme, academy }) => ({
            ...(programme !== null && { programmeCode: programme }),
            ...(academy !== null && { academyCode: academy }),
          })),
        },
      },
    }),
  }
  const rows = await database.figureSet.findMany({
    where: inside,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: most,
    include: setFields,
  })
  const count = await database.figureSet.count({ where: inside })
  const hidden = (await database.figureSet.count({ where: open })) - count
  return { sets: rows.map(toSet), count, hidden }
}

/** Somebody's sets, the latest change first. */
export async function setsBy(
  authorId: string,
  most: number,
  database: Transaction = sharedDatabase(),
): Promise<FigureSet[]> {
  const rows = await database.figureSet.findMany({
    where: { authorId, state: { in: ['in_review', 'returned', 'published'] } },
    orderBy: [{ updatedAt: 'desc' }, { id: 'asc' }],
    take: most,
    include: setFields,
  })
  return rows.map(toSet)
}

/** The changes of a set, in the order in which they were typed. */
export async function readMembers(
  id: string,
  database: Transaction = sharedDatabase(),
): Promise<SetMember[]> {
  const rows = await database.figureSetMember.findMany({
    where: { setId: id },
    orderBy: { position: 'asc' },
    include: { source: true },
  })
  return rows.map((row) => ({
    ...keyOf(row),
    purpose: row.purpose === 'withdrawal' ? 'withdrawal' : 'publication',
    observation: row.observationId,
    value: row.valueText,
    status: row.status,
    precision: row.precision,
    source: row.source && {
      id: row.source.id,
      publisher: row.source.publisher,
      title: row.source.title,
      publishedLabel: row.source.publishedLabel,
      url: row.source.url,
    },
    note: row.note,
    warnings: decodeWarned(row.warnings),
    releasedOn: row.releasedOn?.toISOString().slice(0, 10) ?? null,
    base: row.baseRevisionId,
    ...(row.reason && { reason: row.reason }),
  }))
}

/** What each member of a published set took the place of; null where the record had nothing. */
export async function readBefore(
  commit: number,
  members: readonly FigureKey[],
  database: Transaction = sharedDatabase(),
): Promise<(UndoLine['restored'] | null)[]> {
  const nameOf = (key: FigureKey) => Object.values(keyPartsOf(key)).join(' ')
  const lines = (await readUndo(commit, database))?.lines ?? []
  const byKey = new Map(lines.map(({ key, restored }) => [nameOf(key), restored]))
  return members.map((member) => {
    const restored = byKey.get(nameOf(member))
    return restored?.value === undefined || restored.value === null ? null : restored
  })
}

interface PublicRow extends Omit<PublicFigure, 'source'> {
  index: number
  publisher: string | null
  title: string
  publishedLabel: string
  url: string
}

/** What is public about each key, in one question; null where the record has none. */
export async function readPublic(
  keys: readonly (FigureKey & { observation?: number | null })[],
  database: Transaction = sharedDatabase(),
): Promise<(PublicFigure | null)[]> {
  const input = keys.map((key, index) => ({
    index,
    observation: key.observation ?? null,
    ...keyPartsOf(key),
  }))
  const rows = await database.$queryRaw<PublicRow[]>`
    WITH k AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(input)}::jsonb) AS k("index" int,
        "observation" int, "role" "role", "indicator" text, "programme" text, "area" text,
        "academy" text, "sex" text, "kind" "kind", "unit" text, "period" text)
    ), found AS MATERIALIZED (
      SELECT k."index", k."observation" AS id FROM k WHERE k."observation" IS NOT NULL
      UNION ALL
      SELECT k."index", o.id FROM k JOIN observations o
        ON o.indicator_code = k."indicator" AND o.programme_code = k."programme"
        AND o.area_code = k."area" AND o.academy_code = k."academy" AND o.sex = k."sex"
        AND o.role = k."role" AND o.kind = k."kind" AND o.unit_code = k."unit"
        AND o.period = k."period" AND o.period_source = '_Z'
      WHERE k."observation" IS NULL
    )
    SELECT f."index", o.id AS observation, n.newest, c.value_text AS value, c.status,
      c."precision"::text, to_char(c.released_on, 'YYYY-MM-DD') AS "releasedOn", s.publisher,
      s.title, s.published_label AS "publishedLabel", s.url
    FROM found f JOIN observations o ON o.id = f.id
    JOIN LATERAL (SELECT max(r.id) AS newest FROM revisions r WHERE r.observation_id = o.id) n ON true
    LEFT JOIN revisions c ON c.id = o.current_revision_id
    LEFT JOIN sources s ON s.id = c.source_id`
  const byIndex = new Map(rows.map((row) => [row.index, row]))
  return keys.map((_, index) => {
    const row = byIndex.get(index)
    if (!row || row.newest === null) return null
    const { index: __, publisher, title, publishedLabel, url, ...figure } = row
    const source = publisher === null ? null : { publisher, title, publishedLabel, url }
    return { ...figure, source }
  })
}

interface UndoRow extends FigureKey {
  observation: number
  newest: number
  isNewest: boolean
  isCurrent: boolean
  nowValue: string | null
  nowStatus: string
  nowPrecision: UndoLine['now']['precision']
  thenValue: string | null
  thenStatus: string | null
  thenPrecision: UndoLine['now']['precision'] | null
  note: string | null
  publisher: string | null
  title: string
  publishedLabel: string
  url: string
  today: string
}

/**
 * What taking a commit back would change: each of its figures as it was before it; null where there
 * is no such commit, or it holds no figures, or more than one set may.
 */
export async function readUndo(
  commit: number,
  database: Transaction = sharedDatabase(),
): Promise<UndoPlan | null> {
  const rows = await database.$queryRaw<UndoRow[]>`
    SELECT o.id AS observation, o.role::text, o.indicator_code AS indicator,
      o.programme_code AS programme, o.area_code AS area, o.academy_code AS academy, o.sex,
      o.kind::text, o.unit_code AS unit, o.period,
      n.newest, n.newest = r.id AS "isNewest", o.current_revision_id = r.id AS "isCurrent",
      r.value_text AS "nowValue", r.status AS "nowStatus", r."precision"::text AS "nowPrecision",
      b.value_text AS "thenValue", b.status AS "thenStatus", b."precision"::text AS "thenPrecision",
      b.note, s.publisher, s.title, s.published_label AS "publishedLabel", s.url,
      to_char(now() AT TIME ZONE 'Asia/Karachi', 'YYYY-MM-DD') AS today
    FROM (
      SELECT DISTINCT ON (observation_id) * FROM revisions WHERE commit_no = ${commit}
      ORDER BY observation_id, id DESC
    ) r
    JOIN observations o ON o.id = r.observation_id
    JOIN LATERAL (SELECT max(x.id) AS newest FROM revisions x WHERE x.observation_id = o.id) n ON true
    LEFT JOIN LATERAL (
      SELECT * FROM revisions earlier
      WHERE earlier.observation_id = o.id AND earlier.commit_no < ${commit}
      ORDER BY (earlier.released_on IS NOT NULL) DESC, earlier.released_on DESC, earlier.id DESC
      LIMIT 1
    ) b ON true
    LEFT JOIN sources s ON s.id = b.source_id
    ORDER BY r.id LIMIT ${mostInSet + 1}`
  if (rows.length === 0 || rows.length > mostInSet) return null
  const lines = rows.map(toUndoLine)
  const changes = rows.flatMap((row, n) => (lines[n]?.obstacle ? [] : [toUndoChange(row)]))
  return { commit, lines, changes, seen: digestOf([commit, lines, changes]) }
}

function toUndoLine(row: UndoRow): UndoLine {
  const isBare = !row.isNewest ? 'revisedSince' : !row.isCurrent ? 'notCurrent' : null
  return {
    key: keyPartsOf(row),
    unit: row.unit,
    now: { value: row.nowValue, status: row.nowStatus, precision: row.nowPrecision },
    restored: {
      value: row.thenValue,
      status: row.thenStatus ?? 'A',
      precision: row.thenPrecision ?? 'exact',
    },
    source: sourceOf(row),
    obstacle: isBare,
  }
}

const sourceOf = ({ publisher, title, publishedLabel, url }: UndoRow) =>
  publisher === null ? null : { publisher, title, publishedLabel, url }

function toUndoChange(row: UndoRow): Change {
  const source = sourceOf(row)
  const isBack = row.thenValue !== null && source !== null
  return {
    ...keyPartsOf(row),
    purpose: isBack ? 'publication' : 'withdrawal',
    observation: row.observation,
    value: isBack ? row.thenValue : null,
    status: row.thenStatus ?? 'A',
    precision: row.thenPrecision ?? 'exact',
    source: isBack ? source : null,
    note: row.note ?? '',
    // Only what is released today outranks what it takes back.
    releasedOn: row.today,
    base: row.newest,
  }
}

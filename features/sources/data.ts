import type { Citation } from '@/features/figures/schema'
import { dayAt } from '@/features/periods/rules'
import { type Database, database as sharedDatabase, type Transaction } from '@/lib/db/client'
import { familyOf, headOf } from './rules'
import type {
  CopyType,
  DeskSource,
  EditedSource,
  LedSource,
  LinkCheck,
  SourceCopy,
  SourceDetails,
  SourceItem,
  SourceNote,
  SourceState,
  SourceStepKind,
  SourceStepTaken,
} from './schema'

const isoDay = (date: Date) => date.toISOString().slice(0, 10)

interface CheckRow {
  outcome: LinkCheck['outcome']
  status: number | null
  error: string
  finalUrl: string
  checkedAt: Date
}

const toCheck = ({ outcome, status, error, finalUrl, checkedAt }: CheckRow): LinkCheck => ({
  outcome,
  status,
  error,
  finalUrl,
  day: dayAt(checkedAt),
})

const newestCheck = { orderBy: { id: 'desc' }, take: 1 } as const

type States = ReadonlyMap<number, SourceState>

/** What became of each source that is not simply open, by its number. */
export async function readStates(database: Transaction = sharedDatabase()): Promise<States> {
  const rows = await database.$queryRaw<
    { id: number; kind: SourceStepKind; into: number | null; at: Date; reason: string }[]
  >`
    SELECT DISTINCT ON (s.source_id) s.source_id AS id, s.kind::text, s.into_id AS into,
      c.committed_at AS at, c.message AS reason
    FROM source_steps s JOIN commits c ON c.no = s.commit_no
    ORDER BY s.source_id, s.id DESC`
  return new Map(
    rows.flatMap(({ id, kind, into, at, reason }) =>
      kind === 'reopened' ? [] : [[id, { kind, into, day: dayAt(at), reason }]],
    ),
  )
}

/**
 * Only what a revision cites is public, and what took the place of that: the source of a draft, or
 * of a figure held back, is not.
 */
const isPublic = (states: States) => ({
  OR: [
    { revisions: { some: {} } },
    { id: { in: [...states.values()].flatMap(({ into }) => into ?? []) } },
  ],
})

const matches = (search: string) => {
  const contains = { contains: search, mode: 'insensitive' } as const
  return search === ''
    ? {}
    : { OR: [{ publisher: contains }, { title: contains }, { url: contains }] }
}

const inOrder = [
  { publisher: 'asc' as const },
  { publishedOn: { sort: 'desc', nulls: 'last' } as const },
  { title: 'asc' as const },
  { id: 'asc' as const },
]

/**
 * All public sources whose publisher, title or address contains `search`, by publisher, newest
 * first. Of those that were corrected or merged, the one that stands for them.
 */
export async function readSources(
  search: string,
  database: Database = sharedDatabase(),
): Promise<SourceItem[]> {
  const states = await readStates(database)
  const found = await database.source.findMany({
    where: { AND: [isPublic(states), matches(search)] },
    select: { id: true },
  })
  const heads = [...new Set(found.map(({ id }) => headOf(states, id)))]
  return readItems(heads, states, database)
}

/** For the desk: also sources that lead to another one, each with what became of it. */
export async function readDeskSources(
  search: string,
  database: Database = sharedDatabase(),
): Promise<DeskSource[]> {
  const states = await readStates(database)
  const found = await database.source.findMany({
    where: { AND: [isPublic(states), matches(search)] },
    select: { id: true },
  })
  const items = await readItems(
    found.map(({ id }) => id),
    states,
    database,
  )
  return items.map((item) => ({ ...item, state: states.get(item.id) ?? null }))
}

async function readItems(
  ids: readonly number[],
  states: States,
  database: Database,
): Promise<SourceItem[]> {
  const [rows, figures] = await Promise.all([
    database.source.findMany({
      where: { id: { in: [...ids] } },
      orderBy: inOrder,
      include: { checks: newestCheck, _count: { select: { copies: true } } },
    }),
    countFigures(states, database),
  ])
  return rows.map(({ id, checks: [check], _count, ...row }) => ({
    id,
    ...citationOf(row),
    figures: figures.get(id) ?? 0,
    copies: _count.copies,
    check: check ? toCheck(check) : null,
  }))
}

/** How many figures cite each source, or one that leads to it. */
async function countFigures(states: States, database: Database): Promise<Map<number, number>> {
  const counts = await database.$queryRaw<{ id: number; figures: number }[]>`
    SELECT source_id AS id, count(DISTINCT observation_id)::int AS figures
    FROM revisions WHERE source_id IS NOT NULL GROUP BY source_id`
  const figures = new Map(counts.map((row) => [row.id, row.figures]))
  const heads = new Set([...states.values()].flatMap(({ into }) => into ?? []))
  await Promise.all(
    [...heads].map(async (head) => {
      const family = familyOf(states, head)
      const [row] = await database.$queryRaw<{ figures: number }[]>`
        SELECT count(DISTINCT observation_id)::int AS figures
        FROM revisions WHERE source_id = ANY(${family}::int[])`
      figures.set(head, row?.figures ?? 0)
    }),
  )
  return figures
}

const citationOf = ({ publisher, title, publishedLabel, url }: Citation): Citation => ({
  publisher,
  title,
  publishedLabel,
  url,
})

const copyFields = {
  sha256: true,
  mediaType: true,
  fileName: true,
  size: true,
  capturedOn: true,
  note: true,
  storedAt: true,
} as const

/** What took the place of a source, and what it took the place of itself. */
async function readLed(
  id: number,
  states: States,
  database: Transaction,
): Promise<{ now: LedSource | null; former: LedSource[] }> {
  const head = headOf(states, id)
  const former = familyOf(states, id).slice(1)
  const rows = await database.source.findMany({ where: { id: { in: [head, ...former] } } })
  const led = (other: number, from: number): LedSource[] => {
    const row = rows.find((one) => one.id === other)
    const state = states.get(from)
    if (!row || !state || state.kind === 'archived') return []
    const { kind, day, reason } = state
    return [{ id: other, ...citationOf(row), kind, day, reason }]
  }
  const [now = null] = head === id ? [] : led(head, id)
  return { now, former: former.flatMap((one) => led(one, one)) }
}

/**
 * A public source with its copies and every figure that rests on it, or on one that it took the
 * place of; null where there is none.
 */
export async function readSource(
  id: number,
  database: Database = sharedDatabase(),
): Promise<SourceDetails | null> {
  const states = await readStates(database)
  const row = await database.source.findFirst({
    where: { id, ...isPublic(states) },
    include: { checks: newestCheck },
  })
  if (!row) return null
  const inFamily = { sourceId: { in: familyOf(states, id) } }
  const [copies, revisions, led] = await Promise.all([
    database.sourceCopy.findMany({
      where: inFamily,
      orderBy: [{ capturedOn: 'desc' }, { id: 'desc' }],
      select: { ...copyFields, sourceId: true },
    }),
    database.revision.findMany({
      where: inFamily,
      orderBy: { id: 'desc' },
      include: { observation: true },
    }),
    readLed(id, states, database),
  ])
  const [check] = row.checks
  return {
    id,
    ...citationOf(row),
    ...led,
    check: check ? toCheck(check) : null,
    copies: copies.map(({ sourceId, ...copy }) => ({ ...toCopy(copy), source: sourceId })),
    figures: revisions.map(({ observation, ...revision }) => ({
      id: observation.id,
      revision: revision.id,
      role: observation.role,
      indicator: observation.indicatorCode,
      programme: observation.programmeCode,
      area: observation.areaCode,
      academy: observation.academyCode,
      sex: observation.sex,
      kind: observation.kind,
      unit: observation.unitCode,
      period: observation.period,
      value: revision.valueText,
      status: revision.status,
      precision: revision.precision,
      releasedOn: revision.releasedOn && isoDay(revision.releasedOn),
      isCurrent: observation.currentRevisionId === revision.id,
    })),
  }
}

const citationFields = {
  select: { id: true, publisher: true, title: true, publishedLabel: true, url: true },
} as const

/** What commits did to sources, by the commit's number. */
export async function readSourceSteps(
  commits: readonly number[],
  database: Transaction = sharedDatabase(),
): Promise<Map<number, SourceStepTaken[]>> {
  const rows = await database.sourceStep.findMany({
    where: { commitNo: { in: [...commits] } },
    orderBy: { id: 'asc' },
    include: {
      source: citationFields,
      into: citationFields,
      commit: { select: { message: true } },
    },
  })
  const taken = new Map<number, SourceStepTaken[]>()
  for (const { commitNo, kind, source, into, commit } of rows) {
    const step = { kind, source, into, reason: commit.message }
    taken.set(commitNo, [...(taken.get(commitNo) ?? []), step])
  }
  return taken
}

/** The number of a source's newest step; 0 where nothing has become of it. */
export async function readNewestStep(database: Transaction, id: number): Promise<number> {
  const { _max } = await database.sourceStep.aggregate({
    where: { sourceId: id },
    _max: { id: true },
  })
  return _max.id ?? 0
}

/** A public source for its forms at the desk; null where there is none. */
export async function readEditedSource(
  id: number,
  database: Database = sharedDatabase(),
): Promise<EditedSource | null> {
  const states = await readStates(database)
  const row = await database.source.findFirst({ where: { id, ...isPublic(states) } })
  if (!row) return null
  const [led, step, [item]] = await Promise.all([
    readLed(id, states, database),
    readNewestStep(database, id),
    readItems([id], states, database),
  ])
  return {
    id,
    ...citationOf(row),
    ...led,
    state: states.get(id) ?? null,
    seen: String(step),
    figures: item?.figures ?? 0,
  }
}

/** Whether a source is public, for what may be added to it or said of it. */
export async function isPublicSource(database: Transaction, id: number): Promise<boolean> {
  const states = await readStates(database)
  const row = await database.source.findFirst({
    where: { id, ...isPublic(states) },
    select: { id: true },
  })
  return row !== null
}

interface CopyRow {
  sha256: string
  mediaType: string
  fileName: string
  size: number
  capturedOn: Date
  note: string
  storedAt: Date
}

const toCopy = ({ mediaType, capturedOn, storedAt, ...row }: CopyRow): SourceCopy => ({
  ...row,
  mediaType: mediaType as CopyType,
  capturedOn: isoDay(capturedOn),
  storedOn: dayAt(storedAt),
})

/** A stored copy of a public source with its bytes; null where there is none. */
export async function readCopy(
  sourceId: number,
  sha256: string,
  database: Database = sharedDatabase(),
): Promise<(SourceCopy & { bytes: Uint8Array<ArrayBuffer> }) | null> {
  if (!/^[0-9a-f]{64}$/.test(sha256)) return null
  const row = await database.sourceCopy.findFirst({
    where: { sourceId, sha256, source: isPublic(await readStates(database)) },
    select: { ...copyFields, bytes: true },
  })
  return row && { ...toCopy(row), bytes: row.bytes }
}

/** Link, copies and what took its place, of some sources, by the source's number. */
export async function readSourceNotes(
  ids: readonly number[],
  database: Database = sharedDatabase(),
): Promise<Map<number, SourceNote>> {
  const [states, rows] = await Promise.all([
    readStates(database),
    database.source.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, checks: newestCheck, _count: { select: { copies: true } } },
    }),
  ])
  const notes = rows.map(async ({ id, checks: [check], _count }) => {
    const { now } = states.has(id) ? await readLed(id, states, database) : { now: null }
    return [id, { check: check ? toCheck(check) : null, copies: _count.copies, now }] as const
  })
  return new Map(await Promise.all(notes))
}

/** A cited address with the sources that cite it. */
export interface CitedLink {
  url: string
  sources: number[]
  /** The error of the check before, if any. */
  before: string
}

/** Every cited address not asked within the last so many hours. */
export async function readLinks(database: Transaction, hours: number): Promise<CitedLink[]> {
  return database.$queryRaw<CitedLink[]>`
    SELECT s.url, array_agg(s.id ORDER BY s.id) AS sources,
      coalesce((array_agg(c.error ORDER BY c.id DESC) FILTER (WHERE c.id IS NOT NULL))[1], '')
        AS before
    FROM sources s
    LEFT JOIN LATERAL (
      SELECT id, error, checked_at FROM source_checks WHERE source_id = s.id
      ORDER BY id DESC LIMIT 1
    ) c ON true
    WHERE s.url <> ''
      AND (EXISTS (SELECT FROM revisions r WHERE r.source_id = s.id)
        OR EXISTS (SELECT FROM source_steps t WHERE t.into_id = s.id AND NOT EXISTS (
          SELECT FROM source_steps later WHERE later.source_id = t.source_id AND later.id > t.id)))
    GROUP BY s.url
    HAVING bool_or(c.id IS NULL OR c.checked_at <= now() - make_interval(hours => ${hours}::int))
    ORDER BY s.url`
}

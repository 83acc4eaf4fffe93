import type { Citation } from '@/features/figures/schema'
import { dayAt } from '@/features/periods/rules'
import { type Database, database as sharedDatabase, type Transaction } from '@/lib/db/client'
import type {
  CopyType,
  LinkCheck,
  SourceCopy,
  SourceDetails,
  SourceItem,
  SourceNote,
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

/** Only what a public revision cites is public: a draft's source, or an embargoed one, is not. */
const isCited = () => ({ revisions: { some: { releaseAt: { lte: new Date() } } } })

/** All public sources whose publisher, title or address contains `search`, by publisher, newest first. */
export async function readSources(
  search: string,
  database: Database = sharedDatabase(),
): Promise<SourceItem[]> {
  const contains = { contains: search, mode: 'insensitive' } as const
  const rows = await database.source.findMany({
    where: {
      ...isCited(),
      ...(search !== '' && {
        OR: [{ publisher: contains }, { title: contains }, { url: contains }],
      }),
    },
    orderBy: [
      { publisher: 'asc' },
      { publishedOn: { sort: 'desc', nulls: 'last' } },
      { title: 'asc' },
      { id: 'asc' },
    ],
    include: { checks: newestCheck, _count: { select: { copies: true } } },
  })
  const figures = await countFigures(database)
  return rows.map(({ id, checks: [check], _count, ...row }) => ({
    id,
    ...citationOf(row),
    figures: figures.get(id) ?? 0,
    copies: _count.copies,
    check: check ? toCheck(check) : null,
  }))
}

async function countFigures(database: Database): Promise<Map<number, number>> {
  const rows = await database.$queryRaw<{ id: number; figures: number }[]>`
    SELECT source_id AS id, count(DISTINCT observation_id)::int AS figures
    FROM revisions WHERE source_id IS NOT NULL AND release_at <= now() GROUP BY source_id`
  return new Map(rows.map(({ id, figures }) => [id, figures]))
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

/** A public source with its copies and every figure that rests on it; null where there is none. */
export async function readSource(
  id: number,
  database: Database = sharedDatabase(),
): Promise<SourceDetails | null> {
  const row = await database.source.findFirst({
    where: { id, ...isCited() },
    include: {
      checks: newestCheck,
      copies: { orderBy: [{ capturedOn: 'desc' }, { id: 'desc' }], select: copyFields },
      revisions: {
        where: { releaseAt: { lte: new Date() } },
        orderBy: { id: 'desc' },
        include: { observation: true },
      },
    },
  })
  if (!row) return null
  const [check] = row.checks
  return {
    id,
    ...citationOf(row),
    check: check ? toCheck(check) : null,
    copies: row.copies.map(toCopy),
    figures: row.revisions.map(({ observation, ...revision }) => ({
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
    where: { sourceId, sha256, source: isCited() },
    select: { ...copyFields, bytes: true },
  })
  return row && { ...toCopy(row), bytes: row.bytes }
}

/** The state of the link and the number of copies of some sources, by the source's number. */
export async function readSourceNotes(
  ids: readonly number[],
  database: Database = sharedDatabase(),
): Promise<Map<number, SourceNote>> {
  const rows = await database.source.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, checks: newestCheck, _count: { select: { copies: true } } },
  })
  return new Map(
    rows.map(({ id, checks: [check], _count }) => [
      id,
      { check: check ? toCheck(check) : null, copies: _count.copies },
    ]),
  )
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
      AND EXISTS (SELECT FROM revisions r WHERE r.source_id = s.id AND r.release_at <= now())
    GROUP BY s.url
    HAVING bool_or(c.id IS NULL OR c.checked_at <= now() - make_interval(hours => ${hours}::int))
    ORDER BY s.url`
}

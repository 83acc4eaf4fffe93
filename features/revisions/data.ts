import { readCatalogue, readChanges } from '@/features/catalogue/data'
import type { Catalogue, CatalogueChange } from '@/features/catalogue/schema'
import { type RevisionOfKey, readRevisions } from '@/features/figures/data'
import type { Figure, FigureKey, Revision } from '@/features/figures/schema'
import { readToday } from '@/features/imports/data'
import { recordAsOf } from '@/features/record/data'
import { readSettings } from '@/features/settings/data'
import type { Settings } from '@/features/settings/schema'
import { readSourceSteps } from '@/features/sources/data'
import type { SourceStepTaken } from '@/features/sources/schema'
import type { Vintage } from '@/features/vintages/schema'
import type { Database, Transaction } from '@/lib/db/client'
import { publicDatabase } from '@/lib/db/replica'
import { type Change, changesBetween } from './rules'
import {
  type ComparisonProblem,
  type ComparisonWords,
  type RevisionsRequest,
  readComparisonWords,
} from './schema'
import { usualDays } from './series'

export interface DayOfRecord {
  vintage: Vintage
  figures: Figure[]
}

export interface Compared {
  /** With the names of the later day. */
  catalogue: Catalogue
  earlier: DayOfRecord
  later: DayOfRecord
  changes: Change<RevisionOfKey>[]
}

export interface ComparisonData {
  words: ComparisonWords
  today: string
  problems: ComparisonProblem[]
  /** Null where a day cannot be shown. */
  compared: Compared | null
}

/** The figures of an indicator on two days, and what changed between them. */
export async function readComparison(
  indicator: string,
  query: Record<string, string | string[] | undefined>,
  database: Database = publicDatabase(),
): Promise<ComparisonData> {
  const [today, revisions] = await Promise.all([
    readToday(database),
    readRevisions(database, indicator),
  ])
  const words = readComparisonWords(query, usualDays(revisions, today))
  const [from, to] = await Promise.all(
    [words.from, words.to].map((asOf) =>
      recordAsOf({ asOf }, () => [[{ indicators: [indicator] }]], database),
    ),
  )
  const problems: ComparisonProblem[] = [
    ...(from && !from.ok ? [{ field: 'from' as const, problem: from.problem }] : []),
    ...(to && !to.ok ? [{ field: 'to' as const, problem: to.problem }] : []),
  ]
  if (!from?.ok || !to?.ok) return { words, today, problems, compared: null }
  const [earlier, later] = [from.value, to.value]
  if (earlier.vintage.asOf > later.vintage.asOf) {
    problems.push({ field: 'from', problem: { code: 'order', params: { ...words } } })
    return { words, today, problems, compared: null }
  }
  const changes = changesBetween(revisions, earlier.vintage.asOf, later.vintage.asOf)
  const compared = { catalogue: later.catalogue, earlier, later, changes }
  return { words, today, problems, compared }
}

export interface Person {
  name: string
  role: string
  /** The product itself, with the first content. */
  isSystem: boolean
}

/** A revision beside the one that was current when it was recorded. */
export interface LoggedRevision extends RevisionOfKey {
  before: Pick<Revision, 'value' | 'status' | 'precision'> | null
  /** Whether it became the current one: what is dated before the current value does not. */
  tookOver: boolean
  author: Person
}

export interface LoggedCommit {
  no: number
  kind: 'catalogue' | 'import' | 'publication' | 'withdrawal' | 'pin'
  /** The instant (ISO) at which all of it was public. */
  publicAt: string
  /** Who published it. */
  actor: Person
  /** How many public revisions it holds. */
  count: number
  indicators: string[]
  /** What it did beside figures. */
  changes: readonly CatalogueChange[]
  sourceSteps: readonly SourceStepTaken[]
}

interface PersonRow {
  actorId: string
  actorName: string
  actorRole: string
}

const person = ({ actorId, actorName, actorRole }: PersonRow): Person => ({
  name: actorName,
  role: actorRole,
  isSystem: actorId === 'system',
})

/** What may be left out: commits before a number, one commit alone. Newest first. */
export async function readCommits(
  filter: { before?: number | null; no?: number | null; limit: number },
  database: Transaction = publicDatabase(),
): Promise<LoggedCommit[]> {
  const { before = null, no = null, limit } = filter
  const rows = await database.$queryRaw<
    (Omit<LoggedCommit, 'actor' | 'publicAt' | 'changes' | 'sourceSteps'> &
      PersonRow & { publicAt: Date })[]
  >`
    SELECT c.no, c.kind::text, u.id AS "actorId", u.name AS "actorName",
      u.role::text AS "actorRole", p.count, p.indicators,
      c.committed_at AS "publicAt"
    FROM commits c
    JOIN users u ON u.id = c.actor_id
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS count,
        coalesce(array_agg(DISTINCT o.indicator_code) FILTER (WHERE o.id IS NOT NULL), '{}')
          AS indicators
      FROM revisions r JOIN observations o ON o.id = r.observation_id
      WHERE r.commit_no = c.no
    ) p
    WHERE (p.count > 0 OR c.kind = 'catalogue')
      AND (${before}::int IS NULL OR c.no < ${before}) AND (${no}::int IS NULL OR c.no = ${no})
    ORDER BY c.no DESC LIMIT ${limit}`
  const numbers = rows.filter(({ kind }) => kind === 'catalogue').map((row) => row.no)
  const [changes, sourceSteps] = await Promise.all([
    readChanges(numbers, database),
    readSourceSteps(numbers, database),
  ])
  return rows.map(({ actorId, actorName, actorRole, publicAt, ...row }) => ({
    ...row,
    changes: changes.get(row.no) ?? [],
    sourceSteps: sourceSteps.get(row.no) ?? [],
    publicAt: publicAt.toISOString(),
    actor: person({ actorId, actorName, actorRole }),
  }))
}

interface LoggedRow
  extends Omit<FigureKey, 'kind'>,
    PersonRow,
    Omit<LoggedRevision, 'source' | 'key' | 'author' | 'before'> {
  keyKind: FigureKey['kind']
  publisher: string | null
  title: string
  publishedLabel: string
  url: string
  beforeId: number | null
  beforeValue: string | null
  beforeStatus: string
  beforePrecision: Revision['precision']
}

/** The public revisions of commits in the order of their record, after a revision if one is named. */
export async function readLog(
  commits: readonly number[],
  { after = 0, limit }: { after?: number; limit: number },
  database: Transaction = publicDatabase(),
): Promise<LoggedRevision[]> {
  const rows = await database.$queryRaw<LoggedRow[]>`
    SELECT r.id, r.observation_id AS observation, r.kind::text, r.value_text AS value, r.status,
      r."precision"::text, to_char(r.released_on, 'YYYY-MM-DD') AS "releasedOn",
      to_char(r.known_on, 'YYYY-MM-DD') AS "knownOn", r.commit_no AS commit, r.note, r.reason,
      r.period_label AS "periodLabel", s.publisher, s.title,
      s.published_label AS "publishedLabel", s.url, o.role::text, o.indicator_code AS indicator,
      o.programme_code AS programme, o.area_code AS area, o.academy_code AS academy, o.sex,
      o.kind::text AS "keyKind", o.unit_code AS unit, o.period, u.id AS "actorId",
      u.name AS "actorName", u.role::text AS "actorRole", b.id AS "beforeId",
      b.value_text AS "beforeValue", b.status AS "beforeStatus",
      b."precision"::text AS "beforePrecision",
      coalesce(b.released_on IS NULL OR b.released_on <= r.released_on, false) AS "tookOver"
    FROM revisions r
    JOIN observations o ON o.id = r.observation_id
    JOIN users u ON u.id = r.author_id
    LEFT JOIN sources s ON s.id = r.source_id
    LEFT JOIN LATERAL (
      SELECT * FROM revisions earlier
      WHERE earlier.observation_id = r.observation_id AND earlier.id < r.id
      ORDER BY (earlier.released_on IS NOT NULL) DESC, earlier.released_on DESC, earlier.id DESC
      LIMIT 1
    ) b ON true
    WHERE r.commit_no = ANY(${[...commits]}::int[]) AND r.id > ${after}
    ORDER BY r.id LIMIT ${limit}`
  return rows.map(fromLoggedRow)
}

function fromLoggedRow(row: LoggedRow): LoggedRevision {
  const { publisher, title, publishedLabel, url, beforeId, beforeValue, ...rest } = row
  const { beforeStatus, beforePrecision, actorId, actorName, actorRole, keyKind, ...said } = rest
  const { role, indicator, programme, area, academy, sex, unit, period, ...revision } = said
  return {
    ...revision,
    key: { role, indicator, programme, area, academy, sex, kind: keyKind, unit, period },
    source: publisher === null ? null : { publisher, title, publishedLabel, url },
    author: person({ actorId, actorName, actorRole }),
    before:
      beforeId === null
        ? null
        : { value: beforeValue, status: beforeStatus, precision: beforePrecision },
  }
}

/** Up to this many revisions of a commit stand beside others; a larger one has pages of its own. */
const mostBeside = 25
const commitsPerPage = 20
const revisionsPerPage = 100

export interface RevisionsPageData {
  catalogue: Catalogue
  settings: Settings
  commits: { commit: LoggedCommit; revisions: LoggedRevision[] }[]
  /** One commit alone. */
  isOne: boolean
  /** The query of the next page; null on the last one. */
  next: string | null
}

/** A page of the log of revisions, or of one commit; null where there is no such commit. */
export async function readRevisionsPage(
  request: RevisionsRequest,
  database: Database = publicDatabase(),
): Promise<RevisionsPageData | null> {
  const [catalogue, settings] = await Promise.all([readCatalogue(database), readSettings(database)])
  const frame = { catalogue, settings, isOne: request.commit !== null }
  if (request.commit !== null) {
    const [commit] = await readCommits({ no: request.commit, limit: 1 }, database)
    if (!commit) return null
    const page = { after: request.after, limit: revisionsPerPage + 1 }
    const found = await readLog([commit.no], page, database)
    const revisions = found.slice(0, revisionsPerPage)
    const last = found.length > revisions.length ? revisions.at(-1) : undefined
    const next = last ? `commit=${commit.no}&after=${last.id}` : null
    return { ...frame, commits: [{ commit, revisions }], next }
  }
  const found = await readCommits({ before: request.before, limit: commitsPerPage + 1 }, database)
  const commits = found.slice(0, commitsPerPage)
  const small = commits.filter(({ count }) => count <= mostBeside).map(({ no }) => no)
  const log = await readLog(small, { limit: commitsPerPage * mostBeside }, database)
  const last = found.length > commits.length ? commits.at(-1) : undefined
  return {
    ...frame,
    commits: commits.map((commit) => ({
      commit,
      revisions: log.filter((revision) => revision.commit === commit.no),
    })),
    next: last ? `before=${last.no}` : null,
  }
}

import { pipeline, type Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import { guardFormula } from '@/lib/csv'
import { type Database, database as sharedDatabase, type Transaction } from '@/lib/db/client'
import { streamRows } from '@/lib/db/stream'
import { entryProblem, inOrder } from './rules'
import {
  type AuditEntry,
  type AuditFilter,
  type AuditHead,
  type AuditLine,
  type AuditProblem,
  type AuditReport,
  auditColumns,
} from './schema'

// Reading the log

const instant = `to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** Parameters: $1 text, $2 first day, $3 last day, $4 before. */
const matching = `
  FROM audit_entries e LEFT JOIN users u ON u.id = e.actor_id
  WHERE ($1::text IS NULL OR position(lower($1) IN lower(
      e.action || ' ' || e.subject || ' ' || coalesce(u.name, '') || ' ' || e.detail::text)) > 0)
    AND ($2::date IS NULL OR e.at >= $2::date::timestamp AT TIME ZONE 'Asia/Karachi')
    AND ($3::date IS NULL OR e.at < ($3::date + 1)::timestamp AT TIME ZONE 'Asia/Karachi')
    AND ($4::int IS NULL OR e.no < $4)
  ORDER BY e.no DESC`

const parameters = ({ text, from, to, before }: AuditFilter) => [
  text ?? null,
  from ?? null,
  to ?? null,
  before ?? null,
]

/** Entries that match, the newest first. */
export function searchAudit(
  filter: AuditFilter,
  most: number,
  database: Transaction = sharedDatabase(),
): Promise<AuditLine[]> {
  return database.$queryRawUnsafe<AuditLine[]>(
    `SELECT e.no, ${instant} AS at, e.actor_id AS actor, coalesce(u.name, '') AS name, e.action,
      e.subject, e.detail::text, e.commit_no AS commit, e.hash ${matching} LIMIT ${Number(most)}`,
    ...parameters(filter),
  )
}

/** Entries that match as CSV, the newest first; an error while reading destroys the stream. */
export async function auditCsv(filter: AuditFilter): Promise<Readable> {
  const rows = await streamRows(
    `SELECT e.no::text, ${instant}, e.actor_id, coalesce(u.name, ''), e.action, e.subject,
      e.detail::text, coalesce(e.commit_no::text, ''), e.digest, e.previous, e.hash ${matching}`,
    parameters(filter),
  )
  const csv = stringify({ header: true, columns: [...auditColumns], record_delimiter: '\r\n' })
  pipeline(rows, guarded, csv, () => {})
  return csv
}

async function* guarded(rows: AsyncIterable<string[]>) {
  for await (const row of rows) yield row.map(guardFormula)
}

/** The heads of the last days (Asia/Karachi) that have one, the newest first. */
export function readHeads(
  days: number,
  database: Transaction = sharedDatabase(),
): Promise<AuditHead[]> {
  return database.$queryRaw<AuditHead[]>`
    SELECT to_char(d.day, 'YYYY-MM-DD') AS day, e.no, e.hash
    FROM generate_series((now() AT TIME ZONE 'Asia/Karachi')::date - ${days}::int,
      (now() AT TIME ZONE 'Asia/Karachi')::date - 1, '1 day') AS d(day)
    JOIN LATERAL (
      SELECT no, hash FROM audit_entries
      WHERE at < (d.day::date + 1)::timestamp AT TIME ZONE 'Asia/Karachi'
      ORDER BY no DESC LIMIT 1
    ) e ON true
    ORDER BY d.day DESC`
}

// Proving it. None of this asks the functions that wrote the log: who could change a row could have
// changed those.

/** Tables whose rows may change, or are steps of people: the key, and what the log leaves out. */
export const watchedTables: Readonly<Record<string, { key: string; hidden?: readonly string[] }>> =
  {
    academies: { key: 'code' },
    academy_contacts: { key: 'academy_code', hidden: ['contact'] },
    accounts: {
      key: 'id',
      hidden: ['password', 'access_token', 'refresh_token', 'id_token', 'updated_at'],
    },
    api_tokens: { key: 'id', hidden: ['token_hash', 'last_used_on'] },
    areas: { key: 'code' },
    caveats: { key: 'code' },
    commit_changes: { key: "commit_no || '/' || list || '/' || code" },
    draft_removals: { key: 'id' },
    error_report_events: { key: 'id' },
    error_reports: { key: 'id', hidden: ['wrong', 'instead', 'shown_at'] },
    figure_set_events: { key: 'id' },
    figure_sets: { key: 'id', hidden: ['updated_at'] },
    indicator_aliases: { key: 'alias' },
    indicators: { key: 'code' },
    invitations: { key: 'id', hidden: ['token_hash'] },
    passkeys: {
      key: 'id',
      hidden: ['name', 'credential_id', 'public_key', 'counter', 'transports', 'last_used_at'],
    },
    password_resets: { key: 'id', hidden: ['token_hash'] },
    programmes: { key: 'code' },
    proposal_events: { key: 'id' },
    proposals: { key: 'id', hidden: ['updated_at'] },
    release_events: { key: 'id' },
    releases: { key: 'id' },
    rule_versions: { key: "code || '/' || version" },
    second_steps: { key: 'user_id', hidden: ['secret', 'last_step', 'recovery_hashes'] },
    series_breaks: { key: 'id' },
    sessions: { key: 'id', hidden: ['token', 'ip_address', 'user_agent', 'updated_at'] },
    settings: { key: 'key' },
    source_checks: { key: 'id' },
    source_copies: { key: 'id', hidden: ['bytes'] },
    source_steps: { key: 'id' },
    sources: { key: 'id' },
    units: { key: 'code' },
    user_scopes: { key: 'id' },
    users: { key: 'id', hidden: ['updated_at'] },
  }

const day = (column: string) => `to_char(${column}, 'YYYY-MM-DD')`
const moment = (column: string) =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
const sha256 = (columns: readonly string[]) =>
  `sha256(convert_to(array_to_string(ARRAY[${columns.map((one) => `(${one})::text`).join(', ')}],
    E'\\x1f', E'\\x1e'), 'UTF8'))`

const versions = (list: string, code: string, texts: readonly string[]) => `
  SELECT commit_no, '${list}/' || ${code} || '/' || commit_no, ${sha256([code, 'commit_no', ...texts])}
  FROM ${list}`

/** Every row that a commit stands for: commit, key and SHA-256. */
const committedRows = [
  `SELECT no, 'commits/' || no, ${sha256(['no', 'kind', 'message', 'actor_id', 'idempotency_key', moment('committed_at')])}
  FROM commits`,
  `SELECT commit_no, 'revisions/' || id, ${sha256([
    ...['id', 'observation_id', 'commit_no', 'kind', 'value_text', 'status', '"precision"'],
    ...['source_id', 'note', 'reason', 'period_label', 'author_id', 'approver_id', 'proposal_id'],
    ...[day('released_on'), day('recorded_on'), day('known_on'), moment('recorded_at')],
  ])}
  FROM revisions`,
  `SELECT r.commit_no, 'observations/' || o.id, ${sha256([
    ...['o.id', 'role', 'indicator_code', 'programme_code', 'area_code', 'academy_code', 'sex'],
    ...['kind', 'unit_code', 'period', 'period_source', day('period_start'), day('period_end')],
    'frequency',
  ])}
  FROM observations o JOIN (SELECT DISTINCT commit_no, observation_id FROM revisions) r
    ON r.observation_id = o.id`,
  `SELECT r.commit_no, 'sources/' || s.id, ${sha256(['s.id', 'publisher', 'title', 'published_label', day('published_on'), 'url'])}
  FROM sources s JOIN (SELECT DISTINCT commit_no, source_id FROM revisions) r ON r.source_id = s.id`,
  versions('indicator_versions', 'indicator_code', ['name', 'definition']),
  versions('programme_versions', 'programme_code', ['name', 'description']),
  versions('area_versions', 'area_code', ['name']),
  versions('academy_versions', 'academy_code', ['name']),
  versions('unit_versions', 'unit_code', ['name', 'pattern']),
].join('\nUNION ALL\n')

const batch = 1_000
const mostProblems = 100
const longest = 6 * 60 * 60_000

/**
 * Proves that the log is whole and that the record is what it says: every entry follows the one
 * before, no row was changed, removed or slipped in, and what is shown as current is current. Reads
 * one snapshot. `heads` are entries as they were published; a log that was cut lacks them.
 */
export async function verifyAudit(
  database: Database,
  heads: readonly { no: number; hash: string }[] = [],
): Promise<AuditReport> {
  return database.$transaction(
    async (tx) => {
      await tx.$executeRaw`SET LOCAL statement_timeout = 0`
      await tx.$executeRaw`SET LOCAL timezone = 'UTC'`
      await tx.$executeRaw`SET LOCAL datestyle = 'ISO'`
      const chain = await verifyChain(tx, heads)
      const found = [chain.problems, await verifyCommits(tx)]
      for (const table of Object.keys(watchedTables)) found.push(await verifyTable(tx, table))
      found.push(await verifyCurrent(tx))
      const problems = inOrder(found.flat())
      return {
        entries: chain.entries,
        rows: await countRows(tx),
        head: chain.head,
        problems: problems.slice(0, mostProblems),
        problemCount: problems.length,
      }
    },
    { isolationLevel: 'RepeatableRead', timeout: longest, maxWait: 10_000 },
  )
}

async function verifyChain(
  tx: Transaction,
  heads: readonly { no: number; hash: string }[],
): Promise<{ entries: number; head: AuditReport['head']; problems: AuditProblem[] }> {
  const missing = new Map(heads.map((head) => [`${head.no}:${head.hash}`, head]))
  const problems: AuditProblem[] = []
  let before: AuditEntry | null = null
  let entries = 0
  for (;;) {
    const rows: AuditEntry[] = await tx.$queryRawUnsafe<AuditEntry[]>(
      `SELECT e.no, ${instant} AS at, e.actor_id AS actor, e.action, e.subject, e.detail::text,
        e.commit_no AS commit, e.digest, e.previous, e.hash
      FROM audit_entries e WHERE e.no > $1 ORDER BY e.no LIMIT ${batch}`,
      before?.no ?? 0,
    )
    for (const entry of rows) {
      const problem = entryProblem(before, entry)
      if (problem) problems.push(problem)
      missing.delete(`${entry.no}:${entry.hash}`)
      before = entry
      entries += 1
    }
    if (rows.length < batch) break
  }
  for (const { no } of missing.values()) {
    problems.push({ code: 'headMissing', entry: no, subject: `audit_entries/${no}` })
  }
  return { entries, head: before && { no: before.no, hash: before.hash }, problems }
}

/** Each commit against the list of rows in its entry, and that list against the entry's digest. */
async function verifyCommits(tx: Transaction): Promise<AuditProblem[]> {
  const lists = await tx.$queryRaw<AuditProblem[]>`
    SELECT 'digest' AS code, no AS entry, subject FROM audit_entries
    WHERE commit_no IS NOT NULL AND digest <> encode(sha256(convert_to((
      SELECT string_agg(k || ' ' || encode(d, 'hex'), E'\n' ORDER BY n)
      FROM unnest(row_keys, row_digests) WITH ORDINALITY AS r(k, d, n)), 'UTF8')), 'hex')`
  const rows = await tx.$queryRawUnsafe<AuditProblem[]>(`
    WITH recorded AS (
      SELECT no AS entry, commit_no, r.key, r.digest
      FROM audit_entries, unnest(row_keys, row_digests) AS r(key, digest)
      WHERE commit_no IS NOT NULL
    ), actual(commit_no, key, digest) AS (${committedRows})
    SELECT CASE WHEN a.key IS NULL THEN 'rowMissing' WHEN r.key IS NULL THEN 'rowUnrecorded'
        ELSE 'rowChanged' END AS code,
      coalesce(r.entry, e.no) AS entry, coalesce(r.key, a.key) AS subject
    FROM recorded r FULL JOIN actual a ON a.commit_no = r.commit_no AND a.key = r.key
    LEFT JOIN audit_entries e ON e.commit_no = a.commit_no
    WHERE a.digest IS DISTINCT FROM r.digest
    ORDER BY entry NULLS LAST, subject`)
  return [...lists, ...rows]
}

/**
 * The rows of a watched table against the last entry of each. Columns that only one of the two has
 * came or went with a migration, and are left out.
 */
function verifyTable(tx: Transaction, table: string): Promise<AuditProblem[]> {
  const { key, hidden = [] } = watchedTables[table] ?? { key: 'id' }
  return tx.$queryRawUnsafe<AuditProblem[]>(
    `WITH told AS (
      SELECT DISTINCT ON (subject) no, subject, detail -> 'after' AS row_
      FROM audit_entries WHERE starts_with(subject, '${table}/')
      ORDER BY subject, no DESC
    ), present AS (
      SELECT '${table}/' || ${key} AS subject, to_jsonb(t) - $1::text[] AS row_ FROM ${table} t
    )
    SELECT CASE WHEN p.row_ IS NULL THEN 'rowMissing' WHEN t.row_ IS NULL THEN 'rowUnrecorded'
        ELSE 'rowChanged' END AS code,
      t.no AS entry, coalesce(t.subject, p.subject) AS subject
    FROM told t FULL JOIN present p ON p.subject = t.subject
    WHERE (p.row_ IS NULL) <> (t.row_ IS NULL) OR EXISTS (
      SELECT FROM jsonb_each(p.row_) AS c(key, value)
      WHERE t.row_ ? c.key AND t.row_ -> c.key <> c.value)`,
    [...hidden],
  )
}

/** Each key's current value against its revisions, by `compareRevisions`. */
function verifyCurrent(tx: Transaction): Promise<AuditProblem[]> {
  return tx.$queryRaw<AuditProblem[]>`
    WITH current AS (
      SELECT DISTINCT ON (observation_id) * FROM revisions
      ORDER BY observation_id, (released_on IS NOT NULL) DESC, released_on DESC, id DESC
    )
    SELECT 'notCurrent' AS code, e.no AS entry, 'observations/' || o.id AS subject
    FROM observations o
    LEFT JOIN current c ON c.observation_id = o.id
    LEFT JOIN audit_entries e ON e.commit_no = c.commit_no
    WHERE o.current_revision_id IS DISTINCT FROM c.id OR o.value IS DISTINCT FROM c.value
      OR (c.id IS NOT NULL AND (o.status, o."precision") IS DISTINCT FROM (c.status, c."precision"))`
}

async function countRows(tx: Transaction): Promise<number> {
  const [count] = await tx.$queryRaw<{ rows: bigint }[]>`
    SELECT coalesce(sum(cardinality(row_keys)), 0)::bigint AS rows FROM audit_entries`
  return Number(count?.rows ?? 0)
}

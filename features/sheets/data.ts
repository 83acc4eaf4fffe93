import { readScopes } from '@/features/accounts/data'
import { inScope } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import type { Catalogue } from '@/features/catalogue/schema'
import { judgeFigures } from '@/features/checks/data'
import type { JudgedFigure } from '@/features/checks/schema'
import type { FigureKey } from '@/features/figures/schema'
import { readToday } from '@/features/imports/data'
import { judgeChanges } from '@/features/sets/mutations'
import { byFigure, digestOf, publicationOf, recordFindings } from '@/features/sets/rules'
import { type Change, mostInSet, type SetFinding } from '@/features/sets/schema'
import { database as sharedDatabase, type Transaction } from '@/lib/db/client'
import { Prisma } from '@/lib/db/generated/client'
import type { LocalText } from '@/lib/i18n'
import {
  conflictOf,
  diffLine,
  draftToken,
  frameOf,
  keyAt,
  keyText,
  readCell,
  readSelection,
  typedSelection,
} from './rules'
import {
  type Block,
  block,
  type CellFacts,
  type Diff,
  type DiffLine,
  type Draft,
  emptyBlock,
  type Frame,
  type KnownFigure,
  type OldDrafts,
  type OpenSheet,
  type RowKind,
  type Selection,
  type Sheet,
  type SheetRow,
  type TypedSource,
} from './schema'

/** The sheet of an address; null where it is none (any more). */
export async function readFrame(
  address: string,
  catalogue: Catalogue,
  database: Transaction = sharedDatabase(),
): Promise<Frame | null> {
  const words = new URLSearchParams(address)
  const query = Object.fromEntries(
    [...new Set(words.keys())].map((word) => [word, words.getAll(word)]),
  )
  const read = readSelection(typedSelection(query), catalogue)
  return read.ok ? frameFor(read.selection, catalogue, database) : null
}

/** A selection with its rows; null where it has none, or too many cells. */
export async function frameFor(
  selection: Selection,
  catalogue: Catalogue,
  database: Transaction = sharedDatabase(),
): Promise<Frame | null> {
  const academies =
    selection.rows === 'academies' ? await academiesOf(selection.programme, database) : []
  return frameOf(selection, catalogue, academies)
}

/** The academies of a programme that have not closed, by area and name. */
async function academiesOf(programme: string, database: Transaction): Promise<SheetRow[]> {
  const rows = await database.$queryRaw<{ id: string; area: string; name: LocalText | null }[]>`
    SELECT a.code AS id, a.area_code AS area, v.name
    FROM academies a
    JOIN areas ON areas.code = a.area_code
    LEFT JOIN LATERAL (
      SELECT name FROM academy_versions WHERE academy_code = a.code ORDER BY commit_no DESC LIMIT 1
    ) v ON true
    WHERE a.programme_code = ${programme} AND a.code <> '_T'
      AND (a.closed_on IS NULL OR a.closed_on > now()::date)
    ORDER BY areas.position, a.area_code, a.code`
  return rows.map(({ id, area, name }) => ({
    id,
    area,
    academy: id,
    name: name ?? { en: id, ur: id },
  }))
}

/** What narrows a question to some of a sheet's cells. */
interface Part {
  rows: readonly SheetRow[]
  columns: Frame['columns']
}

const distinct = (texts: readonly string[]) => [...new Set(texts)]

/** Rows of a table with the columns of a key, that may be of a part of a sheet. */
function within({ selection }: Frame, { rows, columns }: Part, table: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`${table}.role = 'actual' AND ${table}.programme_code = ${selection.programme}
    AND ${table}.indicator_code = ANY(${distinct(columns.map(({ indicator }) => indicator))}::text[])
    AND ${table}.period = ANY(${distinct(columns.map(({ period }) => period))}::text[])
    AND ${table}.sex = ANY(${distinct(columns.map(({ sex }) => sex))}::text[])
    AND ${table}.area_code = ANY(${distinct(rows.map(({ area }) => area))}::text[])
    AND ${table}.academy_code = ANY(${distinct(rows.map(({ academy }) => academy))}::text[])`
}

const keyColumns = (table: Prisma.Sql) => Prisma.sql`${table}.role::text,
  ${table}.indicator_code AS indicator, ${table}.programme_code AS programme,
  ${table}.area_code AS area, ${table}.academy_code AS academy, ${table}.sex,
  ${table}.kind::text, ${table}.unit_code AS unit, ${table}.period`

interface KnownRow extends FigureKey, Omit<KnownFigure, 'source'> {
  publisher: string | null
  title: string
  publishedLabel: string
  url: string
}

async function readKnown(
  frame: Frame,
  part: Part,
  tx: Transaction,
): Promise<Map<string, KnownFigure>> {
  const o = Prisma.sql`o`
  const rows = await tx.$queryRaw<KnownRow[]>`
    SELECT ${keyColumns(o)}, o.id AS observation, n.id AS newest, u.name AS by,
      c.value_text AS value, c.status, c."precision"::text,
      to_char(c.released_on, 'YYYY-MM-DD') AS "releasedOn", s.publisher, s.title,
      s.published_label AS "publishedLabel", s.url
    FROM observations o
    JOIN LATERAL (
      SELECT r.id, r.author_id FROM revisions r WHERE r.observation_id = o.id ORDER BY r.id DESC LIMIT 1
    ) n ON true
    JOIN users u ON u.id = n.author_id
    LEFT JOIN revisions c ON c.id = o.current_revision_id
    LEFT JOIN sources s ON s.id = c.source_id
    WHERE ${within(frame, part, o)} AND o.period_source = '_Z'`
  return new Map(
    rows.map(({ publisher, title, publishedLabel, url, ...row }) => [
      keyText(row),
      { ...row, source: publisher === null ? null : { publisher, title, publishedLabel, url } },
    ]),
  )
}

interface DraftRow extends FigureKey {
  id: number
  authorId: string
  authorName: string
  version: number
  typed: string
  note: string
  source: TypedSource | null
  base: number | null
  seenDraft: string
}

async function readDrafts(
  frame: Frame,
  part: Part,
  actor: Actor,
  tx: Transaction,
): Promise<{ mine: Map<string, Draft>; others: Map<string, Draft> }> {
  const d = Prisma.sql`d`
  const rows = await tx.$queryRaw<DraftRow[]>`
    SELECT ${keyColumns(d)}, d.id, u.id AS "authorId", u.name AS "authorName", d.version, d.typed,
      d.note, d.source, d.base_revision_id AS base, d.seen_draft AS "seenDraft"
    FROM sheet_cells d JOIN users u ON u.id = d.author_id
    WHERE ${within(frame, part, d)} AND (d.author_id = ${actor.userId} OR d.typed <> '')
    ORDER BY d.updated_at, d.id`
  const mine = new Map<string, Draft>()
  const others = new Map<string, Draft>()
  for (const {
    authorId,
    authorName,
    id,
    version,
    typed,
    note,
    source,
    base,
    seenDraft,
    ...key
  } of rows) {
    const draft = {
      id,
      author: { id: authorId, name: authorName },
      version,
      typed,
      note,
      source,
      base,
      seenDraft,
    }
    // The newest comes last.
    ;(authorId === actor.userId ? mine : others).set(keyText(key), draft)
  }
  return { mine, others }
}

interface WaitingRow extends FigureKey {
  value: string | null
  by: string
}

/** What waits for a decision or for its release: in a set, or as a proposal of its own. */
async function readWaiting(frame: Frame, part: Part, tx: Transaction) {
  const [m, p] = [Prisma.sql`m`, Prisma.sql`p`]
  const rows = await tx.$queryRaw<WaitingRow[]>`
    SELECT ${keyColumns(m)}, m.value_text AS value, u.name AS by
    FROM figure_sets t
    JOIN figure_set_members m ON m.set_id = t.id
    JOIN users u ON u.id = t.author_id
    WHERE t.state = 'in_review' AND ${within(frame, part, m)}
    UNION ALL
    SELECT ${keyColumns(p)}, CASE p.purpose WHEN 'publication' THEN p.value_text END, u.name
    FROM proposals p JOIN users u ON u.id = p.author_id
    WHERE p.state IN ('in_review', 'scheduled') AND ${within(frame, part, p)}`
  return new Map(rows.map(({ value, by, ...key }) => [keyText(key), { value, by }]))
}

/** Everything known of the cells of a sheet, or of a part of it, in a number of questions that does not grow. */
export async function readFacts(
  frame: Frame,
  actor: Actor,
  tx: Transaction,
  part: Part = frame,
): Promise<CellFacts[]> {
  const known = await readKnown(frame, part, tx)
  const { mine, others } = await readDrafts(frame, part, actor, tx)
  const waiting = await readWaiting(frame, part, tx)
  const scopes = await readScopes(tx, actor.userId)
  return part.rows.flatMap((row) =>
    part.columns.map((column) => {
      const key = keyAt(frame, row, column)
      const name = keyText(key)
      return {
        row,
        column,
        key,
        mine: mine.get(name) ?? null,
        other: others.get(name) ?? null,
        known: known.get(name) ?? null,
        waiting: waiting.get(name) ?? null,
        isLocked: !inScope(scopes, key),
        findings: [],
      }
    }),
  )
}

/** Of the drafts beside those that are asked about, one's own that a rule can compare them with. */
async function draftsBeside(
  frame: Frame,
  actor: Actor,
  facts: readonly CellFacts[],
  tx: Transaction,
): Promise<JudgedFigure[]> {
  const told = new Set(facts.map(({ key }) => keyText(key)))
  if (told.size === frame.rows.length * frame.columns.length) return []
  const rows = new Set(facts.map(({ row }) => row.id))
  const columns = new Set(facts.map(({ column }) => column.id))
  const { mine } = await readDrafts(frame, frame, actor, tx)
  return frame.rows.flatMap((row) =>
    frame.columns.flatMap((column) => {
      if (!rows.has(row.id) && !columns.has(column.id)) return []
      const key = keyAt(frame, row, column)
      const draft = told.has(keyText(key)) ? undefined : mine.get(keyText(key))
      const value = draft && readCell(draft.typed, column.unit)
      return value?.ok ? [{ ...key, value: value.value, source: draft?.source ?? null }] : []
    }),
  )
}

/**
 * The facts with what rules and the record say about one's own drafts, beside the other drafts in
 * their rows and columns, over what is public. Not judged are texts that are no numbers, what is
 * public already, and cells that ask about somebody else's figure. A source that nobody has named
 * yet is missed when the sheet is checked. The number of questions does not grow.
 */
export async function withFindings(
  frame: Frame,
  actor: Actor,
  facts: readonly CellFacts[],
  tx: Transaction = sharedDatabase(),
): Promise<CellFacts[]> {
  const block = await readBlock(frame.address, actor, tx)
  const today = await readToday(tx)
  const lines = facts
    .filter(({ mine, isLocked }) => mine && mine.typed.trim() !== '' && !isLocked)
    .map((one) => diffLine(one, block, today))
    .filter(({ value, isSame, facts: one }) => value !== null && !isSame && !conflictOf(one))
  if (lines.length === 0) return [...facts]
  const figures = lines.map(
    ({ facts: { key, mine }, value }): JudgedFigure => ({
      ...key,
      value: value ?? '',
      source: mine?.source ?? block,
    }),
  )
  const beside = await draftsBeside(frame, actor, facts, tx)
  const judged = await judgeFigures(tx, [...figures, ...beside])
  const found: SetFinding[] = [
    ...judged.filter(({ index, code }) => index < lines.length && code !== 'sourceMissing'),
    ...lines.flatMap((line, index) =>
      findingsOfRecord(line, today).map((one) => ({ ...one, index })),
    ),
  ]
  const lists = byFigure(lines.length, found)
  const byCell = new Map(lines.map(({ facts: one }, n) => [one, lists[n] ?? []]))
  return facts.map((one) => ({ ...one, findings: byCell.get(one) ?? [] }))
}

function findingsOfRecord(line: DiffLine, today: string): SetFinding[] {
  const figure = line.source && publicationOf(toChange(line), '')
  return figure ? recordFindings([figure], [line.facts.known], today) : []
}

/** Stands for everything that a sheet shows: its cells, and what they are judged by. */
export async function newsStamp(
  frame: Frame,
  facts: readonly CellFacts[],
  tx: Transaction = sharedDatabase(),
): Promise<string> {
  const [record] = await tx.$queryRaw<unknown[]>`
    SELECT (SELECT max(id) FROM revisions) AS revision,
      (SELECT count(*)::int FROM rule_versions) AS rules,
      to_char(now() AT TIME ZONE 'Asia/Karachi', 'YYYY-MM-DD') AS day`
  return digestOf([
    frame.address,
    record,
    facts.map(({ mine, other, waiting, isLocked }) => [
      draftToken(mine),
      draftToken(other),
      waiting,
      isLocked,
    ]),
  ])
}

/** Who else has asked for news of cells of this sheet within half a minute. */
export async function readPresent(frame: Frame, actor: Actor, tx: Transaction): Promise<string[]> {
  const { programme, rows, indicators, periods } = frame.selection
  const found = await tx.$queryRaw<{ name: string }[]>`
    SELECT DISTINCT u.name FROM sheets s JOIN users u ON u.id = s.author_id
    WHERE s.programme_code = ${programme} AND s.rows = ${rows} AND s.indicators && ${indicators}::text[]
      AND s.periods && ${periods}::text[] AND s.author_id <> ${actor.userId}
      AND s.seen_at > now() - INTERVAL '30 seconds'
    ORDER BY u.name`
  return found.map(({ name }) => name)
}

export async function readBlock(address: string, actor: Actor, tx: Transaction): Promise<Block> {
  const row = await tx.sheet.findUnique({
    where: { authorId_address: { authorId: actor.userId, address } },
    select: { block: true },
  })
  const read = block.safeParse({ ...emptyBlock, ...(row?.block as object | undefined) })
  return read.success ? read.data : emptyBlock
}

/** A sheet as its author left it, beside what is public and what others are typing. */
export async function readSheet(
  frame: Frame,
  actor: Actor,
  database: Transaction = sharedDatabase(),
): Promise<Sheet> {
  return {
    frame,
    facts: await readFacts(frame, actor, database),
    block: await readBlock(frame.address, actor, database),
    present: await readPresent(frame, actor, database),
    today: await readToday(database),
  }
}

/** What submitting a sheet would do. */
export async function readDiff(
  frame: Frame,
  actor: Actor,
  database: Transaction = sharedDatabase(),
): Promise<Diff> {
  const sheet = await readSheet(frame, actor, database)
  const typed = sheet.facts.filter(({ mine }) => mine !== null && mine.typed.trim() !== '')
  const lines = typed.map((facts) => diffLine(facts, sheet.block, sheet.today))
  const ready = lines.filter(({ problems, isSame }) => problems.length === 0 && !isSame)
  const changes = ready.map(toChange)
  const findings = await judgeChanges(
    database,
    changes,
    ready.map(({ facts }) => facts.known),
  )
  byFigure(changes.length, findings).forEach((list, n) => {
    const line = ready[n]
    if (line) line.findings = list
  })
  const isBlocked = lines.some(
    ({ problems, findings: found }) =>
      problems.length > 0 || found.some(({ severity }) => severity === 'error'),
  )
  return {
    lines,
    changes,
    isReady: !isBlocked && changes.length > 0 && changes.length <= mostInSet,
    hasWarnings: findings.length > 0,
    seen: digestOf([
      frame.address,
      sheet.block,
      typed.map(({ mine, known, other }) => [
        mine?.id,
        mine?.version,
        known?.newest,
        draftToken(other),
      ]),
    ]),
    confirmed: findings.length > 0 ? digestOf(findings) : '',
  }
}

function toChange(line: DiffLine): Change {
  const { key, known } = line.facts
  return {
    ...key,
    purpose: 'publication',
    observation: null,
    value: line.value,
    status: line.status,
    precision: line.precision,
    source: line.source,
    note: line.note,
    releasedOn: line.releasedOn,
    base: known?.newest ?? null,
  }
}

/** Whether a draft stands in a sheet. */
export const standsIn = (c: Prisma.Sql, s: Prisma.Sql) => Prisma.sql`
  ${c}.author_id = ${s}.author_id AND ${c}.programme_code = ${s}.programme_code
  AND ${c}.indicator_code = ANY(${s}.indicators) AND ${c}.period = ANY(${s}.periods)
  AND (${c}.academy_code <> '_T') = (${s}.rows = 'academies')`

/** The sheet of a draft that its author looked at last. */
export const lastSheetOf = (c: Prisma.Sql) => Prisma.sql`
  SELECT s.address FROM sheets s WHERE ${standsIn(c, Prisma.sql`s`)} ORDER BY s.seen_at DESC LIMIT 1`

/** The day on which a draft was last typed in, or asked to stay. */
export const touchedOn = (c: Prisma.Sql) =>
  Prisma.sql`(greatest(${c}.updated_at, ${c}.kept_at) AT TIME ZONE 'Asia/Karachi')::date`

/** How long a removal is told of, in days. */
const toldFor = 60

/** Somebody's drafts that are soon to be removed, the soonest first, and those that lately were. */
export async function readOldDrafts(
  actor: Actor,
  database: Transaction = sharedDatabase(),
): Promise<{ soon: OldDrafts[]; removed: OldDrafts[] }> {
  const c = Prisma.sql`c`
  const soon = await database.$queryRaw<OldDrafts[]>`
    SELECT coalesce(at.address, '') AS address, c.programme_code AS programme, count(*)::int AS count,
      to_char(max(${touchedOn(c)}), 'YYYY-MM-DD') AS "touchedOn",
      to_char(c.expires_on, 'YYYY-MM-DD') AS "removedOn"
    FROM sheet_cells c LEFT JOIN LATERAL (${lastSheetOf(c)}) at ON true
    WHERE c.author_id = ${actor.userId} AND c.expires_on IS NOT NULL
    GROUP BY at.address, c.programme_code, c.expires_on
    ORDER BY c.expires_on, at.address`
  const removed = await database.$queryRaw<OldDrafts[]>`
    SELECT address, programme_code AS programme, count,
      to_char(touched_on, 'YYYY-MM-DD') AS "touchedOn",
      to_char(removed_on, 'YYYY-MM-DD') AS "removedOn"
    FROM draft_removals
    WHERE author_id = ${actor.userId} AND removed_on > now()::date - ${toldFor}::int
    ORDER BY removed_on DESC, id`
  return { soon, removed }
}

/** The sheets in which somebody has drafts, or looked at lately; the newest first. */
export async function openSheets(
  actor: Actor,
  database: Transaction = sharedDatabase(),
): Promise<OpenSheet[]> {
  const rows = await database.$queryRaw<
    (Omit<OpenSheet, 'seenAt'> & { rows: RowKind; seenAt: Date })[]
  >`
    SELECT s.address, s.programme_code AS programme, s.indicators, s.periods, s.rows,
      s.seen_at AS "seenAt", count(c.id)::int AS count
    FROM sheets s
    LEFT JOIN sheet_cells c ON ${standsIn(Prisma.sql`c`, Prisma.sql`s`)} AND c.typed <> ''
    WHERE s.author_id = ${actor.userId}
    GROUP BY s.author_id, s.address
    ORDER BY s.seen_at DESC LIMIT 20`
  return rows.map(({ seenAt, ...row }) => ({ ...row, seenAt: seenAt.toISOString() }))
}

import { ActorRefused, recheck, systemActor } from '@/features/accounts/data'
import { may } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import { keyPartsOf } from '@/features/figures/rules'
import { readMembers } from '@/features/sets/data'
import {
  decideLocked,
  inSetTransaction,
  queuedSet,
  type SetOutcome,
  SetRefused,
  storeSet,
} from '@/features/sets/mutations'
import { readSettings } from '@/features/settings/data'
import type { Database, Transaction } from '@/lib/db/client'
import { Prisma } from '@/lib/db/generated/client'
import { fail, ok, type Result } from '@/lib/result'
import { lastSheetOf, readDiff, readFacts, readPresent, touchedOn } from './data'
import { draftToken, isOwnChanged, revisionIn, stateNumber } from './rules'
import type { Block, CellChange, CellFacts, Frame, TypedSource } from './schema'

export interface SavedCells {
  /** What is known now of the cells that were sent, or of all of them where none were. */
  facts: CellFacts[]
  /** Names (`row\tcolumn`) of cells that were not stored: one's own draft is another one by now. */
  refused: Set<string>
  /** Names of cells that the sheet does not have. */
  unknown: Set<string>
  present: string[]
}

export const cellName = ({ row, column }: { row: string; column: string }) => `${row}\t${column}`

/**
 * Stores typed texts as private drafts, readable or not, and tells what has become of their cells. A
 * text that started from an older draft of one's own is left out (another tab), unless it is the
 * same; all else is stored, also where somebody else has published or drafted since. Without
 * changes it only tells. Refuses with `forbidden`.
 */
export async function saveCells(
  database: Database,
  actor: Actor,
  frame: Frame,
  changes: readonly CellChange[],
): Promise<Result<SavedCells>> {
  if (!may(actor.role, 'figures.propose')) return fail('forbidden')
  try {
    return ok(await database.$transaction((tx) => save(tx, actor, frame, changes)))
  } catch (error) {
    if (error instanceof ActorRefused) return fail('forbidden')
    throw error
  }
}

async function save(
  tx: Transaction,
  actor: Actor,
  frame: Frame,
  changes: readonly CellChange[],
): Promise<SavedCells> {
  await recheck(tx, actor)
  await touch(tx, actor, frame)
  const present = await readPresent(frame, actor, tx)
  if (changes.length === 0) {
    return {
      facts: await readFacts(frame, actor, tx),
      refused: new Set(),
      unknown: new Set(),
      present,
    }
  }
  // One after the other for one person, so that two tabs see each other's drafts.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`sheet:${actor.userId}`}, 0))`
  const wanted = new Map(changes.map((change) => [cellName(change), change]))
  const part = partOf(frame, changes)
  const before = (await readFacts(frame, actor, tx, part)).filter((facts) =>
    wanted.has(nameOf(facts)),
  )
  const refused = new Set<string>()
  const rows = before.flatMap((facts) => {
    const name = nameOf(facts)
    const change = wanted.get(name)
    if (!change || facts.isLocked) return []
    if (isRefused(facts, change)) {
      refused.add(name)
      return []
    }
    return [draftRow(facts, change)]
  })
  await upsert(tx, actor, rows)
  const found = new Set(before.map(nameOf))
  const unknown = new Set([...wanted.keys()].filter((name) => !found.has(name)))
  const facts = (await readFacts(frame, actor, tx, part)).filter((one) => wanted.has(nameOf(one)))
  return { facts, refused, unknown, present }
}

const nameOf = ({ row, column }: CellFacts) => cellName({ row: row.id, column: column.id })

function partOf(frame: Frame, changes: readonly CellChange[]) {
  const rows = new Set(changes.map(({ row }) => row))
  const columns = new Set(changes.map(({ column }) => column))
  return {
    rows: frame.rows.filter(({ id }) => rows.has(id)),
    columns: frame.columns.filter(({ id }) => columns.has(id)),
  }
}

function isRefused({ mine }: CellFacts, { base, text }: CellChange): boolean {
  return text !== undefined && isOwnChanged(base ?? 0, mine) && mine?.typed !== text
}

interface DraftRow {
  [part: string]: string | number | null | TypedSource
}

function draftRow(facts: CellFacts, { text, base, note, source }: CellChange): DraftRow {
  const { key, mine, known, other } = facts
  // A note or a source alone says nothing about what its author has seen.
  const isText = text !== undefined
  const isSeen = isText && (base ?? 0) === stateNumber(facts)
  const started = isText || !mine ? revisionIn(base ?? 0) : mine.base
  return {
    ...keyPartsOf(key),
    typed: text ?? mine?.typed ?? '',
    note: note ?? mine?.note ?? '',
    source: source === undefined ? (mine?.source ?? null) : source,
    base: isSeen ? (known?.newest ?? null) : started,
    seenDraft: isSeen ? draftToken(other) : (mine?.seenDraft ?? ''),
  }
}

async function upsert(tx: Transaction, actor: Actor, rows: readonly DraftRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.$executeRaw`
    INSERT INTO sheet_cells (author_id, role, indicator_code, programme_code, area_code,
      academy_code, sex, kind, unit_code, period, typed, note, source, base_revision_id, seen_draft,
      updated_at)
    SELECT ${actor.userId}, d."role", d."indicator", d."programme", d."area", d."academy", d."sex",
      d."kind", d."unit", d."period", d."typed", d."note", nullif(d."source", 'null'::jsonb),
      d."base", d."seenDraft", clock_timestamp()
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS d("role" "role", "indicator" text,
      "programme" text, "area" text, "academy" text, "sex" text, "kind" "kind", "unit" text,
      "period" text, "typed" text, "note" text, "source" jsonb, "base" int, "seenDraft" text)
    ON CONFLICT (author_id, indicator_code, programme_code, area_code, academy_code, sex, role, kind,
      unit_code, period)
    DO UPDATE SET typed = excluded.typed, note = excluded.note, source = excluded.source,
      base_revision_id = excluded.base_revision_id, seen_draft = excluded.seen_draft,
      version = sheet_cells.version + 1, updated_at = excluded.updated_at, expires_on = NULL`
}

/** Notes that somebody has a sheet open. */
async function touch(tx: Transaction, actor: Actor, { address, selection }: Frame): Promise<void> {
  const { programme, indicators, periods, rows } = selection
  await tx.$executeRaw`
    INSERT INTO sheets (author_id, address, programme_code, indicators, periods, rows)
    VALUES (${actor.userId}, ${address}, ${programme}, ${indicators}, ${periods}, ${rows})
    ON CONFLICT (author_id, address) DO UPDATE SET seen_at = now()`
}

/** Keeps the source and the status that hold for all cells of a sheet. Refuses with `forbidden`. */
export async function saveBlock(
  database: Database,
  actor: Actor,
  frame: Frame,
  block: Block,
): Promise<Result<null>> {
  if (!may(actor.role, 'figures.propose')) return fail('forbidden')
  try {
    await database.$transaction(async (tx) => {
      await recheck(tx, actor)
      await touch(tx, actor, frame)
      await tx.sheet.update({
        where: { authorId_address: { authorId: actor.userId, address: frame.address } },
        data: { block },
      })
    })
    return ok(null)
  } catch (error) {
    if (error instanceof ActorRefused) return fail('forbidden')
    throw error
  }
}

export interface SheetSubmission {
  id: string
  message: string
  reason: string
  /** What the page showed: `Diff.seen` and `Diff.confirmed`. */
  seen: string
  confirmed: string
}

/**
 * Submits all drafts of a sheet as one set, which is published in one commit or goes to review; the
 * drafts are gone with the same stroke, also those that say what is public already. Refuses with
 * `changed` (not what the page showed), `notReady` (something is to be mended), and as `storeSet`.
 */
export function submitSheet(
  database: Database,
  actor: Actor,
  frame: Frame,
  { id, message, reason, seen, confirmed }: SheetSubmission,
): Promise<SetOutcome> {
  return inSetTransaction(database, async (tx) => {
    await recheck(tx, actor)
    const earlier = await queuedSet(tx, actor, id)
    if (earlier) return earlier
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`sheet:${actor.userId}`}, 0))`
    const diff = await readDiff(frame, actor, tx)
    if (diff.lines.length === 0) throw new SetRefused({ code: 'nothingNew' })
    if (diff.seen !== seen) throw new SetRefused({ code: 'changed' })
    const drafts = diff.lines.flatMap(({ facts }) => facts.mine?.id ?? [])
    if (diff.lines.every(({ isSame }) => isSame)) throw new SetRefused({ code: 'nothingNew' })
    if (!diff.isReady) throw new SetRefused({ code: 'notReady' })
    const stored = await storeSet(tx, actor, {
      id,
      purpose: 'entry',
      undoes: null,
      address: frame.address,
      message,
      reason,
      confirmed,
      changes: diff.changes,
    })
    await tx.sheetCell.deleteMany({ where: { id: { in: drafts }, authorId: actor.userId } })
    return stored
  })
}

/**
 * Takes a returned set, or one that nobody has decided on, back into its author's drafts. A cell in
 * which they have typed something since keeps that. Refuses as `decideSet` does.
 */
export function resumeSet(
  database: Database,
  actor: Actor,
  decision: { id: string; version: number },
): Promise<SetOutcome> {
  return inSetTransaction(database, async (tx) => {
    const stored = await decideLocked(tx, actor, {
      ...decision,
      step: 'discard',
      seen: '',
      comment: '',
    })
    const members = await readMembers(decision.id, tx)
    const rows = members
      .filter(({ purpose }) => purpose === 'publication')
      .map(
        (member): DraftRow => ({
          role: member.role,
          indicator: member.indicator,
          programme: member.programme,
          area: member.area,
          academy: member.academy,
          sex: member.sex,
          kind: member.kind,
          unit: member.unit,
          period: member.period,
          typed: member.value ?? '',
          note: member.note,
          source: member.source && {
            publisher: member.source.publisher,
            title: member.source.title,
            sourceDate: member.source.publishedLabel,
            url: member.source.url,
          },
          base: member.base,
          seenDraft: '',
        }),
      )
    await tx.$executeRaw`
      INSERT INTO sheet_cells (author_id, role, indicator_code, programme_code, area_code,
        academy_code, sex, kind, unit_code, period, typed, note, source, base_revision_id)
      SELECT ${actor.userId}, d."role", d."indicator", d."programme", d."area", d."academy",
        d."sex", d."kind", d."unit", d."period", d."typed", d."note",
        nullif(d."source", 'null'::jsonb), d."base"
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS d("role" "role", "indicator" text,
        "programme" text, "area" text, "academy" text, "sex" text, "kind" "kind", "unit" text,
        "period" text, "typed" text, "note" text, "source" jsonb, "base" int)
      ON CONFLICT (author_id, indicator_code, programme_code, area_code, academy_code, sex, role,
        kind, unit_code, period)
      DO UPDATE SET typed = excluded.typed, note = excluded.note, source = excluded.source,
        base_revision_id = excluded.base_revision_id, version = sheet_cells.version + 1,
        updated_at = now(), expires_on = NULL
      WHERE sheet_cells.typed = ''`
    return stored
  })
}

/** Days between telling somebody of drafts to be removed, and removing them. */
export const noticeDays = 14

/**
 * Removes drafts whose announced day has come and announces those that come next, by the setting
 * `draftDays`. Nothing is removed that its author was not told of for a fortnight, and what is
 * removed is told and logged. Returns how many drafts were announced and removed; to be called at
 * least daily.
 */
export async function tendDrafts(
  database: Database,
): Promise<{ announced: number; removed: number }> {
  const actor = await systemActor(database)
  return database.$transaction(async (tx) => {
    await recheck(tx, actor)
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('tend drafts', 0))`
    const { draftDays } = await readSettings(tx)
    const days = draftDays === 'never' ? null : Number(draftDays)
    const [now] = await tx.$queryRaw<{ today: string }[]>`
      SELECT to_char(now() AT TIME ZONE 'Asia/Karachi', 'YYYY-MM-DD') AS today`
    const c = Prisma.sql`c`
    const touched = touchedOn(c)
    // Longer by now: the day that was announced no longer holds.
    await tx.$executeRaw`
      UPDATE sheet_cells c SET expires_on = NULL
      WHERE c.expires_on IS NOT NULL AND (${days}::int IS NULL OR ${touched} + ${days}::int > c.expires_on)`
    if (days === null) return { announced: 0, removed: 0 }
    const removals = await tx.$queryRaw<{ count: number }[]>`
      WITH c AS (DELETE FROM sheet_cells WHERE expires_on <= ${now?.today}::date RETURNING *)
      INSERT INTO draft_removals (author_id, programme_code, address, count, touched_on, removed_on)
      SELECT c.author_id, c.programme_code, coalesce(at.address, ''), count(*), max(${touched}),
        ${now?.today}::date
      FROM c LEFT JOIN LATERAL (${lastSheetOf(c)}) at ON true
      GROUP BY c.author_id, c.programme_code, at.address
      RETURNING count`
    // Cells that were cleared again hold nothing that anybody could miss.
    await tx.$executeRaw`
      DELETE FROM sheet_cells c WHERE c.typed = '' AND c.note = '' AND c.source IS NULL
        AND ${touched} + ${days}::int <= ${now?.today}::date`
    const announced = await tx.$executeRaw`
      UPDATE sheet_cells c
      SET expires_on = greatest(${touched} + ${days}::int, ${now?.today}::date + ${noticeDays}::int)
      WHERE c.expires_on IS NULL AND (c.typed <> '' OR c.note <> '' OR c.source IS NOT NULL)
        AND ${touched} + ${days}::int - ${noticeDays}::int <= ${now?.today}::date`
    return { announced, removed: removals.reduce((sum, { count }) => sum + count, 0) }
  })
}

/** Keeps somebody's old drafts in a sheet as if they were typed today. Refuses with `forbidden`. */
export async function keepDrafts(
  database: Database,
  actor: Actor,
  address: string,
): Promise<Result<null>> {
  if (!may(actor.role, 'figures.propose')) return fail('forbidden')
  try {
    await database.$transaction(async (tx) => {
      await recheck(tx, actor)
      const c = Prisma.sql`c`
      await tx.$executeRaw`
        UPDATE sheet_cells c SET kept_at = now(), expires_on = NULL
        WHERE c.author_id = ${actor.userId} AND c.expires_on IS NOT NULL
          AND coalesce((${lastSheetOf(c)}), '') = ${address}`
    })
    return ok(null)
  } catch (error) {
    if (error instanceof ActorRefused) return fail('forbidden')
    throw error
  }
}
